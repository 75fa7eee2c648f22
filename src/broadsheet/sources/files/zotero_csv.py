"""Zotero CSV (https://www.zotero.org/support/kb/exporting): a row an item, with columns by their names."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime

from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files import html_notes
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.mine import SOURCE, Brought, Mine, entry, moment, said, state_in
from broadsheet.sources.files.opening import WHOLE_LIMIT, Source
from broadsheet.sources.files.readings import BrokenOffError, FileError, record_or_refusal
from broadsheet.sources.files.references import (
    Reference,
    between_semicolons,
    listed_name,
    separated,
    to_record,
)

# Without them it is some other table.
_NEEDED = {"Title", "Item Type"}
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})
_NAMES = ("DOI", "Archive Location", "Number", "Report Number", "Call Number", "Volume", "Issue")
# A cell may be as long as a file: whether a note is too long is decided where notes are kept.
csv.field_size_limit(WHOLE_LIMIT)


def read(source: Source) -> Iterator[Brought]:
    """The rows of a table. Raises FileError where it has not Zotero's columns."""
    text, problem = source.text()
    rows = csv.DictReader(text.splitlines(keepends=True), strict=False)
    try:
        columns = set(rows.fieldnames or ())
        if not columns >= _NEEDED:
            raise FileError("its first line does not name the columns of Zotero (Item Type, Title, and more)")
        for row in rows:
            yield from _of_row(f"line {rows.line_num}", _filled(row), source.observed_at)
    except csv.Error as wrong:
        raise BrokenOffError(f"the table breaks in line {rows.line_num} ({wrong})") from wrong
    if problem:
        raise problem


def looks_like(head: bytes) -> bool:
    """True for a table whose first line names Zotero's columns."""
    first = head.split(b"\n", 1)[0].replace(b'"', b"")
    return first.startswith(b"Key,Item Type,") or {b"Item Type", b"Title", b"DOI"} <= {*first.split(b",")}


def _filled(row: Mapping[str | None, object]) -> dict[str, str]:
    """The cells with something in them; what stands behind the last column has no name."""
    return {name: cell for name, cell in row.items() if name and isinstance(cell, str) and cell.strip()}


def _of_row(place: str, row: Mapping[str, str], observed_at: datetime) -> Iterator[Brought]:
    if row and row.get("Item Type", "") not in _NO_PAPERS:
        read = record_or_refusal(place, _to_record, row, observed_at)
        yield entry(place, read, _mine(row))


def _mine(row: Mapping[str, str]) -> Mine:
    tags = [
        *between_semicolons(row.get("Manual Tags", "")),
        *between_semicolons(row.get("Automatic Tags", "")),
    ]
    return said(
        tags=tags,
        notes=map(html_notes.markdown, html_notes.separated(row.get("Notes", ""))),
        state=state_in(row.get("Extra", "")),
        saved_at=moment(row.get("Date Added", "")),
    )


def _to_record(row: Mapping[str, str], observed_at: datetime) -> Record:
    reference = Reference(
        title=row.get("Title", ""),
        kind=kind_of(row.get("Item Type", ""), row.get("Type", "")),
        abstract=row.get("Abstract Note", ""),
        authors=listed(_authors(row.get("Author", ""))),
        names=(*(row.get(name, "") for name in _NAMES), *row.get("Extra", "").splitlines()),
        urls=separated(row.get("Url", "")) if ";" in row.get("Url", "") else (row.get("Url", ""),),
        published_on=day_in(row.get("Date", "")) or day_in(row.get("Publication Year", "")),
        journal=row.get("Publication Title") or row.get("Proceedings Title") or row.get("Series", ""),
        volume=row.get("Volume", ""),
        issue=row.get("Issue", ""),
        pages=row.get("Pages", ""),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _authors(text: str) -> Iterator[AuthorName]:
    for written in between_semicolons(text):
        if (author := listed_name(written)).name:
            yield author
