"""The month beside an edition: its weeks as rows of days, with the number of papers of each."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from broadsheet.daily import periods
from broadsheet.daily.periods import Period

# The shade of a day: how busy it is beside the busiest of its month.
SHADES = 4


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the table: `papers` is 0 where there is no page to go to, `shade` from 0 to SHADES."""

    date: date
    papers: int
    shade: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A row of the table; days of the neighbouring months are None."""

    period: Period
    days: tuple[Day | None, ...]


def weeks(month: Period, papers: dict[date, int], *, shown: Period) -> list[Week]:
    """The month's weeks from Monday on; `shown` is the period that the page is about."""
    most = max(papers.values(), default=0)

    def day(of: date) -> Day | None:
        if of.month != month.first.month:
            return None
        count = papers.get(of, 0)
        return Day(of, count, -(-SHADES * count // most) if count else 0, shown.first <= of <= shown.last)

    rows = calendar.Calendar().monthdatescalendar(month.first.year, month.first.month)
    return [Week(periods.week(row[0]), tuple(day(of) for of in row)) for row in rows]
