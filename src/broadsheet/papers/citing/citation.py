"""What a reference manager wants to know of a paper, whatever format it is written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias, cast

from broadsheet.papers.citing.keys import key
from broadsheet.papers.citing.names import Person, people
from broadsheet.papers.identifiers import parse
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.places import places
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.sources import declared
from broadsheet.papers.text import plain

# Fields of papers that a format writes in place of their own, by the keys of the papers.
Own: TypeAlias = Mapping[int, Mapping[str, Any]]
# A preprint, or one of `record.KINDS`.
Kind = Literal[
    "preprint",
    "article",
    "inproceedings",
    "incollection",
    "book",
    "phdthesis",
    "mastersthesis",
    "techreport",
]

# Two journals are in the ACL Anthology, under older names too.
_ACL_JOURNAL = re.compile(r"\d{4}\.(?:cl|tacl)-|[JQ]\d")
# "Proceedings" alone may be a journal's name: with a year they are those of a conference.
_PROCEEDINGS = re.compile(
    r"\b(?:annual meeting|conference|congress|symposium|workshop)\b"
    r"|\bproc(?:eedings\b|\.).*\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
# As our importers of bibliographies write it, and that of the ACL Anthology.
_IN_PARTS = re.compile(
    r"(?P<journal>\S.*?)(?: (?P<volume>\d+)(?:\((?P<issue>[^\s()]+)\))?)?, pages (?P<pages>\S.*)"
)


@dataclass(frozen=True, slots=True)
class Venue:
    """Where the paper was published; `name` has everything where its parts are not known."""

    name: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""

    @property
    def ends(self) -> tuple[str, str]:
        """The first page and the last; what is one page, or no span of pages, has no last."""
        first, _, last = plain(self.pages).partition("–")
        return first, last


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A paper as it is cited. `title` and `abstract` are the original texts.

    `doi` is the publisher's, else arXiv's own; `url` and `pdf` are where the paper itself is, elsewhere.
    """

    key: str
    kind: Kind
    title: str
    abstract: str
    authors: tuple[Person, ...]
    published_on: PartialDate | None
    revised_on: date | None
    arxiv: str
    category: str
    doi: str
    url: str
    pdf: str
    publisher: str
    venue: Venue
    keywords: tuple[str, ...]
    note: str


def cite(detail: PaperDetail) -> Citation:
    """The paper as it is cited. Pure.

    It is what a source says that it is. Where none does, it is in a journal, or in proceedings if that is
    what their name says, where a name is known; of arXiv's papers that alone is not enough, without a DOI
    they are preprints. A summary of ours is not its abstract.
    """
    row, authors = detail.row, people(detail)
    values = {one.scheme: one.value for one in reversed(detail.identifiers)}
    arxiv, kind = values.get("arxiv", ""), _kind(detail, values)
    identifier = parse(row.public_id)
    elsewhere = dict(places(identifier)) if identifier else {}
    published_in = "" if kind != "preprint" else detail.journal_ref
    versions = [one.created_at for one in detail.versions if one.created_at]
    revised_at = versions[-1] if versions else detail.updated_at or row.published_at
    return Citation(
        key=key(row, authors),
        kind=kind,
        title=row.title,
        abstract="" if row.is_summary else row.abstract,
        authors=authors,
        published_on=row.published,
        revised_on=revised_at.date() if revised_at else None,
        arxiv=arxiv,
        category=row.categories[0] if arxiv and row.categories else "",
        doi=values.get("doi") or arxiv_doi(arxiv),
        url=next(reversed(elsewhere.values()), "") or row.link("page") or row.link("project"),
        pdf=elsewhere.get("PDF") or row.link("pdf"),
        publisher="" if kind != "preprint" else _archive(detail, arxiv),
        venue=_venue(detail, kind),
        keywords=detail.keywords,
        note=". ".join(filter(None, (row.standing.capitalize(), published_in))),
    )


def arxiv_doi(arxiv: str) -> str:
    """The DOI that arXiv registers for each of its papers."""
    return f"10.48550/arXiv.{arxiv}" if arxiv else ""


def acl_kind(value: str) -> Kind:
    """What the ACL Anthology has under that identifier."""
    return "article" if _ACL_JOURNAL.match(value) else "inproceedings"


def _kind(detail: PaperDetail, values: dict[str, str]) -> Kind:
    if "acl" in values:
        return acl_kind(values["acl"])
    if said := detail.publication.kind:
        return cast("Kind", said)
    if not detail.journal_ref or ("arxiv" in values and "doi" not in values):
        return "preprint"
    return "inproceedings" if _PROCEEDINGS.search(detail.journal_ref) else "article"


def _venue(detail: PaperDetail, kind: Kind) -> Venue:
    journal_ref, said = detail.journal_ref, detail.publication
    if said.name or said.volume or said.issue:
        return Venue("" if kind == "preprint" else said.name, said.volume, said.issue, said.pages)
    found = _IN_PARTS.fullmatch(journal_ref)
    if kind == "preprint" or found is None:
        return Venue("" if kind == "preprint" else journal_ref)
    journal, volume, issue, pages = (part or "" for part in found.groups())
    if kind == "inproceedings":  # a number there is the year of the conference
        return Venue(journal_ref.removesuffix(f", pages {pages}"), pages=pages)
    return Venue(journal, volume, issue, pages)


def _archive(detail: PaperDetail, arxiv: str) -> str:
    sources = ("arxiv", *detail.sources) if arxiv else detail.sources
    return next((archive for source in sources if (archive := declared(source).archive)), "")
