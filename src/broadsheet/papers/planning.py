"""What becomes of the catalogue when records come: a plan, made before anything is written.

Pure: records, what is stored of all the papers that they may concern, and what somebody decided go in.
Whatever the order of the records, and however they are cut into batches, the papers are the same in the end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from broadsheet.papers import past_texts
from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.merging import is_later
from broadsheet.papers.naming import (
    Held,
    Key,
    Known,
    Named,
    attributed,
    claims,
    named,
    order,
    own_name,
    text_of,
    text_of_record,
)
from broadsheet.papers.partition import MOST_OF_A_TITLE, Ruling, partition
from broadsheet.papers.record import OldText, Record
from broadsheet.papers.relating import connected


class Kind(StrEnum):
    """What a record means for the catalogue."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate of"


@dataclass(frozen=True, slots=True)
class Planned:
    """A paper to be written: its key if it is stored, what it is made of, and the keys of the papers that
    become part of it, each with the reason. `is_changed` says that its facts or names are others than
    before; else only what is kept beside its records is.
    """

    pk: int | None
    made_of: Named
    absorbed: tuple[tuple[int, str], ...] = ()
    is_changed: bool = True

    @property
    def public_id(self) -> str:
        """What the paper is known by."""
        return best(self.made_of.names).public_id


@dataclass(frozen=True, slots=True)
class Returned:
    """Names that the stored paper `pk` gives to another one: that at `place` in its unit."""

    pk: int
    place: int
    names: frozenset[Identifier]


@dataclass(frozen=True, slots=True)
class Unit:
    """Papers that must be written together, since their records share names, titles or rulings.

    `incoming` are the places of the records that came, `known` the papers as they are stored, `old_texts`
    what sources said before, with source and key.
    """

    papers: tuple[Planned, ...]
    incoming: tuple[int, ...]
    known: tuple[Known, ...]
    returned: tuple[Returned, ...]
    old_texts: tuple[tuple[str, str, OldText], ...]

    @property
    def is_empty(self) -> bool:
        """True if nothing is to be written."""
        return not self.papers and not self.old_texts


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, unit by unit, and for each record that came what it means."""

    units: tuple[Unit, ...]
    kinds: tuple[Kind, ...]


def plan(
    records: Sequence[Record],
    known: Sequence[Known],
    rulings: Sequence[Ruling] = (),
    *,
    titles: Mapping[str, int] | None = None,
    now: datetime,
) -> Plan:
    """What to write when these records come to these papers.

    `known` are all the papers that share a record, a name, a ruling or a title that is not crowded with the
    records or with each other, and `titles` says how many records are stored of each of their titles;
    without it, there are no others. `rulings` come the latest first.
    """
    by_pk = {paper.pk: paper for paper in known if paper.held}
    papers = [replace(paper, held=tuple(attributed(paper.held, paper.names))) for paper in by_pk.values()]
    incoming = _Incoming({held.key: held for paper in papers for held in paper.held})
    for place, record in enumerate(records):
        incoming.take(place, record, now=now)
    crowded = incoming.crowded(titles)
    units = []
    for held, stored in connected(incoming.state, papers, rulings, crowded):
        if len(held) == 1 and not stored:
            units.append(_new(held[0], incoming))
        else:
            parts = named(partition(held, rulings, crowded=crowded))
            units.append(_unit(parts, stored, incoming, by_pk, rulings))
    return Plan(tuple(units), tuple(incoming.kinds))


@dataclass(slots=True)
class _Incoming:
    """What the records that came make of those that are `stored`, by source and key."""

    stored: dict[Key, Held]
    state: dict[Key, Held] = field(init=False)
    kinds: list[Kind] = field(default_factory=list)
    places: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    old_texts: dict[Key, list[OldText]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.state = dict(self.stored)

    def take(self, place: int, record: Record, *, now: datetime) -> None:
        """Take in a record, which may be another state of one that is there."""
        key = (record.source, record.key)
        self.places[key].append(place)
        if record.old_texts:
            self.old_texts[key] += record.old_texts
        before = self.state.get(key)
        if before is None:
            self.state[key] = Held(record, elsewhere=record.known_as)
            self.kinds.append(Kind.NEW)
            return
        later = is_later(record, before.record, now=now)
        is_newer = later and record.digest() != before.record.digest()
        if is_newer and (old := past_texts.replaced(before.record, record, now=now)):
            self.old_texts[key].append(old)
        self.state[key] = _restated(before, record, is_newer=is_newer, later=later)
        self.kinds.append(Kind.REVISED if is_newer else Kind.UNCHANGED)

    def crowded(self, titles: Mapping[str, int] | None) -> frozenset[str]:
        """The titles that more than MOST_OF_A_TITLE records will have."""
        after = Counter(held.title for held in self.state.values())
        if titles is not None:
            after.subtract(held.title for held in self.stored.values())
            after.update(titles)
        return frozenset(title for title, count in after.items() if count > MOST_OF_A_TITLE)

    def says_else(self, key: Key) -> bool:
        """True if the source says something else now than is stored, or what is stored is read otherwise."""
        stored, state = self.stored.get(key), self.state[key]
        if stored is None or stored.is_reread:
            return True
        return stored is not state and stored.record.digest() != state.record.digest()

    def note_merged(self, made_of: Named) -> None:
        """Of the new records of a paper that is not stored the first made it, and the others joined it."""
        fresh = [held.key for held in made_of.held if held.key not in self.stored]
        is_new = len(fresh) == len(made_of.held)
        for place in sorted(self.places[key][0] for key in fresh)[is_new:]:
            self.kinds[place] = Kind.DUPLICATE


def _restated(before: Held, record: Record, *, is_newer: bool, later: bool) -> Held:
    """The held record once its source said this, too: later, or even something newer.

    The identifiers of both states stay names of the paper. What another catalogue has as one paper counts
    for the state of the record that came from there, and for no newer one.
    """
    # What was seen again counts as seen the last time.
    current, other = (record, before.record) if later else (before.record, record)
    past = before.past.union(other.identifiers)
    if not other.identifiers and current.identifiers:
        past |= {own_name(before.key)}
    elsewhere = before.elsewhere
    if is_newer or record.digest() == before.record.digest():
        if record.known_as:
            elsewhere = record.known_as
        elif is_newer:
            elsewhere = ()
    past = past.union(before.elsewhere).difference(current.identifiers, elsewhere)
    if (current, past, elsewhere) == (before.record, before.past, before.elsewhere):
        return before
    return Held(current, past, elsewhere)


def _new(held: Held, incoming: _Incoming) -> Unit:
    """What is to be written of a record that nothing connects with any other: nearly always, in an import."""
    paper = Planned(None, Named((held,), claims(held), frozenset()))
    texts = incoming.old_texts.get(held.key, ())
    old_texts = tuple((*held.key, text) for text in texts)
    return Unit((paper,), tuple(incoming.places[held.key]), (), (), old_texts)


def _unit(
    parts: Sequence[Named],
    stored: Sequence[Known],
    incoming: _Incoming,
    by_pk: Mapping[int, Known],
    rulings: Sequence[Ruling],
) -> Unit:
    """What is to be written of some connected records, which are these papers now."""
    rows: dict[int, list[Known]] = defaultdict(list)
    for paper in sorted(stored, key=lambda paper: paper.pk):
        rows[_heir(paper, parts)].append(paper)
    planned = [_planned(made_of, rows[part], incoming, rulings) for part, made_of in enumerate(parts)]
    written = [part for part, paper in enumerate(planned) if paper is not None]
    place_of = {part: place for place, part in enumerate(written)}
    keys = [held.key for made_of in parts for held in made_of.held]
    return Unit(
        papers=tuple(paper for paper in planned if paper is not None),
        incoming=tuple(sorted(place for key in keys for place in incoming.places.get(key, ()))),
        known=tuple(by_pk[paper.pk] for paper in stored),
        returned=tuple(_returned(parts, rows, place_of)),
        old_texts=tuple((*key, text) for key in keys for text in incoming.old_texts.get(key, ())),
    )


def _heir(paper: Known, parts: Sequence[Named]) -> int:
    """The part that goes on as the stored paper: that which has its public id now, if it has any of its
    records; else that with the best of its records.
    """
    keys = {held.key: place for place, held in enumerate(sorted(paper.held, key=order))}
    with_records = [
        part for part, made_of in enumerate(parts) if any(held.key in keys for held in made_of.held)
    ]
    for part in with_records:
        if any(name.public_id == paper.public_id for name in parts[part].names):
            return part
    return min(with_records, key=lambda part: min(keys.get(held.key, len(keys)) for held in parts[part].held))


def _planned(
    made_of: Named, rows: Sequence[Known], incoming: _Incoming, rulings: Sequence[Ruling]
) -> Planned | None:
    """The paper made of these records, of which there are these rows, the oldest first; None if all stays."""
    incoming.note_merged(made_of)
    if not rows:
        return Planned(None, made_of)
    # The oldest row stays, always: so does what hangs on it.
    kept, *absorbed = rows
    is_changed = (
        bool(absorbed)
        or {held.key for held in kept.held} != {held.key for held in made_of.held}
        or (kept.names, kept.contested) != (made_of.names, made_of.contested)
        or best(kept.names).public_id != kept.public_id
        or any(incoming.says_else(held.key) for held in made_of.held)
    )
    if not is_changed and all(held is incoming.stored[held.key] for held in made_of.held):
        return None
    reasons = tuple((paper.pk, _because(kept, paper, made_of, rulings)) for paper in absorbed)
    return Planned(kept.pk, made_of, reasons, is_changed)


def _because(kept: Known, gone: Known, made_of: Named, rulings: Sequence[Ruling]) -> str:
    """Why two papers became one, in words for the log of merges."""
    for ruling in rulings:
        if ruling.same and _is_between(ruling, kept, gone):
            return f"somebody decided that {ruling.left} and {ruling.right} are one paper"
    ours, theirs = (frozenset[Identifier]().union(*map(claims, paper.held)) for paper in (kept, gone))
    for held in made_of.held:
        said = claims(held)
        if (here := said & ours) and (there := said & theirs):
            names = " and ".join(sorted({best(here).public_id, best(there).public_id}))
            return f"the record {held.record.key} of {held.record.source} has {names}"
    return "the titles and the first authors or abstracts are the same"


def _is_between(ruling: Ruling, kept: Known, gone: Known) -> bool:
    sides = [
        {text_of(name) for name in paper.names} | {text_of_record(held.key) for held in paper.held}
        for paper in (kept, gone)
    ]
    return (ruling.left in sides[0] and ruling.right in sides[1]) or (
        ruling.left in sides[1] and ruling.right in sides[0]
    )


def _returned(
    parts: Sequence[Named], rows: Mapping[int, Sequence[Known]], place_of: Mapping[int, int]
) -> Iterator[Returned]:
    """The names that stored papers had and that other papers have now."""
    for part, stored in rows.items():
        had = frozenset[Identifier]().union(*(paper.names for paper in stored))
        for other, made_of in enumerate(parts):
            if other != part and (names := had & made_of.names):
                yield Returned(stored[0].pk, place_of[other], names)
