"""Notices: what happened that the person of a token may want to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.errors import missing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import ByKey, CommentKey, Whole
from broadsheet.community import notices as told
from broadsheet.http.viewers import viewer_of

Kind = Annotated[
    str,
    Path(
        pattern=f"^({'|'.join(told.CAN_BE_MUTED)})$",
        description=f"One of {', '.join(told.CAN_BE_MUTED)}.",
        examples=[told.FOLLOWED],
    ),
]

router = Router(tags=["notices"])


class Until(Schema):
    """Up to which notice all were read."""

    model_config = ConfigDict(extra="forbid")

    until: Whole = Field(
        description="The `id` of the newest notice that was seen.",
        examples=[1],
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened: `target` is the comment, submission, claim or paper that it is about, `said` a sentence
    of it, empty where the comment says it. `paper` is a name of the paper.
    """

    id: int
    kind: str
    target: int
    paper: str
    said: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notices:
    """Notices of the person, the latest first, and how many of all are `unread`; `next` is the cursor of
    those that follow, null at the end.
    """

    unread: int
    notices: tuple[Notice, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Muted:
    """What the person is told no more of: threads, by the comments that began them, and kinds of notices."""

    comments: tuple[int, ...]
    kinds: tuple[str, ...]


@router.get("notices", response=Notices, auth=Token("read"), summary="One's own notices")
def notices(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """To be shown them does not read them. Takes the scope `read`."""
    viewer = viewer_of(request)
    rows, cursor = listing.part(told.of(viewer), asked)
    found = tuple(
        Notice(row.pk, row.kind, row.target, row.named, row.said, row.at, row.read_at) for row in rows
    )
    return answers.json(request, Notices(told.unread(viewer), found, cursor), cursor=cursor)


@router.put(
    "notices/read",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("read"),
    summary="Read one's notices",
)
def read_notices(request: HttpRequest, body: Until) -> HttpResponse:
    """All up to one: what came later nobody has seen. Takes the scope `read`."""
    told.read(viewer_of(request), until=body.until, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("notices/muted", response=Muted, auth=Token("read"), summary="What one muted")
def muted(request: HttpRequest) -> HttpResponse:
    """Threads, and kinds of notices. Takes the scope `read`."""
    viewer = viewer_of(request)
    return answers.json(request, Muted(tuple(sorted(told.muted(viewer))), tuple(told.muted_kinds(viewer))))


@router.put(
    "notices/muted/{kind}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("read"),
    summary="Mute a kind of notices",
)
def mute_kind(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Be told no more of new papers by whom one follows. Takes the scope `read`."""
    told.mute_kind(viewer_of(request), kind)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.delete(
    "notices/muted/{kind}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("read"),
    summary="Mute a kind of notices no more",
)
def unmute_kind(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Whether or not it was muted. Takes the scope `read`."""
    told.unmute_kind(viewer_of(request), kind)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.put(
    "comments/{comment}/mute",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("read"),
    summary="Mute a thread",
)
def mute(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """Be told no more of the thread that this comment began. Takes the scope `read`."""
    if not told.can_be_muted(viewer_of(request), comment):
        raise missing("No comment with that id began a thread here.")
    told.mute(viewer_of(request), comment)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.delete(
    "comments/{comment}/mute",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("read"),
    summary="Mute a thread no more",
)
def unmute(request: HttpRequest, comment: CommentKey) -> HttpResponse:
    """Whether or not it was muted. Takes the scope `read`."""
    told.unmute(viewer_of(request), comment)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
