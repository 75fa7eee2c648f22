"""Writing the catalogue: store what the sources said, each batch in one transaction.

Storing the same records again changes nothing, so an interrupted import is simply run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from broadsheet.papers import past_texts
from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.merging import Candidate, Kind, combine, decide
from broadsheet.papers.models import Paper, PaperIdentifier, Revision, SourceRecord
from broadsheet.papers.record import OldText, Record, record_from_json
from broadsheet.papers.rows import Draft, title_hash, write


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What became of a batch of records; `merged` joined a paper another record had made."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0


@dataclass(slots=True)
class _Entry:
    """A paper while a batch is decided: `pk` None until it is stored."""

    pk: int | None
    records: dict[tuple[str, str], Record] = field(default_factory=dict)
    names: set[Identifier] = field(default_factory=set)
    touched: bool = False


@dataclass(slots=True)
class _Batch:
    """The papers a batch of records may concern, and the ways to find them.

    `by_id` finds them by the public id that they have here, or where their records come from.
    `stored` has the digests of the batch's records as they are stored now, `replaced` what the batch takes
    the place of.
    """

    entries: list[_Entry] = field(default_factory=list)
    by_key: dict[tuple[str, str], int] = field(default_factory=dict)
    by_name: dict[Identifier, int] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    by_title: dict[str, set[int]] = field(default_factory=dict)
    stored: dict[tuple[str, str], bytes] = field(default_factory=dict)
    absorbed: list[int] = field(default_factory=list)
    replaced: list[tuple[str, str, OldText]] = field(default_factory=list)

    def add(self, entry: _Entry) -> int:
        self.entries.append(entry)
        number = len(self.entries) - 1
        for name in entry.names:
            self.by_name[name] = number
        if entry.names:
            self.by_id[best(entry.names).public_id] = number
        for record in entry.records.values():
            self.note(number, record)
        return number

    def note(self, number: int, record: Record) -> None:
        """Make the paper findable by what the record says."""
        self.by_key[record.source, record.key] = number
        self.by_title.setdefault(title_hash(record.title), set()).add(number)
        for name in record.identifiers:
            self.by_name.setdefault(name, number)

    def candidates(self, record: Record) -> list[Candidate]:
        numbers = set(self.by_title.get(title_hash(record.title), ()))
        numbers |= {self.by_name[name] for name in record.identifiers if name in self.by_name}
        if record.known_as:
            numbers = {number for number in numbers if self.may_be(number, record.known_as)}
        if (record.source, record.key) in self.by_key:
            numbers.add(self.by_key[record.source, record.key])
        return [
            Candidate(number, tuple(self.entries[number].records.values()))
            for number in sorted(numbers, key=self.age)
        ]

    def may_be(self, number: int, known_as: Collection[Identifier]) -> bool:
        """False for a paper that another catalogue, which knows a paper by these names, tells from that one.

        It may never have heard of a name of ours.
        """
        names = self.entries[number].names
        return not names or best(names).scheme == "local" or best(names) in known_as

    def age(self, number: int) -> tuple[bool, int]:
        """Orders papers: those that are stored, as they came, and then the others."""
        pk = self.entries[number].pk
        return pk is None, pk or number

    def absorb(self, kept: int, other: int) -> None:
        """Make two papers one: `kept` takes over all that `other` has."""
        entry, gone = self.entries[kept], self.entries[other]
        entry.records |= gone.records
        entry.names |= gone.names
        entry.touched |= gone.touched
        if gone.pk is not None:
            self.absorbed.append(gone.pk)
        ways: tuple[dict[Any, int], ...] = (self.by_key, self.by_name, self.by_id)
        for way in ways:
            way.update(dict.fromkeys([name for name, number in way.items() if number == other], kept))
        for numbers in self.by_title.values():
            if other in numbers:
                numbers.remove(other)
                numbers.add(kept)
        self.entries[other] = _Entry(pk=None)


@transaction.atomic
def store(records: Sequence[Record], *, now: datetime) -> StoreCounts:
    """Merge the records into the catalogue in one transaction, and say what became of them.

    `now` is noted as the time when a paper was added or changed. Later records of one call see the
    papers that earlier ones made.
    """
    # One writer at a time: two imports at once must not both find a paper missing, and whoever follows the
    # changes must not see a number before a smaller one.
    revision, _ = Revision.objects.select_for_update().get_or_create(pk=1)
    batch = _load(records)
    batch.replaced += [(one.source, one.key, old) for one in records for old in one.old_texts]
    counts = Counter(_apply(record, batch, now=now) for record in records)
    if batch.replaced:
        past_texts.keep(batch.replaced)
    touched = [entry for entry in batch.entries if entry.touched]
    if touched or batch.absorbed:
        if any(record.known_as for record in records):
            _take_names(touched)
        drafts = [Draft(entry.pk, tuple(entry.records.values()), frozenset(entry.names)) for entry in touched]
        # A catalogue that is restored from an older copy must not give a number again that somebody has read.
        revision.number = max(revision.number + 1, int(now.timestamp() * 1000))
        write(drafts, batch.absorbed, now=now, revision=revision.number)
        revision.save(update_fields=["number"])
    return StoreCounts(counts[Kind.NEW], counts[Kind.REVISED], counts[Kind.UNCHANGED], counts[Kind.DUPLICATE])


def export_rows(chunk: int = 500) -> Iterator[tuple[str, Record, list[Record]]]:
    """Every paper in order of public id: the id, the combined record, and the records it is made of with
    their old texts and the names of the paper.
    """
    last = ""
    while papers := list(Paper.objects.filter(public_id__gt=last).order_by("public_id")[:chunk]):
        pks = [paper.pk for paper in papers]
        held, names = _stored_records(pks), names_of(pks)
        old = past_texts.of_keys({(one.source, one.key) for records in held.values() for one in records})
        for paper in papers:
            records = sorted(held[paper.pk], key=lambda one: (one.source, one.key))
            facts = combine(records).facts
            known_as = in_order(names[paper.pk])
            yield paper.public_id, facts, [_with_the_rest(record, old, known_as) for record in records]
        last = papers[-1].public_id


def in_order(names: Collection[Identifier]) -> tuple[Identifier, ...]:
    """The names of a paper, the one that it is known by first."""
    return tuple(sorted(names, key=lambda one: (one != best(names), one)))


def names_of(papers: Collection[int]) -> dict[int, set[Identifier]]:
    """All names of each paper, past ones too."""
    names: dict[int, set[Identifier]] = {paper: set() for paper in papers}
    rows = PaperIdentifier.objects.filter(paper__in=papers)
    for paper, scheme, value in rows.values_list("paper_id", "scheme", "value"):
        names[paper].add(Identifier(scheme, value))
    return names


def _with_the_rest(record: Record, old: past_texts.OfRecords, known_as: tuple[Identifier, ...]) -> Record:
    return replace(record, old_texts=old.get((record.source, record.key), ()), known_as=known_as)


def _load(records: Sequence[Record]) -> _Batch:
    """Fetch all that the records may concern, with a number of queries that does not depend on theirs."""
    batch = _Batch()
    owners: dict[tuple[str, str], int] = {}
    for source in {record.source for record in records}:
        keys = {record.key for record in records if record.source == source}
        held = SourceRecord.objects.filter(source=source, key__in=keys)
        for key, digest, paper in held.values_list("key", "digest", "paper_id"):
            batch.stored[source, key], owners[source, key] = bytes(digest), paper
    fresh = [one for one in records if batch.stored.get((one.source, one.key)) != one.digest()]
    papers = {owners[one.source, one.key] for one in fresh if (one.source, one.key) in owners}
    papers |= _papers_elsewhere_one(records, owners)
    ids = {one.known_as[0].public_id for one in fresh if one.known_as}
    papers |= set(Paper.objects.filter(public_id__in=ids).values_list("pk", flat=True))
    papers |= _papers_of_names({name for record in fresh for name in record.identifiers})
    titles = {title_hash(record.title) for record in fresh}
    papers |= set(Paper.objects.filter(title_key__in=titles).values_list("pk", flat=True))
    for entry in _entries(sorted(papers)):
        batch.add(entry)
    return batch


def _papers_elsewhere_one(records: Sequence[Record], owners: Mapping[tuple[str, str], int]) -> set[int]:
    """The papers here that are parts of one where their records come from, or of one that has more to say."""
    parts: dict[Identifier, set[int | None]] = {}
    for record in records:
        if record.known_as:
            parts.setdefault(record.known_as[0], set()).add(owners.get((record.source, record.key)))
    return {paper for papers in parts.values() if len(papers) > 1 for paper in papers if paper is not None}


def _papers_of_names(names: set[Identifier]) -> set[int]:
    return {pk for rows in PaperIdentifier.of(names) for pk in rows.values_list("paper_id", flat=True)}


def _take_names(touched: Sequence[_Entry]) -> None:
    """Other papers give up the names of these: two may claim one, and another catalogue says whose it is."""
    papers = [one.pk for one in touched if one.pk is not None]
    for rows in PaperIdentifier.of(name for entry in touched for name in entry.names):
        rows.exclude(paper__in=papers).delete()


def _entries(papers: Sequence[int]) -> Iterator[_Entry]:
    held, names = _stored_records(papers), names_of(papers)
    for paper in papers:
        by_key = {(one.source, one.key): one for one in held[paper]}
        yield _Entry(pk=paper, records=by_key, names=names[paper])


def _stored_records(papers: Sequence[int]) -> dict[int, list[Record]]:
    held: dict[int, list[Record]] = {paper: [] for paper in papers}
    for paper, content in SourceRecord.objects.filter(paper__in=papers).values_list("paper_id", "content"):
        held[paper].append(record_from_json(orjson.loads(content)))
    return held


def _apply(record: Record, batch: _Batch, *, now: datetime) -> Kind:
    """Decide about one record and note the outcome in the batch."""
    key = (record.source, record.key)
    if batch.stored.get(key) == record.digest() and key not in batch.by_key:
        return Kind.UNCHANGED
    intent = decide(record, batch.candidates(record))
    if intent.kind is Kind.UNCHANGED:
        _join(intent.papers[0], record, batch)
        return intent.kind
    if intent.kind is Kind.NEW:
        number = batch.add(_Entry(pk=None))
    else:
        number, *others = intent.papers
        for other in others:
            batch.absorb(number, other)
    entry = batch.entries[number]
    before = entry.records.get(key)
    if before and (old := past_texts.replaced(before, record, now=now)):
        batch.replaced.append((*key, old))
    entry.records[key] = record
    entry.touched = True
    batch.note(number, record)
    _join(number, record, batch)
    return intent.kind


def _join(number: int, record: Record, batch: _Batch) -> None:
    """Make the paper one with that which has the other records of the same paper elsewhere."""
    if not record.known_as:
        return
    kept, other = sorted(
        (number, batch.by_id.setdefault(record.known_as[0].public_id, number)), key=batch.age
    )
    if kept != other:
        batch.absorb(kept, other)
        batch.entries[kept].touched = True
    for name in record.known_as:
        batch.entries[batch.by_name.get(name, kept)].names.discard(name)
        batch.entries[kept].names.add(name)
