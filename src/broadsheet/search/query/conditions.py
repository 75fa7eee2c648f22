"""What a result must satisfy, as data: the leaves and branches that a query's filters are made of.

`field` of Words and Phrase is "text" (title or abstract), "title", "abstract", "author", "org", "comment" or
"journal".
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

# All words of the catalogue that begin so are looked for: that takes so many times as long as one word.
BEGINNING_COUNTS = 8


@dataclass(frozen=True, slots=True)
class Words:
    """The field has all these words, in any form and order; "neur*" is any word that begins so."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The field has these words in this order."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """The paper has exactly this value: `field` is "cat", "category", "organization", "id", "scheme",
    "source" or "has".

    A "cat" is the code of a category, or the name of an archive for all that is in it ("cs.LG", "cs"), a
    "category" that category alone. An organization is its slug, an identifier is as addresses spell it, a
    scheme one of `identifiers.SCHEMES`. In a library it may be "state", "tag" or "note", which no index
    knows: whoever reads the library puts papers in their place.
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """A number between the two, which belong to it; None leaves that end open.

    `field` is "date" (days as `date.toordinal` counts them), "submitted" or "updated" (seconds since 1970),
    "votes" or "comments"; in a library "saved", as "date" is.
    """

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Among:
    """The paper is one of these."""

    papers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them holds."""

    conditions: tuple[Condition, ...]


Condition = Words | Phrase | Term | Range | Among | Not | AllOf | AnyOf


def is_beginning(text: str) -> bool:
    """True for "neur*", with whatever asterisk."""
    return unicodedata.normalize("NFKC", text).endswith("*")
