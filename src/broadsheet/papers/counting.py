"""How much the catalogue holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min
from pydantic import TypeAdapter

from broadsheet.papers.measures import Measured
from broadsheet.papers.models import Author, Organization, Paper, SourceRecord


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    """How much the catalogue holds, and of which days."""

    papers: int
    authors: int
    organizations: int
    by_source: tuple[tuple[str, int], ...]
    first_published: datetime | None
    last_published: datetime | None


def counts(*, now: datetime) -> CatalogueCounts:
    """How much the catalogue holds; of a large one, what was counted a few minutes ago."""
    return COUNTS.read(now=now)


def _counted(_now: datetime) -> CatalogueCounts:
    span = Paper.objects.aggregate(first=Min("published_at"), last=Max("published_at"), papers=Count("pk"))
    by_source = SourceRecord.objects.values_list("source").annotate(Count("pk")).order_by("source")
    return CatalogueCounts(
        span["papers"],
        Author.objects.count(),
        Organization.objects.count(),
        tuple(by_source),
        span["first"],
        span["last"],
    )


COUNTS = Measured("counts", TypeAdapter(CatalogueCounts), _counted, each=timedelta(minutes=5))
