"""Holes in kept pages: what changes more often than its page is filled in when the page is sent.

A page is kept once for everybody, with a mark at each hole. What fills the holes is asked for all of them at
once, by the keys of the papers or the names that they stand for, and for whom the page is sent to.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote, unquote

from markupsafe import Markup

from broadsheet.accounts.access import Viewer

# The key of a paper, or the name of what else a page has a hole for.
Key: TypeAlias = int | str
Fill: TypeAlias = Callable[[Sequence[Key], Viewer], Mapping[Key, str]]
# The hole for what a page says of the person who reads it: no paper has this key.
READER = 0

# Nobody outside of the process knows it, so that no text of a paper can look like a hole.
_SECRET = secrets.token_hex(8)
_OPEN, _CLOSE = f"<!--{_SECRET}:".encode(), b"-->"


def hole(key: Key) -> Markup:
    """The mark of a hole for what is said of the paper with that key, or of what has that name."""
    written = key if isinstance(key, int) else quote(key, safe="")
    return Markup(f"<!--{_SECRET}:{written}-->")  # noqa: S704 (no sign in it ends it)


def filled(content: bytes, fill: Fill, viewer: Viewer) -> bytes:
    """The page with its holes filled for the viewer; what `fill` says nothing of leaves an empty place."""
    first, *parts = content.split(_OPEN)
    # What is written in each hole, and the page behind it.
    behind = [part.partition(_CLOSE)[::2] for part in parts]
    if not behind:
        return content
    holes = {written: _key(written) for written, _ in behind}
    said = fill([*dict.fromkeys(holes.values())], viewer)
    html = {written: said.get(key, "").encode() for written, key in holes.items()}
    return b"".join((first, *(piece for written, page in behind for piece in (html[written], page))))


def _key(written: bytes) -> Key:
    return int(written) if written.isdigit() else unquote(written.decode())
