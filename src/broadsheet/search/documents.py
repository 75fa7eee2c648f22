"""What the index holds of a paper, read from the catalogue in bulk."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Model, Q

from broadsheet.papers import attributions, authors
from broadsheet.papers.attributions import Kind
from broadsheet.papers.identifiers import public_id
from broadsheet.papers.models import (
    Affiliation,
    Authorship,
    Paper,
    PaperCategory,
    PaperIdentifier,
    PaperLink,
    SourceRecord,
)
from broadsheet.papers.partial_dates import PartialDate, Precision
from broadsheet.papers.portions import portions
from broadsheet.papers.text import plain

# Databases bound the number of values in one query; below it, larger is only a little faster.
PAPERS_A_QUERY = 900
# Raised whenever texts are embedded in another way. A vector of another way counts until its text is embedded
# again, which is due when the paper is indexed: raise the form of the word index with it.
EMBEDDING = 1
# What readers take for one source: arXiv's list of a day is arXiv.
SAME_SOURCE = {"arxiv_listing": "arxiv"}


class Document(NamedTuple):
    """A paper as it is indexed; texts are the originals.

    `organizations` are short names and names, `identifiers` as addresses spell them; `has` are kinds of
    links, and "abstract". `day` is that of the publication (UTC, as `date.toordinal` counts), or the first
    that it may be; `until` is the last one then, where only the year or month is known. `submitted` is its
    second since 1970 and `updated` that of the last version, 0 if unknown.
    """

    paper: int
    title: str
    abstract: str
    authors: Sequence[str] = ()
    organizations: Sequence[tuple[str, str]] = ()
    categories: Sequence[str] = ()
    sources: Sequence[str] = ()
    identifiers: Sequence[str] = ()
    schemes: Sequence[str] = ()
    has: Sequence[str] = ()
    day: int = 0
    submitted: int = 0
    updated: int = 0
    comment: str = ""
    journal_ref: str = ""
    until: int = 0

    @property
    def year(self) -> int:
        """The year of the publication, 0 if unknown."""
        return date.fromordinal(self.day).year if self.day else 0

    def digest(self) -> bytes:
        """16 bytes that change when what the paper means may have changed, or how that is embedded."""
        embedded = f"{EMBEDDING}\0{self.title}\0{self.abstract}"
        return hashlib.blake2b(embedded.encode(), digest_size=16).digest()

    def meaning(self) -> str:
        """The text that is embedded."""
        return f"{plain(self.title)} {plain(self.abstract)}".strip()


def read(papers: Sequence[int]) -> Iterator[Document]:
    """Those of the papers that exist, a thousand or so at a time."""
    papers = sorted(papers)
    for some in portions(papers, PAPERS_A_QUERY):
        yield from _read(some)


def _read(papers: Sequence[int]) -> Iterator[Document]:
    people = _rows(Authorship, papers, "position", "author_id", "name")
    organizations = _rows(Affiliation, papers, "position", "organization_id", "organization__name")
    if attributions.are_there():
        _add_other_names(Kind.AUTHOR, people)
        _add_other_names(Kind.ORGANIZATION, organizations)
    categories = _rows(PaperCategory, papers, "position", "code")
    sources = _rows(SourceRecord, papers, "source", "source")
    identifiers = _rows(PaperIdentifier, papers, "scheme", "scheme", "value")
    links = _rows(PaperLink, papers, "position", "kind")
    columns = ("pk", "title", "abstract", "published_at", "published_precision", "updated_at", "comment")
    found = Paper.objects.filter(_among("pk", papers)).values_list(*columns, "journal_ref")
    for paper, title, abstract, published_at, precision, updated_at, comment, journal_ref in found:
        day, submitted = published_at.toordinal() if published_at else 0, _seconds(published_at)
        yield Document(
            paper,
            title,
            abstract,
            authors=[name for _, name in people[paper]],
            organizations=organizations[paper],
            categories=[code for (code,) in categories[paper]],
            sources=list({SAME_SOURCE.get(source, source) for (source,) in sources[paper]}),
            identifiers=[public_id(*name) for name in identifiers[paper]],
            schemes=list({scheme for scheme, _ in identifiers[paper]}),
            has=[*{kind for (kind,) in links[paper]}, *(["abstract"] if abstract else [])],
            day=day,
            submitted=submitted,
            updated=_seconds(updated_at) if updated_at else submitted,
            comment=comment,
            journal_ref=journal_ref,
            until=_until(published_at, precision) if precision else day,
        )


def _add_other_names(kind: str, rows: Mapping[int, list[tuple[Any, ...]]]) -> None:
    """Add to the slugs and names of each paper the names that curators gave them: it is found by all."""
    written = authors.written(kind, {slug for of_paper in rows.values() for slug, _ in of_paper})
    for of_paper in rows.values():
        added = {(slug, name) for slug, _ in of_paper for name in written.get(slug, ())}
        of_paper.extend(sorted(added.difference(of_paper)))


def _until(begins: datetime | None, precision: Precision | Literal["none"]) -> int:
    """The last day of a date that is known in part."""
    known = PartialDate.of(begins, precision)
    return known.last.toordinal() if known else 0


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _rows(
    model: type[Model], papers: Sequence[int], order: str, *columns: str
) -> dict[int, list[tuple[Any, ...]]]:
    """The columns of the rows of each paper."""
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    found = model._default_manager.filter(_among("paper", papers)).order_by("paper_id", order)
    for row in found.values_list("paper_id", *columns):
        rows[row[0]].append(row[1:])
    return rows


def _among(column: str, papers: Sequence[int]) -> Q:
    """That the column is one of these sorted numbers: a range, where there is no gap, is found faster."""
    first, last = papers[0], papers[-1]
    if last - first + 1 == len(papers):
        return Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return Q(**{f"{column}__in": papers})
