"""Papers of the daily lists as programs ask for them: of a period, by whoever sent them in, in an order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from broadsheet.daily import editions, periods
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
        return _sent_in(wanted, today)[part]
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


def _sent_in(wanted: Wanted, today: date) -> list[Picked]:
    """What somebody sent in: as in the edition of a period, else the newest day first."""
    if wanted.period and not wanted.order:
        listed, _ = editions.all_listed(wanted.period.first, wanted.period.last)
        return _picked(_by_sender(wanted, today, rank_edition(listed)))
    return [Picked(pk, day) for pk, day in _days_of_sender(wanted, today).items()]


def _by_sender(wanted: Wanted, today: date, ranked: Sequence[Ranked]) -> list[Ranked]:
    theirs = _days_of_sender(wanted, today)
    return [one for one in ranked if one.pk in theirs]


def _days_of_sender(wanted: Wanted, today: date) -> dict[int, date]:
    """The papers that somebody sent in with the last day of each, the newest first."""
    listings = PaperListing.objects.filter(
        submitter_username=wanted.submitter, paper__withdrawn=False, paper__retracted=False
    )
    if wanted.period:
        listings = listings.filter(day__range=(wanted.period.first, wanted.period.last))
    else:
        listings = listings.filter(day__lte=today)
    days: dict[int, date] = {}
    for pk, day in listings.order_by("-day", "position", "paper").values_list("paper", "day"):
        days.setdefault(pk, day)
    return days


def _newest(wanted: Wanted, today: date, *, offset: int, limit: int) -> list[Picked]:
    """The editions of the days one after the other, the newest day first."""
    found: list[Picked] = []
    for day, papers in _days(wanted.period, today):
        if offset >= papers:
            offset -= papers
            continue
        found += _of(editions.edition(periods.day(day), offset=offset, limit=limit - len(found)))
        offset = 0
        if len(found) >= limit:
            break
    return found


def _days(period: Period | None, today: date) -> Iterator[tuple[date, int]]:
    """The days that have an edition, the newest first, and how many papers each has."""
    if period:
        yield from sorted(editions.papers_per_day(period.first, period.last).items(), reverse=True)
        return
    last, span = editions.latest_day(today), timedelta(days=DAYS_AT_ONCE)
    while last:
        first = max(last, date.min + span) - span
        yield from sorted(editions.papers_per_day(first, last).items(), reverse=True)
        last, span = editions.nearest_days(periods.day(first))[0], 2 * span


def _of(edition: Edition) -> list[Picked]:
    return [*_picked(edition.ranked), *(Picked(pk, None) for pk in edition.rest)]


def _picked(ranked: Sequence[Ranked]) -> list[Picked]:
    return [Picked(one.pk, one.day) for one in ranked]
