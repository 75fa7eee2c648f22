"""Notices: what happened that the person of a token may want to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.api.v1 import answers
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import MOST, Number
from broadsheet.community import notices as told
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of

router = Router(tags=["notices"])


class AskedNotices(Schema):
    """Which notices are wanted."""

    limit: Number = Field(50, ge=1, le=MOST, description=f"How many notices, {MOST} at most.")


class Until(Schema):
    """Up to which notice all were read."""

    model_config = ConfigDict(extra="forbid")

    until: int = Field(
        strict=True,
        ge=1,
        le=LARGEST_KEY,
        description="The `id` of the newest notice that was seen.",
        examples=[1],
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened: `target` is the comment, submission or claim that it is about, `said` a sentence of it,
    empty where the comment says it. `paper` is a name of the paper.
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
    """The newest notices of the person, and how many of all are `unread`."""

    unread: int
    notices: tuple[Notice, ...]


@router.get("notices", response=Notices, auth=Token("read"), summary="One's own notices")
def notices(request: HttpRequest, asked: Query[AskedNotices]) -> HttpResponse:
    """To be shown them does not read them. Takes the scope `read`."""
    viewer = viewer_of(request)
    rows = told.of(viewer)[: asked.limit]
    found = tuple(
        Notice(row.pk, row.kind, row.target, row.named, row.said, row.at, row.read_at) for row in rows
    )
    return answers.json(request, Notices(told.unread(viewer), found))


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
