"""Editions: which papers make a day, a week or a month, and the days around them.

A day's edition is what sources listed for it. Where nobody listed anything, it is what was published on
that day, newest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncDate

from broadsheet.daily import periods
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Listed, Ranked, rank_edition, rank_trending
from broadsheet.papers.models import ExternalSignal, Paper, PaperListing

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
    """The papers of the period, best first, from `offset` on; at most three queries."""
    listings = PaperListing.objects.filter(day__range=(period.first, period.last))
    listed, submitters = _listed(listings)
    if listed:
        ranked = rank_edition(listed)
        return Edition(period, True, ranked[offset : offset + limit], submitters, len(ranked))
    published = _published(period.first, period.last)
    page = published.order_by("-published_at", "-pk").values_list("pk", "published_at")[offset : offset + limit]
    newest_first = [Ranked(pk, at.date(), 0.0, ()) for pk, at in page if at]
    return Edition(period, False, newest_first, {}, published.count())


def front_page(today: date) -> list[Edition]:
    """The latest edition up to today, followed by those before it while there are few papers.

    Empty where the catalogue holds nothing with a date.
    """
    editions: list[Edition] = []
    day = latest_day(today)
    while day and len(editions) < FRONT_PAGE_DAYS and sum(one.total for one in editions) < FRONT_PAGE_ENOUGH:
        editions.append(edition(periods.day(day)))
        day = nearest_days(day)[0]
    return editions


def latest_day(today: date) -> date | None:
    """The day of the latest edition that is not in the future: a listed one while it is fresh enough."""
    listed = PaperListing.objects.filter(day__lte=today).aggregate(last=Max("day"))["last"]
    at = Paper.objects.filter(published_at__lt=_midnight_after(today)).aggregate(last=Max("published_at"))["last"]
    published = at.date() if at else None
    if listed and (published is None or published - listed <= LISTS_LEAD_FOR):
        return listed  # type: ignore[no-any-return]
    return published


def nearest_days(day: date) -> tuple[date | None, date | None]:
    """The nearest days before and after that have an edition."""
    listed = PaperListing.objects.filter(day__lt=day).aggregate(day=Max("day"))["day"]
    before = Paper.objects.filter(published_at__lt=_midnight(day)).aggregate(at=Max("published_at"))["at"]
    next_listed = PaperListing.objects.filter(day__gt=day).aggregate(day=Min("day"))["day"]
    after = Paper.objects.filter(published_at__gte=_midnight_after(day)).aggregate(at=Min("published_at"))["at"]
    earlier = [one for one in (listed, before.date() if before else None) if one]
    later = [one for one in (next_listed, after.date() if after else None) if one]
    return max(earlier, default=None), min(later, default=None)


def papers_per_day(first: date, last: date) -> dict[date, int]:
    """How many papers each day's edition has, for a calendar; days without any are left out."""
    listed: Counter[date] = Counter()
    for day in PaperListing.objects.filter(day__range=(first, last)).values_list("day", flat=True):
        listed[day] += 1
    published = _published(first, last).annotate(day=TruncDate("published_at")).values_list("day", flat=True)
    return dict(Counter(day for day in published if day not in listed)) | dict(listed)


def trending(today: date, *, offset: int = 0, limit: int = 50) -> tuple[date, list[Ranked], int]:
    """The papers that trend today, the day the ranking is as of, and how many there are in all.

    Where nothing was listed for a month, the ranking is as of the last day that has a list.
    """
    as_of = today
    listings = PaperListing.objects.filter(day__gt=as_of - TRENDING_WINDOW, day__lte=as_of)
    ranked = rank_trending(_listed(listings)[0], as_of=as_of)
    if not ranked:
        last = PaperListing.objects.filter(day__lte=today, paper__signals__value__gt=0).aggregate(day=Max("day"))["day"]
        if last:
            as_of = last
            listings = PaperListing.objects.filter(day__gt=as_of - TRENDING_WINDOW, day__lte=as_of)
            ranked = rank_trending(_listed(listings)[0], as_of=as_of)
    return as_of, ranked[offset : offset + limit], len(ranked)


def _listed(listings: QuerySet[PaperListing]) -> tuple[list[Listed], dict[int, str]]:
    """Each listed paper once, on the last day of its listings, with its external signals."""
    listings = listings.filter(paper__withdrawn=False)
    latest: dict[int, tuple[date, int]] = {}
    submitters: dict[int, str] = {}
    rows = listings.order_by("day", "-position", "source").values_list("paper_id", "day", "position", "submitter_name")
    for pk, day, position, submitter in rows:
        latest[pk] = (day, position)
        submitters[pk] = submitter or submitters.get(pk, "")
    signals: dict[int, dict[str, int]] = {}
    counted = ExternalSignal.objects.filter(paper__in=listings.values("paper"))
    for pk, name, value in counted.values_list("paper_id", "name", "value"):
        held = signals.setdefault(pk, {})
        held[name] = max(value, held.get(name, 0))
    listed = [Listed(pk, day, position, signals.get(pk, {})) for pk, (day, position) in latest.items()]
    return listed, {pk: name for pk, name in submitters.items() if name}


def _published(first: date, last: date) -> QuerySet[Paper]:
    return Paper.objects.filter(published_at__gte=_midnight(first), published_at__lt=_midnight_after(last))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _midnight_after(day: date) -> datetime:
    return _midnight(day + timedelta(days=1))
