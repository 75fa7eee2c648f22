"""When arXiv announces what: the day a paper belongs to, and the days that have a list at all.

Pure. The rules are arXiv's own (https://info.arxiv.org/help/availability.html): what is in before 14:00 in
New York, Monday to Friday, is announced at 20:00, Sunday to Thursday, and stands in the next day's list.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
DEADLINE = time(14)
# Lists are made anew at midnight; half an hour later they can be relied on.
LIST_MADE = time(0, 30)

_DAY = timedelta(days=1)
_SATURDAY = 5


class ListDay(StrEnum):
    """Whether a day has a list of new papers, and if not, why."""

    EXPECTED = "expected"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


def expected(day: date, holidays: frozenset[date]) -> ListDay:
    """Whether arXiv makes a list for `day`; `holidays` are days that the operator knows to have none."""
    if day.weekday() >= _SATURDAY:
        return ListDay.WEEKEND
    return ListDay.HOLIDAY if day in holidays else ListDay.EXPECTED


def announcement_day(submitted_at: datetime, holidays: frozenset[date]) -> date:
    """The day in whose list a paper stands that was sent in at this moment.

    What is sent in at 14:00 sharp is late. Raises OverflowError within a week of the calendar's ends.
    """
    sent = submitted_at.astimezone(NEW_YORK)
    deadline = sent.date() if sent.time() < DEADLINE else sent.date() + _DAY
    while expected(deadline, frozenset()) is ListDay.WEEKEND:
        deadline += _DAY
    listed = deadline + _DAY
    while expected(listed, holidays) is not ListDay.EXPECTED:
        listed += _DAY
    return listed


def listing_due(day: date) -> datetime:
    """The moment, in UTC, from which the list of `day` can be read."""
    return datetime.combine(day, LIST_MADE, NEW_YORK).astimezone(UTC)


def newest_listing(now: datetime, holidays: frozenset[date]) -> date:
    """The latest day whose list can be read at this moment."""
    day = now.astimezone(NEW_YORK).date()
    while listing_due(day) > now or expected(day, holidays) is not ListDay.EXPECTED:
        day -= _DAY
    return day
