"""Bringing a library in from a file, whatever program wrote it: first looked at, then done.

What a file says of papers is for the catalogue (see `recognising`); tags, notes and states are the reader's
own, and nobody else ever learns of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from broadsheet.accounts import access, limits
from broadsheet.accounts.access import Viewer
from broadsheet.library import acting, gathering, parts, recognising, saving, seeing, undoing
from broadsheet.library import notes as noting
from broadsheet.library.acting import GoneError
from broadsheet.library.brought import BringingError, Found, Line, Outcome, Report, Wish, line
from broadsheet.library.gathering import VIA, Wanted
from broadsheet.library.models import Note, Saved
from broadsheet.library.parts import Own
from broadsheet.papers import catalogue
from broadsheet.sources import library_formats
from broadsheet.sources.files.mine import Entry
from broadsheet.sources.files.readings import BrokenOffError, FileError, Refusal, Remark, printable

LIMIT = "import"
MOST_ENTRIES = 20_000


def bring(viewer: Viewer, content: bytes, wish: Wish, *, dry_run: bool, now: datetime) -> Report:
    """Bring the library in a file into the viewer's own; to do it again changes nothing. In a dry run nothing
    is done, and the report says what would be.

    The caller wakes what indexes where the report has `added` any. Raises NotAllowedError, TakenTooMuchError,
    BringingError, SavingError and GoneError.
    """
    person = access.check(viewer, "save", now=now)
    saving.known(wish.state)
    if len(content) > library_formats.LARGEST:
        raise BringingError(f"A file can have {library_formats.LARGEST >> 20} MB; split yours.")
    limits.take(LIMIT, limits.person(person.pk), now=now)
    report = Report(dry_run)
    papers = recognising.papers_of(_read(content, wish, report, now=now), wish, report, now=now)
    fresh = [one.record for one in papers if one.record]
    report.added = len(fresh)
    if fresh and not dry_run:
        report.added = catalogue.store(fresh, now=now).new
        recognising.added(papers, now=now)
    changes = _changes(viewer, papers, wish, report, now=now)
    if changes and not dry_run:
        _keep(viewer, changes, now=now)
    return report


def _read(content: bytes, wish: Wish, report: Report, *, now: datetime) -> list[Entry]:
    """The entries of the file; what else it says is told. Raises BringingError."""
    entries: list[Entry] = []
    found = library_formats.read(content, format_name=wish.format, now=now)
    try:
        for number, one in enumerate(found):
            if number == MOST_ENTRIES:
                report.remark(f"only the first {MOST_ENTRIES:,} entries are read; split the file")
                break
            if isinstance(one, Refusal):
                report.tell(Line(one.place, Outcome.REFUSED, reason=printable(one.reason)))
            elif isinstance(one, Remark):
                report.remark(one.text)
            else:
                entries.append(one)
    except FileError as problem:
        raise BringingError(f"The file cannot be used: {printable(str(problem))}.") from problem
    except BrokenOffError as problem:
        report.remark(f"{problem}; what came before is read")
    return entries


def _changes(
    viewer: Viewer, papers: Sequence[Found], wish: Wish, report: Report, *, now: datetime
) -> dict[int, tuple[str, Wanted]]:
    """What is to be kept, by paper, with the name under which it is; all of it is told."""
    keys = [one.paper for one in papers if one.paper]
    had, written = parts.read(viewer.pk or 0, keys), _written(viewer, keys)
    changes = {}
    for one in papers:
        wanted, paper = gathering.wanted(one.entries, state=wish.state, now=now), one.paper or 0
        own = had.get(paper, Own())
        is_changed = gathering.kept(one.named, own, wanted) != own
        is_changed |= bool(gathering.fresh_notes(written.get(paper, ()), wanted))
        _tell(one, own, wanted, report, is_changed=is_changed)
        if is_changed and paper:
            changes[paper] = one.named, wanted
    return changes


def _tell(one: Found, own: Own, wanted: Wanted, report: Report, *, is_changed: bool) -> None:
    first, *others = one.entries
    name = one.named.removeprefix("arxiv:")
    outcome = Outcome.KNOWN if not is_changed else Outcome.MERGED if own.saved else Outcome.NEW
    report.tell(line(first, outcome, name))
    again = Outcome.MERGED if is_changed else Outcome.KNOWN
    for entry in others:
        report.tell(line(entry, again, name, f"the same paper as {first.place}"))
    for text in wanted.left_out:
        report.remark(f"{first.place}: {text}")


def _keep(viewer: Viewer, changes: Mapping[int, tuple[str, Wanted]], *, now: datetime) -> None:
    """Keep it all in one act, which is undone as one."""
    by_name = dict(changes.values())
    try:
        with transaction.atomic():
            seeing.hold(viewer.pk or 0)
            _check_room(viewer, changes)
            notes = _write_notes(viewer, changes, now=now)
            acting.act(
                viewer,
                "import",
                {paper: named for paper, (named, _) in changes.items()},
                lambda named, own: gathering.kept(named, own, by_name[named]),
                now=now,
                also=[(VIA, notes)] if notes else [],
            )
    except IntegrityError as problem:
        raise GoneError from problem


def _check_room(viewer: Viewer, papers: Collection[int]) -> None:
    """Raises SavingError where the viewer may not keep so many papers, or notes, more."""
    there = Saved.objects.filter(person=viewer.pk, paper__pk__among=papers).count()
    if Saved.objects.filter(person=viewer.pk).count() + len(papers) - there > saving.MOST:
        raise saving.SavingError(f"You can keep {saving.MOST:,} papers; take some out first.")


def _write_notes(viewer: Viewer, changes: Mapping[int, tuple[str, Wanted]], *, now: datetime) -> list[int]:
    """Write the notes that are not there yet; gives their keys. Raises NoteError."""
    written = _written(viewer, changes)
    rows = [
        Note(
            person_id=viewer.pk or 0,
            paper_id=paper,
            named=named,
            source=note.text,
            written_at=min(note.written_at or wanted.saved_at, now),
            edited_at=note.edited_at,
        )
        for paper, (named, wanted) in changes.items()
        for note in gathering.fresh_notes(written.get(paper, ()), wanted)
    ]
    if rows and Note.objects.filter(person=viewer.pk).count() + len(rows) > noting.MOST:
        raise noting.NoteError(f"You can have {noting.MOST:,} notes; delete some first.")
    return [note.pk for note in Note.objects.bulk_create(rows)]


def _written(viewer: Viewer, papers: Collection[int]) -> Mapping[int, set[str]]:
    """The texts of the viewer's notes about these papers."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Note.objects.filter(person=viewer.pk, paper__pk__among=papers)
    for paper, source in rows.values_list("paper", "source"):
        found[paper].add(source)
    return found


def _undo(viewer: Viewer, before: Any, now: datetime) -> Collection[int]:
    """Delete the notes that came with an import."""
    person = access.check(viewer, "save", now=now)
    Note.objects.filter(person=person, pk__among=before).delete()
    return ()


undoing.ways[VIA] = _undo
