"""Cursors: where the next page of a list begins, in a form that says nothing to whoever passes it on."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

import orjson

from broadsheet.api.v1.errors import RefusedError, bad
from broadsheet.papers.batches import Place

# As deep as a list can be read; whoever wants all takes `changes`.
LAST = 100_000
_OFFSET, _PLACE = "offset", "place"


def after(offset: int, *, total: int) -> str | None:
    """The cursor of what follows the first `offset` papers of a list; None at its end."""
    return _packed(_OFFSET, offset) if offset < min(total, LAST) else None


def offset(cursor: str) -> int:
    """The papers to pass over; none without a cursor. Raises RefusedError."""
    if not cursor:
        return 0
    match _unpacked(cursor, _OFFSET):
        case [int(papers)] if 0 < papers <= LAST:
            return papers
    raise _wrong()


def after_place(place: Place | None) -> str | None:
    """The cursor of what follows that place among all papers; None at the end."""
    return _packed(_PLACE, place.published_at, place.pk) if place else None


def place(cursor: str) -> Place | None:
    """The place among all papers; None for the beginning, without a cursor. Raises RefusedError."""
    if not cursor:
        return None
    match _unpacked(cursor, _PLACE):
        case [None, int(pk)]:
            return Place(None, pk)
        case [str(published_at), int(pk)]:
            return Place(_moment(published_at), pk)
    raise _wrong()


def _packed(*parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _unpacked(cursor: str, kind: str) -> list[Any]:
    try:
        given = orjson.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, ValueError) as problem:
        raise _wrong() from problem
    match given:
        case [str(name), *parts] if name == kind:
            return parts
    raise _wrong()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise _wrong() from problem
    if moment.tzinfo is None:
        raise _wrong()
    return moment


def _wrong() -> RefusedError:
    return bad("cursor", "This is no cursor that this list gave; start without one")
