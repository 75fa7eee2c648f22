"""The whole catalogue by month, for those who read everything: search engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, Max, Q

from broadsheet.daily import editions, months, periods
from broadsheet.daily.periods import Period
from broadsheet.papers.models import Paper

UNDATED = "undated"
# Those whose editions have addresses.
FIRST, LAST = date(2, 1, 1), date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The papers of a month, or those of no known day: how many there are, and the last change to one."""

    name: str
    papers: int
    revised_at: datetime


def shelves() -> list[Shelf]:
    """The months that have papers, the oldest first, and the undated ones; an index alone tells all."""
    days = Paper.objects.order_by("day").values_list("day").annotate(Count("pk"), Max("revised_at"))
    by_name: dict[str, list[tuple[int, datetime]]] = {}
    for day, papers, revised_at in days:
        by_name.setdefault(periods.month(day).name if day else UNDATED, []).append((papers, revised_at))
    return [
        Shelf(name, sum(papers for papers, _ in of), max(revised_at for _, revised_at in of))
        for name, of in sorted(by_name.items())
    ]


def on_shelf(name: str, *, offset: int, limit: int) -> list[tuple[str, datetime]]:
    """The public id and the last change of each paper from `offset` on; none where there is no such shelf."""
    month = periods.parse_period("month", name)
    if month is None and name != UNDATED:
        return []
    when = Q(day__range=(month.first, month.last)) if month else Q(day=None)
    papers = Paper.objects.filter(when).order_by("day", "pk")
    return list(papers.values_list("public_id", "revised_at")[offset : offset + limit])


def years(kind: str) -> list[int]:
    """The years that have an edition of that kind, the latest first."""
    days = {_year(periods.SPANS[kind](day)) for day in editions.papers_per_day(FIRST, LAST)}
    of_months = {month.first.year for month in months.every()} if kind == "month" else set()
    return sorted(days | of_months, reverse=True)


def in_year(kind: str, year: int) -> list[tuple[Period, int]]:
    """The editions of that kind in a year with how many papers each has, the latest first."""
    # A week of a year may begin or end in another one.
    around = date(year, 1, 1) - timedelta(days=6), date(year, 12, 31) + timedelta(days=6)
    papers: Counter[Period] = Counter()
    for day, count in editions.papers_per_day(*around).items():
        papers[periods.SPANS[kind](day)] += count
    for month in months.every() if kind == "month" else ():
        papers[month] += months.papers_of(month).count() if month.first.year == year else 0
    found = [(period, count) for period, count in papers.items() if _year(period) == year]
    return sorted(found, key=lambda one: one[0].first, reverse=True)


def months_of(found: Iterable[tuple[Period, int]]) -> list[Period]:
    """The months of these editions, in their order."""
    return list(dict.fromkeys(periods.month(period.first) for period, _ in found))


def _year(period: Period) -> int:
    return int(period.name[:4])


def all_editions() -> Iterator[Period]:
    """Each day, week and month that has an edition."""
    days = sorted(editions.papers_per_day(FIRST, LAST))
    for span in (periods.day, periods.week):
        yield from (period for period, _ in groupby(days, key=span))
    every = {*map(periods.month, days), *months.every()}
    yield from sorted(every, key=attrgetter("first"))
