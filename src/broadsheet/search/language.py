"""What a person types into the search field, taken apart: words, "phrases" and -exclusions.

Every text is a query; nothing can be wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTES = dict.fromkeys(map(ord, "“”„‟«»″"), '"')
_PHRASE = re.compile(r'(?<!\S)(-?)"([^"]*)"')
_EXCLUDED = re.compile(r"(?<!\S)-(?=[^\W_])(\S+)")


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart. `text` is what is asked for, phrases included, in the order typed."""

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when nothing is asked for; exclusions alone ask for nothing."""
        return not any(sign.isalnum() for sign in self.text)


def parse(typed: str) -> Query:
    """Take a query apart: `-word` and `-"some words"` exclude, `"some words"` must stand in this order."""
    # Halves of characters come from a command line that is not UTF-8.
    text = typed.encode("utf-8", "replace").decode().translate(_QUOTES).replace("\0", " ")
    phrases: list[str] = []
    excluded: list[str] = []

    def take_phrase(found: re.Match[str]) -> str:
        (excluded if found[1] else phrases).append(found[2])
        return " " if found[1] else f" {found[2]} "

    def take_excluded(found: re.Match[str]) -> str:
        excluded.append(found[1])
        return " "

    # Exclusions are looked for outside the phrases only: "a -b" within quotes is a text.
    outside, last = [], 0
    for found in _PHRASE.finditer(text):
        outside += [_EXCLUDED.sub(take_excluded, text[last : found.start()]), take_phrase(found)]
        last = found.end()
    outside.append(_EXCLUDED.sub(take_excluded, text[last:]))
    asked = " ".join("".join(outside).replace('"', " ").split())
    return Query(asked, tuple(filter(None, phrases)), tuple(filter(None, excluded)))
