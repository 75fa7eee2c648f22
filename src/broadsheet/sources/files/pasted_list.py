"""A list of identifiers, DOIs and addresses as somebody pastes it: a few a line, with words around."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.papers.identifiers import Identifier, parse
from broadsheet.sources.files.mine import Brought, Entry, Mine
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import FileError, Refusal, printable

_BETWEEN = re.compile(r"[\s,;]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Longer lines are no lists.
LONGEST_LINE, MOST_LINES = 10_000, 100_000
_SHOWN = 80


def read(source: Source) -> Iterator[Brought]:
    """The papers that are named, each once. Raises FileError where none is."""
    seen: set[Identifier] = set()
    refused: list[Refusal] = []
    for number, line in source.text_lines():
        if number > MOST_LINES:
            raise FileError(f"it is no list of papers: it has more than {MOST_LINES:,} lines")
        if not line.strip():
            continue
        place = f"line {number}"
        named = _named(line) if len(line) <= LONGEST_LINE else []
        for identifier in named:
            if identifier not in seen:
                seen.add(identifier)
                yield Entry(place, Mine(), name=identifier)
        if not named:
            refused.append(
                Refusal(place, f"“{_short(line)}” names no paper by an identifier, a DOI or an address")
            )
    if not seen:
        raise FileError(
            "its format is not known, and none of its lines has an identifier, a DOI or an address of a paper"
        )
    yield from refused


def _named(line: str) -> list[Identifier]:
    """The papers that a line names: as a whole, else by the addresses in it and by its words."""
    if whole := parse(line):
        return [whole]
    parts = [*_ADDRESS.findall(line), *_BETWEEN.split(_ADDRESS.sub(" ", line))]
    return [found for part in parts if (found := parse(part))]


def _short(line: str) -> str:
    text = printable(" ".join(line.split()))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
