"""Editions: which papers make a day, a week or a month, and the days around them.

A day's edition is what sources listed for it, best first, and then the papers whose day it is and that were
never listed, newest first: a paper is news once. Its day is that of its announcement or else its publication.
Papers of which only the month is known come last in the edition of that month.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Count, DateField, Max, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from broadsheet.community import counting
from broadsheet.daily import months, periods
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Counts, Listed
from broadsheet.papers import marks, reading
from broadsheet.papers.heat import HOURS, HOURS_A_DAY, window
from broadsheet.papers.models import NO_LIST_HAD, EditionPlace, Paper, PaperListing, Revision, Tally

ONE_DAY = timedelta(days=1)
FRONT_PAGE_ENOUGH = 12
FRONT_PAGE_DAYS = 4
# What a ranking reads of a tally, in the order of `Counts`, and the first day.
TALLIED = ("counted_here", "votes", "stars", "talkers", "cast_here", "first_on")
# So long a day that was listed or announced stays the front page before those of mere publication.
LISTS_LEAD_FOR = timedelta(days=7)


def latest_day(today: date) -> date | None:
    """The day of the latest edition that is not in the future.

    A day that a source listed or announced leads while it is fresh enough, though there be newer papers of
    which only the date of publication is known.
    """
    before = today + ONE_DAY
    announced = unlisted().filter(announced_on__lt=before).order_by("-announced_on").values("announced_on")
    *said, dated = _single_row(_last_listed(before), announced, _last_unlisted(before))
    told = max((one for one in said if one), default=None)
    return told if told and (dated is None or dated - told <= LISTS_LEAD_FOR) else dated


def nearest_days(period: Period) -> tuple[date | None, date | None]:
    """The nearest days before and after the period that have an edition, around a month a day in the nearest
    months that have one.
    """
    listed, other, later_listed, later_other = _single_row(
        _last_listed(period.first),
        _last_unlisted(period.first),
        listings().filter(day__gt=period.last).order_by("day").values("day"),
        unlisted().filter(day__gt=period.last).order_by("day").values("day"),
    )
    before, after = months.nearest(period)
    earlier = [day for day in (listed, other, before) if day]
    later = [day for day in (later_listed, later_other, after) if day]
    return max(earlier, default=None), min(later, default=None)


def papers_per_day(first: date, last: date) -> dict[date, int]:
    """How many papers each day's edition has, for a calendar; days without any are left out."""
    within = {"day__range": (first, last)}
    listed = listings().filter(**within).values_list("day").annotate(Count("paper", distinct=True))
    others = unlisted().filter(**within).values_list("day").annotate(Count("pk"))
    papers: dict[date, int] = defaultdict(int)
    for day, count in listed.union(others, all=True):
        papers[day] += count
    return dict(papers)


class Quiet(StrEnum):
    """Why a period has no edition."""

    EMPTY_CATALOGUE = "empty catalogue"
    FUTURE = "future"
    BEFORE_THE_FIRST = "before the first"
    AFTER_THE_LAST = "after the last"
    WEEKEND = "weekend"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Around:
    """The nearest periods of an edition's kind that have papers, and why it has none itself, if so."""

    before: Period | None
    after: Period | None
    quiet: Quiet | None


def around(period: Period, *, is_empty: bool, today: date) -> Around:
    """What lies around an edition; `today` tells whether it is yet to come. One query, three for a
    month.
    """
    before, after = (periods.SPANS[period.kind](day) if day else None for day in nearest_days(period))
    quiet = _why_quiet(period, today=today, before=before, after=after) if is_empty else None
    return Around(before, after, quiet)


def _why_quiet(period: Period, *, today: date, before: Period | None, after: Period | None) -> Quiet:
    if before is None and after is None:
        return Quiet.EMPTY_CATALOGUE
    if period.first > today:
        return Quiet.FUTURE
    if before is None:
        return Quiet.BEFORE_THE_FIRST
    if period.first.weekday() >= calendar.SATURDAY and period.kind == "day":
        return Quiet.WEEKEND
    return Quiet.AFTER_THE_LAST if after is None else Quiet.GAP


def forget() -> None:
    """Count again how many papers trend and were listed: the catalogue is another one."""
    _how_many_trend.cache_clear()
    _how_many_listed.cache_clear()


def trends_as_of(today: date, over: str) -> date:
    """Today, or the last day before it that has papers that may trend, where none does today."""
    if _trending_on(today, over).exists():
        return today
    last = Tally.objects.filter(**{f"heat_{over}__isnull": False, "first_on__lte": today})
    return last.aggregate(day=Max("first_on"))["day"] or today


def hot(as_of: date, over: str) -> QuerySet[Tally]:
    """The tallies of the papers that trend over a time as of a day, the hottest first.

    They are read in this order: what is no plain column keeps SQLite from sorting all of these days instead.
    """
    return _trending_on(as_of, over).order_by(f"-heat_{over}", "-first_on", "paper")


def how_many_trend(as_of: date, over: str) -> int:
    """How many papers `hot` finds, a moment ago: to count them takes longer than to read a page of them."""
    return _how_many_trend(as_of, over, marks.lately(), counting.lately())


@lru_cache(16)
def _how_many_trend(as_of: date, over: str, *_states: object) -> int:
    return _trending_on(as_of, over).count()


def _trending_on(as_of: date, over: str) -> QuerySet[Tally]:
    first = as_of - timedelta(days=window(over) - 1)
    day = Coalesce("first_on", Value(date.min), output_field=DateField())
    # What was first listed on that day is hotter than this.
    coldest = first.toordinal() * HOURS_A_DAY / HOURS[over]
    return Tally.objects.alias(of=day).filter(**{f"heat_{over}__gt": coldest, "of__range": (first, as_of)})


def how_many_listed(period: Period) -> int:
    """How many papers the edition of a period has that were listed: of a month, to count them takes longer
    than to read a page of them.
    """
    return _how_many_listed(period.kind, period.first, reading.revision())


@lru_cache(1024)
def _how_many_listed(kind: str, first: date, revision: int) -> int:
    del revision
    return EditionPlace.objects.filter(kind=kind, first=first).count()


def listings() -> QuerySet[PaperListing]:
    """What sources had on their lists, without the papers that were taken back."""
    return PaperListing.objects.filter(paper__withdrawn=False, paper__retracted=False)


def unlisted() -> QuerySet[Paper]:
    """The papers that no source ever had on a list, without those that were taken back."""
    return Paper.objects.filter(NO_LIST_HAD)


def _last_listed(before: date) -> QuerySet[PaperListing, Any]:
    return listings().filter(day__lt=before).order_by("-day").values("day")


def _last_unlisted(before: date) -> QuerySet[Paper, Any]:
    return unlisted().filter(day__lt=before).order_by("-day").values("day")


def _single_row(*queries: QuerySet[Any, Any]) -> Sequence[date | None]:
    """The day that each query finds first, all of them in one query: they hang on the table of one row."""
    found = Revision.objects.values_list(*(Subquery(query[:1]) for query in queries)).first()
    return found or (None,) * len(queries)


def all_listed(
    first: date, last: date, *, among: Collection[int] | None = None
) -> tuple[list[Listed], dict[int, str]]:
    """Each paper listed on those days once, on the last of them, with what is counted; and who sent it in.

    Of all papers or `among` these.
    """
    latest: dict[int, Listed] = {}
    submitters: dict[int, str] = {}
    papers = listings() if among is None else listings().filter(paper__in=among)
    oldest_first = papers.filter(day__range=(first, last)).order_by("day", "-position", "source")
    columns = ("paper_id", "submitter_name", "day", "position", *(f"paper__tally__{one}" for one in TALLIED))
    for pk, submitter, day, position, *counts, since in oldest_first.values_list(*columns):
        latest[pk] = Listed(pk, day, Counts(*(count or 0 for count in counts)), position, since)
        submitters[pk] = submitter or submitters.get(pk, "")
    return [*latest.values()], {pk: name for pk, name in submitters.items() if name}
