"""The arXiv metadata snapshot: JSON Lines, one paper a line, as the public dataset has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from broadsheet.papers.record import AuthorName, Record, RecordError
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import LINE_LIMIT, Source
from broadsheet.sources.files.readings import Reading, record_or_refusal
from broadsheet.sources.live.arxiv import records
from broadsheet.sources.live.arxiv.records import Told, author_names

_OF_PAPERS = frozenset({b"authors_parsed", b"update_date", b"journal-ref", b"report-no"})


def read(source: Source) -> Iterator[Reading]:
    """Records of a snapshot. Raises BrokenOffError after the last whole line where it is damaged."""
    for number, line in source.lines():
        if line.strip():
            yield record_or_refusal(f"line {number}", to_record, line, observed_at=source.observed_at)


def to_record(line: bytes, *, observed_at: datetime) -> Record:
    """The record of one line. Raises RecordError."""
    item = _object(line)
    return records.to_record(item, Told(authors=_authors(item), observed_at=observed_at))


def _object(line: bytes) -> JsonObject:
    if len(line) > LINE_LIMIT:
        raise RecordError(f"the line is longer than {LINE_LIMIT >> 20} MB")
    try:
        item: Any = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        raise RecordError(f"the line is not JSON: {problem}") from problem
    if not isinstance(item, dict):
        raise RecordError("the line is not a JSON object")
    return item


def _authors(item: JsonObject) -> tuple[AuthorName, ...]:
    """Names as they are written. What comes after the suffix is affiliations, and left out."""
    return tuple(author_names(map(_parts, fields.values(item, "authors_parsed"))))


def _parts(parts: Any) -> tuple[str, str, str]:
    if not isinstance(parts, list) or set(map(type, parts)) != {str}:
        raise RecordError("authors_parsed does not hold names in parts")
    family, given, suffix, *_ = (*parts, "", "")
    return family, given, suffix


def _looks_like(head: bytes) -> bool:
    """The first line may have more authors than the head has room for."""
    keys = json_items.keys(head)
    return head.startswith(b"{") and (
        not _OF_PAPERS.isdisjoint(keys) or keys >= {b"id", b"submitter", b"authors"}
    )


FORMAT = Format("arxiv-snapshot", "arXiv metadata snapshot (JSON Lines)", _looks_like, read)
