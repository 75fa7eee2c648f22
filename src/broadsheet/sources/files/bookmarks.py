"""Bookmarks as browsers and linkding export them
(https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)).

A folder becomes a tag, one within another `outer/inner`; what stands below a bookmark is a note.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from broadsheet.papers.identifiers import parse
from broadsheet.sources.files.mine import Brought, Entry, Mine, SaidNote, said, since_1970
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Refusal
from broadsheet.sources.files.titled import titled

_BEGINNING = b"<!DOCTYPE NETSCAPE-Bookmark-file-1"
_TOKEN = re.compile(r"<(?P<end>/?)(?P<name>dl|h3|a|dd)\b(?P<rest>[^<>]*)>(?P<text>[^<]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([A-Za-z_-]{1,40})\s*=\s*\"([^\"]*)\"")
# The folders that every browser has: they say nothing.
_OF_BROWSERS = ("PERSONAL_TOOLBAR_FOLDER", "UNFILED_BOOKMARKS_FOLDER")
_DEEPEST = 20
_TRUE = frozenset({"1", "true", "yes"})


def read(source: Source) -> Iterator[Brought]:
    """The bookmarks that lead to papers; all others are refused. Raises FileError where there is none."""
    text, problem = source.text()
    file = _File(source)
    for found in _TOKEN.finditer(text):
        file.line += text.count("\n", file.at, found.start())
        file.at = found.start()
        yield from file.token(found)
    yield from file.ended()
    if not file.count:
        raise FileError("it holds no bookmark")
    if problem:
        raise problem


def looks_like(head: bytes) -> bool:
    """True for what begins as bookmarks do."""
    return head[: len(_BEGINNING)].lower() == _BEGINNING.lower()


@dataclass(slots=True)
class _File:
    """A file under way: the folders that are open, the one whose list comes next, and the last bookmark."""

    source: Source
    line: int = 1
    at: int = 0
    count: int = 0
    folders: list[str] = field(default_factory=list)
    coming: str = ""
    held: Entry | Refusal | None = None

    def token(self, found: re.Match[str]) -> Iterator[Brought]:
        name, ends = found["name"].lower(), bool(found["end"])
        if name == "dd":
            self._note(found["text"])
            return
        if not (name in {"a", "h3"} and ends):
            yield from self.ended()
        if name == "dl":
            self._list(ends=ends)
        elif name == "h3" and not ends:
            is_said = not any(f'{one}="true"' in found["rest"] for one in _OF_BROWSERS)
            self.coming = " ".join(html.unescape(found["text"]).split()) if is_said else ""
        elif name == "a" and not ends:
            self.count += 1
            self.held = self._bookmark(found)

    def ended(self) -> Iterator[Entry | Refusal]:
        """The bookmark that is read to its end by now."""
        if self.held:
            yield self.held
        self.held = None

    def _list(self, *, ends: bool) -> None:
        if ends:
            self.folders[-1:] = []
        else:
            self.folders.append(self.coming)
            self.coming = ""

    def _note(self, text: str) -> None:
        note = html.unescape(text).strip()
        if isinstance(self.held, Entry) and note:
            mine = self.held.mine
            self.held = replace(self.held, mine=replace(mine, notes=(*mine.notes, SaidNote(note))))

    def _bookmark(self, found: re.Match[str]) -> Entry | Refusal:
        place = f"line {self.line}"
        said_there = {name.upper(): html.unescape(value) for name, value in _ATTRIBUTE.findall(found["rest"])}
        address = said_there.get("HREF", "")
        identifier = parse(address)
        if identifier is None or identifier.scheme == "local":
            return Refusal(
                place, f"{address[:200] or 'a bookmark without an address'} is no address of a paper"
            )
        text = html.unescape(found["text"])
        record = titled(text, identifier, address, observed_at=self.source.observed_at)
        return Entry(place, self._mine(said_there), record, identifier)

    def _mine(self, said_there: dict[str, str]) -> Mine:
        path = "/".join(filter(None, self.folders[:_DEEPEST]))
        return said(
            tags=[*said_there.get("TAGS", "").split(","), path],
            state="to_read" if said_there.get("TOREAD", "").lower() in _TRUE else "",
            saved_at=since_1970(said_there.get("ADD_DATE", "")),
        )
