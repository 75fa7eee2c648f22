"""Facts and counters apart: what a source only counted anew, or said again, changes no paper.

It is written beside the records, without a new revision, and nobody who follows the changes is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson
from django.db import connection

from broadsheet.papers import tallies
from broadsheet.papers.inserting import insert, update
from broadsheet.papers.merging import combine, is_later, lies_ahead
from broadsheet.papers.models import ExternalSignal, SourceRecord
from broadsheet.papers.naming import Key
from broadsheet.papers.neighbours import Stored, stored_of
from broadsheet.papers.planning import Kind
from broadsheet.papers.record import Record, record_from_json
from broadsheet.papers.rows import names_to_json


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record that says what is stored of it, but for its counters and the time when it was seen."""

    record: Record
    stored: Stored
    kind: Kind


@dataclass(slots=True)
class SortedOut:
    """Records by what is to be done: nothing, noting a sighting, or deciding which papers they are."""

    unchanged: list[Record] = field(default_factory=list)
    sighted: list[Sighting] = field(default_factory=list)
    fresh: list[Record] = field(default_factory=list)

    @property
    def known(self) -> Iterator[Record]:
        """Those about which nothing is to be decided."""
        yield from self.unchanged
        yield from (one.record for one in self.sighted)


def sorted_out(records: Sequence[Record], stored: Mapping[Key, Stored], *, now: datetime) -> SortedOut:
    """Sort records, of which so much is stored, by what is to be done about them.

    Of several states of one record it must be decided which of them is the last.
    """
    found = SortedOut()
    states = Counter((record.source, record.key) for record in records)
    for record in records:
        key = (record.source, record.key)
        before = stored.get(key)
        if (
            before is None
            or states[key] > 1
            or (record.known_as and names_to_json(record.known_as) != before.known_as)
        ):
            found.fresh.append(record)
        elif before.digest == record.digest():
            if _is_seen_later(record.observed_at, before.observed_at, now=now):
                found.sighted.append(Sighting(record, before, Kind.UNCHANGED))
            else:
                found.unchanged.append(record)
        elif not (last := _counted_anew(record, before)):
            found.fresh.append(record)
        elif is_later(record, last, now=now):
            found.sighted.append(Sighting(record, before, Kind.REVISED))
        else:
            found.unchanged.append(record)
    return found


def _counted_anew(record: Record, before: Stored) -> Record | None:
    """What is stored, if the record differs from it in its counters alone."""
    # Where neither has any, it is read once it is decided.
    if not (record.signals or before.has_signals):
        return None
    last = record_from_json(orjson.loads(before.content))
    return last if last.digest() == before.digest and _are_facts_equal(last, record) else None


def _is_seen_later(seen: datetime | None, stored: datetime | None, *, now: datetime) -> bool:
    """As `is_later`, of what differs in nothing but this time."""
    return seen is not None and (stored is None or stored < seen or lies_ahead(stored, seen, now=now))


def write(sighted: Sequence[Sighting], *, now: datetime) -> list[Sighting]:
    """Store what was seen; gives those of which something else is stored meanwhile.

    The caller holds the transaction, and the lock that every writer of records takes.
    """
    # Another process may have seen the same record later, counted anew, or moved to another paper.
    found = stored_of(one.record for one in sighted)
    stale = [one for one in sighted if found.get((one.record.source, one.record.key)) != one.stored]
    fitting = [one for one in sighted if one not in stale]
    rows = [(x.record.digest(), x.record.to_json().decode(), x.record.source, x.record.key) for x in fitting]
    update(SourceRecord, ("digest", "content"), ("source", "key"), rows)
    _count({one.stored.paper for one in fitting if one.record.signals or one.kind is Kind.REVISED}, now=now)
    return stale


def _count(papers: Collection[int], *, now: datetime) -> None:
    """Bring the counters of these papers up to what their records say."""
    if not papers:
        return
    held: dict[int, list[Record]] = defaultdict(list)
    with_signals = SourceRecord.objects.filter(paper__in=papers, content__contains='"signals":')
    for pk, content in with_signals.values_list("paper_id", "content"):
        held[pk].append(record_from_json(orjson.loads(content)))
    wanted = {
        (pk, source, signal.name, signal.value, observed_at)
        for pk, records in held.items()
        for source, signal, observed_at in combine(records, now=now).signals
    }
    columns = ("paper_id", "source", "name", "value", "observed_at")
    there = set(ExternalSignal.objects.filter(paper__in=papers).values_list(*columns))
    old = there - wanted
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM papers_externalsignal WHERE paper_id = %s AND source = %s AND name = %s",
            [row[:3] for row in old],
        )
    insert(ExternalSignal, ("paper", *columns[1:]), wanted - there)
    tallies.count(papers, now=now)


def _are_facts_equal(last: Record, record: Record) -> bool:
    return replace(last, signals=()).digest() == replace(record, signals=()).digest()
