"""How long something takes: on the clock, and of the processor, which other work disturbs less."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Asked = TypeVar("Asked")
# Milliseconds of each question: on the clock, and of all threads of this process.
Times = list[tuple[float, float]]


def timed(action: Callable[[Asked], object], question: Asked) -> tuple[float, float]:
    """Milliseconds on the clock, and of all threads of this process."""
    started, used = time.perf_counter(), time.process_time()
    action(question)
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000
