"""Editions: which papers make a day, a week or a month, and the days around them.

A day's edition is what sources listed for it. Where nobody listed anything, it is what was published on
that day, newest first, and never listed on another: a paper is news once.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Cast, Substr

from broadsheet.daily import periods
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Listed, Ranked, rank_edition, rank_trending
from broadsheet.papers.models import Paper, PaperListing, Revision

ONE_DAY = timedelta(days=1)
TRENDING_WINDOW = timedelta(days=30)
# So long the last listed day stays the front page while newer papers only have a date of publication.
LISTS_LEAD_FOR = timedelta(days=7)
FRONT_PAGE_ENOUGH = 12
FRONT_PAGE_DAYS = 4


@dataclass(frozen=True, slots=True)
class Edition:
    """One page of the papers of a period. `listed` is False where they are only those published in it.

    `submitters` names who sent a paper in, by its key; `total` counts all pages.
    """

    period: Period
    listed: bool
    ranked: Sequence[Ranked]
    submitters: dict[int, str]
    total: int


def edition(period: Period, *, offset: int = 0, limit: int = 50) -> Edition:
    """The papers of the period, best first, from `offset` on; at most two queries."""
    listed, submitters = _listed(period.first, period.last)
    if listed:
        ranked = rank_edition(listed)
        return Edition(period, True, ranked[offset : offset + limit], submitters, len(ranked))
    published = _published(period.first, period.last).annotate(total=Window(Count("pk")))
    page = published.order_by("-published_at", "-pk").values_list("pk", "published_at", "total")
    found = list(page[offset : offset + limit])
    newest_first = [Ranked(pk, at.date(), 0.0, ()) for pk, at, _ in found if at]
    return Edition(period, False, newest_first, {}, found[0][2] if found else 0)


def front_page(today: date, *, limit: int = 50) -> tuple[list[Edition], date | None]:
    """The latest edition up to today, followed by those before it while there are few papers; and the day
    of the edition before all of these. Empty where the catalogue holds nothing with a date.
    """
    editions: list[Edition] = []
    day = latest_day(today)
    while day and len(editions) < FRONT_PAGE_DAYS and sum(one.total for one in editions) < FRONT_PAGE_ENOUGH:
        editions.append(edition(periods.day(day), limit=limit))
        day = nearest_days(editions[-1].period)[0]
    return editions, day


def latest_day(today: date) -> date | None:
    """The day of the latest edition that is not in the future: a listed one while it is fresh enough."""
    listed, published = _single_row(_last_listed(today + ONE_DAY), _last_published(today + ONE_DAY))
    if listed and (published is None or published - listed <= LISTS_LEAD_FOR):
        return listed
    return published


def nearest_days(period: Period) -> tuple[date | None, date | None]:
    """The nearest days before and after the period that have an edition."""
    next_listed = _listings().filter(day__gt=period.last).order_by("day").values("day")
    next_published = (
        _unlisted().filter(published_at__gte=_midnight_after(period.last)).order_by("published_at")
    )
    listed, published, later_listed, later_published = _single_row(
        _last_listed(period.first),
        _last_published(period.first),
        next_listed,
        next_published.values("published_at"),
    )
    earlier = [one for one in (listed, published) if one]
    later = [one for one in (later_listed, later_published) if one]
    return max(earlier, default=None), min(later, default=None)


def papers_per_day(first: date, last: date) -> dict[date, int]:
    """How many papers each day's edition has, for a calendar; days without any are left out."""
    # The first ten characters of a time, cut by the database: on SQLite its own functions for dates are
    # written in Python and take a tenth of a second for a month of arXiv.
    listed = _listings().filter(day__range=(first, last)).values(on=Cast("day", TextField()))
    published = _published(first, last).values(on=Substr(Cast("published_at", TextField()), 1, 10))
    columns = ("listed", "on", "papers")
    counted = published.annotate(papers=Count("pk"), listed=Value(0)).values_list(*columns)
    of_lists = listed.annotate(papers=Count("paper", distinct=True), listed=Value(1)).values_list(*columns)
    # Listed days come last, so that their numbers win.
    both = counted.union(of_lists, all=True).order_by("listed")
    return {date.fromisoformat(day): papers for _, day, papers in both}


class Quiet(StrEnum):
    """Why a period has no edition."""

    EMPTY_CATALOGUE = "empty catalogue"
    FUTURE = "future"
    BEFORE_THE_FIRST = "before the first"
    AFTER_THE_LAST = "after the last"
    WEEKEND = "weekend"
    GAP = "gap"


def why_quiet(period: Period, *, today: date, before: Period | None, after: Period | None) -> Quiet:
    """Why the period has no edition, given today and the nearest ones that have. Pure."""
    if before is None and after is None:
        return Quiet.EMPTY_CATALOGUE
    if period.first > today:
        return Quiet.FUTURE
    if before is None:
        return Quiet.BEFORE_THE_FIRST
    if period.first.weekday() >= calendar.SATURDAY and period.kind == "day":
        return Quiet.WEEKEND
    return Quiet.AFTER_THE_LAST if after is None else Quiet.GAP


def trending(today: date, *, offset: int = 0, limit: int = 50) -> tuple[date, list[Ranked], int]:
    """The papers that trend today, the day the ranking is as of, and how many there are in all.

    Where nothing was listed for a month, the ranking is as of the last day that has a list.
    """
    as_of = today
    ranked = _trending_as_of(as_of)
    if not ranked:
        last = (
            _listings().filter(day__lte=today, paper__signals__value__gt=0).aggregate(day=Max("day"))["day"]
        )
        if last:
            as_of, ranked = last, _trending_as_of(last)
    return as_of, ranked[offset : offset + limit], len(ranked)


def _trending_as_of(day: date) -> list[Ranked]:
    return rank_trending(_listed(day - TRENDING_WINDOW + ONE_DAY, day)[0], as_of=day)


def _listings() -> QuerySet[PaperListing]:
    return PaperListing.objects.filter(paper__withdrawn=False)


def _unlisted() -> QuerySet[Paper]:
    """The papers that no source ever listed: they belong to the day of their publication."""
    return Paper.objects.filter(~Exists(PaperListing.objects.filter(paper=OuterRef("pk"))), withdrawn=False)


def _published(first: date, last: date) -> QuerySet[Paper]:
    return _unlisted().filter(published_at__gte=_midnight(first), published_at__lt=_midnight_after(last))


def _last_listed(before: date) -> QuerySet[PaperListing, Any]:
    return _listings().filter(day__lt=before).order_by("-day").values("day")


def _last_published(before: date) -> QuerySet[Paper, Any]:
    return (
        _unlisted()
        .filter(published_at__lt=_midnight(before))
        .order_by("-published_at")
        .values("published_at")
    )


def _single_row(*queries: QuerySet[Any, Any]) -> list[date | None]:
    """The day that each query finds first, all of them in one query: they hang on the table of one row."""
    found = Revision.objects.values_list(*(Subquery(query[:1]) for query in queries)).first()
    return [one.date() if isinstance(one, datetime) else one for one in found or (None,) * len(queries)]


def _listed(first: date, last: date) -> tuple[list[Listed], dict[int, str]]:
    """Each paper listed on those days once, on the last of them, with its signals; and who sent it in."""
    latest: dict[int, tuple[date, int]] = {}
    submitters: dict[int, str] = {}
    signals: dict[int, dict[str, int]] = defaultdict(dict)
    listings = _listings().filter(day__range=(first, last)).order_by("day", "-position", "source")
    columns = (
        "paper_id",
        "day",
        "position",
        "submitter_name",
        "paper__signals__name",
        "paper__signals__value",
    )
    for pk, day, position, submitter, name, value in listings.values_list(*columns):
        latest[pk] = (day, position)
        submitters[pk] = submitter or submitters.get(pk, "")
        if name:
            signals[pk][name] = max(value, signals[pk].get(name, 0))
    listed = [Listed(pk, day, position, signals[pk]) for pk, (day, position) in latest.items()]
    return listed, {pk: name for pk, name in submitters.items() if name}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _midnight_after(day: date) -> datetime:
    return _midnight(day + timedelta(days=1))
