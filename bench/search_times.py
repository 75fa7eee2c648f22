"""How long something takes: on the clock, and of the processor, which other work disturbs less."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
# Milliseconds of each question: on the clock, and of the processor.
Times = list[tuple[float, float]]


def timed(
    action: Callable[[Asked], object], question: Asked, used: Callable[[], float] = time.process_time
) -> tuple[float, float]:
    """Milliseconds on the clock, and of the processor: of all threads of this process, or as `used` tells."""
    started, before = time.perf_counter(), used()
    action(question)
    took = time.perf_counter() - started
    return took * 1000, (used() - before) * 1000
