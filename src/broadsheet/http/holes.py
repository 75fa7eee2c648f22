"""Holes in kept pages: what changes more often than its page is filled in when the page is sent.

A page is kept once for everybody, with a mark at each hole. What fills the holes is asked for all of them at
once, by the keys of the papers that they stand for, and for whom the page is sent to.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from markupsafe import Markup

from broadsheet.accounts.access import Viewer

Fill: TypeAlias = Callable[[Sequence[int], Viewer], Mapping[int, str]]
# The hole for what a page says of the person who reads it: no paper has this key.
READER = 0

# Nobody outside of the process knows it, so that no text of a paper can look like a hole.
_SECRET = secrets.token_hex(8)
_HOLE = re.compile(rb"<!--" + _SECRET.encode() + rb":(\d+)-->")


def hole(paper: int) -> Markup:
    """The mark of a hole for what is said of the paper."""
    return Markup(f"<!--{_SECRET}:{int(paper)}-->")  # noqa: S704 (a number)


def filled(content: bytes, fill: Fill, viewer: Viewer) -> bytes:
    """The page with its holes filled for the viewer; what `fill` says nothing of leaves an empty place."""
    papers = list(dict.fromkeys(int(found) for found in _HOLE.findall(content)))
    if not papers:
        return content
    said = {paper: html.encode() for paper, html in fill(papers, viewer).items()}
    return _HOLE.sub(lambda found: said.get(int(found[1]), b""), content)
