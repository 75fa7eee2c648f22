"""Curation: what waits for the list of a day, and what curators and verified authors add to a paper."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.models import GONE
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import ID, known
from broadsheet.api.v1.parameters import WITHOUT_NUL, ByKey, Day, SubmissionKey
from broadsheet.api.v1.submissions import Submission, sent
from broadsheet.community import curating, deciding, here
from broadsheet.community.here import Word
from broadsheet.community.models import REASON_LENGTH
from broadsheet.community.models import Submission as Row
from broadsheet.http.viewers import viewer_of
from broadsheet.jobs.wake import wake
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.record import LINK_KINDS

LONGEST_ADDRESS = 2000

router = Router(tags=["curation"])


class Decision(Schema):
    """What a curator decides about a submission; to decline it takes a reason."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["accepted", "declined"] = Field(
        description="accepted or declined.", examples=["accepted"]
    )
    day: Day = Field(None, description="The day on whose list it is, or will be; without it, today.")
    reason: str = Field(
        "",
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description="Why it is declined, for the submitter.",
    )


class NewLink(Schema):
    """A link of a paper."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[LINK_KINDS] = Field(description="What the link leads to.", examples=["code"])  # type: ignore[valid-type]
    url: str = Field(
        min_length=1,
        max_length=LONGEST_ADDRESS,
        pattern=WITHOUT_NUL,
        description=f"Where it leads: a whole address, {LONGEST_ADDRESS:,} characters at most.",
        examples=["https://example.org/code"],
    )


class NewAffiliation(Schema):
    """An organization that a paper comes from."""

    model_config = ConfigDict(extra="forbid")

    organization: str = Field(
        min_length=1,
        max_length=curating.LONGEST_NAME,
        pattern=WITHOUT_NUL,
        description=f"A name, {curating.LONGEST_NAME} characters at most.",
        examples=["North Lab"],
    )


@dataclass(frozen=True, slots=True)
class Queued:
    """A submission as curators see it: by whom."""

    handle: str | None
    name: str
    submission: Submission


@dataclass(frozen=True, slots=True)
class Queue:
    """The submissions that wait, the oldest first, and those that curators decided last; some of each. `next`
    is the cursor of those that wait behind them, null at the end.
    """

    waiting: tuple[Queued, ...]
    decided: tuple[Queued, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """What curators and verified authors here said of the paper `id`; each is taken back by its `key`."""

    id: str
    words: tuple[Word, ...]


@router.get("curation/submissions", response=Queue, auth=Token("curate"), summary="The submissions that wait")
def queue(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """For curators. Takes the scope `curate`."""
    waiting, cursor = listing.part(deciding.queue(), asked, oldest_first=True)
    found = Queue(tuple(map(_queued, waiting)), tuple(map(_queued, deciding.decided())), cursor)
    return answers.json(request, found, cursor=cursor)


@router.put(
    "submissions/{submission}/decision",
    response=Queued,
    auth=Token("curate"),
    summary="Decide on a submission",
)
def decide(request: HttpRequest, submission: SubmissionKey, body: Decision) -> HttpResponse:
    """As a curator: onto the list of a day at once, or on a day yet to come, or declined. The submitter is
    told. Takes the scope `curate`.
    """
    viewer, now = viewer_of(request), timezone.now()
    if body.verdict == "declined":
        found = deciding.decline(viewer, submission, body.reason, now=now)
    else:
        found = deciding.decide(viewer, submission, body.day or now.date(), now=now)
        wake("index")
    return answers.json(request, _queued(found))


@router.delete(
    "submissions/{submission}/decision",
    response=Queued,
    auth=Token("curate"),
    summary="Take a decision on a submission back",
)
def reopen(request: HttpRequest, submission: SubmissionKey) -> HttpResponse:
    """Of whichever curator: it waits again, and its paper leaves the list. Takes the scope `curate`."""
    found = deciding.take_back(viewer_of(request), submission, now=timezone.now())
    wake("index")
    return answers.json(request, _queued(found))


@router.get("papers/{path:id}/words", response=Words, summary="What people here added to a paper")
def words(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Links and organizations, which stand among all others of the paper."""
    paper, name = known(id)
    return answers.json(request, Words(name, tuple(here.words(paper))))


@router.post(
    "papers/{path:id}/words", response={HTTPStatus.CREATED: Words}, auth=Token(), summary="Add to a paper"
)
def add_word(request: HttpRequest, id: ID, body: NewLink | NewAffiliation) -> HttpResponse:  # noqa: A002
    """A link or an organization. Takes the scope `submit` of a person who is verified as an author of the
    paper, or `curate` of a curator.
    """
    paper, name = known(id)
    viewer, named, now = viewer_of(request), with_scheme(name), timezone.now()
    if isinstance(body, NewAffiliation):
        curating.add_organization(viewer, paper, named, name=body.organization, now=now)
    else:
        curating.add_link(viewer, paper, named, kind=body.kind, url=body.url, now=now)
    wake("index")
    return answers.json(request, Words(name, tuple(here.words(paper))), status=HTTPStatus.CREATED)


@router.delete(
    "papers/{path:id}/words/{path:key}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token(),
    summary="Take back what was added to a paper",
)
def take_back_word(
    request: HttpRequest,
    id: ID,  # noqa: A002
    key: Annotated[
        str,
        Path(
            pattern=r"^[^\x00]+\+[0-9a-f]{12}$",
            description="The `key` of what was added.",
            examples=["arxiv:2408.00714+0a1b2c3d4e5f"],
        ),
    ],
) -> HttpResponse:
    """Whoever added it. Takes the scope `submit` of a person who is verified as an author of the paper, or
    `curate` of a curator.
    """
    paper, _ = known(id)
    curating.take_back(viewer_of(request), paper, key, now=timezone.now())
    wake("index")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _queued(row: Row) -> Queued:
    person = row.person if row.person and not row.person.is_gone else None
    return Queued(person.handle if person else None, person.shown if person else GONE, sent(row))
