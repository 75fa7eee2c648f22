"""What a person has of a paper, and how it is stored: one row a person and paper.

Papers become one and part again. So what was saved or hidden is made of parts, each under the name that the
person acted on: a merge puts the parts of two rows together, a split gives each name its part back, and
what a person changes meanwhile is changed in all of them. A row says what its parts come to: the earliest
date, the furthest state, all tags. A row of one part is that part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from broadsheet.library.models import Hidden, Saved, State, Tag, Tagged
from broadsheet.papers.inserting import insert_missing, update

# Of two states of what is one paper now, the later one here stands.
FURTHEST = (State.TO_READ, State.SET_ASIDE, State.READING, State.READ)


@dataclass(frozen=True, slots=True)
class Part:
    """That a paper was saved under a name, since when, by what, and with which tags, sorted."""

    named: str
    state: str
    saved_at: datetime
    via: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HiddenPart:
    """That a paper was hidden under a name, and since when."""

    named: str
    at: datetime


Parts: TypeAlias = tuple[Part, ...]
HiddenParts: TypeAlias = tuple[HiddenPart, ...]
COLUMNS = ("named", "state", "saved_at", "via")


@dataclass(frozen=True, slots=True)
class Own:
    """What a person has of a paper."""

    saved: Parts = ()
    hidden: HiddenParts = ()


def together(parts: Sequence[Part]) -> Part:
    """What the parts of a saved paper come to."""
    first = min(parts, key=lambda part: (part.saved_at, part.named))
    state = max((part.state for part in parts), key=lambda state: FURTHEST.index(State(state)))
    return Part(
        first.named, state, first.saved_at, first.via, sorted_tags(t for part in parts for t in part.tags)
    )


def sorted_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each of the tags once, in the order in which they are compared."""
    return tuple(sorted({*tags}))


def joined(*owned: Own) -> Own:
    """What a person had of several papers that are one now; of two parts with one name the first stays."""
    saved = {part.named: part for own in reversed(owned) for part in own.saved}
    hidden = {part.named: part for own in reversed(owned) for part in own.hidden}
    return Own(tuple(saved[name] for name in sorted(saved)), tuple(hidden[name] for name in sorted(hidden)))


def parted(own: Own, names: Collection[str]) -> tuple[Own, Own]:
    """What stays of it, and what goes with these names."""
    return (
        Own(
            tuple(part for part in own.saved if part.named not in names),
            tuple(part for part in own.hidden if part.named not in names),
        ),
        Own(
            tuple(part for part in own.saved if part.named in names),
            tuple(part for part in own.hidden if part.named in names),
        ),
    )


def read(person: int, papers: Collection[int]) -> dict[int, Own]:
    """What the person has of these papers, in three queries; where they have nothing, none is there."""
    tags: dict[int, list[str]] = defaultdict(list)
    tagged = Tagged.objects.filter(saved__person=person, saved__paper__pk__among=papers)
    for paper, tag in tagged.values_list("saved__paper", "tag__name"):
        tags[paper].append(tag)
    owned: dict[int, Own] = {}
    saved = Saved.objects.filter(person=person, paper__pk__among=papers)
    for paper, parts, named, state, saved_at, via in saved.values_list("paper", "parts", *COLUMNS):
        whole = Part(named, state, saved_at, via, sorted_tags(tags.get(paper, ())))
        owned[paper] = Own(tuple(map(part_from, parts)) or (whole,))
    hidden = Hidden.objects.filter(person=person, paper__pk__among=papers)
    for paper, parts, named, at in hidden.values_list("paper", "parts", "named", "at"):
        there = tuple(map(hidden_from, parts)) or (HiddenPart(named, at),)
        owned[paper] = replace(owned.get(paper, Own()), hidden=there)
    return owned


def write(person: int, before: Mapping[int, Own], after: Mapping[int, Own]) -> None:
    """Store what the person has of papers, as it is `after`; it was read `before`."""
    changes = [(paper, before.get(paper, Own()), own) for paper, own in after.items()]
    _write_hidden(person, [(paper, old.hidden, new.hidden) for paper, old, new in changes])
    saved = [(paper, old.saved, new.saved) for paper, old, new in changes if old.saved != new.saved]
    _write_saved(person, saved)
    _write_tags(person, saved)


def part_from(stored: Sequence[Any]) -> Part:
    """The part of what is saved that was stored so."""
    named, state, saved_at, via, tags = stored
    return Part(named, state, datetime.fromisoformat(saved_at), via, tuple(tags))


def hidden_from(stored: Sequence[Any]) -> HiddenPart:
    """The part of what is hidden that was stored so."""
    return HiddenPart(stored[0], datetime.fromisoformat(stored[1]))


def saved_as_json(parts: Iterable[Part]) -> list[list[Any]]:
    """The parts of what is saved as they are stored."""
    return [[one.named, one.state, one.saved_at.isoformat(), one.via, list(one.tags)] for one in parts]


def hidden_as_json(parts: Iterable[HiddenPart]) -> list[list[Any]]:
    """The parts of what is hidden as they are stored."""
    return [[one.named, one.at.isoformat()] for one in parts]


def _write_hidden(person: int, changes: Iterable[tuple[int, HiddenParts, HiddenParts]]) -> None:
    changes = [change for change in changes if change[1] != change[2]]
    gone = [paper for paper, _, new in changes if not new]
    Hidden.objects.filter(person=person, paper__pk__among=gone).delete()
    fresh = []
    for paper, old, new in changes:
        if not new:
            continue
        first = min(new, key=lambda part: (part.at, part.named))
        parts = hidden_as_json(new) if len(new) > 1 else []
        row = {"named": first.named, "at": first.at, "parts": parts}
        if old:
            Hidden.objects.filter(person=person, paper=paper).update(**row)
        else:
            fresh.append(Hidden(person_id=person, paper_id=paper, **row))
    Hidden.objects.bulk_create(fresh)


def _write_saved(person: int, changes: Iterable[tuple[int, Parts, Parts]]) -> None:
    gone = [paper for paper, _, new in changes if not new]
    Tagged.objects.filter(saved__person=person, saved__paper__pk__among=gone).delete()
    Saved.objects.filter(person=person, paper__pk__among=gone).delete()
    fresh, moved = [], []
    for paper, old, new in changes:
        if not new:
            continue
        row = _columns(together(new))
        is_one = len(new) == 1 and len(old) <= 1
        if old and not is_one:
            Saved.objects.filter(person=person, paper=paper).update(**row, parts=_several(new))
        elif not old:
            fresh.append(Saved(person_id=person, paper_id=paper, **row, parts=_several(new)))
        elif _columns(old[0]) != row:
            moved.append((*row.values(), person, paper))
    Saved.objects.bulk_create(fresh)
    update(Saved, COLUMNS, ("person", "paper"), moved)


def _columns(part: Part) -> dict[str, Any]:
    return {column: getattr(part, column) for column in COLUMNS}


def _several(parts: Parts) -> list[list[Any]]:
    return saved_as_json(parts) if len(parts) > 1 else []


def _write_tags(person: int, changes: Iterable[tuple[int, Parts, Parts]]) -> None:
    come: dict[str, list[int]] = defaultdict(list)
    gone: dict[str, list[int]] = defaultdict(list)
    for paper, old, new in changes:
        had, has = ({tag for part in parts for tag in part.tags} for parts in (old, new))
        for tag in has - had:
            come[tag].append(paper)
        # What is not saved any more has lost its tags.
        for tag in had - has:
            gone[tag].extend([paper] if new else ())
    Tag.objects.bulk_create([Tag(person_id=person, name=name) for name in come], ignore_conflicts=True)
    pks = dict(Tag.objects.filter(person=person, name__in=[*come, *gone]).values_list("name", "pk"))
    for name, papers in come.items():
        rows = Saved.objects.filter(person=person, paper__pk__among=papers).values_list("pk", flat=True)
        insert_missing(Tagged, ("saved", "tag"), [(saved, pks[name]) for saved in rows])
    for name, papers in gone.items():
        there = Tagged.objects.filter(tag=pks[name], saved__person=person)
        there.filter(saved__paper__pk__among=papers).delete()
    if gone:
        Tag.objects.filter(person=person, tagged=None).delete()
