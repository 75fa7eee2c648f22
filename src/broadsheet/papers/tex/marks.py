"""A text on its way from TeX to the page, and the things in it that are more than characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from broadsheet.papers.tex.formulas import raised, readable
from broadsheet.papers.tex.mathml import mathml

# The private planes of Unicode have no agreed meaning, so nothing readable is lost by taking them
# out of foreign text and using them as place holders. There are more of them than LONGEST.
_FIRST = 0xF0000
PLACE = "\U000f0000-\U0010ffff"
LONGEST = 100_000

_PLACES = re.compile(f"[{PLACE}]")


@dataclass(frozen=True, slots=True)
class Formula:
    """TeX maths without its dollars."""

    source: str

    def plain(self) -> str:
        return readable(self.source)

    def html(self) -> Markup:
        return mathml(self.source) or escape(self.plain())


@dataclass(frozen=True, slots=True)
class Script:
    """Raised (`sup`) or lowered (`sub`) characters."""

    kind: str
    content: str

    def plain(self) -> str:
        return raised(self.kind, self.content)

    def html(self) -> Markup:
        return Markup("<{0}>{1}</{0}>").format(self.kind, re.sub("^-", "−", self.content))


@dataclass(frozen=True, slots=True)
class Code:
    """Characters that stay as they are: options, file names, tokens."""

    content: str

    def plain(self) -> str:
        return self.content

    def html(self) -> Markup:
        return Markup("<code>{}</code>").format(self.content)


@dataclass(frozen=True, slots=True)
class Tag:
    """The beginning or end of emphasis; its text is read like any other."""

    name: str
    ends: bool = False

    def plain(self) -> str:
        return ""

    def html(self) -> Markup:
        return Markup("</{}>").format(self.name) if self.ends else Markup("<{}>").format(self.name)


@dataclass(frozen=True, slots=True)
class Address:
    """A web address and the words to click on."""

    url: str
    label: str

    def plain(self) -> str:
        says_where = "/" in self.label or self.label.startswith("arXiv:")
        return self.label if says_where else f"{self.label} ({self.url})"

    def html(self) -> Markup:
        return Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(self.url, self.label)


Mark = Formula | Script | Code | Tag | Address


@dataclass(slots=True)
class Marked:
    """Characters, and one private character for each mark: the first for `marks[0]`, and so on."""

    text: str
    marks: list[Mark] = field(default_factory=list)

    def put(self, mark: Mark) -> str:
        """The character that stands for `mark` from now on."""
        self.marks.append(mark)
        return chr(_FIRST + len(self.marks) - 1)

    def mark(self, place: str) -> Mark:
        """The mark that the private character stands for."""
        return self.marks[ord(place) - _FIRST]

    def places(self) -> list[str]:
        """The private characters of the text, in order."""
        return _PLACES.findall(self.text) if self.marks else []

    def change(self, pattern: re.Pattern[str], write: str | Callable[[re.Match[str]], str]) -> None:
        self.text = pattern.sub(write, self.text)

    def filled(self, text: str, show: Callable[[Mark], str]) -> str:
        """`text` (ours, or ours escaped) with every mark shown."""
        return text if not self.marks else _PLACES.sub(lambda place: show(self.mark(place[0])), text)
