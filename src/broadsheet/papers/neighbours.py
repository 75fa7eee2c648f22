"""All that records may concern: the stored papers that share a record, a name, a ruling or a title with them,
those that share one with these, and so on.

What is decided about the records then depends on nothing else, so that their order does not matter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from django.db.models import Count, Q

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import ContestedName, Paper, PaperIdentifier, SourceRecord, Verdict
from broadsheet.papers.naming import Held, Key, Known, claims, text_of, text_of_record
from broadsheet.papers.partition import MOST_OF_A_TITLE, Ruling
from broadsheet.papers.planning import Unit
from broadsheet.papers.record import Record, record_from_json
from broadsheet.papers.rows import names_from_json
from broadsheet.papers.tables import has_rows

# A record's JSON ends with the time when it was observed, which is read without all the rest.
_OBSERVED = re.compile(r',"observed_at":"([^"]+)"}$')
_TAIL = 60
# If more papers than these changed meanwhile, it is decided anew without a look at each.
MOST_CHANGED = 2000


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a record that came; its content is JSON that is not read yet."""

    paper: int
    digest: bytes
    title: str
    known_as: str
    content: str

    @property
    def has_signals(self) -> bool:
        """True if the content has the name of signals, in whatever text."""
        return '"signals":' in self.content

    @property
    def observed_at(self) -> datetime | None:
        """When the source said so, if it told."""
        found = _OBSERVED.search(self.content[-_TAIL:])
        return datetime.fromisoformat(found[1]) if found else None


@dataclass(slots=True)
class Neighbourhood:
    """The papers, how many records are stored of each of their titles, and the rulings, the latest first.

    `names`, `titles` and `keys` are all that was looked for: whoever adds one of these concerns the records.
    """

    papers: dict[int, Known] = field(default_factory=dict)
    titles: dict[str, int] = field(default_factory=dict)
    rulings: dict[int, Ruling] = field(default_factory=dict)
    names: set[Identifier] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)

    def latest_rulings(self) -> list[Ruling]:
        """The rulings, the latest first."""
        return [self.rulings[pk] for pk in sorted(self.rulings, reverse=True)]


def stored_of(records: Iterable[Record]) -> dict[Key, Stored]:
    """What is stored of these records; one query for each source."""
    keys: dict[str, set[str]] = defaultdict(set)
    for record in records:
        keys[record.source].add(record.key)
    found = {}
    for source, of_source in sorted(keys.items()):
        rows = SourceRecord.objects.filter(source=source, key__among=of_source)
        columns = ("key", "paper_id", "digest", "title_key", "known_as", "content")
        for key, paper, digest, *rest in rows.values_list(*columns):
            found[source, key] = Stored(paper, bytes(digest), *rest)
    return found


def around(
    records: Sequence[Record], stored: Mapping[Key, Stored], papers: Iterable[int] = ()
) -> Neighbourhood:
    """The neighbourhood of records that come, of which so much is stored, and of some papers."""
    found = Neighbourhood()
    held = [Held(record, elsewhere=record.known_as) for record in records]
    ours = [stored[key] for one in held if (key := one.key) in stored]
    leaving = Counter(one.title for one in ours)
    names: frozenset[Identifier] = frozenset()
    waiting = {*papers, *(one.paper for one in ours)}
    while held or waiting:
        found.keys |= {one.key for one in held}
        waiting |= _of_names(names.union(*map(claims, held)), found)
        waiting |= _of_titles({one.title for one in held} | leaving.keys(), found, leaving)
        waiting |= _of_rulings(held, found)
        fresh = loaded(waiting - found.papers.keys())
        found.papers |= fresh
        held = [one for paper in fresh.values() for one in paper.held]
        names = frozenset().union(*(paper.names for paper in fresh.values()))
        waiting = set()
    return found


def _of_names(names: Collection[Identifier], found: Neighbourhood) -> set[int]:
    """The papers that have or contest one of these names."""
    fresh = set(names) - found.names
    found.names |= fresh
    # Few names are contested, and often none.
    tables = (PaperIdentifier, ContestedName) if has_rows(ContestedName) else (PaperIdentifier,)
    return {
        pk for table in tables for rows in table.of(fresh) for pk in rows.values_list("paper_id", flat=True)
    }


def _of_titles(titles: set[str], found: Neighbourhood, leaving: Mapping[str, int]) -> set[int]:
    """The papers that have a record of one of these titles, unless it is and stays crowded."""
    titles = titles - found.titles.keys()
    if not titles:
        return set()
    rows = SourceRecord.objects.filter(title_key__among=titles)
    counts = dict(rows.values_list("title_key").annotate(Count("pk")))
    found.titles |= {title: counts.get(title, 0) for title in titles}
    few = [title for title, count in counts.items() if count - leaving.get(title, 0) <= MOST_OF_A_TITLE]
    if not few:
        return set()
    return set(SourceRecord.objects.filter(title_key__among=few).values_list("paper_id", flat=True))


def _of_rulings(held: Sequence[Held], found: Neighbourhood) -> set[int]:
    """The papers that a verdict names together with these records."""
    if not held or not has_rows(Verdict):
        return set()
    texts = {text_of(name) for one in held for name in claims(one)} | {
        text_of_record(one.key) for one in held
    }
    rows = Verdict.objects.filter(Q(left__in=texts) | Q(right__in=texts), withdrawn_at=None)
    ruled = rows.values_list("pk", "left", "right", "same")
    fresh = {pk: Ruling(left, right, same) for pk, left, right, same in ruled}
    sides = {side for ruling in fresh.values() for side in (ruling.left, ruling.right)} - texts
    found.rulings |= fresh
    return papers_of_sides(sides)


def papers_of_sides(sides: Iterable[str]) -> set[int]:
    """The papers that the sides of verdicts name."""
    papers: set[int] = set()
    names = set()
    for side in sides:
        scheme, _, rest = side.partition(":")
        if scheme == "record":
            source, _, key = rest.partition(":")
            papers.update(
                SourceRecord.objects.filter(source=source, key=key).values_list("paper_id", flat=True)
            )
        else:
            names.add(Identifier(scheme, rest))
    for table in (PaperIdentifier, ContestedName):
        for rows in table.of(names):
            papers.update(rows.values_list("paper_id", flat=True))
    return papers


def is_as_found(found: Neighbourhood, seen: int, number: int) -> bool:
    """True if no change after the revision `seen`, up to `number`, concerns what was found."""
    if number == seen:
        return True
    changed = list(Paper.objects.filter(changed__gt=seen).values_list("pk", flat=True)[: MOST_CHANGED + 1])
    if len(changed) > MOST_CHANGED or not found.papers.keys().isdisjoint(changed):
        return False
    rows = SourceRecord.objects.filter(paper__in=changed).values_list("source", "key", "title_key")
    if any((source, key) in found.keys or title in found.titles for source, key, title in rows):
        return False
    names = (names_of(changed, table) for table in (PaperIdentifier, ContestedName))
    return all(found.names.isdisjoint(of_paper) for table in names for of_paper in table.values())


def are_as_read(units: Sequence[Unit]) -> bool:
    """True if the records of the stored papers in these units are as they were when they were read."""
    read = {one.key: one.stored for unit in units for paper in unit.known for one in paper.held}
    if not read:
        return True
    papers = [paper.pk for unit in units for paper in unit.known]
    rows = SourceRecord.objects.filter(paper__in=papers).values_list("source", "key", "digest")
    return read == {(source, key): bytes(digest) for source, key, digest in rows}


def loaded(papers: Collection[int]) -> dict[int, Known]:
    """The papers with these keys, their records and their names, in four queries."""
    if not papers:
        return {}
    held: dict[int, list[Held]] = defaultdict(list)
    rows = SourceRecord.objects.filter(paper__in=papers).order_by("pk")
    columns = ("paper_id", "content", "past_names", "known_as", "digest")
    for pk, content, past, known_as, digest in rows.values_list(*columns):
        record = record_from_json(orjson.loads(content))
        names = frozenset(names_from_json(past))
        held[pk].append(Held(record, names, names_from_json(known_as), bytes(digest)))
    own, contested = names_of(papers), names_of(papers, ContestedName)
    return {
        pk: Known(pk, public_id, tuple(held[pk]), frozenset(own[pk]), frozenset(contested[pk]))
        for pk, public_id in Paper.objects.filter(pk__in=papers).values_list("pk", "public_id")
    }


def names_of(
    papers: Collection[int], table: type[PaperIdentifier | ContestedName] = PaperIdentifier
) -> dict[int, set[Identifier]]:
    """All names of each paper that the table has, past ones too; no names for a paper without any."""
    names: dict[int, set[Identifier]] = defaultdict(set)
    rows = table._default_manager.filter(paper__in=papers)
    for pk, scheme, value in rows.values_list("paper_id", "scheme", "value"):
        names[pk].add(Identifier(scheme, value))
    return names
