"""What changed since a moment, for whoever keeps a copy: a cursor that can be taken up again at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from broadsheet.api.v1 import answers
from broadsheet.api.v1.errors import foreign
from broadsheet.api.v1.parameters import Number
from broadsheet.papers.changes import CursorError
from broadsheet.sources.outgoing import following

MOST = 1000
LONGEST_CURSOR = 300

router = Router(tags=["changes"])


class Asked(Schema):
    """Which changes are wanted."""

    since: str = Field(
        "0",
        max_length=LONGEST_CURSOR,
        pattern=r"^[0-9]{1,18}(:[^\x00]+)?$",
        description="The `next` of the answer before; 0 begins with the whole catalogue.",
        examples=["0"],
    )
    limit: Number = Field(
        100,
        ge=1,
        le=MOST,
        description=f"How many changes, {MOST:,} at most; fewer come where they are long.",
    )


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that is new or changed, as it is now, or whose `id` is `gone`; `number` is that of the change.

    A paper that changed more than once comes once, with its last change. `records` are what each source says
    of it, word for word; `old_texts` what these said before, `names` its other identifiers, where there are
    any.
    """

    id: str
    number: int
    gone: bool
    records: tuple[dict[str, Any], ...] = ()
    old_texts: tuple[dict[str, Any], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in their order; `next` as `since` gives those that follow, at once where there is `more`.

    `name_words` are what curators said of the names that these papers print, what they took back among it.
    """

    changes: tuple[Change, ...]
    name_words: tuple[dict[str, Any], ...]
    next: str
    more: bool


@router.get("changes", response=Changes, summary="The papers that changed, to follow the catalogue")
def changes(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Whenever a reader is interrupted, nothing is left out: a change may come again, but is never missed.

    The papers themselves are read by their identifiers; an instance that follows this one makes its own of
    the records.
    """
    try:
        return answers.json(request, following.page(asked.since, limit=asked.limit))
    except CursorError as problem:
        raise foreign("since", str(problem)) from problem
