"""The papers that a request gets: those with a name on arXiv that say when they were sent in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from broadsheet.api.arxiv.asking import Asked, AskedId
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName
from broadsheet.daily.entries import Part as Wanted
from broadsheet.daily.kinds.conditions import ASCENDING
from broadsheet.papers import reading
from broadsheet.papers.models import PaperIdentifier, PaperVersion
from broadsheet.papers.reading import PaperDetail
from broadsheet.search.query.conditions import AnyOf, Condition, Range, Term
from broadsheet.search.query.language import Part, Query

# All that an entry of this format must have: a name on arXiv, and a date.
ON_ARXIV = (Term("scheme", "arxiv"), Range("submitted", None, None))


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in a version: the one that was asked for, else the last. Its texts are those of that version
    where they were kept; a summary of ours is no abstract.
    """

    paper: PaperDetail
    version: int
    title: str
    abstract: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One part of what was found, of `total` papers in all."""

    entries: tuple[Entry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Named:
    """A paper that was named, and the version if one was."""

    pk: int
    version: int | None
    submitted: datetime
    updated: datetime


def answer(asked: Asked) -> Answer:
    """The papers asked for, in a fixed number of queries. Raises WordIndexError where there is no index."""
    if asked.ids:
        named = _filtered(asked, _named(asked.ids))
        part = named[asked.start : asked.start + asked.max_results]
        return Answer(_entries([(one.pk, one.version) for one in part]), len(named))
    papers, total = _found(asked, ON_ARXIV, limit=asked.max_results, offset=asked.start)
    return Answer(_entries([(pk, None) for pk in papers]), total)


def _named(ids: Sequence[AskedId]) -> list[_Named]:
    """The papers of these names, in their order, without those that are not known in that version."""
    columns = ("value", "paper_id", "paper__published_at", "paper__updated_at")
    names = PaperIdentifier.objects.filter(
        scheme="arxiv", value__in={one.value for one in ids}, paper__published_at__isnull=False
    )
    known = {value: (pk, sent, revised or sent) for value, pk, sent, revised in names.values_list(*columns)}
    numbered = PaperVersion.objects.filter(
        paper__in={pk for pk, _, _ in known.values()}, number__in={one.version for one in ids if one.version}
    )
    versions = {*numbered.values_list("paper_id", "number")}
    found = [(known[one.value], one.version) for one in ids if one.value in known]
    return [
        _Named(pk, version, sent, revised)
        for (pk, sent, revised), version in found
        # Every paper had a first version, though not every source numbers it.
        if version in {None, 1} or (pk, version) in versions
    ]


def _filtered(asked: Asked, named: list[_Named]) -> list[_Named]:
    """Those that the query finds, in the order asked for; without a query all of them."""
    if asked.query is None:
        if asked.sort == "relevance":
            return named
        return sorted(
            named,
            key=lambda one: (one.submitted if asked.sort == "submitted" else one.updated, one.pk),
            reverse=not asked.ascending,
        )
    these = AnyOf(tuple(Term("id", value) for value in {one.value for one in asked.ids}))
    papers, _ = _found(asked, (*ON_ARXIV, these), limit=len(asked.ids), offset=0)
    by_paper: dict[int, list[_Named]] = defaultdict(list)
    for one in named:
        by_paper[one.pk].append(one)
    return [one for pk in papers for one in by_paper[pk]]


def _found(
    asked: Asked, conditions: Sequence[Condition], *, limit: int, offset: int
) -> tuple[list[int], int]:
    parts = tuple(Part("", "", condition) for condition in conditions)
    query = replace(asked.query or Query(), parts=(*(asked.query or Query()).parts, *parts))
    order = asked.sort + (ASCENDING if asked.ascending else "")
    wanted = ListName("conditions", order=order, conditions=query)
    found = lists.read(wanted, None, Wanted(limit, offset), today=timezone.now().date())
    return found.pks, found.total


def _entries(wanted: Sequence[tuple[int, int | None]]) -> tuple[Entry, ...]:
    details = {paper.row.pk: paper for paper in reading.details(list({pk for pk, _ in wanted}))}
    return tuple(entry for pk, version in wanted if pk in details and (entry := _entry(details[pk], version)))


def _entry(paper: PaperDetail, version: int | None) -> Entry | None:
    published = paper.dated_at
    if published is None:  # its date was taken away since it was indexed
        return None
    sent = {one.number: one.created_at for one in paper.versions}
    last = max(sent, default=1)
    number = version or last
    is_last = number == last
    kept = () if is_last else (one for one in reversed(paper.old_texts) if one.version == number)
    text = next(iter(kept), paper.row)
    return Entry(
        paper=paper,
        version=number,
        title=text.title,
        abstract="" if text is paper.row and paper.row.is_summary else text.abstract,
        published=published,
        updated=(paper.updated_at if is_last else sent.get(number)) or published,
    )
