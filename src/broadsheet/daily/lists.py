"""Every list of papers by one name: what its page, its feed, its export and its answer to a program hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet
from django.utils.text import Truncator

from broadsheet.daily import editions, periods
from broadsheet.papers import authors, categories, reading, text
from broadsheet.papers.models import Paper
from broadsheet.papers.reading import Name, PaperDetail
from broadsheet.papers.taxonomy import category_name
from broadsheet.search import finding

SIMILAR_LISTED = 30
LONGEST_TITLE = 200


class UnknownListError(LookupError):
    """There is no such list; the message says so to a reader."""


@dataclass(frozen=True, slots=True)
class PaperList:
    """A part of a list: the keys of its papers in the order of its page, of `total` in all.

    `kind` and `name` are what `read` takes, the name as it is written today. Where the order goes by date
    alone, `papers` are all papers of the list, not read yet.
    """

    kind: str
    name: str
    title: str
    description: str
    pks: tuple[int, ...]
    total: int
    # Two queries for the same are not equal.
    papers: QuerySet[Paper] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which part of a list is wanted, on which day."""

    name: str
    today: date
    offset: int
    limit: int

    @property
    def end(self) -> int:
        return self.offset + self.limit


def read(kind: str, name: str, *, today: date, offset: int = 0, limit: int = 50) -> PaperList:
    """`limit` papers of a list, after the first `offset`. Raises UnknownListError.

    The kinds and their names: `day`, `week` and `month` as addresses write them, `latest` (the front page)
    and `trending` without a name, `search` the query, `author` and `organization` the slug, `category` the
    code, `similar` any name of a paper. A search has the matches of the query: see `finding.matches`.
    """
    if kind not in KINDS:
        raise UnknownListError(f"There is no such kind of list; there are {', '.join(KINDS)}.")
    # A database may refuse to look for what no text of its own can hold.
    return KINDS[kind](_Asked(name.replace("\0", " "), today, offset, limit))


def entry_updated(detail: PaperDetail) -> datetime:
    """When what a paper says was said last: its newest version or correction, never a vote. Pure."""
    said = [
        detail.row.published_at,
        detail.updated_at,
        *(version.created_at for version in detail.versions),
        *(text.replaced_at for text in detail.old_texts),
    ]
    known = max((moment for moment in (*said, detail.first_dated_at) if moment), default=None)
    # Of a paper with a year alone, nobody said anything on its first of January.
    return known or (detail.added_at if detail.row.published else entry_published(detail))


def entry_published(detail: PaperDetail) -> datetime:
    """When a paper came out, or was news, or came to us: what of these was known first stays as it is. Pure.

    A year or a month is the beginning of it here.
    """
    if detail.first_dated_at:
        return detail.first_dated_at
    # To be listed again is not to come out again, so the first day counts.
    days = [day for day in (detail.announced_on, *(one.day for one in detail.listings)) if day]
    known = detail.dated_at if detail.row.published else None
    return known or (_midnight(min(days)) if days else detail.added_at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _latest(asked: _Asked) -> PaperList:
    found, _ = editions.front_page(asked.today, limit=asked.end)
    papers = [pk for edition in found for pk in _papers(edition)]
    return PaperList(
        "latest",
        "",
        "The latest papers",
        "The papers of the latest edition, and of those before it while there are few.",
        pks=tuple(papers[asked.offset : asked.end]),
        total=sum(edition.total for edition in found),
    )


def _period(kind: str) -> Callable[[_Asked], PaperList]:
    def read_period(asked: _Asked) -> PaperList:
        period = periods.parse_period(kind, asked.name)
        if period is None:
            raise UnknownListError(f"There is no such {kind}.")
        edition = editions.edition(period, offset=asked.offset, limit=asked.limit)
        when = periods.period_name(period)
        return PaperList(
            kind,
            period.name,
            f"Papers of {when}",
            f"The research papers of {when}.",
            pks=_papers(edition),
            total=edition.total,
        )

    return read_period


def _trending(asked: _Asked) -> PaperList:
    _, ranked, total = editions.trending(asked.today, offset=asked.offset, limit=asked.limit)
    return PaperList(
        "trending",
        "",
        "Trending papers",
        "The research papers that people talk about now.",
        pks=tuple(one.pk for one in ranked),
        total=total,
    )


def _search(asked: _Asked) -> PaperList:
    query = " ".join(asked.name.split())
    found = finding.matches(query, limit=asked.limit, offset=asked.offset)
    title = Truncator(f"Papers for {query}").chars(LONGEST_TITLE) if query else "All papers"
    return PaperList(
        "search",
        query,
        title,
        f"{title}, newest first.",
        pks=found.papers,
        total=found.total,
    )


def _author(asked: _Asked) -> PaperList:
    name = authors.author(asked.name)
    if name is None:
        raise UnknownListError("There is no author at this address.")
    return _by(name, "author", asked, reading.papers_of_author(name.slug))


def _organization(asked: _Asked) -> PaperList:
    name = authors.organization(asked.name)
    if name is None:
        raise UnknownListError("There is no organization at this address.")
    return _by(name, "organization", asked, reading.papers_of_organization(name.slug))


def _category(asked: _Asked) -> PaperList:
    code = categories.canonical(asked.name)
    if not categories.is_known(code):
        raise UnknownListError("There is no category at this address.")
    papers, total = categories.papers_of_category(code)
    name = category_name(code)
    return PaperList(
        "category",
        code,
        f"Papers in {name}",
        f"The research papers in {name}, newest first.",
        pks=tuple(papers.values_list("pk", flat=True)[asked.offset : asked.end]),
        total=total,
        papers=papers,
    )


def _by(name: Name, kind: str, asked: _Asked, papers: QuerySet[Paper]) -> PaperList:
    return PaperList(
        kind,
        name.slug,
        f"Papers of {name.name}",
        f"The research papers of {name.name}, newest first.",
        pks=tuple(papers.values_list("pk", flat=True)[asked.offset : asked.end]),
        total=papers.count(),
        papers=papers,
    )


def _similar(asked: _Asked) -> PaperList:
    found = reading.resolve(asked.name)
    if found is None:
        raise UnknownListError("No paper here is known by that name.")
    pk, public_id = found
    title = text.plain(Paper.objects.values_list("title", flat=True).get(pk=pk))
    hits = finding.similar([pk], limit=SIMILAR_LISTED)
    return PaperList(
        "similar",
        public_id,
        f"Papers similar to {title}",
        f"The research papers most like {title}, the closest first.",
        pks=tuple(hit.paper_pk for hit in hits[asked.offset : asked.end]),
        total=len(hits),
    )


def _papers(edition: editions.Edition) -> tuple[int, ...]:
    return (*(one.pk for one in edition.ranked), *edition.rest)


KINDS: dict[str, Callable[[_Asked], PaperList]] = {
    "latest": _latest,
    "day": _period("day"),
    "week": _period("week"),
    "month": _period("month"),
    "trending": _trending,
    "search": _search,
    "author": _author,
    "organization": _organization,
    "category": _category,
    "similar": _similar,
}
