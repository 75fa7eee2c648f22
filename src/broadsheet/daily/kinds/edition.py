"""The papers of a period: first those that were listed in it, best first, then those that no list ever had.

The latter stand newest first. Of a month, those of which no day is known come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from django.db.models import Q

from broadsheet.daily import editions, months
from broadsheet.daily.entries import Key, Row, Run, Span, in_memory, joined
from broadsheet.daily.kinds.by_date import by_date, moment, time_key
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Ranked, edition_key, rank_edition
from broadsheet.papers import batches


def edition(period: Period) -> tuple[Run, int]:
    """The papers of a period as a run, and how many of them were listed."""
    listed, submitters = editions.all_listed(period.first, period.last)
    ranked = rank_edition(listed)
    row = partial(ranked_row, key=edition_key, submitters=submitters)
    runs = [in_memory(ranked, edition_key, row), _unlisted(period)]
    if period.kind == "month":
        runs.append(by_date(months.papers_of(period)))
    return joined(list(enumerate(runs))), len(ranked)


def ranked_row(one: Ranked, *, key: Callable[[Ranked], Key], submitters: Mapping[int, str]) -> Row:
    """A paper that a ranking has, with its reasons."""
    return Row(key(one), one.pk, one.day, one.score, dict(one.parts), submitters.get(one.pk, ""))


def _unlisted(period: Period) -> Run:
    """The papers of the period that no list ever had, as a run."""
    papers = editions.unlisted().filter(day__range=(period.first, period.last))

    def read(span: Span) -> tuple[list[Row], int]:
        among = papers.filter(_beyond(span.until, "gt")) if span.until else papers
        wanted = among.filter(_beyond(span.after, "lt")) if span.after else among
        rows, total = batches.counted(
            wanted.order_by("-day", "-published_at", "-pk"),
            *("day", "published_at", "pk"),
            part=slice(span.offset, span.offset + span.limit),
            among=among if span.after else None,
        )
        return [Row((-day.toordinal(), time_key(at), -pk), pk) for day, at, pk in rows], total

    return read


def _beyond(key: Key, side: str) -> Q:
    """That a paper stands above a key (`gt`) or below it (`lt`)."""
    day, at, pk = date.fromordinal(-int(key[0])), moment(key[1]), -int(key[2])
    is_same_moment = Q(day=day, published_at=at, **{f"pk__{side}": pk})
    is_same_day = Q(day=day, **{f"published_at__{side}": at})
    return Q(**{f"day__{side}": day}) | is_same_day | is_same_moment
