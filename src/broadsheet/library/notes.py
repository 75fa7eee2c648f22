"""Notes: what a person writes about a paper for themselves, in Markdown, dated; nobody else reads them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import acting, seeing, undoing
from broadsheet.library.acting import GoneError
from broadsheet.library.models import Note
from broadsheet.papers.text import visible

LONGEST = 64 * 1024
# So many notes a person may have.
MOST = 100_000
WAY = "note"


class NoteError(ValueError):
    """It cannot be written down so; the message says why."""


class NoNoteError(LookupError):
    """The viewer has no such note; the message says so."""

    def __init__(self) -> None:
        super().__init__("You have no such note.")


def write(viewer: Viewer, paper: int, named: str, source: str, *, now: datetime) -> Note:
    """Write a note about a paper. Raises NotAllowedError, NoteError and GoneError."""
    person = access.check(viewer, "save", now=now)
    source = clean(source)
    if Note.objects.filter(person=person).count() >= MOST:
        raise NoteError(f"You have {MOST:,} notes, which are the most; delete some first.")
    try:
        with transaction.atomic():
            row = seeing.hold(person.pk)
            note = Note.objects.create(
                person=person, paper_id=paper, named=named, source=source, written_at=now
            )
            seen = seeing.by_act(viewer, row, [paper])
            _remember(viewer, "note", note.pk, None, seen, now=now)
    except IntegrityError as problem:
        raise GoneError from problem
    return note


def edit(viewer: Viewer, pk: int, source: str, *, now: datetime) -> Note:
    """Write a note otherwise. Raises NotAllowedError, NoNoteError and NoteError."""
    person = access.check(viewer, "save", now=now)
    source = clean(source)
    with transaction.atomic():
        seeing.hold(person.pk)
        note = _find(viewer, pk)
        if note.source != source:
            _remember(viewer, "edit", pk, _stored(note), seeing.Change(), now=now)
            note.source, note.edited_at = source, now
            note.save(update_fields=["source", "edited_at"])
    return note


def delete(viewer: Viewer, pk: int, *, now: datetime) -> None:
    """Delete a note. Raises NotAllowedError and NoNoteError."""
    person = access.check(viewer, "save", now=now)
    with transaction.atomic():
        seeing.hold(person.pk)
        note = _find(viewer, pk)
        _remember(viewer, "unnote", pk, _stored(note), seeing.Change(), now=now)
        note.delete()


def of_paper(viewer: Viewer, paper: int) -> Sequence[Note]:
    """The notes of the viewer about a paper, the first written first."""
    rows = Note.objects.filter(person=viewer.pk, paper=paper).order_by("written_at", "pk")
    return list(rows) if viewer.pk else []


def clean(source: str) -> str:
    """A note as it is stored. Raises NoteError where it is empty or too long."""
    source = source.replace("\0", "").replace("\r\n", "\n").strip()
    if not visible(source) or len(source.encode(errors="replace")) > LONGEST:
        raise NoteError(f"Write a note of at most {LONGEST // 1024} KB.")
    return source


def _find(viewer: Viewer, pk: int) -> Note:
    note = Note.objects.select_for_update().filter(person=viewer.pk, pk=pk).first()
    if note is None:
        raise NoNoteError
    return note


def _stored(note: Note) -> list[Any]:
    edited = note.edited_at.isoformat() if note.edited_at else None
    return [note.named, note.source, note.written_at.isoformat(), edited]


def _remember(
    viewer: Viewer, verb: str, pk: int, was: list[Any] | None, seen: seeing.Change, *, now: datetime
) -> None:
    undoing.remember(viewer, verb, [pk, was, seen.come, seen.gone], way=WAY, now=now)


def _undo(viewer: Viewer, before: list[Any], now: datetime) -> Collection[int]:
    """Delete what was written; write what was deleted or changed as it was, on the paper of that name now."""
    person = access.check(viewer, "save", now=now)
    pk, was, come, gone = before
    seeing.take_back(seeing.hold(person.pk), seeing.Change(come, gone))
    rows = Note.objects.filter(person=person, pk=pk)
    paper = rows.values_list("paper", flat=True).first()
    if was is None:
        rows.delete()
    else:
        named, source, written_at, edited_at = was
        paper = paper or acting.of_names([named]).get(named)
        if paper is not None:
            moments = [moment and datetime.fromisoformat(moment) for moment in (written_at, edited_at)]
            values = {"source": source, "written_at": moments[0], "edited_at": moments[1]}
            if not rows.update(**values):
                Note.objects.create(pk=pk, person=person, paper_id=paper, named=named, **values)
    return [] if paper is None else [paper]


undoing.ways[WAY] = _undo
