"""CSL JSON (https://docs.citationstyles.org, CSL 1.0.2), as citation processors and Zotero read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from broadsheet.papers.citing.citation import Citation, Own, cite
from broadsheet.papers.citing.names import Person
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import IN_A_WHOLE
from broadsheet.papers.text import plain

TYPES = {
    "preprint": "article",
    "article": "article-journal",
    "inproceedings": "paper-conference",
    "incollection": "chapter",
    "book": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
}
GENRES = {"preprint": "Preprint", "phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}


def csl(details: Iterable[PaperDetail], own: Own | None = None) -> bytes:
    """The papers as a JSON array of items; `own` are fields as with `bibtex`."""
    fields = [{**dict(_item(cite(one))), **(own or {}).get(one.row.pk, {})} for one in details]
    items = [{name: value for name, value in item.items() if value} for item in fields]
    return orjson.dumps(items, option=orjson.OPT_APPEND_NEWLINE)


def _item(paper: Citation) -> Iterator[tuple[str, Any]]:
    day, venue = paper.published_on, paper.venue
    yield "id", paper.key
    yield "type", TYPES[paper.kind]
    yield "genre", GENRES.get(paper.kind, "")
    yield "title", plain(paper.title)
    yield "author", [_author(one) for one in paper.authors]
    yield "issued", {"date-parts": [list(day.parts)]} if day else None
    yield "container-title" if paper.kind in IN_A_WHOLE else "collection-title", plain(venue.name)
    yield "volume", plain(venue.volume)
    yield "issue", plain(venue.issue)
    yield "page", plain(venue.pages)
    # As Zotero writes a preprint. Styles print `archive`, too, and then say "arXiv" twice.
    yield "number", f"arXiv:{paper.arxiv}" if paper.arxiv else ""
    yield "DOI", paper.doi
    yield "URL", paper.url
    yield "publisher", paper.publisher
    yield "note", plain(paper.note)
    yield "keyword", ", ".join(plain(word) for word in paper.keywords)
    yield "abstract", plain(paper.abstract)


def _author(person: Person) -> dict[str, str]:
    if not person.given:
        return {"literal": person.family}
    parts = {"family": person.family, "given": person.given, "suffix": person.suffix}
    return {name: part for name, part in parts.items() if part}
