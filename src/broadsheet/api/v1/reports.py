"""Reports: the person of a token tells moderators that something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.models import HANDLE_LENGTH
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import WITHOUT_NUL, ByKey, CommentKey, SubmissionKey
from broadsheet.api.v1.topics import Slug
from broadsheet.community import profiles, reporting
from broadsheet.community.models import REASON_LENGTH
from broadsheet.community.models import Report as Row
from broadsheet.daily import topics
from broadsheet.http.viewers import viewer_of

Handle = Annotated[
    str,
    Path(
        max_length=HANDLE_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"What the person is called here, without @; {HANDLE_LENGTH} characters at most.",
        examples=["mira"],
    ),
]
_REASONS = "; ".join(f"of a {kind}: {', '.join(reasons)}" for kind, reasons in reporting.REASONS.items())

router = Router(tags=["reports"])


class NewReport(Schema):
    """What is wrong."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        min_length=1,
        max_length=32,
        pattern=WITHOUT_NUL,
        description=f"One of the reasons, {_REASONS}.",
        examples=["spam"],
    )
    note: str = Field(
        "",
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"More of it, {REASON_LENGTH} characters at most; needed where the reason is `other`.",
    )


@dataclass(frozen=True, slots=True)
class Report:
    """What was reported; `state` is open, upheld or dismissed by moderators. `target` is the `id` of a
    comment or submission, null for a person or a topic.
    """

    id: int
    kind: str
    target: int | None
    reason: str
    note: str
    state: str
    at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reports:
    """One's own reports, the latest first; `next` is the cursor of those that follow, null at the end."""

    reports: tuple[Report, ...]
    next: str | None


@router.get("reports", response=Reports, auth=Token("report"), summary="What one reported")
def reports(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """Only moderators know who reported what. Takes the scope `comment`."""
    rows, cursor = listing.part(reporting.of(viewer_of(request)), asked)
    return answers.json(request, Reports(tuple(map(_sent, rows)), cursor), cursor=cursor)


@router.post(
    "comments/{comment}/reports",
    response={HTTPStatus.CREATED: Report},
    auth=Token("report"),
    summary="Report a comment",
)
def report_comment(request: HttpRequest, comment: CommentKey, body: NewReport) -> HttpResponse:
    """Of another, once. No agent may. Takes the scope `comment`."""
    return _report(request, reporting.COMMENT, comment, body)


@router.post(
    "submissions/{submission}/reports",
    response={HTTPStatus.CREATED: Report},
    auth=Token("report"),
    summary="Report a submission",
)
def report_submission(request: HttpRequest, submission: SubmissionKey, body: NewReport) -> HttpResponse:
    """Of another, once. No agent may. Takes the scope `comment`."""
    return _report(request, reporting.SUBMISSION, submission, body)


@router.post(
    "people/{handle}/reports",
    response={HTTPStatus.CREATED: Report},
    auth=Token("report"),
    summary="Report a person",
)
def report_person(request: HttpRequest, handle: Handle, body: NewReport) -> HttpResponse:
    """Another one, once. No agent may. Takes the scope `comment`."""
    return _report(request, reporting.PERSON, profiles.find(handle).pk, body)


@router.post(
    "topics/{slug}/reports",
    response={HTTPStatus.CREATED: Report},
    auth=Token("report"),
    summary="Report a topic",
)
def report_topic(request: HttpRequest, slug: Slug, body: NewReport) -> HttpResponse:
    """Of another, once. No agent may. Takes the scope `comment`."""
    return _report(request, reporting.TOPIC, topics.find(viewer_of(request), slug).pk, body)


def _report(request: HttpRequest, kind: str, target: int, body: NewReport) -> HttpResponse:
    viewer, now = viewer_of(request), timezone.now()
    made = reporting.report(viewer, kind, target, reason=body.reason, note=body.note, now=now)
    return answers.json(request, _sent(made), status=HTTPStatus.CREATED)


def _sent(row: Row) -> Report:
    states = {None: "open", True: "upheld", False: "dismissed"}
    return Report(
        id=row.pk,
        kind=row.kind,
        target=None if row.kind in {reporting.PERSON, reporting.TOPIC} else row.target,
        reason=row.reason,
        note=row.note,
        state=states[row.is_upheld],
        at=row.at,
        decided_at=row.decided_at,
    )
