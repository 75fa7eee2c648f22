"""Whose a name is: every identifier belongs to one paper, every paper has a name, and no address is lost.

Pure. A record claims the identifiers that it says now, those that it said before, and the names that its
paper has in the catalogue it came from; one that never said any claims a name of our own. Of several claims
to one name the strongest counts, so that it does not matter who came first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from broadsheet.papers.identifiers import SCHEMES, Identifier
from broadsheet.papers.likeness import joins_papers, title_hash
from broadsheet.papers.record import Record
from broadsheet.papers.sources import rank

Key = tuple[str, str]
RECORD, LOCAL = "record", "local"


@dataclass(frozen=True, slots=True)
class Held:
    """A record as the catalogue holds it.

    `past` are identifiers that the source said in other states of the record, and addresses that the record
    brought its paper. `elsewhere` are all the names of its paper in the catalogue that it came from, if it
    came from one, the public id first. `stored` is the digest that its row has, if there is a row: what an
    earlier release stored may be read otherwise now.
    """

    record: Record
    past: frozenset[Identifier] = frozenset()
    elsewhere: tuple[Identifier, ...] = ()
    stored: bytes = field(default=b"", compare=False)

    @property
    def key(self) -> Key:
        """What the record is known by: its source, and its key there."""
        return self.record.source, self.record.key

    @property
    def is_reread(self) -> bool:
        """True if the row says something else than is read from it now."""
        return bool(self.stored) and self.stored != self.record.digest()

    @property
    def title(self) -> str:
        """What the spellings of one title share."""
        return title_hash(self.record.title)


@dataclass(frozen=True, slots=True)
class Known:
    """A paper as it is stored: its key, its records, its names, and those that it claims in vain."""

    pk: int
    public_id: str
    held: tuple[Held, ...]
    names: frozenset[Identifier]
    contested: frozenset[Identifier] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """A paper's records with the names that are its own, and those that it claims and another paper has."""

    held: tuple[Held, ...]
    names: frozenset[Identifier]
    contested: frozenset[Identifier]


def order(held: Held) -> tuple[int, str, str]:
    """Orders records: those whose word counts first come first."""
    return rank(held.record.source), held.record.source, held.record.key


def own_name(key: Sequence[str]) -> Identifier:
    """The name that we give to what has no identifier: it stands for one record of one source."""
    return Identifier(LOCAL, hashlib.sha256("\n".join(key).encode()).hexdigest()[:12])


def claims(held: Held) -> frozenset[Identifier]:
    """All the names that a record claims for its paper."""
    if held.record.identifiers and not held.past and not held.elsewhere:
        return frozenset(held.record.identifiers)
    said = held.past.union(held.record.identifiers, held.elsewhere)
    if held.record.identifiers or any(name.scheme == LOCAL for name in said):
        return said
    return said | {own_name(held.key)}


def attributed(held: Sequence[Held], names: frozenset[Identifier]) -> list[Held]:
    """The records of a paper with those of its names that no record claims: these go to the first record."""
    rest = names.difference(*map(claims, held))
    if not rest or not held:
        return list(held)
    first = min(held, key=order)
    return [replace(one, past=one.past | rest) if one is first else one for one in held]


def named(papers: Sequence[Sequence[Held]]) -> list[Named]:
    """The papers with their names. These are all the papers that claim any of them."""
    owner = _owners(papers)
    found = []
    for number, members in enumerate(papers):
        held = list(members)
        claimed = frozenset[Identifier]().union(*map(claims, held))
        names = frozenset(name for name in claimed if owner[name] == number)
        if all(name.scheme == LOCAL for name in names):
            own = _own_names([one for one in held if names.isdisjoint(claims(one))], frozenset(owner))
            held = [replace(one, past=one.past | own[one.key]) if one.key in own else one for one in held]
            names = names.union(*own.values())
        found.append(Named(tuple(held), names, claimed - names))
    return found


def anchors(ranked: Sequence[Held]) -> dict[str, int]:
    """For each name the place of the record with the strongest claim, and for each record its own place."""
    owner = _owners([[held] for held in ranked])
    by_name = {text_of(name): place for name, place in owner.items()}
    return by_name | {text_of_record(held.key): place for place, held in enumerate(ranked)}


def text_of(name: Identifier) -> str:
    """How a verdict or a vote writes the name of a paper: with its scheme, arXiv's too."""
    return f"{name.scheme}:{name.value}"


def text_of_record(key: Key) -> str:
    """How a verdict writes the name of a record."""
    return f"{RECORD}:{key[0]}:{key[1]}"


def _owners(papers: Sequence[Iterable[Held]]) -> dict[Identifier, int]:
    owners: dict[Identifier, tuple[tuple[object, ...], int]] = {}
    for number, held_by_paper in enumerate(papers):
        for held in held_by_paper:
            for name in claims(held):
                claim = (_strength(name, held), number)
                if name not in owners or claim < owners[name]:
                    owners[name] = claim
    return {name: number for name, (_, number) in owners.items()}


def _strength(name: Identifier, held: Held) -> tuple[bool, bool, bool, int, bool, str, str]:
    """Orders claims, the strongest first.

    The word of the catalogue that a record came from counts first; then a record's best identifier before
    one that it says besides, and a publisher's word before that of others.
    """
    source, said = held.record.source, held.record.identifiers
    best = min((SCHEMES.index(one.scheme) for one in said), default=len(SCHEMES))
    return (
        name not in held.elsewhere,
        SCHEMES.index(name.scheme) > best,
        not joins_papers(source),
        rank(source),
        name not in said,
        source,
        held.record.key,
    )


def _own_names(held: Sequence[Held], taken: frozenset[Identifier]) -> dict[Key, frozenset[Identifier]]:
    """A name of ours for each of these records: their paper is known by nothing else."""
    own = {}
    for one in held:
        name, further = own_name(one.key), 1
        while name in taken:
            name, further = own_name((*one.key, str(further))), further + 1
        own[one.key] = frozenset({name})
    return own
