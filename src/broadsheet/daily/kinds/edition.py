"""The papers of a period: first those that were listed in it, best first, then those that no list ever had.

The latter stand newest first. Of a month, those of which no day is known come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from broadsheet.daily import editions, months
from broadsheet.daily.entries import Key, Row, Run, Span, joined
from broadsheet.daily.kinds.by_date import by_date, moment, time_key
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Ranked, edition_key, rank_edition
from broadsheet.papers import batches
from broadsheet.papers.models import EditionPlace

# The order of an edition, as `ranking.edition_key` says it.
PLACES = ("-counted", "-elsewhere", "-talkers", "-day", "position", "paper_id")


def edition(period: Period) -> tuple[Run, int]:
    """The papers of a period as a run, and how many of them were listed."""
    places = EditionPlace.objects.filter(kind=period.kind, first=period.first)
    listed = editions.how_many_listed(period)
    runs = [_listed(period, places, listed), _unlisted(period)]
    if period.kind == "month":
        runs.append(by_date(months.papers_of(period)))
    return joined(list(enumerate(runs))), listed


def _listed(period: Period, places: QuerySet[EditionPlace], total: int) -> Run:
    """The papers that were listed in the period as a run: no more of them are read than are wanted."""

    def read(span: Span) -> tuple[list[Row], int]:
        among = places.filter(_beside(span.until, is_above=True)) if span.until else places
        wanted = among.filter(_beside(span.after, is_above=False)) if span.after else among
        part = slice(span.offset, span.offset + span.limit)
        is_any = span.offset < total and span.limit
        pks = [*wanted.order_by(*PLACES).values_list("paper_id", flat=True)[part]] if is_any else []
        papers, submitters = editions.all_listed(period.first, period.last, among=pks) if pks else ([], {})
        rows = [ranked_row(one, key=edition_key, submitters=submitters) for one in rank_edition(papers)]
        return rows, among.count() if span.until else total

    return read


def _beside(key: Key, *, is_above: bool) -> Q:
    """That a paper stands above or below a key of `edition_key`."""
    counted, elsewhere, talkers, day, position, pk = key
    values = (-counted, -elsewhere, -talkers, date.fromordinal(-int(day)), position, pk)
    found, same = Q(), Q()
    for column, value in zip(PLACES, values, strict=True):
        name = column.removeprefix("-")
        is_more = is_above == column.startswith("-")
        found |= same & Q(**{f"{name}__{'gt' if is_more else 'lt'}": value})
        same &= Q(**{name: value})
    return found


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
