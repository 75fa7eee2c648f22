"""The time, and how to let it pass: tests pass a clock whose sleep moves its now."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """`now()` gives the time in UTC, `sleep(seconds)` lets some pass."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]


REAL_CLOCK = Clock(now=lambda: datetime.now(UTC), sleep=time.sleep)
