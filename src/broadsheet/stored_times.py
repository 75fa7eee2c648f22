"""Times that were stored, held against a clock that may have been wrong when they were.

Whatever waits for a stored time has a longest wait of its own. A time that lies further ahead than that was
written by a clock that ran ahead, or the clock has been put back since: then there is nothing to wait for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import Q


def has_come(time: datetime | None, *, now: datetime, longest: timedelta) -> bool:
    """True if there is nothing to wait for: no time, one that is past, or one that nobody can have meant."""
    return time is None or not now < time <= now + longest


def come(field: str, *, now: datetime, longest: timedelta) -> Q:
    """The rows of which `has_come` is true of their `field`."""
    return Q(**{field: None}) | Q(**{f"{field}__lte": now}) | Q(**{f"{field}__gt": now + longest})


def within(field: str, *, now: datetime, last: timedelta) -> Q:
    """The rows of which `field` is within the last such time; one that lies ahead is not."""
    return Q(**{f"{field}__gt": now - last, f"{field}__lte": now})


def past(time: datetime | None, *, now: datetime) -> datetime | None:
    """The time, if it can be true of something that happened; else None, since nobody knows when it was."""
    return time if time is not None and time <= now else None


def in_utc(moment: datetime) -> datetime:
    """A time as SQL of ours finds it, with its zone, which SQLite does not keep."""
    return moment.replace(tzinfo=UTC)
