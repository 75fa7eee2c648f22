"""What pages say to reference managers: `meta` tags about one paper, COinS for the papers of a list.

The tags are those that Google Scholar (https://scholar.google.com/intl/en/scholar/inclusion.html) and Zotero
read, and Dublin Core (RFC 5013); COinS is a context object of OpenURL (ANSI/NISO Z39.88) in a `span`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from broadsheet.papers.citing.citation import Venue, acl_kind, arxiv_doi, cite
from broadsheet.papers.citing.names import Person, people_in_a_list
from broadsheet.papers.identifiers import parse
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.reading import PaperDetail, PaperRow
from broadsheet.papers.text import plain

_RESERVED = re.compile(r"[^A-Za-z0-9_.~-]+")
# Zotero's own names of the kinds.
TYPES = {
    "preprint": "preprint",
    "article": "journalArticle",
    "inproceedings": "conferencePaper",
    "incollection": "bookSection",
    "book": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
}
# Zotero takes the last for the kind, and the title of the proceedings from the one before it.
VENUES = {
    "article": ("citation_journal_title",),
    "inproceedings": ("citation_inbook_title", "citation_conference_title"),
    "incollection": ("citation_inbook_title",),
}


def tags(detail: PaperDetail, page: str) -> list[tuple[str, str]]:
    """Name and content of each `meta` tag for the paper whose page has the whole address `page`."""
    return [(name, content) for name, content in _tags(detail, page) if content]


def _tags(detail: PaperDetail, page: str) -> Iterator[tuple[str, str]]:
    paper = cite(detail)
    if paper.arxiv:  # is cited as a paper of arXiv here, with a DOI that leads there
        paper = replace(paper, kind="preprint", doi=arxiv_doi(paper.arxiv), publisher="arXiv", venue=Venue())
    name, venue = plain(paper.title), paper.venue
    yield "citation_title", name
    yield from (("citation_author", one) for one in _authors(paper.authors))
    yield "citation_publication_date", _slashed(paper.published_on)
    yield "citation_online_date", _slashed(paper.revised_on)
    yield from ((tag, plain(venue.name)) for tag in VENUES.get(paper.kind, ()))
    yield "citation_volume", plain(venue.volume)
    yield "citation_issue", plain(venue.issue)
    yield from zip(("citation_firstpage", "citation_lastpage"), venue.ends, strict=True)
    yield "citation_doi", paper.doi
    yield "citation_arxiv_id", paper.arxiv
    yield "citation_abstract", plain(paper.abstract)
    yield "citation_keywords", "; ".join(plain(word).replace(";", ",") for word in paper.keywords)
    yield "citation_language", "en"
    yield "citation_public_url", page
    yield "citation_abstract_html_url", page
    yield "citation_pdf_url", paper.pdf
    yield "DC.type", TYPES[paper.kind]
    yield "DC.title", name
    yield from (("DC.creator", _inverted(one)) for one in paper.authors)
    yield "DC.date", str(paper.published_on or "")
    yield "DC.identifier", f"doi:{paper.doi}" if paper.doi else page
    yield "DC.publisher", paper.publisher
    yield "DC.language", "en"


def _authors(people: Sequence[Person]) -> Iterator[str]:
    """Of a single author, Zotero takes a comma with two words before and after it for one between two."""
    for one in people:
        family, comma, given = _inverted(one).partition(", ")
        is_torn = len(people) == 1 and comma and " " in family and " " in given
        yield f"{given} {family}" if is_torn else f"{family}{comma}{given}"


def _inverted(person: Person) -> str:
    """The family name first. Zotero reads no further than a second comma, so that a suffix has none."""
    if not person.suffix:
        return person.inverted
    return replace(person, given=f"{person.given} {person.suffix}".rstrip(), suffix="").inverted


def _slashed(day: date | PartialDate | None) -> str:
    return str(day or "").replace("-", "/")


def coins(row: PaperRow, page: str) -> str:
    """The context object of a paper in a list, percent-encoded; `page` is the whole address of its page."""
    authors = (*(one.name for one in row.authors), *row.further_authors)
    return _coins(row.public_id, row.text.title, authors, str(row.published or ""), page)


# The same papers stand on many pages, and on a page that is made anew.
@lru_cache(maxsize=4096)
def _coins(public_id: str, title: str, authors: tuple[str, ...], published: str, page: str) -> str:
    identifier = parse(public_id)
    scheme, value = (identifier.scheme, identifier.value) if identifier else ("", "")
    doi = value if scheme == "doi" else arxiv_doi(value) if scheme == "arxiv" else ""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", TYPES[acl_kind(value)] if scheme == "acl" else "preprint"),
        ("rft.title", title),
        *(("rft.au", _inverted(one)) for one in people_in_a_list(authors)),
        ("rft.date", published),
        ("rft.publisher", "arXiv" if scheme == "arxiv" else ""),
        ("rft.identifier", page),
        ("rft_id", f"info:doi/{doi}" if doi else ""),
    ]
    known = [(name, value) for name, value in pairs if value]
    # All values at once: no text has a NUL.
    values = _encoded("\0".join(value for _, value in known)).split("%00")
    return "&".join([f"{name}={value}" for (name, _), value in zip(known, values, strict=True)])


def _encoded(text: str) -> str:
    """The text percent-encoded. Nearly all of it is letters, which `quote` would look at one by one."""
    return _RESERVED.sub(lambda found: _quoted(found[0]), text)


@lru_cache(maxsize=4096)
def _quoted(signs: str) -> str:
    return quote(signs, safe="")
