"""Submissions: papers that the person of a token wants on the list of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import WITHOUT_NUL, ByKey, SubmissionKey
from broadsheet.community import submitting
from broadsheet.community.models import NAMED_LENGTH
from broadsheet.community.models import Submission as Row
from broadsheet.http.having_fetched import wake_for
from broadsheet.http.viewers import viewer_of

router = Router(tags=["submissions"])


class NewSubmission(Schema):
    """Which paper is submitted."""

    model_config = ConfigDict(extra="forbid")

    paper: str = Field(
        min_length=1,
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"An identifier, a DOI or an address of the paper, {NAMED_LENGTH} characters at most.",
        examples=["2611.00007"],
    )


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of a paper that was submitted: `state` is asked (of arXiv), unknown (there), duplicate,
    waiting (for a curator), scheduled, accepted or declined, and `reason` says why. `paper` is its
    identifier, null while it is not here.
    """

    id: int
    text: str
    paper: str | None
    state: str
    day: date | None
    reason: str
    is_by_agent: bool
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Submissions:
    """One's own submissions, the latest first; `next` is the cursor of those that follow, null at the end."""

    submissions: tuple[Submission, ...]
    next: str | None


@router.get("submissions", response=Submissions, auth=Token("submit"), summary="One's own submissions")
def submissions(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """Whatever became of them. Takes the scope `submit`."""
    rows, cursor = listing.part(submitting.of(viewer_of(request)), asked)
    return answers.json(request, Submissions(tuple(map(sent, rows)), cursor), cursor=cursor)


@router.post(
    "submissions", response={HTTPStatus.CREATED: Submission}, auth=Token("submit"), summary="Submit a paper"
)
def submit(request: HttpRequest, body: NewSubmission) -> HttpResponse:
    """By any name of it; arXiv is asked for one of its own that is not here. Takes the scope `submit`."""
    made = submitting.submit(viewer_of(request), body.paper, now=timezone.now())
    wake_for(made)
    return answers.json(request, sent(made), status=HTTPStatus.CREATED)


@router.delete(
    "submissions/{submission}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("submit"),
    summary="Take a submission back",
)
def withdraw_submission(
    request: HttpRequest,
    submission: SubmissionKey,
) -> HttpResponse:
    """One's own, until it was decided. Takes the scope `submit`."""
    submitting.withdraw(viewer_of(request), submission, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def sent(row: Row) -> Submission:
    """The submission as it is sent."""
    return Submission(
        id=row.pk,
        text=row.text,
        paper=row.paper.public_id if row.paper else None,
        state=str(row.state),
        day=row.day,
        reason=row.reason,
        is_by_agent=row.is_by_agent,
        submitted_at=row.submitted_at,
        decided_at=row.decided_at,
    )
