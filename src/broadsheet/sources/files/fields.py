"""Taking fields out of foreign JSON: each value is checked once, here, and refused in words.

A field that is absent or null is empty; one of the wrong kind is a RecordError that names it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from broadsheet.papers.record import RecordError

JsonObject = Mapping[str, Any]

# What the narrowest column for a number holds, on both databases.
LARGEST_COUNT = 2**31 - 1
LONGEST_URL = 2000
LONGEST_KEY = 200

_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|(?<=[.:!?)])[ \t]*\r?\n[ \t]{2,}(?=\S)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Blanks, controls, what ends an address in HTML, and signs that are not seen but turn or part what is read.
_NOT_IN_URL = re.compile(
    r"[\s\x00-\x20\x7f-\x9f<>\"\ud800-\udfff\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_ORCID = re.compile(r"(?:\d{4}-){3}\d{3}[\dX]", re.ASCII)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_KINDS = {
    str: "text",
    int: "a whole number",
    float: "a fraction",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def squeeze(text: str) -> str:
    """The text on one line: runs of blanks and line breaks become one blank, control characters go."""
    line = text.strip()
    if line.isprintable() and "  " not in line:  # nearly all of them, and there are millions
        return line
    if _SURROGATE.search(line):
        raise RecordError("the text holds half a character (a lone surrogate)")
    return " ".join(_CONTROL.sub("", " ".join(line.split())).split())


def paragraphs(text: str) -> str:
    """The text with each paragraph squeezed to a line, and an empty line between paragraphs.

    arXiv starts a paragraph with two blanks at the beginning of a line, others leave a line empty.
    """
    if "\n" not in text.strip():
        return squeeze(text)
    return "\n\n".join(line for line in map(squeeze, _PARAGRAPH_BREAK.split(text)) if line)


def text(item: JsonObject, name: str) -> str:
    """The text of a field, squeezed."""
    return squeeze(_of_kind(item, name, str, ""))


def prose(item: JsonObject, name: str) -> str:
    """The text of a field that may have paragraphs."""
    return paragraphs(_of_kind(item, name, str, ""))


def lines(item: JsonObject, name: str) -> str:
    """The text of a field as it stands, once it is clear that it can be kept."""
    text(item, name)
    return item.get(name) or ""


def number(item: JsonObject, name: str) -> str:
    """A text that some programs write as a number."""
    value = item.get(name)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else text(item, name)


def values(item: JsonObject, name: str) -> list[Any]:
    """The values of a list, whatever they are."""
    found: list[Any] = _of_kind(item, name, list, [])
    return found


def texts(item: JsonObject, name: str) -> tuple[str, ...]:
    """The texts of a list, squeezed, empty ones left out."""
    found = values(item, name)
    if not all(isinstance(value, str) for value in found):
        raise RecordError(f"{name} holds something that is not text")
    return tuple(line for line in map(squeeze, found) if line)


def first_text(item: JsonObject, name: str) -> str:
    """The first text of a list, as Crossref has them; where it is no list, the text itself."""
    if isinstance(item.get(name), str):
        return text(item, name)
    return next(iter(texts(item, name)), "")


def part(item: JsonObject, name: str) -> JsonObject:
    """The object in a field."""
    found: JsonObject = _of_kind(item, name, dict, {})
    return found


def parts(item: JsonObject, name: str) -> list[JsonObject]:
    """The objects of a list."""
    found = values(item, name)
    if not all(isinstance(value, dict) for value in found):
        raise RecordError(f"{name} holds something that is not an object")
    return found


def count(item: JsonObject, name: str) -> int | None:
    """The number of things in a field: a whole number from 0."""
    value: int | None = _of_kind(item, name, int, None)
    if value is not None and not 0 <= value <= LARGEST_COUNT:
        raise RecordError(f"{name} is negative or too large for a number of things")
    return value


def flag(item: JsonObject, name: str) -> bool:
    """True or false; false if it is not said."""
    return bool(_of_kind(item, name, bool, False))


def time(item: JsonObject, name: str) -> datetime | None:
    """The moment in a field, in UTC; one without a time zone is taken as UTC (ISO 8601)."""
    value = text(item, name)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as problem:
        raise RecordError(f"{name} is {value[:40]!r}, which is no date and time") from problem


def orcids(named: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The ORCID iDs of authors by their names, as the words of a source; a name that has two is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, said in named:
        found[name].update(_ORCID.findall(said))
    known = {name: values.pop() for name, values in found.items() if len(values) == 1}
    return {"orcid": known} if known else {}


def is_web_address(url: str) -> bool:
    """True for an http or https address that can be linked to as it stands: it shows where it leads, and has
    no password.
    """
    if len(url) > LONGEST_URL or not url.startswith(("https://", "http://")) or _NOT_IN_URL.search(url):
        return False
    try:
        address = urlsplit(url)
        return bool(address.hostname) and address.port != 0 and address.username is None
    except ValueError:
        return False


def _of_kind(item: JsonObject, name: str, kind: type, default: Any) -> Any:
    value = item.get(name)
    if value is None:
        return default
    if type(value) is not kind:
        found = _KINDS.get(type(value), "something else")
        raise RecordError(f"{name} is {found}, not {_KINDS[kind]}")
    return value
