"""Days, ISO weeks and months as spans of days, with the names they have in addresses."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta


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


def parse_period(kind: str, name: str) -> Period | None:
    """The period that `name` means in an address: 2026-11-20, 2026-W47 or 2026-11; None if it means none."""
    try:
        if kind == "day" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", name):
            return day(date.fromisoformat(name))
        if kind == "week" and re.fullmatch(r"\d{4}-W\d{2}", name):
            return week(date.fromisocalendar(int(name[:4]), int(name[6:]), 1))
        if kind == "month" and re.fullmatch(r"\d{4}-\d{2}", name):
            return month(date(int(name[:4]), int(name[5:]), 1))
    except (ValueError, OverflowError):
        return None
    return None
