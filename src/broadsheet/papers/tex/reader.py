"""Reads the TeX in titles and abstracts: what it knows for certain it turns into text and marks.

Everything else, such as a paper's private macro or a brace that belongs to nothing, stays as it is.
One pass from left to right; brackets are paired beforehand, so time grows with the length alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.papers.tex.formulas import is_formula
from broadsheet.papers.tex.marks import Formula, Marked
from broadsheet.papers.tex.symbols import ACCENT, accented

_TOKENS = re.compile(
    rf"(?P<words>[^\\${{}}]+)|(?P<accent>{ACCENT})|\\(?P<command>[A-Za-z]+)\*?|\\(?P<escape>.)"
    r"|(?P<dollars>\$\$?)|(?P<brace>[{}])|(?P<rest>.)",
    re.DOTALL,
)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_BLANK = re.compile(r"\s*")
_OPTIONS = re.compile(r"\s*\[[^][{}]{0,200}\]")
_LETTERS = frozenset(["AA", "AE", "L", "O", "OE", "aa", "ae", "i", "j", "l", "o", "oe", "ss"])
_WHOLE_COMMAND = re.compile(r"\\(?:text\w*|emph|underline|href|url|unicode)\s*\{")
_ENDS = {"(": ")", "[": "]"}
_ESCAPES = {",": "\u00a0", ";": " ", ":": " ", " ": " ", "\n": " ", "\\": " ", '"': '"', "'": "'"}
_ESCAPES |= dict.fromkeys("!/-@", "") | {character: character for character in "%&$_#{}"}

# Commands that set their argument in a style; None is a style that the page does not have.
_STYLES: dict[str, str | None] = {
    **dict.fromkeys(("emph", "textit", "textsl"), "em"),
    **dict.fromkeys(("textbf",), "strong"),
    **dict.fromkeys(("texttt", "verb"), "code"),
    **dict.fromkeys(
        [
            "ensuremath",
            "hbox",
            "mathbb",
            "mathbf",
            "mathcal",
            "mathfrak",
            "mathit",
            "mathrm",
            "mathsf",
            "mathtt",
            "mbox",
            "operatorname",
            "text",
            "textmd",
            "textnormal",
            "textrm",
            "textsc",
            "textsf",
            "textup",
            "uline",
            "underline",
        ]
    ),
}
# Commands that hold to the end of their group.
_SWITCHES: dict[str, str | None] = {
    **dict.fromkeys(("em", "it", "itshape", "sl"), "em"),
    **dict.fromkeys(("bf", "bfseries"), "strong"),
    **dict.fromkeys(("tt", "ttfamily"), "code"),
    **dict.fromkeys(
        ["footnotesize", "large", "Large", "normalsize", "rm", "sc", "scshape", "sf", "small", "tiny"]
    ),
}
_SILENT = frozenset(
    ["centering", "displaystyle", "linebreak", "newline", "noindent", "par", "smallskip", "xspace"]
)
_CITATIONS = frozenset(["cite", "citealp", "citealt", "citep", "citet", "parencite", "textcite"])


def read(text: str) -> Marked:
    """`text`, its blanks already squeezed, with formulas, emphasis and links as marks."""
    if not any(sign in text for sign in "\\${}"):
        return Marked(text)
    return _Reader(text).read()


def _paired_braces(text: str) -> dict[int, int]:
    """Where the group that opens at a place closes."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for brace in _BRACES.finditer(text):
        if brace[0] == "{":
            waiting.append(brace.start())
        elif brace[0] == "}" and waiting:
            pairs[waiting.pop()] = brace.start()
    return pairs


@dataclass(slots=True)
class _Group:
    """An open group: where it closes, and what is written there."""

    end: int
    closing: str


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    pairs: dict[int, int] = field(default_factory=dict)
    groups: list[_Group] = field(default_factory=list)
    unwritten: set[int] = field(default_factory=set)  # dollars around something that is no maths
    marked: Marked = field(default_factory=lambda: Marked(""))

    def read(self) -> Marked:
        self.pairs = _paired_braces(self.text)
        parts: list[str] = []
        while token := _TOKENS.match(self.text, self.at):
            self.at = token.end()
            kind = token.lastgroup or "rest"
            parts.append(token[0] if kind in ("words", "rest") else _READS[kind](self, token))
        self.marked.text = "".join(parts)
        return self.marked

    def accent(self, token: re.Match[str]) -> str:
        source = token[0]
        # Somebody's program wrote `today\'s`, and ś would be a letter of no language with an apostrophe.
        is_genitive = source == r"\'s" and not self.text[self.at : self.at + 1].isalpha()
        letter = None if is_genitive else accented(source)
        if letter is None:
            self.at = token.start() + 2
            return _ESCAPES.get(source[1], source[:2])
        return letter

    def command(self, token: re.Match[str]) -> str:
        name = token["command"]
        if name in _SWITCHES:
            return self._switch(name)
        if name in _SILENT:
            self._skip_blanks()
            return ""
        if name in _STYLES and self._has_group():
            return self._styled(_STYLES[name])
        if name in _WITH_ARGUMENTS and self._has_group():
            return _WITH_ARGUMENTS[name](self, token)
        if name in _CITATIONS:
            return self._citation(token)
        return self._symbol(token)

    def escape(self, token: re.Match[str]) -> str:
        character = token["escape"]
        if character in _ENDS and (formula := self._formula_until("\\" + _ENDS[character])):
            return formula
        return _ESCAPES.get(character, token[0])

    def dollars(self, token: re.Match[str]) -> str:
        if token.start() in self.unwritten:
            self.at = token.start() + 1
            return ""
        if formula := self._formula_until(token[0]):
            return formula
        self.at = token.start() + 1
        return "$"

    def brace(self, token: re.Match[str]) -> str:
        if token[0] == "}":
            if self.groups and self.groups[-1].end == token.start():
                return self.groups.pop().closing
            return "}"
        end = self.pairs.get(token.start())
        if end is None:
            return "{"
        shown = not _is_only_grouping(self.text, token.start(), end)
        self.groups.append(_Group(end, "}" if shown else ""))
        return "{" if shown else ""

    def _formula_until(self, sign: str) -> str | None:
        """The formula from here to `sign`, or its text if it is only words in a style."""
        end = self._find(sign)
        source = self.text[self.at : end] if end > 0 else ""
        if not is_formula(source, self.text[end + len(sign) : end + len(sign) + 1]):
            return None
        opening = _WHOLE_COMMAND.match(source)
        if opening and sign == "$" and self.pairs.get(self.at + opening.end() - 1) == end - 1:
            self.unwritten.add(end)
            return "\u200b"
        self.at = end + len(sign)
        return self.marked.put(Formula(source.strip()))

    def _find(self, sign: str) -> int:
        """Where `sign` stands next, unless a backslash takes its meaning; -1 if nowhere near."""
        end = self.text.find(sign, self.at, self.at + 1_100)
        while sign[0] == "$" and end > 0 and self.text[end - 1] == "\\":
            end = self.text.find(sign, end + 1, self.at + 1_100)
        return end
