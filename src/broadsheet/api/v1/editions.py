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

from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.errors import missing
from broadsheet.api.v1.parameters import WITHOUT_NUL, Day, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper
from broadsheet.daily import editions, periods, picks
from broadsheet.daily.editions import Quiet
from broadsheet.daily.entries import Entries, ListName
from broadsheet.daily.ranking import PICKS_A_DAY, WEEK
from broadsheet.papers import heat

DAYS = 31
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


COUNTS = {
    "votes": "Votes of people here that count.",
    "cast": "All votes of people here, those that do not count among them.",
    "elsewhere": (
        "Upvotes counted elsewhere, where two sources count them the higher number, and GitHub stars times "
        f"{heat.STARS}, up to as many."
    ),
    "people": "People here who wrote about it.",
}
BY_VOTES = Ranking(
    "First the papers that a source listed: most votes here first, then most interest elsewhere, then most"
    " people who write about it here, then the later day, then the order of the source's own list. After them"
    " all others of these days, the newest first, without a score.",
    COUNTS | {"position": "The place on the source's own list of the day."},
)
BY_TALK = Ranking(
    "score = the sum over people of 1 + log2(comments of each), highest first: a quarrel of two is worth"
    " little. Comments of programs do not count.",
    {"people": COUNTS["people"], "comments": "Comments that these people wrote in the last seven days."},
)
BY_STARS = Ranking(
    f"Of each day some papers, {PICKS_A_DAY} at most, with no more votes than the paper in the middle of the"
    " day: most stars first, then those with code, then the later day.",
    COUNTS | {"stars": "GitHub stars of its code.", "code": "1 where it has code."},
)
OVER = Literal["day", "week", "month"]


def by_trend(over: OVER) -> Ranking:
    """How a trend over that time is ordered."""
    hours = heat.HOURS[over]
    return Ranking(
        f"score = log2(1 + interest) - hours / {hours}, highest first, of the papers first listed in the last"
        f" {heat.window(over)} days; those without any interest do not trend.",
        COUNTS
        | {
            "interest": (
                f"Votes here, {heat.ELSEWHERE} of the interest elsewhere, and people divided by "
                f"{heat.TALKERS_A_VOTE}, up to {heat.MOST_BY_TALK} of the votes here."
            ),
            "size": "log2(1 + interest).",
            "hours": "Hours from the day of the first list to the day of this one.",
            "faded": f"hours / {hours}: what the paper has lost since.",
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
    So many of this part are `hidden`, since the person of the token leaves them out.
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
    hidden: int
    next: str | None


@dataclass(frozen=True)
class RankedList:
    """Some of the papers of a list, of `total` in all, as of a day: today or the last one with a list. So
    many of this part are `hidden`, since the person of the token leaves them out.
    """

    as_of: date
    ranking: Ranking
    papers: tuple[RankedPaper, ...]
    total: int
    hidden: int
    next: str | None


@dataclass(frozen=True)
class Undiscovered(RankedList):
    """The same, and how the papers fared that were picked before: of those that are `over`, how many ended
    `at_top`, in the first quarter of their day.
    """

    fared: picks.Fared


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


class AskedTrend(Paged):
    """Which trend is wanted."""

    over: OVER = Field(WEEK, description="The time that it trends over.")
    as_of: Day = Field(None, description="A past day; without it, today.")


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
    if periods.parse_period(kind, name) is None:
        written = periods.SPANS[kind](date(2026, 11, 20)).name
        raise missing(f"There is no {kind} called {name[:50]}; it is written {written}.")
    viewer = listing.reader(request)
    found = listing.read(ListName(kind, name), limit=asked.limit, cursor=asked.cursor, viewer=viewer)
    (section,) = found.sections
    period = section.period
    around = editions.around(period, is_empty=not found.total, today=timezone.now().date())
    answer = {
        "kind": kind,
        "name": name,
        "first": period.first,
        "last": period.last,
        "before": around.before and around.before.name,
        "after": around.after and around.after.name,
        "quiet": around.quiet,
        "ranking": BY_VOTES,
        "papers": _placed(found, fields),
        "curated": section.curated,
        "total": found.total,
        "hidden": found.hidden,
        "next": found.next,
    }
    return answers.json(request, answer, cursor=found.next)


@router.get("trending", response=RankedList, summary="The papers that people talk about now")
def trending(request: HttpRequest, asked: Query[AskedTrend]) -> HttpResponse:
    """Each with its score and the parts of it."""
    wanted = ListName("trending", "" if asked.over == WEEK else asked.over, as_of=asked.as_of)
    return _ranked(request, wanted, by_trend(asked.over), asked)


@router.get("discussed", response=RankedList, summary="The papers that people here write most about")
def discussed(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """In the last seven days. Each with its score and the parts of it."""
    return _ranked(request, ListName("discussed"), BY_TALK, asked)


@router.get("undiscovered", response=Undiscovered, summary="Papers that few voted for and more may like")
def undiscovered(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """Of the last two weeks, some of each day. Each with its score and the parts of it."""
    return _ranked(request, ListName("undiscovered"), BY_STARS, asked, fared=picks.fared())


def _ranked(
    request: HttpRequest, wanted: ListName, ranking: Ranking, asked: Paged, **more: object
) -> HttpResponse:
    fields = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    viewer = listing.reader(request)
    found = listing.read(wanted, limit=asked.limit, cursor=asked.cursor, viewer=viewer)
    answer = {
        "as_of": found.as_of,
        "ranking": ranking,
        "papers": _placed(found, fields),
        "total": found.total,
        "hidden": found.hidden,
        "next": found.next,
        **more,
    }
    return answers.json(request, answer, cursor=found.next)


def _placed(found: Entries, fields: Sequence[str]) -> list[dict[str, Any]]:
    """The papers of a page with their places, those that are no longer there left out."""
    papers = schemas.sent(found.pks, fields)
    return [
        {
            "place": one.place,
            "day": one.day,
            "score": one.score,
            "parts": one.reasons,
            "submitter": one.submitter,
            "paper": papers[one.pk],
        }
        for one in found.entries
        if one.pk in papers
    ]
