"""What a file says of each paper, put together and made fit to be kept. Pure.

A file may have a paper several times: its tags and notes come together, the earliest date and the first state
that is said count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.library import notes, parts, tagging
from broadsheet.library.parts import HiddenPart, Own, Part
from broadsheet.sources.files.mine import Entry, SaidNote

VIA = "import"
# So many notes of one paper are read from a file.
MOST_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be kept of a paper; `left_out` are sentences about what cannot be."""

    tags: tuple[str, ...]
    notes: tuple[SaidNote, ...]
    state: str
    saved_at: datetime
    is_saved: bool
    hidden_at: datetime | None
    left_out: tuple[str, ...] = ()


def wanted(entries: Sequence[Entry], *, state: str, now: datetime) -> Wanted:
    """What these entries of one paper come to; `state` is for those of which the file says none."""
    left_out: list[str] = []
    saved = [entry.mine for entry in entries if entry.mine.is_saved]
    dates = [date for mine in saved if (date := _past(mine.saved_at, now=now))]
    hidden = [date for entry in entries if (date := _past(entry.mine.hidden_at, now=now))]
    return Wanted(
        tags=tuple(_tags((tag for entry in entries for tag in entry.mine.tags), left_out)),
        notes=tuple(_notes((note for entry in entries for note in entry.mine.notes), left_out)),
        state=next((mine.state for mine in saved if mine.state), state),
        saved_at=min(dates, default=now),
        is_saved=bool(saved),
        hidden_at=min(hidden, default=None),
        left_out=tuple(left_out),
    )


def kept(named: str, own: Own, wanted: Wanted) -> Own:
    """What a person has of a paper once it is brought in. What is kept already stays in its state, and has
    the earlier date and all tags; so to bring it in again changes nothing.
    """
    if own.saved:
        return replace(own, saved=tuple(_with(part, wanted) for part in own.saved))
    if wanted.is_saved:
        return Own((Part(named, wanted.state, wanted.saved_at, VIA, parts.sorted_tags(wanted.tags)),))
    if wanted.hidden_at and not own.hidden:
        return Own(hidden=(HiddenPart(named, wanted.hidden_at),))
    return own


def fresh_notes(there: Iterable[str], wanted: Wanted) -> list[SaidNote]:
    """The notes that are not there yet."""
    known = {*there}
    return [note for note in wanted.notes if note.text not in known]


def _with(part: Part, wanted: Wanted) -> Part:
    if not wanted.is_saved:
        return part
    tags = parts.sorted_tags((*part.tags, *wanted.tags))
    # Of a paper that has as many as it can have already, none is taken away.
    tags = tags if len(tags) <= tagging.MOST else part.tags
    return replace(part, saved_at=min(part.saved_at, wanted.saved_at), tags=tags)


def _tags(said: Iterable[str], left_out: list[str]) -> Iterator[str]:
    found: dict[str, None] = {}
    for name in said:
        try:
            found.setdefault(tagging.clean(_printable(name)))
        except tagging.TaggingError:
            left_out.append(f"a tag of {len(name):,} characters is left out: {name[:40]!r}…")
    names = [*found]
    if len(names) > tagging.MOST:
        left_out.append(f"it has {len(names):,} tags; the first {tagging.MOST:,} are taken")
    yield from names[: tagging.MOST]


def _notes(said: Iterable[SaidNote], left_out: list[str]) -> Iterator[SaidNote]:
    found: dict[str, SaidNote] = {}
    for note in said:
        try:
            text = notes.clean(note.text)
        except notes.NoteError:
            left_out.append(
                f"a note of {len(note.text):,} characters is left out; {notes.LONGEST // 1024} KB are most"
            )
        else:
            found.setdefault(text, SaidNote(text, note.written_at, note.edited_at))
    if len(found) > MOST_NOTES:
        left_out.append(f"it has {len(found):,} notes; the first {MOST_NOTES:,} are taken")
    yield from [*found.values()][:MOST_NOTES]


def _printable(name: str) -> str:
    """The tag without what cannot be seen, or turns what is around it."""
    return "".join(sign for sign in name if sign.isprintable() or sign.isspace())


def _past(moment: datetime | None, *, now: datetime) -> datetime | None:
    """A date that can be true of what was done."""
    return moment if moment and moment <= now else None
