"""How complete the catalogue is, source by source and day by day, and what the instance holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router

from broadsheet.api.v1 import answers
from broadsheet.api.v1.errors import missing
from broadsheet.api.v1.parameters import WITHOUT_NUL
from broadsheet.papers import counting, reading
from broadsheet.search import status as index_status
from broadsheet.sources.completeness import status as source_status
from broadsheet.sources.completeness.day_states import DaySummary
from broadsheet.sources.completeness.status import SHOWN_DAYS, FamilyStatus, SourceStatus

FAMILY = Annotated[str, Path(pattern=WITHOUT_NUL, description="The name of the family.", examples=["arxiv"])]

router = Router(tags=["sources"])


@dataclass(frozen=True, slots=True)
class Family:
    """A family of live sources: whether it runs by itself, when it last ran well, when it is asked next.

    `latest` is the last day that tells how it is doing; on `gap_days` of its last days something is missing,
    or may be.
    """

    family: str
    is_on: bool
    last_good_at: datetime | None
    next_due_at: datetime | None
    gap_days: int
    latest: DaySummary | None
    sources: tuple[SourceStatus, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The live sources that are switched on, or that were ever asked."""

    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """The last days of a family, the oldest first."""

    family: str
    days: tuple[DaySummary, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """How far the search index is: papers found by words and by meaning, changes that wait, and its model."""

    words: int | None
    meaning: int
    waiting: int
    model: str


@dataclass(frozen=True, slots=True)
class Status:
    """What the instance holds. `revision` rises with every change; `by_source` counts records."""

    version: str
    revision: int
    papers: int
    authors: int
    organizations: int
    by_source: Mapping[str, int]
    first_published: datetime | None
    last_published: datetime | None
    index: Index


@router.get("sources", response=Sources, summary="The live sources and how they are doing")
def sources(request: HttpRequest) -> HttpResponse:
    """As the page of the status says it."""
    families = source_status.read(now=timezone.now())
    return answers.json(request, Sources(tuple(_family(one) for one in families)))


@router.get(
    "sources/{str:family}/days", response=Days, summary=f"How complete the last {SHOWN_DAYS} days are"
)
def source_days(request: HttpRequest, family: FAMILY) -> HttpResponse:
    """For each day: what was announced, what of it is here, and why something is not."""
    for one in source_status.read(now=timezone.now()):
        if one.family == family:
            return answers.json(request, Days(family, tuple(one.days)))
    raise missing(f"No source called {family[:50]} was ever asked.")


@router.get("status", response=Status, summary="What the catalogue and its index hold")
def status(request: HttpRequest) -> HttpResponse:
    """Numbers of now."""
    counts = counting.counts(now=timezone.now())
    index = index_status.read(papers=counts.papers)
    return answers.json(
        request,
        Status(
            version=version("broadsheet"),
            revision=reading.revision(),
            papers=counts.papers,
            authors=counts.authors,
            organizations=counts.organizations,
            by_source=dict(counts.by_source),
            first_published=counts.first_published,
            last_published=counts.last_published,
            index=Index(index.words, index.embedded, index.changes, index.model),
        ),
    )


def _family(one: FamilyStatus) -> Family:
    return Family(
        one.family, one.is_on, one.last_good_at, one.next_due_at, one.gap_days, one.latest, tuple(one.sources)
    )
