"""The items of a JSON recording: an array, an object that holds one, one item, or JSON Lines of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from json import JSONDecoder
from typing import Any

import orjson

from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.opening import LINE_LIMIT, Source
from broadsheet.sources.files.readings import BrokenOffError, FileError

_BETWEEN_ITEMS = " \t\r\n,"
_KEY = re.compile(rb"""["']([A-Za-z_-]{1,40})["']\s*:""")

# An item, and the object that the recording has around it, if any.
Item = tuple[Any, JsonObject]


def items(source: Source, *names: str) -> Iterator[Item]:
    """The items in order; lines are read one by one. `names` are the fields in which an object holds them.

    A line that is not JSON gives None. Raises FileError where nothing is JSON, BrokenOffError after the last
    whole item where it breaks.
    """
    first, has_more, _ = source.head.partition(b"\n")
    if has_more and isinstance(parsed(first), dict):
        yield from _of_lines((line for _, line in source.lines()), names)
        return
    text, problem = source.text()
    if text.lstrip().startswith("["):
        yield from ((item, {}) for item in _in_array(text.strip(), problem))
        return
    recording = parsed(text)
    if recording is not None:
        yield from unwrapped(recording, *names)
    elif isinstance(parsed(text.partition("\n")[0]), dict):  # a first line longer than the head
        yield from _of_lines((line.encode() for line in text.split("\n")), names)
    else:
        raise FileError("it is not valid JSON")
    if problem:
        raise problem


@lru_cache(maxsize=2)
def keys(head: bytes) -> frozenset[bytes]:
    """The names of fields in a piece of JSON, at any depth, also of objects written in Python's notation."""
    return frozenset(_KEY.findall(head) if head.startswith((b"[", b"{")) else ())


def unwrapped(recording: object, *names: str) -> Iterator[Item]:
    """The items of an array or of an object that holds one; anything else is taken for an item."""
    if isinstance(recording, list):
        yield from ((item, {}) for item in recording)
        return
    whole = recording if isinstance(recording, dict) else {}
    held = next((whole[name] for name in names if isinstance(whole.get(name), list)), None)
    yield from [(recording, {})] if held is None else ((item, whole) for item in held)


def parsed(text: bytes | str) -> Any:
    """The value of a JSON text, None where it is not valid."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _of_lines(lines: Iterable[bytes], names: tuple[str, ...]) -> Iterator[Item]:
    for line in lines:
        if line.strip():
            yield from unwrapped(parsed(line) if len(line) <= LINE_LIMIT else None, *names)


def _in_array(text: str, problem: BrokenOffError | None) -> Iterator[Any]:
    """The items of an array, one by one, so that only its text is held as a whole; up to where it breaks.

    Raises BrokenOffError, or the `problem` already known, at the break.
    """
    decoder, count, at = JSONDecoder(), 0, 1
    while True:
        while text[at : at + 1] in _BETWEEN_ITEMS and at < len(text):
            at += 1
        if at == len(text) - 1 and text[at] == "]":
            return
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as wrong:
            raise problem or BrokenOffError(f"after item {count} it is no valid JSON") from wrong
        count += 1
        yield item
