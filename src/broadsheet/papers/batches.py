"""Many papers at once: those of many names, and all of them page by page, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import Paper
from broadsheet.papers.reading import newest_first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands among all, the newest first and those without a date last."""

    published_at: datetime | None
    pk: int


def newest(
    after: Place | None, *, limit: int, among: QuerySet[Paper] | None = None
) -> tuple[list[int], Place | None]:
    """The keys of the papers that follow a place, of all or `among` some, and the place where the next page
    begins; None at the end.

    A page deep down costs no more than the first.
    """
    papers = Paper.objects.all() if among is None else among
    found: list[tuple[int, datetime | None]] = []
    if after is None or after.published_at:
        dated = papers.filter(published_at__isnull=False)
        if after:
            dated = dated.filter(published_at__lte=after.published_at)
            dated = dated.exclude(published_at=after.published_at, pk__gte=after.pk)
        found += newest_first(dated).values_list("pk", "published_at")[: limit + 1]
    if len(found) <= limit:
        undated = papers.filter(published_at__isnull=True)
        if after and not after.published_at:
            undated = undated.filter(pk__lt=after.pk)
        found += undated.order_by("-pk").values_list("pk", "published_at")[: limit + 1 - len(found)]
    page = found[:limit]
    last = Place(page[-1][1], page[-1][0]) if len(found) > limit else None
    return [pk for pk, _ in page], last


def resolve(names: Iterable[str]) -> dict[str, int]:
    """The keys of the papers that have these names, however they are spelt; unknown names are left out.

    One query for each scheme of identifiers, and one for what none of them finds.
    """
    return {name: pk for name, (pk,) in known_as(names, "pk").items()}
