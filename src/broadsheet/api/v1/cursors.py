"""Cursors: where the next page of a list begins, in a form that says nothing to whoever passes it on.

A cursor names the last paper of a page, not how many came before it: papers that are added meanwhile shift
nothing. It holds for the list that gave it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.http import HttpRequest

from broadsheet.api.v1.errors import RefusedError, foreign
from broadsheet.papers.batches import Place


def after_place(request: HttpRequest, place: Place | None) -> str | None:
    """The cursor of what follows that place in a list ordered by date; None at the end."""
    return _packed(request, place.published_at, place.pk) if place else None


def place(request: HttpRequest, cursor: str) -> Place | None:
    """The place where a list ordered by date goes on; None for its beginning, without a cursor.

    Raises RefusedError.
    """
    if not cursor:
        return None
    match _unpacked(request, cursor):
        case [None, int(pk)] if _is_key(pk):
            return Place(None, pk)
        case [str(published_at), int(pk)] if _is_key(pk):
            return Place(_moment(published_at), pk)
    raise _wrong()


def after_paper(request: HttpRequest, keys: Sequence[int], *, offset: int, total: int) -> str | None:
    """The cursor of what follows the papers of a page, which begins at `offset`; None at the end."""
    last = offset + len(keys)
    return _packed(request, keys[-1], last) if keys and last < total else None


def paper(request: HttpRequest, cursor: str) -> tuple[int, int]:
    """The key of the last paper that was read, and how many it was then with all before it.

    Raises RefusedError.
    """
    match _unpacked(request, cursor):
        case [int(pk), int(read)] if _is_key(pk) and 0 < read <= LARGEST:
            return pk, read
    raise _wrong()


# What a database takes as a number.
LARGEST = 2**63 - 1


def _is_key(pk: int) -> bool:
    return 0 < pk <= LARGEST


def _packed(request: HttpRequest, *parts: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([_list(request), *parts])).decode().rstrip("=")


def _unpacked(request: HttpRequest, cursor: str) -> list[Any]:
    try:
        whole = cursor + "=" * (-len(cursor) % 4)
        given = orjson.loads(base64.b64decode(whole, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as problem:
        raise _wrong() from problem
    match given:
        case [str(name), *parts] if name == _list(request):
            return parts
    raise _wrong()


def _list(request: HttpRequest) -> str:
    """A list is known by its address, without what is wanted of each paper and how many at once."""
    return hashlib.blake2b(request.path.encode(), digest_size=6).hexdigest()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise _wrong() from problem
    if moment.tzinfo is None:
        raise _wrong()
    return moment


def _wrong() -> RefusedError:
    return foreign("cursor", "This list gave no such cursor; start without one")
