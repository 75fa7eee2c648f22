"""How what a person has of papers is changed: all at once, held against their other acts, and undoable."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import parts, seeing, undoing
from broadsheet.library.parts import Own
from broadsheet.papers.known_as import known_as

# What is made of what a person has of a paper, when they act on it under a name. It is pure.
Change: TypeAlias = Callable[[str, Own], Own]
# What is undone with an act: a way of undoing, and what that is given.
Also: TypeAlias = tuple[str, Any]
WAY = "papers"


class GoneError(LookupError):
    """A paper is not there any more; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("This paper has just become one with another: open it again.")


def act(
    viewer: Viewer,
    verb: str,
    papers: Mapping[int, str],
    change: Change,
    *,
    now: datetime,
    also: Sequence[Also] = (),
) -> Collection[int]:
    """Change what the viewer has of these papers, each with the name that they act on: those that changed.

    Whatever a person does with a paper, they have seen it; what their program does by itself says nothing of
    that. What was done beside it, in a transaction that holds both, is undone with it. Raises NotAllowedError
    and GoneError.
    """
    access.check(viewer, "save", now=now)
    try:
        with transaction.atomic():
            return _act(viewer, verb, papers, change, also, now=now)
    except IntegrityError as problem:
        raise GoneError from problem


def _act(
    viewer: Viewer,
    verb: str,
    papers: Mapping[int, str],
    change: Change,
    also: Sequence[Also],
    *,
    now: datetime,
) -> Collection[int]:
    person = viewer.pk or 0
    row = seeing.hold(person)
    before = parts.read(person, papers)
    after = {paper: change(named, before.get(paper, Own())) for paper, named in papers.items()}
    changed = [paper for paper, own in after.items() if own != before.get(paper, Own())]
    parts.write(person, before, {paper: after[paper] for paper in changed})
    seen = seeing.by_act(viewer, row, papers)
    if changed or seen.come or seen.gone or also:
        noted = [_noted(papers[paper], before.get(paper, Own()), after[paper]) for paper in changed]
        rest = [*{*papers} - {*changed}] if seen.come or seen.gone else []
        undoing.remember(viewer, verb, [noted, seen.come, seen.gone, rest, *also], way=WAY, now=now)
    return changed


def _noted(named: str, before: Own, after: Own) -> list[Any]:
    """What was there before, and the names of what is there now; of a paper of which nothing is left, too."""
    saved, hidden = parts.saved_as_json(before.saved), parts.hidden_as_json(before.hidden)
    return [named, sorted(_names(after)), saved, hidden]


def _undo(viewer: Viewer, before: list[Any], now: datetime) -> Collection[int]:
    """Take away what the act left under its names, and give back what was there before."""
    person = access.check(viewer, "save", now=now)
    noted, come, gone, rest, *also = before
    for way, was in also:
        undoing.ways[way](viewer, was, now)
    row = seeing.hold(person.pk)
    seeing.take_back(row, seeing.Change(come, gone))
    had = [(named, set(names), _own(saved, hidden)) for named, names, saved, hidden in noted]
    papers = of_names({name for named, names, own in had for name in (named, *names, *_names(own))})
    there = parts.read(person.pk, set(papers.values()))
    owned = dict(there)
    for named, names, own in had:
        for paper in {papers[name] for name in (named, *names) if name in papers}:
            owned[paper] = parts.parted(owned.get(paper, Own()), names)[0]
        for name in _names(own):
            if name in papers:
                _, back = parts.parted(own, {name})
                paper = papers[name]
                owned[paper] = parts.joined(back, owned.get(paper, Own()))
    parts.write(person.pk, there, owned)
    return [*owned, *rest]


def _own(saved: Iterable[Any], hidden: Iterable[Any]) -> Own:
    return Own(tuple(map(parts.part_from, saved)), tuple(map(parts.hidden_from, hidden)))


def _names(own: Own) -> set[str]:
    return {part.named for part in own.saved} | {part.named for part in own.hidden}


def of_names(names: Collection[str]) -> dict[str, int]:
    """The keys of the papers that have these names, with their schemes, now; unknown names are left out."""
    found = known_as(names, "pk", of_any_version=True)
    return {name: pk for name, (pk,) in found.items()}


undoing.ways[WAY] = _undo
