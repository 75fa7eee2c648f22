"""A library as Broadsheet writes it: all that is a reader's own, and of each paper what it is known by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from broadsheet.papers.identifiers import Identifier, parse
from broadsheet.papers.record import Publication, Record, RecordError, record_from_json
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.mine import SOURCE, Brought, Entry, Mine, SaidNote, entry, state_of
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Refusal, record_or_refusal
from broadsheet.sources.files.references import Reference, to_record

HEADER, VERSION = "broadsheet_library", 1
# What of a paper is written; all else its sources say, not its reader.
FIELDS = (
    "title", "abstract", "authors", "identifiers", "published_at", "published_precision", "categories",
    "links", "journal_ref", "publication", "keywords",
)  # fmt: skip


def read(source: Source) -> Iterator[Brought]:
    """The papers of a library. Raises FileError if it is not JSON, or a later Broadsheet wrote it."""
    for number, (item, whole) in enumerate(json_items.items(source, "papers"), start=1):
        if whole.get(HEADER) != VERSION:
            raise FileError(
                "it is a library that another release of Broadsheet wrote; this one cannot read it"
            )
        yield _entry(f"paper {number}", item, source.observed_at)


def looks_like(head: bytes) -> bool:
    """True for JSON that says what it is."""
    return HEADER.encode() in json_items.keys(head)


def written(papers: Iterable[tuple[str, Record, Mine]], *, exported_at: datetime) -> bytes:
    """The library of these papers, each with its public id."""
    found = {
        HEADER: VERSION,
        "exported_at": exported_at,
        "papers": [_as_json(name, record, mine) for name, record, mine in papers],
    }
    return orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2)


def _as_json(name: str, record: Record, mine: Mine) -> dict[str, Any]:
    said = orjson.loads(record.to_json())
    return {"id": name, **as_json(mine), "paper": {field: said[field] for field in FIELDS if field in said}}


def as_json(mine: Mine) -> dict[str, Any]:
    """What is a reader's own of one paper, as `mine_of` reads it."""
    return {
        "state": mine.state if mine.is_saved else None,
        "saved_at": mine.saved_at,
        "hidden_at": mine.hidden_at,
        "tags": mine.tags,
        "notes": mine.notes,
    }


def _entry(place: str, item: object, observed_at: datetime) -> Entry | Refusal:
    if not isinstance(item, dict):
        return Refusal(place, "it is not an object")
    try:
        mine, name = mine_of(item), parse(fields.text(item, "id"))
    except RecordError as problem:
        return Refusal(place, str(problem))
    read = record_or_refusal(place, _to_record, item, name, observed_at)
    return entry(place, read, mine, name)


def _to_record(item: JsonObject, name: Identifier | None, observed_at: datetime) -> Record:
    """As another format would have the paper, so that it is known by the same key."""
    paper = fields.part(item, "paper")
    known = {field: paper[field] for field in FIELDS if field in paper}
    try:
        said = record_from_json({"source": SOURCE, "key": SOURCE, "title": "", **known})
    except AttributeError as problem:  # a name that is a number, and the like
        raise RecordError(f"the paper is not written as it should be ({problem})") from problem
    place = said.publication or Publication()
    reference = Reference(
        title=said.title,
        kind=place.kind,
        abstract=said.abstract,
        authors=said.authors,
        names=tuple(one.public_id for one in (*filter(None, [name]), *said.identifiers)),
        urls=tuple(link.url for link in said.links),
        published_on=said.published,
        journal=place.name,
        volume=place.volume,
        issue=place.issue,
        pages=place.pages,
        keywords=said.keywords,
        categories=said.categories,
    )
    record = to_record(reference, source=SOURCE, observed_at=observed_at)
    return replace(record, journal_ref=said.journal_ref, links=said.links)


def mine_of(item: Mapping[str, Any]) -> Mine:
    """What a library says of one paper. Raises RecordError."""
    state = item.get("state")
    if state is not None and (not isinstance(state, str) or not state_of(state)):
        raise RecordError("its state is none of to_read, reading, read, set_aside")
    notes = [_note(note) for note in fields.parts(item, "notes")]
    return Mine(
        tags=tuple(dict.fromkeys(fields.texts(item, "tags"))),
        notes=tuple(note for note in notes if note.text),
        state=state_of(state) if state else "",
        saved_at=fields.time(item, "saved_at"),
        is_saved=state is not None,
        hidden_at=fields.time(item, "hidden_at"),
    )


def _note(note: JsonObject) -> SaidNote:
    return SaidNote(
        fields.lines(note, "text"), fields.time(note, "written_at"), fields.time(note, "edited_at")
    )
