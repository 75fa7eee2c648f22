"""RIS, as Zotero, EndNote, Mendeley and publishers write it (https://en.wikipedia.org/wiki/RIS_(file_format)).

A record goes from its `TY` to its `ER`, or to the next `TY` where somebody has forgotten that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rispy import RisParser

from broadsheet.papers.record import AuthorName, Record, RecordError
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Reading, record_or_refusal
from broadsheet.sources.files.references import Reference, author_name, to_record

SOURCE = "ris"

END = "ER  - "
# Papers of large collaborations have thousands of authors; the parser's time grows faster than the lines.
LONGEST = 10_000

_BEGINNING = re.compile(rb"^TY  -", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"(TY|ER)  -")
# An address may have a semicolon in it.
_PARSER = RisParser(skip_unknown_tags=True, delimiter_tags_mapping={})
# What says that a bare number is arXiv's, and where such a number stands: M1, AN, C7, IS.
_ARCHIVES = ("publisher", "name_of_database", "database_provider", "journal_name", "secondary_title")
_NUMBERS = ("note", "accession_number", "custom7", "number")
# JO, T2, JF, J2, JA, C3.
_JOURNALS = (
    "journal_name",
    "secondary_title",
    *(f"alternate_title{number}" for number in (3, 1, 2)),
    "custom3",
)

# The fields of a record by the names of rispy: each a text or a list of texts.
_Fields = dict[str, Any]


def read(source: Source) -> Iterator[Reading]:
    """Records of a file; tags that mean nothing here are left out.

    Raises FileError where it is not UTF-8 or no record begins, BrokenOffError after the last whole record
    where the data breaks.
    """
    text, problem = source.text()
    is_empty = True
    for line, lines in _records(text):
        if problem and lines[-1] != END:
            break
        is_empty = False
        yield record_or_refusal(f"line {line}", _to_record, lines, observed_at=source.observed_at)
    if problem:
        raise problem
    if is_empty:
        raise FileError("it has no RIS record: none of its lines begins with TY")


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of the first line of each record, and its lines; END is the last one if it was there."""
    lines: list[str] = []
    first = 0
    for number, line in enumerate(_LINE_END.split(text), start=1):
        tag = _TAG.match(line)
        if tag and lines:
            yield first, [*lines, END] if tag[1] == "ER" else lines
            lines = []
        if tag and tag[1] == "TY":
            first, lines = number, [line]
        elif lines:
            lines.append(line)
    if lines:
        yield first, lines


def _to_record(lines: list[str], *, observed_at: datetime) -> Record:
    if len(lines) > LONGEST:
        raise RecordError(f"it has more than {LONGEST} lines")
    [said] = _PARSER.parse_lines(iter([*lines, END]))
    reference = Reference(
        title=_first(said, "title", "primary_title"),
        abstract=_first(said, "abstract", "notes_abstract"),
        authors=tuple(_authors(said)),
        names=tuple(_names(said)),
        urls=(*said.get("urls", ()), _first(said, "file_attachments1"), _first(said, "file_attachments2")),
        published_on=_published_on(said),
        journal=_first(said, *_JOURNALS),
        volume=_first(said, "volume"),
        issue=_first(said, "number"),
        pages="-".join(dict.fromkeys(filter(None, (_first(said, "start_page"), _first(said, "end_page"))))),
        keywords=tuple(said.get("keywords", ())),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _first(said: _Fields, *names: str) -> str:
    """The first of these fields that says something."""
    return next((said[name] for name in names if said.get(name)), "")


def _authors(said: _Fields) -> Iterator[AuthorName]:
    """Written `Family, Given, Suffix`; a name without a comma is taken whole."""
    for written in said.get("authors") or said.get("first_authors", ()):
        family, given, suffix = [*written.split(",", 2), "", ""][:3]
        if (name := author_name(family, given, suffix)).name:
            yield name


def _names(said: _Fields) -> Iterator[str]:
    """Where identifiers may be; `M3` has the DOI in older files of EndNote."""
    is_arxiv = any(
        "arxiv" in text.lower() for text in (*said.get("urls", ()), *map(said.get, _ARCHIVES)) if text
    )
    for number in filter(None, map(said.get, _NUMBERS)):
        yield f"arXiv:{re.sub('^arxiv:', '', number, flags=re.IGNORECASE).strip()}" if is_arxiv else number
    yield from (_first(said, "doi"), _first(said, "type_of_work"), *said.get("notes", ()))


def _published_on(said: _Fields) -> date | None:
    """The day in `DA`, which some give without its year, if that is the year of publication; or else that."""
    year, day = _first(said, "year", "publication_year"), _first(said, "date")
    published, exact = day_in(year), day_in(day)
    if exact is None:
        return day_in(f"{year} {day}")
    return exact if published is None or published.year == exact.year else published


def _looks_like(head: bytes) -> bool:
    return bool(_BEGINNING.search(head))


FORMAT = Format("ris", "RIS", _looks_like, read)
