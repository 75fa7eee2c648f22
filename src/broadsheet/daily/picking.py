"""Papers of the daily lists as programs ask for them: of a period, by whoever sent them in, in an order."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.daily import editions, months, periods
from broadsheet.daily.editions import Edition
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Ranked, rank_edition, rank_trending
from broadsheet.papers.models import PaperListing

Order = Literal["", "newest", "trending"]
# How many days are looked at first for the newest papers; then twice as many, and so on.
DAYS_AT_ONCE = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which papers: of all days or a period, of everybody or of who has this username with the source.

    Without an order, those of a period come as in its edition, and all others the newest day first.
    """

    period: Period | None = None
    submitter: str = ""
    order: Order = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """A paper's key, and the day whose list it is picked from; None where it was on none."""

    pk: int
    day: date | None


def pick(wanted: Wanted, *, today: date, offset: int, limit: int) -> list[Picked]:
    """The papers that are wanted, `limit` of them from `offset` on; fewer at the end of the list."""
    part = slice(offset, offset + limit)
    if wanted.order == "trending":
        return _picked(_trending(wanted, today))[part]
    if wanted.submitter:
        return _sent_in(wanted, today, part)
    if wanted.period and not wanted.order:
        return _of(editions.edition(wanted.period, offset=offset, limit=limit))
    return _newest(wanted, today, offset=offset, limit=limit)


def _trending(wanted: Wanted, today: date) -> list[Ranked]:
    if wanted.period:
        ranked = rank_trending(
            editions.all_listed(wanted.period.first, wanted.period.last)[0], as_of=wanted.period.last
        )
    else:
        _, ranked, _ = editions.trending(today, limit=sys.maxsize)
    return _by_sender(wanted, today, ranked) if wanted.submitter else ranked


def _sent_in(wanted: Wanted, today: date, part: slice) -> list[Picked]:
    """What somebody sent in: as in the edition of a period, else the newest day first."""
    if wanted.period and not wanted.order:
        listed, _ = editions.all_listed(wanted.period.first, wanted.period.last)
        return _picked(_by_sender(wanted, today, rank_edition(listed)))[part]
    listings = _listings_by(wanted, today)
    is_later = Q(day__gt=OuterRef("day")) | Q(day=OuterRef("day"), pk__gt=OuterRef("pk"))
    last = listings.exclude(Exists(listings.filter(is_later, paper=OuterRef("paper"))))
    newest = last.order_by("-day", "position", "paper").values_list("paper", "day")
    return [Picked(pk, day) for pk, day in newest[part]]


def _by_sender(wanted: Wanted, today: date, ranked: Sequence[Ranked]) -> list[Ranked]:
    listings = _listings_by(wanted, today).filter(paper__in=[paper.pk for paper in ranked])
    sent_in = set(listings.values_list("paper", flat=True))
    return [paper for paper in ranked if paper.pk in sent_in]


def _listings_by(wanted: Wanted, today: date) -> QuerySet[PaperListing]:
    """The listings of papers that somebody sent in, in the period or up to today."""
    listings = editions.listings().filter(submitter_username=wanted.submitter)
    if wanted.period:
        return listings.filter(day__range=(wanted.period.first, wanted.period.last))
    return listings.filter(day__lte=today)


def _newest(wanted: Wanted, today: date, *, offset: int, limit: int) -> list[Picked]:
    """The editions of the days one after the other, the newest day first.

    A paper that several days listed comes once, on the last of them. Of a month, the papers without a known
    day come last.
    """
    found: list[Picked] = []
    for day, papers, listed_later in _days(wanted.period, today):
        if offset >= papers - len(listed_later):
            offset -= papers - len(listed_later)
            continue
        end = offset + limit - len(found)
        edition = editions.edition(periods.day(day), limit=end + len(listed_later))
        found += [one for one in _of(edition) if one.pk not in listed_later][offset:end]
        offset = 0
        if len(found) >= limit:
            return found
    if wanted.period:
        undated = months.papers_of(wanted.period).values_list("pk", flat=True)
        found += [Picked(pk, None) for pk in undated[offset : offset + limit - len(found)]]
    return found


def _days(period: Period | None, today: date) -> Iterator[tuple[date, int, set[int]]]:
    """The days that have an edition, the newest first, with how many papers each has, and which of them a
    later one has again.
    """
    if period:
        yield from _counted(period.first, period.last, until=period.last)
        return
    last, span = editions.latest_day(today), timedelta(days=DAYS_AT_ONCE)
    while last:
        first = max(last, date.min + span) - span
        yield from _counted(first, last, until=today)
        last, span = editions.nearest_days(periods.day(first))[0], 2 * span


def _counted(first: date, last: date, *, until: date) -> Iterator[tuple[date, int, set[int]]]:
    # That a later day lies after the first one, too, spares PostgreSQL a look at all of them.
    then = PaperListing.objects.filter(day__gt=first, day__lte=until)
    later = then.filter(paper=OuterRef("paper"), day__gt=OuterRef("day"))
    again = editions.listings().filter(Exists(later), day__range=(first, last))
    listed_later: dict[date, set[int]] = defaultdict(set)
    for day, pk in again.values_list("day", "paper"):
        listed_later[day].add(pk)
    for day, papers in sorted(editions.papers_per_day(first, last).items(), reverse=True):
        yield day, papers, listed_later[day]


def _of(edition: Edition) -> list[Picked]:
    return [*_picked(edition.ranked), *(Picked(pk, None) for pk in edition.rest)]


def _picked(ranked: Sequence[Ranked]) -> list[Picked]:
    return [Picked(one.pk, one.day) for one in ranked]
