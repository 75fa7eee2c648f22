"""A clock that only moves when somebody sleeps, or turns it on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from broadsheet.sources.live.fetching.clock import Clock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class HandClock:
    """Begins at NOON."""

    def __init__(self) -> None:
        self.now = NOON
        self.slept: list[float] = []
        self.as_clock = Clock(lambda: self.now, self.sleep)

    def turn_on(self, **time: float) -> None:
        self.now += timedelta(**time)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.turn_on(seconds=seconds)
