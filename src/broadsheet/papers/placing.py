"""Which papers records would become part of, by the catalogue's own rules; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.papers import catalogue, neighbours
from broadsheet.papers.believing import believed
from broadsheet.papers.naming import Key
from broadsheet.papers.record import Record


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record belongs: the key of a stored paper, or None and a number that all records of one new
    paper share.
    """

    paper: int | None
    number: int = 0


def places(records: Sequence[Record], *, now: datetime) -> list[Place]:
    """The place of each record."""
    records = [believed(record, now=now) for record in records]
    stored = neighbours.stored_of(records)
    decided = catalogue.decide(records, now=now)
    found: dict[Key, Place] = {key: Place(one.paper) for key, one in stored.items()}
    for unit in decided.plan.units:
        for paper in unit.papers:
            place = Place(paper.pk, len(found) + 1 if paper.pk is None else 0)
            found |= {held.key: place for held in paper.made_of.held if held.key not in stored}
    return [
        found.get((record.source, record.key), Place(None, -place)) for place, record in enumerate(records)
    ]
