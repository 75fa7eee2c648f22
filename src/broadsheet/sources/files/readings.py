"""What reading a file gives, piece by piece: records, records refused, remarks for the operator, and what
curators said of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeAlias

import orjson

from broadsheet.papers.names import NameWord
from broadsheet.papers.record import Record, RecordError, check_size, record_from_json
from broadsheet.papers.text import unpiled

Arguments = ParamSpec("Arguments")


class FileError(ValueError):
    """Nothing of the file can be used; the message says why and what to do."""


class BrokenOffError(ValueError):
    """The data breaks before its end; what came before it is good."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that cannot be used: where it stands in its file, and what is wrong with it."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a file that the operator should know, although nothing is lost."""

    text: str


Reading: TypeAlias = Record | Refusal | Remark | NameWord


def record_or_refusal(
    place: str, read: Callable[Arguments, Record], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Record | Refusal:
    """What `read` makes of its arguments, or why the record at `place` has to stay out."""
    try:
        record = read(*args, **kwargs)
        check_size(record)
        return without_piles(record)
    except RecordError as problem:
        return Refusal(place, str(problem))


# A pile in UTF-8: five signs that are no ASCII, of at least two bytes each.
_FAR_FROM_ASCII = re.compile(rb"[\x80-\xff]{10}")


def without_piles(record: Record) -> Record:
    """The record with no more marks on a letter than languages put there."""
    content = record.content
    if content.isascii() or not _FAR_FROM_ASCII.search(content):
        return record
    said = record.to_json().decode()
    if (cut := unpiled(said)) == said:
        return record
    return replace(record_from_json(orjson.loads(cut)), old_texts=record.old_texts, known_as=record.known_as)


def within(place: str, readings: Iterable[Reading]) -> Iterator[Reading]:
    """The readings of a part of something larger; refusals say which part."""
    for one in readings:
        yield Refusal(f"{place}, {one.place}", one.reason) if isinstance(one, Refusal) else one


def printable(text: str) -> str:
    """The text for a terminal or a log: what cannot be shown becomes a replacement character."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
