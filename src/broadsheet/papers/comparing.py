r"""What differs between two texts, word by word. Pure.

A formula, a TeX command with its arguments and a group in braces are words, so that each piece of the
outcome can be shown like a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal

Kind = Literal["same", "removed", "added"]

# More than any abstract of arXiv has. To compare takes time with the square of the words.
MOST_WORDS = 800
# A single word that both texts have between two changes is chance, and hard to read.
FEWEST_SAME = 2

_GROUP = r"\{(?>(?:[^{}]|\{[^{}]*+\})*)\}"
_WORD = re.compile(
    r"\s?(?:"
    r"(?>(?:(?<!\\)\$\$?[^$]++\$\$?"  # a formula
    r"|\\(?:[A-Za-z]++\*?|[^A-Za-z\s])(?:\[[^\]]{0,99}+\])?"  # a command, or an accent
    rf"(?>(?:{_GROUP})*)"
    rf"|{_GROUP}"
    r"|[^\W_]++"
    r"|(?<=[^\W_]|[$}])[-'\u2019](?=[^\W_]))+)"
    r"|\S)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that both texts have, or that were removed or added, each with the blank before it."""

    kind: Kind
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """How one text became another, both taken as one line that begins with a blank.

    All pieces that were not added make up `before`, all that were not removed `after`. Between the words
    with which both begin and end, texts of more than MOST_WORDS words are taken to be replaced as a whole.
    """
    old, new = _words(before), _words(after)
    start = _agreeing(old, new)
    end = _agreeing(old[start:][::-1], new[start:][::-1])
    changes = _changes(old[start : len(old) - end], new[start : len(new) - end])
    return tuple(_pieces([("same", new[:start]), *changes, ("same", new[len(new) - end :])]))


def _words(text: str) -> list[str]:
    return _WORD.findall(" ".join(("", *text.split())))


def _agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are the same from the beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Kind, Sequence[str]]]:
    if max(len(old), len(new)) > MOST_WORDS:
        yield "removed", old
        yield "added", new
        return
    for tag, first, last, new_first, new_last in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal" and last - first >= FEWEST_SAME:
            yield "same", new[new_first:new_last]
        else:
            yield "removed", old[first:last]
            yield "added", new[new_first:new_last]


def _pieces(runs: Iterable[tuple[Kind, Sequence[str]]]) -> Iterator[Piece]:
    """One piece for each stretch of a kind; what was removed stands before what took its place."""
    changed: dict[Kind, str] = {"removed": "", "added": ""}
    for kind, words in runs:
        if kind != "same":
            changed[kind] += "".join(words)
        elif words:
            yield from _taken(changed)
            yield Piece(kind, "".join(words))
    yield from _taken(changed)


def _taken(changed: dict[Kind, str]) -> Iterator[Piece]:
    for kind, text in changed.items():
        if text:
            yield Piece(kind, text)
            changed[kind] = ""
