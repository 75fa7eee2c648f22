"""Notices of retraction that do not say by an identifier what they retract: they name a title.

Such a notice marks a paper where exactly one of the catalogue has that title and the first author of the
notice. It is looked for once a file has been read, so that the notice may stand before the paper there; a
paper that comes later is marked when the notice is read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.likeness import IDENTIFYING_SCHEMES, family_of, is_stock, title_hash
from broadsheet.papers.models import SourceRecord
from broadsheet.papers.neighbours import names_of
from broadsheet.papers.record import Record, record_from_json
from broadsheet.sources.files.references import RETRACTION, is_retracted, retracted_by, retraction

# Of one file; whoever sends more of them sends no bibliography.
MOST_NOTICES = 10_000


@dataclass(slots=True)
class Notices:
    """The notices of one file, by their titles, and the titles of those that say by an identifier what they
    retract.
    """

    found: dict[str, Record] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def look_at(self, record: Record) -> None:
        """Remember the record if it is a notice, or what a notice says of a paper."""
        if record.source == RETRACTION:
            self.answered.add(record.notice)
        elif _may_be_one(record) and len(self.found) < MOST_NOTICES and retracted_by(record.title):
            self.found.setdefault(record.title, record)

    def retractions(self) -> Iterator[Record]:
        """What the notices say of papers that are stored."""
        notices = [notice for title, notice in self.found.items() if title not in self.answered]
        stored = _by_title({title_hash(retracted_by(notice.title)) for notice in notices})
        for notice in notices:
            papers = _fitting(notice, stored.get(title_hash(retracted_by(notice.title)), {}))
            if len(papers) == 1 and (name := _name_of(*papers)):
                yield retraction(notice, name)


def _may_be_one(record: Record) -> bool:
    """True for what looks like a notice at a glance. What is retracted itself is known by its identifier."""
    is_near = record.title[:1] in "RrWw[(\"'\u2018\u201c" and "r" in record.title[:12].lower()
    return is_near and not (record.identifiers and is_retracted(record.title))


def _by_title(titles: Iterable[str]) -> dict[str, dict[int, list[Record]]]:
    """The records of these titles, by the title and the paper that they are of."""
    found: dict[str, dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    rows = SourceRecord.objects.filter(title_key__among=titles).exclude(source=RETRACTION)
    for title, paper, content in rows.values_list("title_key", "paper_id", "content"):
        found[title][paper].append(record_from_json(orjson.loads(content)))
    return found


def _fitting(notice: Record, stored: Mapping[int, list[Record]]) -> list[int]:
    return [
        paper for paper, records in stored.items() if any(_are_by_one(notice, record) for record in records)
    ]


def _are_by_one(notice: Record, record: Record) -> bool:
    """True if the first authors are the same, as far as both have any and the title tells something."""
    if not notice.authors or not record.authors:
        return not is_stock(record.title)
    return family_of(notice.authors[0]) == family_of(record.authors[0])


def _name_of(paper: int) -> Identifier | None:
    names = [name for name in names_of([paper])[paper] if name.scheme in IDENTIFYING_SCHEMES]
    return best(names) if names else None
