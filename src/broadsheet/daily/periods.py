"""Days, ISO weeks and months as spans of days, with the names they have in addresses and in words."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

# Written out, since the names that Python has depend on the locale and are slow to come by.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included: `kind` is day, week or month, `name` its form in addresses."""

    kind: str
    name: str
    first: date
    last: date


def day(of: date) -> Period:
    """The day itself."""
    return Period("day", of.isoformat(), of, of)


def week(of: date) -> Period:
    """The ISO 8601 week that holds the day."""
    first = of - timedelta(days=of.weekday())
    year, number, _ = of.isocalendar()
    return Period("week", f"{year:04}-W{number:02}", first, first + timedelta(days=6))


def month(of: date) -> Period:
    """The month that holds the day."""
    last = calendar.monthrange(of.year, of.month)[1]
    return Period("month", f"{of.year:04}-{of.month:02}", of.replace(day=1), of.replace(day=last))


SPANS: dict[str, Callable[[date], Period]] = {"day": day, "week": week, "month": month}


def parse_period(kind: str, name: str) -> Period | None:
    """The period that `name` means in an address: 2026-11-20, 2026-W47 or 2026-11; None if it means none."""
    # The first and the last year have no whole month around each of their days.
    if not "0002" <= name[:4] <= "9998":
        return None
    try:
        if kind == "day" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", name):
            return day(date.fromisoformat(name))
        if kind == "week" and re.fullmatch(r"[0-9]{4}-W[0-9]{2}", name):
            return week(date.fromisocalendar(int(name[:4]), int(name[6:]), 1))
        if kind == "month" and re.fullmatch(r"[0-9]{4}-[0-9]{2}", name):
            return month(date(int(name[:4]), int(name[5:]), 1))
    except ValueError:
        return None
    return None


def long_day(day: date) -> str:
    """Friday, 20 November 2026."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {month_name(day)}"


def month_name(day: date) -> str:
    """November 2026."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def period_name(period: Period) -> str:
    """The period in words: a day, `Week 47, 16 to 22 November 2026`, or a month."""
    if period.kind == "day":
        return long_day(period.first)
    if period.kind == "month":
        return month_name(period.first)
    first, last = period.first, period.last
    start = f"{first.day}"
    if first.year != last.year:
        start = f"{first.day} {month_name(first)}"
    elif first.month != last.month:
        start = f"{first.day} {MONTHS[first.month - 1]}"
    return f"Week {first.isocalendar().week}, {start} to {last.day} {month_name(last)}"
