"""What a library file says beside its papers, and what is its owner's own: tags, notes, a state, a date.

Pure. What of it can be kept is decided by the room that keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.readings import Refusal, Remark

# The source of a paper that only readers' files tell of.
SOURCE = "library"

# The states of a saved paper, by the letters of what programs call them.
_STATES = {
    "to_read": "toread unread new wanttoread",
    "reading": "reading inprogress",
    "read": "read skimmed done",
    "set_aside": "setaside notreading",
}
_STATE_OF = {name: state for state, names in _STATES.items() for name in names.split()}
_NO_LETTERS = re.compile(r"[^a-z]")
# As extensions of Zotero write it into the field Extra, on a line of its own.
_STATUS = re.compile(r"^Read_Status:[ \t]*(.{1,40})$", re.MULTILINE)
_OUR_KEY = re.compile(r"[a-z]{1,20}\d{0,4}-([0-9a-f]{12})")
_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d\Z)")
_HALF = re.compile(r"[\ud800-\udfff]")
_SECONDS = re.compile(r"\d{9,16}", re.ASCII)
# Moments in seconds have ten digits; some programs count thousandths or millionths.
_TOO_MANY_SECONDS = 10**11
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SaidNote:
    """A note in Markdown, and when it was written and last changed, as far as the file says."""

    text: str
    written_at: datetime | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What the owner of a file says of a paper. `state` is empty where the file says none.

    `is_saved` is false for a paper that only has notes or is hidden; `hidden_at` says since when it is.
    """

    tags: tuple[str, ...] = ()
    notes: tuple[SaidNote, ...] = ()
    state: str = ""
    saved_at: datetime | None = None
    is_saved: bool = True
    hidden_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a library file: where it stands, what it says of the paper, and what is its owner's own.

    `name` is a name of the paper beside those of the `record`, or the only one where the file has no more.
    """

    place: str
    mine: Mine
    record: Record | None = None
    name: Identifier | None = None


Brought: TypeAlias = Entry | Refusal | Remark


def entry(place: str, read: Record | Refusal, mine: Mine, name: Identifier | None = None) -> Entry | Refusal:
    """The entry of what was read; where that was refused, of its name, if there is one."""
    if not isinstance(read, Refusal):
        return Entry(place, mine, read, name)
    return Entry(place, mine, name=name) if name else read


def local_name(key: str) -> Identifier | None:
    """The name of a paper without an identifier, from the citation key that we gave it."""
    found = _OUR_KEY.fullmatch(key)
    return Identifier("local", found[1]) if found else None


def said(
    *,
    tags: Iterable[str] = (),
    notes: Iterable[str] = (),
    state: str = "",
    saved_at: datetime | None = None,
) -> Mine:
    """What a file says in these words, each tag and note once, empty ones left out."""
    names = dict.fromkeys(" ".join(_whole(tag).split()) for tag in tags)
    texts = dict.fromkeys(_whole(note).strip() for note in notes)
    return Mine(
        tags=tuple(filter(None, names)),
        notes=tuple(SaidNote(text) for text in texts if text),
        state=state,
        saved_at=saved_at,
    )


def state_of(text: str) -> str:
    """The state that programs call so; empty where they mean none of ours."""
    return _STATE_OF.get(_NO_LETTERS.sub("", text[:40].lower()), "")


def state_in(extra: str) -> str:
    """The state that a line of the field Extra says."""
    found = _STATUS.search(extra)
    return state_of(found[1]) if found else ""


def moment(text: str) -> datetime | None:
    """The moment of a text such as `2026-05-03 10:11:12 +0200`, in UTC; a day alone is its beginning."""
    text = text.strip()[:100]
    try:
        found = datetime.fromisoformat(_ZONE.sub("", text))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        known = day_in(text)
    return known.begins_at if known and known.day else None


def since_1970(text: str) -> datetime | None:
    """The moment so many seconds after the beginning of 1970, which some programs give in smaller parts."""
    if not _SECONDS.fullmatch(text.strip()):
        return None
    number = int(text)
    while number >= _TOO_MANY_SECONDS:
        number //= 1000
    return _BEGINNING + timedelta(seconds=number)


def _whole(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of characters."""
    return _HALF.sub("\ufffd", text.replace("\0", ""))
