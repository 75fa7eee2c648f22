"""RIS (https://en.wikipedia.org/wiki/RIS_(file_format)), a tag a line, lines ended by CR and LF, in UTF-8."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import rispy

from broadsheet.papers.citing.citation import Citation, Own, cite
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.text import plain

# Unpublished work has two names: the old list says UNPB; EndNote writes UNPD, and Zotero knows that one
# alone: of what it does not know it makes an article in a journal.
TYPES = {
    "preprint": "UNPD",
    "article": "JOUR",
    "inproceedings": "CPAPER",
    "incollection": "CHAP",
    "book": "BOOK",
    "phdthesis": "THES",
    "mastersthesis": "THES",
    "techreport": "RPRT",
}
DEGREES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}


class _Writer(rispy.RisWriter):  # type: ignore[misc]
    """As the format has it: no line with a number before each paper."""

    NEWLINE = "\r\n"

    def set_header(self, count: int) -> str:
        del count
        return ""


def ris(details: Iterable[PaperDetail], own: Own | None = None) -> str:
    """The papers as a RIS file; `own` are fields as with `bibtex`, by rispy's names for the tags."""
    fields = [{**dict(_fields(cite(one))), **(own or {}).get(one.row.pk, {})} for one in details]
    references = [{name: value for name, value in paper.items() if value} for paper in fields]
    written: str = rispy.dumps(references, implementation=_Writer)
    return written


def _fields(paper: Citation) -> Iterator[tuple[str, str | list[str]]]:
    """The fields by the names that rispy has for the tags."""
    day, venue = paper.published_on, paper.venue
    first, last = venue.ends
    yield "type_of_reference", TYPES[paper.kind]
    yield "type_of_work", DEGREES.get(paper.kind, "")
    yield "id", paper.key
    yield "title", plain(paper.title)
    yield "authors", [one.inverted for one in paper.authors]
    yield "year", f"{day.year:04}" if day else ""
    # Its form is always `year/month/day/other`, whatever of it is known.
    yield "date", "/".join([*str(day).split("-"), "", ""][:3]) + ("" if day.day else "/") if day else ""
    yield "secondary_title", plain(venue.name)
    if paper.kind == "inproceedings":  # Zotero and EndNote keep the title of the proceedings here
        yield "custom3", plain(venue.name)
    yield "volume", plain(venue.volume)
    yield "number", plain(venue.issue)
    yield "start_page", first
    yield "end_page", last
    if paper.arxiv:
        yield "name_of_database", "arXiv"
        yield "accession_number", f"arXiv:{paper.arxiv}"
    yield "doi", paper.doi
    yield "urls", [paper.url] if paper.url else []
    yield "publisher", paper.publisher
    yield "notes", [plain(paper.note)] if paper.note else []
    yield "keywords", [plain(word).replace(";", ",") for word in paper.keywords]
    yield "abstract", plain(paper.abstract)
