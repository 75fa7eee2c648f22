"""What a paper is if several sources describe it, and whose word counts first.

Pure: no clock, no database. `combine` turns all records of one paper into the paper; which records these are
is decided in `partition`. The rules are in docs/decisions/0017-merging.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from broadsheet.papers.record import Listing, Record, Signal, Version
from broadsheet.papers.sources import declared, rank
from broadsheet.papers.text import letters_and_digits
from broadsheet.stored_times import past

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Combined:
    """One paper made of all its records: `facts` but for its signals and listings, which stand apart with
    the source they are from. `notice_source` says that the paper is withdrawn or retracted.
    """

    facts: Record
    abstract_source: str
    notice_source: str
    signals: tuple[tuple[str, Signal, datetime | None], ...]
    listings: tuple[tuple[str, Listing], ...]


def local_key(title: str, abstract: str) -> str:
    """What stands for a paper without any identifier, by its texts."""
    return key_of_letters(letters_and_digits(title), abstract)


def key_of_letters(letters: str, rest: str) -> str:
    """Twelve hex digits that stand for the letters of a title and for what else is known: SHA-256."""
    return hashlib.sha256(f"{letters}\n{rest.strip()}".encode()).hexdigest()[:12]


def combine(records: Iterable[Record], *, now: datetime) -> Combined:
    """The paper that the records describe together; the order in which they came does not matter.

    Each field comes from the best source that has it, by `sources.rank`, a date made more precise by those
    that agree with it; lists of identifiers, organizations, links, versions and keywords are joined. The
    latest date of change counts, and the day of announcement that `_announced_on` says.
    """
    ranked = _ranked(records)
    abstract_source = next((one.source for one in ranked if one.abstract), "")
    telling = _telling(ranked)
    notice_source = telling[0].source if telling else ""
    is_counted, is_listed = any(one.signals for one in ranked), any(one.listings for one in ranked)
    signals = tuple(_signals(ranked, now=now)) if is_counted else ()
    listings = tuple(_listings(ranked)) if is_listed else ()
    return Combined(_joined(ranked, telling), abstract_source, notice_source, signals, listings)


def facts(records: Iterable[Record]) -> Record:
    """What the records describe together, as `combine` says it, without signals and listings."""
    ranked = _ranked(records)
    return _joined(ranked, _telling(ranked))


def _ranked(records: Iterable[Record]) -> list[Record]:
    return sorted(records, key=lambda one: (rank(one.source), one.key))


def _telling(ranked: Sequence[Record]) -> list[Record]:
    """The records by which the paper is retracted or withdrawn, the one whose notice stands first.

    A publisher's retraction holds whatever others say. Of a withdrawal, the best record decides that says so
    or knows the versions: authors may bring a paper back, and who copied the withdrawal does not notice.
    """
    decides = next((one for one in ranked if one.withdrawn or one.versions), None)
    telling = [one for one in ranked if one.retracted or (one is decides and one.withdrawn)]
    return sorted(telling, key=lambda one: (not one.retracted, not one.notice))


def _joined(ranked: Sequence[Record], telling: Sequence[Record]) -> Record:
    """One record made of several, the best one first; `telling` say that it is withdrawn or retracted."""
    if len(ranked) == 1:
        return ranked[0]
    dated = _dated(ranked)
    return replace(
        ranked[0],
        abstract=next((one.abstract for one in ranked if one.abstract), ""),
        authors=next((one.authors for one in ranked if one.authors), ()),
        author_count=max((one.author_count for one in ranked if one.author_count), default=None),
        organizations=tuple(
            {x.slug: x for one in reversed(ranked) for x in reversed(one.organizations)}.values()
        )[::-1],
        identifiers=tuple(sorted({x for one in ranked for x in one.identifiers})),
        published_at=dated.published_at,
        published_precision=dated.published_precision,
        updated_at=max((one.updated_at for one in ranked if one.updated_at), default=None),
        versions=_versions(ranked),
        categories=next((one.categories for one in ranked if one.categories), ()),
        links=tuple({x.url: x for one in reversed(ranked) for x in reversed(one.links)}.values())[::-1],
        comment=next((one.comment for one in ranked if one.comment), ""),
        journal_ref=next((one.journal_ref for one in ranked if one.journal_ref), ""),
        publication=next((one.publication for one in ranked if one.publication), None),
        license=next((one.license for one in ranked if one.license), ""),
        keywords=tuple(dict.fromkeys(word for one in ranked for word in one.keywords)),
        withdrawn=any(one.withdrawn for one in telling),
        retracted=any(one.retracted for one in telling),
        notice=next((one.notice for one in telling if one.notice), ""),
        announced_on=_announced_on(ranked),
    )


def _dated(ranked: Sequence[Record]) -> Record:
    """The record whose date counts: the best that has one; where that is a year or a month, the best of those
    that know most about the same period.
    """
    best = next((record for record in ranked if record.published), ranked[0])
    known = best.published
    if known is None:
        return best
    agreeing = [(one, said) for one in ranked if (said := one.published) and said.agrees(known)]
    return max(agreeing, key=lambda pair: len(pair[1].parts))[0]


def _announced_on(records: Iterable[Record]) -> date | None:
    """The earliest day over the families of sources, of each the latest.

    A paper that arXiv holds back is announced later than a calendar thinks; but that somebody else tells of
    it later does not make it news again.
    """
    days: dict[str, date] = {}
    for record in records:
        if record.announced_on:
            name = declared(record.source).family or record.source
            days[name] = max(record.announced_on, days.get(name, date.min))
    return min(days.values(), default=None)


def is_later(record: Record, before: Record, *, now: datetime) -> bool:
    """True if a record that comes now is a later state of what is stored of it."""
    if before.observed_at and lies_ahead(before.observed_at, record.observed_at, now=now):
        before = replace(before, observed_at=None)
    if before.updated_at and lies_ahead(before.updated_at, record.updated_at, now=now):
        before = replace(before, updated_at=None)
    return _age(record) > _age(before)


def lies_ahead(stored: datetime, seen: datetime | None, *, now: datetime) -> bool:
    """True if a clock that ran ahead stored the time, and what comes now was seen by a better one."""
    return past(stored, now=now) is None and past(seen, now=now) is not None


def _age(record: Record) -> tuple[int, datetime, datetime, date, bool, bool, bool, bytes]:
    """Orders two states of one record: by versions, times and last listing; where all are silent, by whether
    it has the source's own words, says that its date is no whole day, or where it came out in parts, none of
    which earlier releases kept, and last by the digest.
    """
    return (
        max((version.number for version in record.versions), default=0),
        record.updated_at or _LONG_AGO,
        record.observed_at or _LONG_AGO,
        max((listing.day for listing in record.listings), default=date.min),
        bool(record.said),
        record.published_precision is not None,
        record.publication is not None,
        record.digest(),
    )


def _versions(ranked: Sequence[Record]) -> tuple[Version, ...]:
    by_number: dict[int, Version] = {}
    for version in (version for one in ranked for version in one.versions):
        held = by_number.get(version.number)
        if held is None or held.created_at is None:
            by_number[version.number] = version
    return tuple(by_number[number] for number in sorted(by_number))


def _signals(ranked: Sequence[Record], *, now: datetime) -> Iterator[tuple[str, Signal, datetime | None]]:
    """The latest value of each signal of each source; of two at one time, the larger.

    What was seen in days to come was seen when a clock ran ahead, and nobody knows when.
    """
    latest: dict[tuple[str, str], tuple[datetime, int, Record]] = {}
    for one in ranked:
        for signal in one.signals:
            seen = (past(one.observed_at, now=now) or _LONG_AGO, signal.value, one)
            held = latest.get((one.source, signal.name))
            if held is None or seen[:2] > held[:2]:
                latest[one.source, signal.name] = seen
    for (source, name), (_, value, record) in sorted(latest.items(), key=lambda item: item[0]):
        yield source, Signal(name, value), record.observed_at


def _listings(ranked: Sequence[Record]) -> Iterator[tuple[str, Listing]]:
    days: dict[tuple[str, str], Listing] = {}
    for one in ranked:
        for listing in one.listings:
            days.setdefault((one.source, listing.day.isoformat()), listing)
    for (source, _), listing in sorted(days.items(), key=lambda item: item[0]):
        yield source, listing
