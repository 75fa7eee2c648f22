"""CSL JSON, as Zotero and citeproc write it (https://citeproc-js.readthedocs.io, "CSL-JSON/items")."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import AuthorName, Record, RecordError, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.dates import day_in, fullest, month_of
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, Refusal, record_or_refusal
from broadsheet.sources.files.references import Reference, separated, to_record, typed_name

SOURCE = "csl"
# In what some programs wrap their items.
WRAPPED = "items"
_OF_ITEMS = frozenset(
    {b"DOI", b"citation-key", b"container-title", b"date-parts", b"family", b"issued", b"literal"}
)


def read(source: Source) -> Iterator[Reading]:
    """Records of items: an array, one item, or JSON Lines.

    Raises FileError where it is not JSON, BrokenOffError after the last whole item where it breaks.
    """
    yield from (reading for _, _, reading in items(source))


def items(source: Source) -> Iterator[tuple[str, Any, Record | Refusal]]:
    """The items as they are written, each with its place and what is read from it. Raises as `read`."""
    for number, (item, _) in enumerate(json_items.items(source, WRAPPED), start=1):
        place = f"item {number}"
        yield place, item, record_or_refusal(place, _to_record, item, observed_at=source.observed_at)


def _to_record(item: object, *, observed_at: datetime) -> Record:
    if not isinstance(item, dict):
        raise RecordError("it is not an object")
    reference = Reference(
        title=fields.first_text(item, "title"),
        kind=kind_of(_if_text(item, "type"), _if_text(item, "genre")),
        abstract=fields.lines(item, "abstract"),
        authors=listed(_authors(item)),
        names=tuple(_names(item)),
        urls=(fields.text(item, "URL"),),
        published_on=_day(item, "issued"),
        journal=fields.first_text(item, "container-title") or _if_text(item, "collection-title"),
        volume=fields.number(item, "volume"),
        issue=fields.number(item, "issue"),
        pages=fields.number(item, "page"),
        keywords=separated(fields.text(item, "keyword")),
    )
    return to_record(reference, source=SOURCE, observed_at=observed_at)


def _if_text(item: JsonObject, name: str) -> str:
    """The text of a field without which a paper is read all the same."""
    return fields.text(item, name) if isinstance(item.get(name), str) else ""


def _authors(item: JsonObject) -> Iterator[AuthorName]:
    """Particles (`van der`) belong to the family, as they do for arXiv."""
    for author in fields.parts(item, "author"):
        particles = (fields.text(author, f"{kind}-particle") for kind in ("dropping", "non-dropping"))
        family = " ".join(filter(None, (*particles, fields.text(author, "family"))))
        given, suffix = fields.text(author, "given"), fields.text(author, "suffix")
        whole = fields.text(author, "literal") or fields.text(author, "name")
        name = typed_name(family or whole, given, suffix)
        if name.name:
            yield name


def _names(item: JsonObject) -> Iterator[str]:
    """Where identifiers may be; a note has one a line, as Zotero keeps them there."""
    number = fields.number(item, "number")
    place = fields.number(item, "archive_location") or number
    if fields.text(item, "archive").lower() == "arxiv" and place:
        yield f"arXiv:{place.lower().removeprefix('arxiv:').strip()}"
    yield from (number, fields.text(item, "DOI"), *fields.lines(item, "note").splitlines())


def _day(item: JsonObject, name: str) -> PartialDate | None:
    """The date that says most of what a CSL date says: in parts, as it was typed, as text, or by its fields.

    Some programs write it as text or as a number, or have a list of dates: the first counts.
    """
    value = item.get(name)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return day_in(str(value))
    if isinstance(value, list) and value and isinstance(value[0], dict):
        item = {name: value[0]}
    said = fields.part(item, name)
    by_parts = [] if isinstance(said.get("date-parts"), str) else fields.values(said, "date-parts")
    parts = by_parts[0] if by_parts and isinstance(by_parts[0], list) else by_parts
    texts = (
        said[form]
        for form in ("date-parts", "raw", "literal", "date-time", "edtf")
        if isinstance(said.get(form), str | int)
    )
    return fullest(
        [
            _of_parts(parts[:3]),
            _of_parts([said.get("year"), said.get("month"), said.get("day")]),
            *map(day_in, map(str, texts)),
        ]
    )


def _of_parts(parts: Sequence[object]) -> PartialDate | None:
    """The date of year, month and day, each a number or a text; where one is empty, so are those after it."""
    known = [
        f"{part:g}" if isinstance(part, float) else str(part) for part in itertools.takewhile(bool, parts)
    ]
    year, month, day = [*known, "", "", ""][:3]
    return month_of(year, month, day)


def _looks_like(head: bytes) -> bool:
    keys = json_items.keys(head)
    return keys >= {b"title", b"type"} and not _OF_ITEMS.isdisjoint(keys)


FORMAT = Format("csl-json", "CSL JSON", _looks_like, read)
