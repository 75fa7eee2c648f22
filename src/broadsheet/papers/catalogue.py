"""Writing the catalogue: store what the sources said.

What becomes of the records is decided before anything is locked; then it is written, a few hundred papers in
each transaction, if nothing that it depends on has changed meanwhile. Storing the same records again changes
nothing, so an interrupted import is simply run again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from django.db import connection, transaction

from broadsheet.papers import merging, neighbours, past_texts, rows, sightings, texts
from broadsheet.papers.believing import believed
from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.inserting import update
from broadsheet.papers.models import Paper, Revision, SourceRecord
from broadsheet.papers.neighbours import Neighbourhood
from broadsheet.papers.planning import Kind, Plan, Unit, plan
from broadsheet.papers.record import Record, record_from_json
from broadsheet.papers.rows import Draft
from broadsheet.papers.sightings import SortedOut

# As many records are written at once as keep the lock for about so long, so that nobody waits long for it;
# what has many authors counts as several records.
LOCK_SECONDS = 0.03
AUTHORS_OF_A_RECORD = 8
# On a machine that has much else to do they take longer, however few they are: they may take so much of the
# processor at least, most of which would else go into beginning and ending.
WORK_SECONDS = 0.01
FIRST_PORTION = 100
# So few at first, until it is known how long they take.
AT_FIRST = 25
LARGEST_PORTION = 400
# Who waits for SQLite's lock looks for it every 25 ms at the latest, for the first 0.1 s.
PAUSE_SECONDS = 0.027
# So often is decided anew because somebody else wrote meanwhile; then the others wait.
TRIES = 3


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """What became of a batch of records; `merged` joined a paper another record had made."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be written of some records, as decided on what the catalogue held at the revision `seen`."""

    seen: int
    sorted_out: SortedOut
    found: Neighbourhood
    plan: Plan


@dataclass(slots=True)
class Pace:
    """How many records, by their weight, are written at once: about as many as LOCK_SECONDS of time or
    WORK_SECONDS of the processor are enough for, by what the last ones took.

    The first of them, as many as `texts_left` says, are stored with their texts; those of all others are due.
    `free_since` is when the lock was last given back, in seconds of the monotonic clock.
    """

    size: int = AT_FIRST
    free_since: float = 0.0
    texts_left: int = texts.MADE_WITH_THE_PAPER

    def takes_texts(self, papers: int) -> bool:
        """Count so many papers more; True if their texts are made at once."""
        self.texts_left -= papers
        return self.texts_left >= 0

    def portions(self, units: Iterable[Unit]) -> Iterator[list[Unit]]:
        """The units in portions of about `size` records, none of them cut."""
        portion: list[Unit] = []
        weight = 0
        for unit in units:
            more = _weight(unit)
            if portion and weight + more > self.size:
                yield portion
                portion, weight = [], 0
            portion.append(unit)
            weight += more
        if portion:
            yield portion

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Lets others write until PAUSE_SECONDS have passed, then measures how long a portion is written."""
        started, worked = self._others_have_written(), time.thread_time()
        yield
        self.free_since = time.monotonic()
        taken, worked = self.free_since - started, time.thread_time() - worked
        fitting = self.size * max(LOCK_SECONDS / max(taken, 0.001), WORK_SECONDS / max(worked, 0.001))
        # Fewer at once, more by and by: that a busy machine was idle for a moment says nothing of the next.
        self.size = max(1, min(int(fitting), self.size + self.size // 4 + 1, LARGEST_PORTION))

    def _others_have_written(self) -> float:
        """The time, once the lock has been free for long enough."""
        now = time.monotonic()
        left = self.free_since + PAUSE_SECONDS - now
        if left <= 0 or connection.vendor != "sqlite" or connection.in_atomic_block:
            return now
        time.sleep(left)
        return time.monotonic()


def _weight(unit: Unit) -> int:
    """As how many usual records a unit counts: most rows are those of authors."""
    held = [held for paper in unit.papers for held in paper.made_of.held]
    return len(unit.incoming) + sum(len(one.record.authors) // AUTHORS_OF_A_RECORD for one in held)


class _StaleError(Exception):
    """What was decided depends on something that has changed meanwhile."""


def store(records: Sequence[Record], *, now: datetime, pace: Pace | None = None) -> StoreCounts:
    """Merge the records into the catalogue, and say what became of them.

    `now` is noted as the time when a paper was added or changed. Each transaction holds some of the records,
    and of those that are new, papers that are one in the end are written together. Who stores again and
    again gives the `pace` that came of the last time.
    """
    counts: Counter[Kind] = Counter()
    pace = pace or Pace()
    for batch in _without_repeats([believed(record, now=now) for record in records], counts):
        rest, tries = batch, 0
        while rest:
            before, tries = len(rest), tries + 1
            if tries <= TRIES:
                rest = write_decided(decide(rest, now=now), counts, now=now, pace=pace)
            else:
                _store_undisturbed(rest[:FIRST_PORTION], counts, now=now, pace=pace)
                rest = rest[FIRST_PORTION:]
            if len(rest) < before:
                tries = 0
    return StoreCounts(counts[Kind.NEW], counts[Kind.REVISED], counts[Kind.UNCHANGED], counts[Kind.DUPLICATE])


def decide_anew(papers: Iterable[int], *, now: datetime) -> None:
    """Decide which papers the records of these papers are, and of all that they may concern; write it.

    The caller holds the transaction.
    """
    seen = locked_revision().number
    found = neighbours.around([], {}, papers)
    decided = plan([], [*found.papers.values()], found.latest_rulings(), titles=found.titles, now=now)
    with_texts = len(decided.units) <= texts.MADE_WITH_THE_PAPER
    _write(rows.drafted(decided.units, now=now, with_texts=with_texts), found, seen, now=now)


def _without_repeats(records: Sequence[Record], counts: Counter[Kind]) -> Iterator[list[Record]]:
    """The records in batches: of several states of a record, each that has counters in one of its own.

    What says the same as the state before it changes nothing, and is only counted.
    """
    batches: list[list[Record]] = []
    last: dict[tuple[str, str], tuple[int, Record]] = {}
    for record in records:
        key = (record.source, record.key)
        number, before = last.get(key, (-1, None))
        if before and _says_the_same(before, record):
            counts[Kind.UNCHANGED] += 1
            continue
        # Whether two states differ in their counters alone is told by what is stored.
        if before is None or before.signals or record.signals:
            number += 1
        if number == len(batches):
            batches.append([])
        batches[number].append(record)
        last[key] = number, record
    yield from batches


def _says_the_same(before: Record, record: Record) -> bool:
    return (before.digest(), before.observed_at, before.old_texts, before.known_as) == (
        record.digest(),
        record.observed_at,
        record.old_texts,
        record.known_as,
    )


def _store_undisturbed(
    records: Sequence[Record], counts: Counter[Kind], *, now: datetime, pace: Pace
) -> None:
    """Store the records while nobody else writes."""
    with transaction.atomic():
        locked_revision()
        if write_decided(decide(records, now=now), counts, now=now, pace=pace):
            raise RuntimeError("what is stored changed while nobody else could write")


def decide(records: Sequence[Record], *, now: datetime) -> Decided:
    """What is to be written of records, of which several may be states of one; nothing is locked."""
    seen = _revision()
    stored = neighbours.stored_of(records)
    sorted_out = sightings.sorted_out(records, stored, now=now)
    found = neighbours.around(sorted_out.fresh, stored)
    papers = [*found.papers.values()]
    decided = plan(sorted_out.fresh, papers, found.latest_rulings(), titles=found.titles, now=now)
    return Decided(seen, sorted_out, found, decided)


def write_decided(
    decided: Decided, counts: Counter[Kind], *, now: datetime, pace: Pace | None = None
) -> list[Record]:
    """Write what was decided and count it; gives the records that are to be decided anew."""
    seen, sorted_out = decided.seen, decided.sorted_out
    past_texts.keep((x.source, x.key, old) for x in sorted_out.known for old in x.old_texts)
    counts[Kind.UNCHANGED] += len(sorted_out.unchanged)
    left = set(range(len(sorted_out.fresh)))
    pace = pace or Pace()
    # Each is drafted before its lock, while others may write.
    for units in pace.portions(decided.plan.units):
        draft = rows.drafted(units, now=now, with_texts=pace.takes_texts(len(units)))
        try:
            with pace.kept():
                seen = _write(draft, decided.found, seen, now=now)
        except _StaleError:
            fresh = [sorted_out.fresh[place] for place in sorted(left)]
            return [*fresh, *(one.record for one in sorted_out.sighted)]
        written = [place for unit in draft.units for place in unit.incoming]
        left.difference_update(written)
        counts.update(decided.plan.kinds[place] for place in written)
    return _note(sorted_out.sighted, counts, now=now)


def _note(sighted: Sequence[sightings.Sighting], counts: Counter[Kind], *, now: datetime) -> list[Record]:
    """Store what was only counted or seen anew; gives what is to be decided anew."""
    again: list[Record] = []
    for start in range(0, len(sighted), FIRST_PORTION):
        some = sighted[start : start + FIRST_PORTION]
        with transaction.atomic():
            locked_revision()
            stale = sightings.write(some, now=now)
        again += [one.record for one in stale]
        counts.update(one.kind for one in some if one not in stale)
    return again


def _write(draft: Draft, found: Neighbourhood, seen: int, *, now: datetime) -> int:
    """Write the draft in one transaction; gives the number of the change, or `seen` where there is none.

    Raises _StaleError if anything that they depend on has changed since the revision `seen`.
    """
    if draft.is_empty:
        return seen
    with transaction.atomic():
        # One writer at a time: two imports at once must not both find a paper missing, and whoever follows
        # the changes must not see a number before a smaller one.
        revision = locked_revision()
        if not neighbours.is_as_found(found, seen, revision.number) or not neighbours.are_as_read(
            draft.units
        ):
            raise _StaleError
        past_texts.keep(old for unit in draft.units for old in unit.old_texts)
        if draft.papers:
            raise_revision(revision, now=now)
        rows.write(draft, now=now, revision=revision.number)
    return revision.number


def locked_revision() -> Revision:
    """The number of the last change, while nobody else may write to the catalogue: the caller's transaction
    locks it before anything else that a writer of the catalogue locks.
    """
    with connection.cursor() as cursor:
        # Asked for each portion of an import: Django would take longer than the database.
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        cursor.execute(f"SELECT number FROM papers_revision WHERE id = 1{lock}")  # noqa: S608 (words of ours)
        found = cursor.fetchone()
    if found is None:
        return Revision.objects.select_for_update().get_or_create(pk=1)[0]
    return Revision(pk=1, number=found[0])


def raise_revision(revision: Revision, *, now: datetime) -> None:
    """Give the catalogue, which the caller has locked, the number of a change."""
    # A catalogue restored from an older copy must not give a number again that somebody has read.
    revision.number = max(revision.number + 1, int(now.timestamp() * 1000))
    update(Revision, ("number",), ("id",), [(revision.number, revision.pk)])


def _revision() -> int:
    return next(iter(Revision.objects.filter(pk=1).values_list("number", flat=True)), 0)


def export_rows(chunk: int = 500) -> Iterator[tuple[str, Record, list[Record]]]:
    """Every paper in order of public id: the id, the combined record, and the records it is made of with
    their old texts and the names of the paper.
    """
    last = ""
    while papers := list(Paper.objects.filter(public_id__gt=last).order_by("public_id")[:chunk]):
        pks = [paper.pk for paper in papers]
        held, names = _stored_records(pks), neighbours.names_of(pks)
        old = past_texts.of_keys({(one.source, one.key) for records in held.values() for one in records})
        for paper in papers:
            records = sorted(held[paper.pk], key=lambda one: (one.source, one.key))
            facts = merging.facts(records)
            known_as = in_order(names[paper.pk])
            yield paper.public_id, facts, [_with_the_rest(record, old, known_as) for record in records]
        last = papers[-1].public_id


def in_order(names: Collection[Identifier]) -> tuple[Identifier, ...]:
    """The names of a paper, the one that it is known by first."""
    return tuple(sorted(names, key=lambda one: (one != best(names), one)))


def _with_the_rest(record: Record, old: past_texts.OfRecords, known_as: tuple[Identifier, ...]) -> Record:
    return replace(record, old_texts=old.get((record.source, record.key), ()), known_as=known_as)


def _stored_records(papers: Sequence[int]) -> dict[int, list[Record]]:
    held: dict[int, list[Record]] = {paper: [] for paper in papers}
    for paper, content in SourceRecord.objects.filter(paper__in=papers).values_list("paper_id", "content"):
        held[paper].append(record_from_json(orjson.loads(content)))
    return held
