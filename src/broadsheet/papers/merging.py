"""Which records are about the same paper, and what the paper is if several sources describe it.

Pure: no clock, no database. `decide` turns a record and the papers it might belong to into an intent;
`combine` turns all records of one paper into the paper. The rules are in docs/decisions/0004-merging.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from broadsheet.papers.record import AuthorName, Listing, Record, Signal, Version
from broadsheet.papers.sources import rank
from broadsheet.papers.text import fingerprint_words, title_key

# Identifiers that name one paper each: agreement in one joins, disagreement parts.
IDENTIFYING_SCHEMES = ("arxiv", "acl", "doi", "openreview")
SAME_ABSTRACT = 0.6
SAME_DAY = timedelta(days=1)
NAME_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What a record means for the catalogue."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate of"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper the record might be about: its number in the caller's book-keeping, and its records."""

    paper: int
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """What to do: `papers` are those the record belongs to, the one to keep first, none if it is new.

    More than one paper means that the record shows them to be the same.
    """

    kind: Kind
    papers: tuple[int, ...] = ()


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
    """Twelve hex digits that stand for a paper without any identifier: SHA-256 of its texts."""
    content = f"{title_key(title)}\n{abstract.strip()}"
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def decide(record: Record, candidates: Sequence[Candidate]) -> Intent:
    """Say what `record` means, given every known paper that shares a key, identifier or title with it."""
    for candidate in candidates:
        held = next((one for one in candidate.records if _same_key(one, record)), None)
        if held:
            joined = [
                other.paper
                for other in candidates
                if other is not candidate and same_paper(record, other.records)
            ]
            newer = _age(record) > _age(held) and record.digest() != held.digest()
            kind = Kind.REVISED if newer else Kind.UNCHANGED
            return Intent(kind, (candidate.paper, *(joined if newer else ())))
    same = [candidate.paper for candidate in candidates if same_paper(record, candidate.records)]
    return Intent(Kind.DUPLICATE, tuple(same)) if same else Intent(Kind.NEW)


def same_paper(record: Record, known: Sequence[Record]) -> bool:
    """True where the record and the paper's known records are about one paper.

    By identifier, strongest scheme first; else by title together with the first author's family name
    and the year, or, where one side has no names, with the abstract or with day and author count.
    Never by title alone.
    """
    for scheme in IDENTIFYING_SCHEMES:
        ours, theirs = _values(scheme, (record,)), _values(scheme, known)
        if ours and theirs:
            return bool(ours & theirs)
    return any(_same_by_text(record, other) for other in known)


def combine(records: Iterable[Record]) -> Combined:
    """The paper that the records describe together; the order in which they came does not matter.

    Each field comes from the best source that has it, by `sources.rank`, a date made more precise by those
    that agree with it; lists of identifiers,
    organizations, links, versions and keywords are joined. The latest date of change counts, and the latest
    day of announcement: a paper held back is announced later than a calendar thinks.
    """
    ranked = sorted(records, key=lambda one: (rank(one.source), one.key))
    abstract_source = next((one.source for one in ranked if one.abstract), "")
    telling = _telling(ranked)
    notice_source = telling[0].source if telling else ""
    signals, listings = tuple(_signals(ranked)), tuple(_listings(ranked))
    return Combined(_joined(ranked, telling), abstract_source, notice_source, signals, listings)


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
        license=next((one.license for one in ranked if one.license), ""),
        keywords=tuple(dict.fromkeys(word for one in ranked for word in one.keywords)),
        withdrawn=any(one.withdrawn for one in telling),
        retracted=any(one.retracted for one in telling),
        notice=next((one.notice for one in telling if one.notice), ""),
        announced_on=max((one.announced_on for one in ranked if one.announced_on), default=None),
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


def _same_key(one: Record, other: Record) -> bool:
    return (one.source, one.key) == (other.source, other.key)


def _age(record: Record) -> tuple[int, datetime, datetime, date, bool, bytes]:
    """Orders two states of one record: by versions, times and last listing; where all are silent, by whether
    it has the source's own words, which earlier releases did not keep, and last by the digest.
    """
    return (
        max((version.number for version in record.versions), default=0),
        record.updated_at or _LONG_AGO,
        record.observed_at or _LONG_AGO,
        max((listing.day for listing in record.listings), default=date.min),
        bool(record.said),
        record.digest(),
    )


def _values(scheme: str, records: Iterable[Record]) -> set[str]:
    return {one.value for record in records for one in record.identifiers if one.scheme == scheme}


def _same_by_text(one: Record, other: Record) -> bool:
    if title_key(one.title) != title_key(other.title):
        return False
    if one.authors and other.authors:
        return _same_first_author(one.authors[0], other.authors[0]) and _years_apart(one, other) <= 1
    return _same_abstract(one, other) or _same_day_and_count(one, other)


def _same_first_author(one: AuthorName, other: AuthorName) -> bool:
    return _family(one) == _family(other)


def _family(author: AuthorName) -> str:
    """The last word of the family name: sources disagree about `van der` and about what is given."""
    words = [title_key(word) for word in (author.family or author.name).split()]
    plain = [word for word in words if word not in NAME_SUFFIXES]
    return (plain or words or [""])[-1]


def _years_apart(one: Record, other: Record) -> float:
    if one.published_at is None or other.published_at is None:
        return float("inf")
    return abs(one.published_at.year - other.published_at.year)


def _same_abstract(one: Record, other: Record) -> bool:
    """Jaccard similarity of the two abstracts' words, at least SAME_ABSTRACT."""
    ours, theirs = fingerprint_words(one.abstract), fingerprint_words(other.abstract)
    return bool(ours and theirs) and len(ours & theirs) >= SAME_ABSTRACT * len(ours | theirs)


def _same_day_and_count(one: Record, other: Record) -> bool:
    if one.published_at is None or other.published_at is None:
        return False
    if one.published_precision or other.published_precision:
        return False
    counts = {len(x.authors) or x.author_count for x in (one, other)}
    return abs(one.published_at - other.published_at) <= SAME_DAY and len(counts) == 1 and None not in counts


def _versions(ranked: Sequence[Record]) -> tuple[Version, ...]:
    by_number: dict[int, Version] = {}
    for version in (version for one in ranked for version in one.versions):
        held = by_number.get(version.number)
        if held is None or held.created_at is None:
            by_number[version.number] = version
    return tuple(by_number[number] for number in sorted(by_number))


def _signals(ranked: Sequence[Record]) -> Iterator[tuple[str, Signal, datetime | None]]:
    """The latest value of each signal of each source; of two at one time, the larger."""
    latest: dict[tuple[str, str], tuple[datetime, int, Record]] = {}
    for one in ranked:
        for signal in one.signals:
            seen = (one.observed_at or _LONG_AGO, signal.value, one)
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
