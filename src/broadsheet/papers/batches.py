"""Many papers at once: those of many names, and lists of them part by part, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import IntegerField, Model, Q, QuerySet, Subquery

from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import Paper
from broadsheet.papers.reading import newest_first

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands among others, the newest first and those without a date last."""

    published_at: datetime | None
    pk: int


class _HowMany(Subquery):
    """The number of rows that a query finds; the index alone tells it, where a window reads them all."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS found)"
    output_field = IntegerField()


def counted(
    papers: QuerySet[Row], *columns: str, part: slice, among: QuerySet[Row] | None = None
) -> tuple[list[tuple[Any, ...]], int]:
    """The columns of a part of these papers or rows of papers, and how many there are `among` which they
    stand, or of them.

    One query; two where there are none of them, or none are asked for.
    """
    everything = papers if among is None else among
    if part.start < part.stop:
        total = _HowMany(everything.order_by().values("pk"))
        found = list(papers.annotate(total=total).values_list(*columns, "total")[part])
        if found:
            return [row[:-1] for row in found], found[0][-1]
        # A part without any may have parts before it that have some.
        if among is None and not part.start:
            return [], 0
    return [], everything.count()


def newest(papers: QuerySet[Paper], part: slice, *, after: Place | None = None) -> list[Place]:
    """The places of a part of the papers, or of those after a place, the newest first.

    A part after a place deep down costs no more than the first.
    """
    if after is None:
        return _places(newest_first(papers), part)
    found: list[Place] = []
    if after.published_at:
        dated = papers.filter(published_at__lte=after.published_at)
        dated = dated.exclude(published_at=after.published_at, pk__gte=after.pk)
        found += _places(newest_first(dated), part)
    if len(found) < part.stop:
        undated = papers.filter(published_at__isnull=True)
        if not after.published_at:
            undated = undated.filter(pk__lt=after.pk)
        found += _places(undated.order_by("-pk"), slice(0, part.stop - len(found)))
    return found


def above(papers: QuerySet[Paper], place: Place) -> QuerySet[Paper]:
    """Those of the papers that stand above a place, the newest first."""
    if place.published_at is None:
        return papers.filter(Q(published_at__isnull=False) | Q(pk__gt=place.pk))
    is_same_time = Q(published_at=place.published_at, pk__gt=place.pk)
    return papers.filter(Q(published_at__gt=place.published_at) | is_same_time)


def _places(papers: QuerySet[Paper], part: slice) -> list[Place]:
    return [Place(*row) for row in papers.values_list("published_at", "pk")[part]]


def resolve(names: Iterable[str]) -> dict[str, int]:
    """The keys of the papers that have these names, however they are spelt; unknown names are left out.

    One query for all identifiers, and one for what is none of them.
    """
    return {name: pk for name, (pk,) in known_as(names, "pk").items()}
