"""Cursors: where a list goes on, in a form that says nothing to whoever passes it on.

A cursor holds the key of a paper and how many papers were read with it. It is sealed, so that what comes back
was given for this very list, and no reader has to check what it holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import orjson
from django.conf import settings

from broadsheet.daily.entries import Key, ListName

# Raised where a key of the same list comes to mean something else.
FORM = 1
_SEAL = 9


class CursorError(ValueError):
    """The list gave no such cursor."""


def sealed(name: ListName, key: Key, place: int) -> str:
    """The cursor of the paper with that key, which was read as the one at that place."""
    content = orjson.dumps([place, *key])
    return base64.urlsafe_b64encode(_seal(name, content) + content).decode().rstrip("=")


def opened(name: ListName, cursor: str) -> tuple[Key, int]:
    """The key and the place in a cursor. Raises CursorError."""
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        whole = b""
    seal, content = whole[:_SEAL], whole[_SEAL:]
    if seal != _seal(name, content):
        raise CursorError("This list gave no such cursor; start without one")
    place, *key = orjson.loads(content)
    return tuple(key), place


def _seal(name: ListName, content: bytes) -> bytes:
    secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    said = f"{FORM} {name!r} ".encode(errors="surrogatepass")
    return hashlib.blake2b(said + content, key=secret, digest_size=_SEAL).digest()
