"""Editions: days, weeks and months, and what trends; each place with the numbers that it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from broadsheet.api.v1 import answers, cursors, schemas
from broadsheet.api.v1.errors import missing
from broadsheet.api.v1.parameters import WITHOUT_NUL, Day, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper
from broadsheet.daily import editions, periods, ranking
from broadsheet.daily.editions import Quiet
from broadsheet.daily.ranking import Ranked

DAYS = 31
# More than any month has; a page after the first is found among all of its papers.
MOST_RANKED = 1_000_000
KIND = Annotated[Literal["day", "week", "month"], Path(description="The kind of edition.", examples=["day"])]
NAME = Annotated[
    str,
    Path(
        pattern=WITHOUT_NUL,
        description="The edition: a day as 2026-11-20, an ISO 8601 week as 2026-W47, a month as 2026-11.",
        examples=["2026-11-20", "2026-W47", "2026-11"],
    ),
]

router = Router(tags=["editions"])


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a list is ordered, in words: the whole, and each of the numbers behind a place."""

    order: str
    parts: Mapping[str, str]


BY_VOTES = Ranking(
    "First the papers that a source listed: most upvotes first, then most comments, then the later day, then "
    "the order of the source's own list. After them all others of these days, the newest first, without a "
    "score.",
    {
        "upvotes": "Upvotes counted elsewhere; where two sources count them, the higher number.",
        "comments": "Comments counted elsewhere, likewise.",
        "position": "The place on the source's own list of the day.",
    },
)
BY_TREND = Ranking(
    f"score = log10(1 + interest) - age / {ranking.FADE_DAYS:g}, highest first, of the papers listed in the "
    f"last {editions.TRENDING_WINDOW.days} days; those without any interest do not trend.",
    {
        "interest": (
            "Upvotes, and comments up to as many as there are upvotes, and GitHub stars divided by "
            f"{ranking.STARS_PER_UPVOTE}, likewise up to as many."
        ),
        "size": "log10(1 + interest).",
        "age": "Days since the paper was listed.",
        "faded": f"age / {ranking.FADE_DAYS:g}: what the paper has lost since.",
    },
)


@dataclass(frozen=True, slots=True)
class RankedPaper:
    """A paper at its `place`, from 1: listed on `day` by `submitter`, with its `score` and the parts of it.

    A paper that no source listed has none of these.
    """

    place: int
    day: date | None
    score: float | None
    parts: Mapping[str, float]
    submitter: str
    paper: Paper


@dataclass(frozen=True, slots=True)
class Edition:
    """Some papers of a period from `first` to `last`, of `total` in all; `curated` of them were listed.

    `before` and `after` are the nearest editions of the kind that have papers; `quiet` says why one has none.
    """

    kind: str
    name: str
    first: date
    last: date
    before: str | None
    after: str | None
    quiet: Quiet | None
    ranking: Ranking
    papers: tuple[RankedPaper, ...]
    curated: int
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class Trending:
    """Some of the papers that trend, of `total` in all, as of a day: today or the last one with a list."""

    as_of: date
    ranking: Ranking
    papers: tuple[RankedPaper, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day, and how many papers its edition has."""

    day: date
    papers: int


@dataclass(frozen=True, slots=True)
class Editions:
    """The days that have an edition; `latest` is the newest of all."""

    latest: date | None
    days: Sequence[DayCount]


class AskedEditions(Schema):
    """Which days are wanted."""

    since: Day = Field(None, description=f"The first day; without it, {DAYS} days before the last.")
    until: Day = Field(None, description="The last day; without it, today.")


@router.get("editions", response=Editions, summary="Which days have an edition, and of how many papers")
def edition_days(request: HttpRequest, asked: Query[AskedEditions]) -> HttpResponse:
    """The days between two, both included; none where the first comes after the last."""
    today = timezone.now().date()
    until = asked.until or today
    since = asked.since or date.fromordinal(max(until.toordinal() - DAYS, 1))
    counts = sorted(editions.papers_per_day(since, until).items())
    return answers.json(request, Editions(editions.latest_day(today), [DayCount(*one) for one in counts]))


@router.get(
    "editions/{str:kind}/{str:name}", response=Edition, summary="The papers of a day, a week or a month"
)
def edition(request: HttpRequest, kind: KIND, name: NAME, asked: Query[Paged]) -> HttpResponse:
    """Each with the numbers behind its place. An edition without papers says why it has none."""
    fields = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    period = periods.parse_period(kind, name)
    if period is None:
        written = periods.SPANS[kind](date(2026, 11, 20)).name
        raise missing(f"There is no {kind} called {name[:50]}; it is written {written}.")
    found = editions.edition(period, limit=MOST_RANKED if asked.cursor else asked.limit)
    entries: list[Ranked | int] = [*found.ranked, *found.rest]
    offset = _offset(request, asked.cursor, entries)
    page = entries[offset : offset + asked.limit]
    around = editions.around(found, today=timezone.now().date())
    cursor = cursors.after_paper(request, [*map(_key, page)], offset=offset, total=found.total)
    answer = {
        "kind": kind,
        "name": name,
        "first": period.first,
        "last": period.last,
        "before": around.before and around.before.name,
        "after": around.after and around.after.name,
        "quiet": around.quiet,
        "ranking": BY_VOTES,
        "papers": _placed(page, fields, offset, found.submitters),
        "curated": found.curated,
        "total": found.total,
        "next": cursor,
    }
    return answers.json(request, answer, cursor=cursor)


@router.get("trending", response=Trending, summary="The papers that people talk about now")
def trending(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """Each with its score and the parts of it."""
    fields = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    as_of, ranked, total = editions.trending(timezone.now().date(), limit=MOST_RANKED)
    offset = _offset(request, asked.cursor, ranked)
    page = ranked[offset : offset + asked.limit]
    cursor = cursors.after_paper(request, [*map(_key, page)], offset=offset, total=total)
    answer = {
        "as_of": as_of,
        "ranking": BY_TREND,
        "papers": _placed(page, fields, offset, {}),
        "total": total,
        "next": cursor,
    }
    return answers.json(request, answer, cursor=cursor)


def _offset(request: HttpRequest, cursor: str, entries: Sequence[Ranked | int]) -> int:
    """Where a page begins: after the last paper of the one before, which new ones may have moved down.

    Where it is no longer there, or further up for its votes, the others have moved by no more than one.
    """
    if not cursor:
        return 0
    pk, read = cursors.paper(request, cursor)
    place = next((place for place, one in enumerate(entries, start=1) if _key(one) == pk), 0)
    return max(place, read - 1)


def _key(one: Ranked | int) -> int:
    return one if isinstance(one, int) else one.pk


def _placed(
    entries: Sequence[Ranked | int], fields: Sequence[str], offset: int, submitters: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The papers of a page with their places, those that are no longer there left out."""
    keys = [_key(one) for one in entries]
    papers = schemas.sent(keys, fields)
    return [
        {
            "place": place,
            **_reasons(one),
            "submitter": submitters.get(pk, ""),
            "paper": papers[pk],
        }
        for place, (pk, one) in enumerate(zip(keys, entries, strict=True), start=offset + 1)
        if pk in papers
    ]


def _reasons(one: Ranked | int) -> dict[str, Any]:
    if isinstance(one, int):
        return {"day": None, "score": None, "parts": {}}
    return {"day": one.day, "score": one.score, "parts": dict(one.parts)}
