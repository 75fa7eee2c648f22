"""What changed since a moment, for whoever keeps a copy: a cursor that can be taken up again at any time."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from broadsheet.api.v1 import answers, schemas
from broadsheet.api.v1.errors import bad
from broadsheet.api.v1.parameters import Chosen
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper
from broadsheet.papers import changes as room
from broadsheet.papers.changes import Cursor, CursorError

MOST = 1000

router = Router(tags=["changes"])


class AskedChanges(Chosen):
    """Which changes are wanted."""

    since: str = Field(
        "0",
        max_length=300,
        description="The `next` of the answer before; 0 begins with the whole catalogue.",
        examples=["0"],
    )
    limit: int = Field(100, ge=1, le=MOST, description=f"How many changes, {MOST:,} at most.")


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that is new or changed, as it is now; where it is `gone`, its `id` is no more.

    `number` is that of the change; a paper that changed more than once comes once, with the last.
    """

    id: str
    number: int
    gone: bool
    paper: Paper | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in their order; `next` as `since` gives those that follow, at once where there is `more`."""

    changes: tuple[Change, ...]
    next: str
    more: bool


@router.get("changes", response=Changes, summary="The papers that changed, to follow the catalogue")
def changes(request: HttpRequest, asked: Query[AskedChanges]) -> HttpResponse:
    """Nothing is left out, whenever a reader is interrupted: a paper may come again, but never too few."""
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    try:
        found = room.since(Cursor.parse(asked.since), limit=asked.limit)
    except CursorError as problem:
        raise bad("since", str(problem)) from problem
    papers = schemas.sent([one.pk for one in found.items if one.pk is not None], names)
    listed = [
        {"id": one.public_id, "number": one.number, "gone": one.pk is None, "paper": papers.get(one.pk or 0)}
        for one in found.items
    ]
    return answers.json(request, {"changes": listed, "next": str(found.next), "more": found.has_more})
