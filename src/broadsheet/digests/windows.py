"""When a window opens. Pure: a window is a date in the reader's zone, whatever the clock says.

A window opens at the wall clock of the zone: where that time is skipped, at the first moment after it, and
where it comes twice, the first time. A date that is skipped as a whole opens on the day after it, at the same
time.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.digests.models import Channel

DAY = timedelta(days=1)
# A clock that ran ahead by so many days, or a zone that was left, is no reason to be silent for longer.
AHEAD = 2
# Beyond that many windows, what is new is told by a link only.
CAUGHT_UP = 3
# No two windows are farther apart, whatever the cadence.
LONGEST = timedelta(days=38)
LATEST_WITH_FEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Times:
    """When a reader wants to be told: the zone, how often, which weekdays (a bit each, Monday first), and the
    minute of the day.

    A week has one window, on the first of the weekdays; a month one, on the first date that is one of them.
    Else each of the weekdays has one. Without any weekday all are meant.
    """

    zone: str
    cadence: str
    days: int
    minute: int


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of that name; UTC for a name that is not known here, as there may be in a database that was
    copied from another machine.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def at_place(moment: datetime, zone: str) -> datetime:
    """The moment by the clocks of the zone."""
    return moment.astimezone(zone_of(zone))


@lru_cache(50_000)
def opens_at(day: date, minute: int, zone: str) -> datetime:
    """The moment in UTC at which the window of that date opens."""
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    there = zone_of(zone)
    first = wall.replace(tzinfo=there).astimezone(UTC)
    if _wall(first, there) == wall:
        return first
    # The wall clock jumps over it: `first` counts by the offset before the jump, and lies after it.
    jump = _jump(wall.replace(tzinfo=there, fold=1).astimezone(UTC), first, there)
    midnight = datetime.combine(day, time())
    if _wall(jump - timedelta(seconds=1), there) < midnight and _wall(jump, there) >= midnight + DAY:
        return opens_at(day + DAY, minute, zone)
    return jump


def today(now: datetime, zone: str) -> date:
    """The date in the zone."""
    return at_place(now, zone).date()


def after(day: date, times: Times) -> date:
    """The next date after `day` that has a window."""
    return next(_dates(day, times, step=DAY))


def before(day: date, times: Times) -> date:
    """The last date before `day` that has a window."""
    return next(_dates(day, times, step=-DAY))


def last_open(now: datetime, times: Times) -> date:
    """The last date whose window is open."""
    there = today(now, times.zone) + DAY
    return next(day for day in _dates(there + DAY, times, step=-DAY) if _opens(day, times) <= now)


def new_since(window: date, times: Times) -> datetime:
    """What came before this moment is too old for the mail of the window: it belongs to a window that is more
    than three windows ago.
    """
    for _ in range(CAUGHT_UP):
        window = before(window, times)
    return _opens(window, times)


def next_opening(last: date | None, *, now: datetime, times: Times) -> datetime:
    """When the next window opens after the last one that was planned: in the future, or at once if that was
    missed.

    A last window far ahead was planned by a clock that ran ahead.
    """
    there = today(now, times.zone)
    if last is None or is_far_ahead(last, now, times):
        return next(
            moment for day in _dates(there - 2 * DAY, times, step=DAY) if (moment := _opens(day, times)) > now
        )
    return _opens(after(last, times), times)


def is_far_ahead(window: date, now: datetime, times: Times) -> bool:
    """Whether a clock that ran ahead has planned the window."""
    return window > today(now, times.zone) + AHEAD * DAY


def _opens(day: date, times: Times) -> datetime:
    return opens_at(day, times.minute, times.zone)


def _dates(day: date, times: Times, *, step: timedelta) -> Iterator[date]:
    """The dates with a window after `day`, or before it with a step back."""
    while True:
        day += step
        if _has_window(day, times):
            yield day


def _has_window(day: date, times: Times) -> bool:
    days = times.days & 0b1111111 or 0b1111111
    if times.cadence == Channel.Cadence.WEEKLY:
        return day.weekday() == (days & -days).bit_length() - 1
    if times.cadence == Channel.Cadence.MONTHLY:
        return day.day == _first_of_month(day.year, day.month, days)
    return bool(days >> day.weekday() & 1)


@lru_cache(10_000)
def _first_of_month(year: int, month: int, days: int) -> int:
    weekday = monthrange(year, month)[0]
    return next(day for day in range(1, 8) if days >> (weekday + day - 1) % 7 & 1)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _jump(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first second between two moments that has the offset of the late one."""
    offset = late.astimezone(zone).utcoffset()
    while (seconds := int((late - early).total_seconds())) > 1:
        middle = early + timedelta(seconds=seconds // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late
