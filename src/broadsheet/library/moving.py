"""How what is a person's own follows papers that are merged and split: nothing of it is lost.

A merge leaves one row a person and paper, and a split gives each name back what was saved or hidden under it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from broadsheet.library import parts
from broadsheet.library.models import Hidden, Note, Parted, Saved
from broadsheet.library.parts import Own
from broadsheet.papers.merges import Mover, moves

TABLES = (Saved, Hidden)


def _papers_of_people(papers: Collection[int]) -> dict[int, set[int]]:
    """Which of these papers each person saved or hid."""
    found: dict[int, set[int]] = defaultdict(set)
    for table in TABLES:
        for person, paper in table._default_manager.filter(paper__in=papers).values_list("person", "paper"):
            found[person].add(paper)
    return found


def _merge(kept: int, gone: Sequence[int]) -> None:
    """Rows of who has several of the papers are put together; those of others, nearly all, only move."""
    people = _papers_of_people([kept, *gone])
    several = [person for person, papers in people.items() if len(papers) > 1]
    for table in TABLES:
        rows = table._default_manager.filter(paper__in=gone)
        rows.exclude(person__in=several).update(paper=kept)
    for person in several:
        before = parts.read(person, [kept, *gone])
        nothing = dict.fromkeys(gone, Own())
        own = parts.joined(*(before.get(paper, Own()) for paper in (kept, *gone)))
        parts.write(person, before, {**nothing, kept: own})


def _split(paper: int, other: int, names: Collection[str]) -> None:
    """Rows of several parts are taken apart, or put to what is there; all others stay or go as they are."""
    special = {*_papers_of_people([other])}
    for table in TABLES:
        rows = table._default_manager.filter(paper=paper)
        special |= {person for person, said in rows.values_list("person", "parts") if said}
    special &= {*_papers_of_people([paper])}
    for table in TABLES:
        rows = table._default_manager.filter(paper=paper, named__in=names)
        rows.exclude(person__in=special).update(paper=other)
    for person in special:
        before = parts.read(person, [paper, other])
        stays, goes = parts.parted(before[paper], names)
        there = before.get(other, Own())
        parts.write(person, before, {paper: stays, other: parts.joined(there, goes)})


def _merge_notes(kept: int, gone: Sequence[int]) -> None:
    Note.objects.filter(paper__in=gone).update(paper=kept)


def _split_notes(paper: int, other: int, names: Collection[str]) -> None:
    Note.objects.filter(paper=paper, named__in=names).update(paper=other)


def _nothing(*_: int | Iterable[object]) -> None:
    """The log of merges says it; or the rows followed with others."""


def _parted(paper: int, other: int, names: Collection[str]) -> None:
    del names
    Parted.objects.create(paper=paper, other=other)


moves.extend(
    [
        Mover(Saved, merge=_merge, split=_split),
        # With those that are saved.
        Mover(Hidden, merge=_nothing, split=_nothing),
        Mover(Note, merge=_merge_notes, split=_split_notes),
        Mover(Parted, merge=_nothing, split=_parted),
    ]
)
