"""Moderation: what was reported, what moderators do about it, and the log that everybody reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from pydantic import BeforeValidator, Field

from broadsheet.accounts.models import Person
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import ID, known
from broadsheet.api.v1.parameters import WITHOUT_NUL, ByKey, DeedKey, Whole, Why, whole
from broadsheet.community import cases, moderating, overlaps
from broadsheet.community.cases import Complaint, Line
from broadsheet.community.models import REASON_LENGTH
from broadsheet.http.viewers import viewer_of

MOST_DAYS = moderating.FOREVER.days
_VERBS = "; ".join(f"{verb} a {' or a '.join(act.kinds)}" for verb, act in moderating.ACTS.items())

Days = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS), BeforeValidator(whole)]

router = Router(tags=["moderation"])


class NewDeed(Why):
    """What a moderator does to a thing."""

    verb: str = Field(max_length=32, pattern=WITHOUT_NUL, description=f"{_VERBS}.", examples=["hide"])
    kind: str = Field(
        max_length=32,
        pattern=WITHOUT_NUL,
        description="What `target` is: comment, submission, person, topic or deed.",
        examples=["comment"],
    )
    target: Whole = Field(description="The `target` of a case, or the `id`.", examples=[1])
    note: str = Field(
        "",
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description="For moderators alone, where `reason` is for all.",
    )
    days: Days | None = Field(
        None,
        description=f"How long a suspension lasts, {MOST_DAYS:,} days at most; for good without it.",
    )


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as moderators see them; `until` when they are suspended."""

    id: int
    handle: str | None
    name: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """A thing that was reported, whose it is, about which `paper`, what it says, and what was said of it. A
    program wrote by itself what `is_by_agent`.
    """

    kind: str
    target: int
    person: Somebody | None
    paper: str | None
    html: str
    text: str
    is_by_agent: bool
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Burst:
    """A paper that got many votes within an hour of the last day."""

    paper: str
    votes: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What is before moderators: the reported things that nobody decided on, those that were reported first
    first; who is suspended; papers with bursts of votes.
    """

    cases: tuple[Case, ...]
    suspended: tuple[Somebody, ...]
    bursts: tuple[Burst, ...]


@dataclass(frozen=True, slots=True)
class Log:
    """Deeds, the last first, without names and without what was removed; `next` is the cursor of those that
    follow, null at the end.
    """

    deeds: tuple[Line, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who voted together for `joint` other papers, and how far beyond chance."""

    people: tuple[Somebody, Somebody]
    joint: int
    s: float


@dataclass(frozen=True, slots=True)
class Overlaps:
    """How many voted for the paper `id`, as how many independent people they read, and pairs that overlap."""

    id: str
    voters: int
    independent: float
    pairs: tuple[Pair, ...]


@router.get("moderation", response=Desk, auth=Token("moderate"), summary="What is before moderators")
def moderation(request: HttpRequest) -> HttpResponse:
    """When some reports are decided, the next come up. Takes the scope `moderate`."""
    now = timezone.now()
    desk = Desk(
        tuple(map(_case, cases.waiting())),
        tuple(map(_somebody, cases.suspended(now=now))),
        tuple(Burst(name, many) for name, _, many in cases.named(overlaps.bursts(now=now))),
    )
    return answers.json(request, desk)


@router.get("moderation/log", response=Log, summary="What moderators and rules of the house did")
def log(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """What and why, for everybody; never who, and never what was removed."""
    rows, cursor = listing.part(cases.log(), asked)
    return answers.json(request, Log(tuple(cases.shown(rows)), cursor), cursor=cursor)


@router.post(
    "moderation/deeds",
    response={HTTPStatus.CREATED: Line},
    auth=Token("moderate"),
    summary="Do something about a thing",
)
def act(request: HttpRequest, body: NewDeed) -> HttpResponse:
    """Everybody may read the reason. Takes the scope `moderate`."""
    now = timezone.now()
    made = moderating.act(
        viewer_of(request),
        body.verb,
        body.kind,
        body.target,
        reason=body.reason,
        note=body.note,
        until=now + timedelta(days=body.days) if body.days else None,
        now=now,
    )
    return answers.json(request, cases.shown([made])[0], status=HTTPStatus.CREATED)


@router.post(
    "moderation/deeds/{deed}/undo",
    response={HTTPStatus.CREATED: Line},
    auth=Token("moderate"),
    summary="Undo what was done about a thing",
)
def undo(request: HttpRequest, deed: DeedKey, body: Why) -> HttpResponse:
    """The last that was done to it, by a deed that can be undone again. Takes the scope `moderate`."""
    made = moderating.undo(viewer_of(request), deed, reason=body.reason, now=timezone.now())
    return answers.json(request, cases.shown([made])[0], status=HTTPStatus.CREATED)


@router.post(
    "papers/{path:id}/overlaps", response=Overlaps, auth=Token("moderate"), summary="Who votes together"
)
def look(request: HttpRequest, id: ID, body: Why) -> HttpResponse:  # noqa: A002
    """Of the voters for a paper. That somebody looked stands in the log. Takes the scope `moderate`."""
    paper, name = known(id)
    found = overlaps.look(viewer_of(request), paper, reason=body.reason, now=timezone.now())
    pairs = tuple(
        Pair((_somebody(one), _somebody(other)), pair.joint, pair.s)
        for pair in found.pairs
        for one, other in [pair.people]
    )
    return answers.json(request, Overlaps(name, found.voters, found.independent, pairs))


def _case(case: cases.Case) -> Case:
    return Case(
        kind=case.kind,
        target=case.target,
        person=_somebody(case.person) if case.person else None,
        paper=case.paper[0] if case.paper else None,
        html=case.html,
        text=case.text,
        is_by_agent=case.is_by_agent,
        complaints=case.said,
    )


def _somebody(person: Person) -> Somebody:
    return Somebody(person.pk, person.handle, person.shown, person.suspended_until)
