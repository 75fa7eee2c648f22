"""Our own export: the public catalogue as JSON Lines, and the way back.

The first line is a header, each further line a paper: what it is for people and other programs, and the
records of all its sources with the texts that these had before. From these, its id and its other names alone
it is read back: records that were one paper become one paper, and no others. The last lines are what curators
said of the names of authors and organizations.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import zstandard

from broadsheet.papers.disk import flush
from broadsheet.papers.identifiers import Identifier, parse
from broadsheet.papers.names import (
    SLUG_LENGTH,
    WORD_ACTS,
    WORD_KINDS,
    NameWord,
    name_of_page,
    name_slug,
)
from broadsheet.papers.naming import text_of
from broadsheet.papers.record import OldText, Record, RecordError, record_from_json
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import LINE_LIMIT, Source
from broadsheet.sources.files.readings import FileError, Reading, Refusal, record_or_refusal

HEADER, NAME_WORD = "broadsheet_export", "name_word"
VERSION = 1


def read(source: Source) -> Iterator[Reading]:
    """The records of an export, with their own sources and keys.

    Raises FileError if a later Broadsheet wrote it, BrokenOffError after the last whole line at a break.
    """
    for number, line in source.lines():
        if line.strip():
            yield from _line(number, line)


def lines(
    papers: Iterable[tuple[str, Record, Sequence[Record]]],
    words: Iterable[NameWord],
    *,
    exported_at: datetime,
) -> Iterator[bytes]:
    """The lines of an export of papers, of each its public id, its combined facts and its records; and of the
    words of curators about names.
    """
    yield orjson.dumps({HEADER: VERSION, "exported_at": exported_at}, option=orjson.OPT_APPEND_NEWLINE)
    for public_id, facts, records in papers:
        paper: dict[str, Any] = {
            "id": public_id,
            "title": facts.title,
            "abstract": facts.abstract,
            "authors": [author.name for author in facts.authors],
            "published": str(facts.published) if facts.published_precision else facts.published_at,
            "categories": facts.categories,
            "records": [orjson.Fragment(record.to_json()) for record in records],
        }
        if old := [old for record in records for old in _old_texts(record)]:
            paper["old_texts"] = old
        if names := [name.public_id for name in records[0].known_as[1:]]:
            paper["names"] = names
        yield orjson.dumps(paper, option=orjson.OPT_APPEND_NEWLINE)
    for word in words:
        yield orjson.dumps({NAME_WORD: word.as_json()}, option=orjson.OPT_APPEND_NEWLINE)


def write(path: Path, content: Iterable[bytes]) -> None:
    """Write a file, compressed as its suffix (`.gz`, `.zst`) says; it appears whole or not at all."""
    if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
        with path.open("wb") as file:
            file.writelines(content)
        return
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file, _compressing(path.suffix, file) as compressed:
            for line in content:
                compressed.write(line)
        flush(unfinished)
        unfinished.replace(path)
        flush(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _old_texts(record: Record) -> Iterator[dict[str, Any]]:
    for old in record.old_texts:
        yield {"source": record.source, "key": record.key, **asdict(old)}


def _compressing(suffix: str, file: BinaryIO) -> AbstractContextManager[Any]:
    if suffix == ".gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
    if suffix == ".zst":
        return zstandard.ZstdCompressor().stream_writer(file, closefd=False)
    return nullcontext(file)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        item = orjson.loads(line) if len(line) <= LINE_LIMIT else None
    except orjson.JSONDecodeError:
        return None
    return item if isinstance(item, dict) else None


def _check(header: dict[str, Any]) -> None:
    if header[HEADER] != VERSION:
        raise FileError(
            f"it is an export of version {header[HEADER]!r:.20}; this Broadsheet reads version {VERSION}"
        )


def _line(number: int, line: bytes) -> Iterator[Reading]:
    item = _object(line)
    if item is None:
        yield Refusal(f"line {number}", f"it is not a JSON object of at most {LINE_LIMIT >> 20} MB")
    elif HEADER in item:
        _check(item)
    elif NAME_WORD in item:
        yield read_word(f"line {number}", item[NAME_WORD])
    else:
        yield from read_paper(f"line {number}", item)


def read_paper(place: str, paper: JsonObject) -> Iterator[Record | Refusal]:
    """The records of one paper, which stands in an export or an answer at `place`."""
    try:
        records, old_texts, known_as = fields.parts(paper, "records"), _texts_of_records(paper), _names(paper)
    except RecordError as problem:
        yield Refusal(place, str(problem))
        return
    if not records:
        yield Refusal(place, "the paper has no records")
    for position, record in enumerate(records, start=1):
        yield record_or_refusal(f"{place}, record {position}", _record, record, old_texts, known_as)


def read_word(place: str, said: object) -> NameWord | Refusal:
    """A curator's word about a name, which stands in an export or an answer at `place`."""
    if not isinstance(said, dict):
        return Refusal(place, "what is said of a name is no object")
    try:
        return _word(said)
    except RecordError as problem:
        return Refusal(place, str(problem))


def _word(said: JsonObject) -> NameWord:
    texts = {name: fields.text(said, name) for name in ("kind", "act", "slug", "page", "named", "name")}
    at, slugs = fields.time(said, "at"), (texts["slug"], texts["page"])
    if texts["kind"] not in WORD_KINDS or texts["act"] not in WORD_ACTS or at is None:
        raise RecordError("it is no word about a name: kind, act or at is missing or wrong")
    if any(slug != name_slug(slug) or len(slug) > SLUG_LENGTH for slug in slugs):
        raise RecordError("slug or page is no address of a name")
    if (texts["act"] == "show") != (texts["slug"] == texts["page"]):
        raise RecordError("a word about one page says what it is called, and no other word does")
    texts |= _what(texts["act"], texts["named"], texts["name"])
    return NameWord(**texts, at=at, withdrawn_at=fields.time(said, "withdrawn_at"))


def _what(act: str, named: str, name: str) -> dict[str, str]:
    """Which paper a word moves, or which name it gives, as they are stored. Raises RecordError."""
    paper, is_move = parse(named) if named else None, act == "move"
    if is_move and paper:
        return {"named": text_of(paper), "name": ""}
    if is_move or named:
        raise RecordError("a word that moves a paper, and no other, names one")
    if not (line := name_of_page(name)):
        raise RecordError("name is none that a page can have")
    return {"named": "", "name": line}


def _names(paper: JsonObject) -> tuple[Identifier, ...]:
    """The paper's id and other names; none where its id is none of ours. Raises RecordError."""
    public, *others = map(parse, (fields.text(paper, "id"), *fields.texts(paper, "names")))
    return (public, *filter(None, others)) if public else ()


def _texts_of_records(paper: JsonObject) -> dict[tuple[str, str], tuple[OldText, ...]]:
    """The old texts of a paper, by source and key of the record that they are of. Raises RecordError."""
    found: dict[tuple[str, str], tuple[OldText, ...]] = {}
    for old in fields.parts(paper, "old_texts"):
        replaced_at, version = fields.time(old, "replaced_at"), fields.count(old, "version")
        title, abstract = fields.prose(old, "title"), fields.prose(old, "abstract")
        if replaced_at is None or not title:
            raise RecordError("an old text has no title, or no time when it was replaced")
        name = (fields.text(old, "source"), fields.text(old, "key"))
        found[name] = (*found.get(name, ()), OldText(version or 0, title, abstract, replaced_at))
    return found


def _record(
    data: JsonObject,
    old_texts: Mapping[tuple[str, str], tuple[OldText, ...]],
    known_as: tuple[Identifier, ...],
) -> Record:
    """The record, once every value in it has the kind and size that the catalogue stores."""
    for name, check in _CHECKS.items():
        check(data, name)
    for name, checks in _PART_CHECKS.items():
        for part in fields.parts(data, name):
            for inner, check in checks.items():
                check(part, inner)
    record = record_from_json(dict(data))
    return replace(record, old_texts=old_texts.get((record.source, record.key), ()), known_as=known_as)


def _text(data: JsonObject, name: str) -> None:
    if data.get(name, "") is None:
        raise RecordError(f"{name} is null")
    fields.text(data, name)


def _short(data: JsonObject, name: str) -> None:
    if not 0 < len(fields.text(data, name)) <= fields.LONGEST_KEY:
        raise RecordError(f"{name} is missing or too long")


def _number(data: JsonObject, name: str) -> None:
    if fields.count(data, name) is None:
        raise RecordError(f"{name} is missing")


_CHECKS: dict[str, Callable[[JsonObject, str], object]] = {
    "source": _short,
    "key": _short,
    "author_count": fields.count,
    "withdrawn": fields.flag,
    "retracted": fields.flag,
    "said": fields.part,
    **dict.fromkeys(("published_at", "updated_at", "observed_at"), fields.time),
}
_PART_CHECKS: dict[str, dict[str, Callable[[JsonObject, str], object]]] = {
    "authors": {"name": _text, "family": _text, "given": _text},
    "organizations": {"slug": _text, "name": _text},
    "identifiers": {"value": _short},
    "versions": {"number": _number, "created_at": fields.time},
    "links": {"url": _text},
    "signals": {"name": _short, "value": _number},
    "listings": {"position": _number, "submitter_name": _text, "submitter_username": _text},
}


def _looks_like(head: bytes) -> bool:
    return head.startswith(b"{") and HEADER.encode() in json_items.keys(head.partition(b"\n")[0])


FORMAT = Format("export", "Broadsheet export (JSON Lines)", _looks_like, read)
