"""Reads the TeX in titles and abstracts: what it knows for certain it turns into text and marks.

Everything else, such as a paper's private macro or a brace that belongs to nothing, stays as it is.
One pass from left to right; braces are paired beforehand, so time grows with the length alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.tex import commands
from broadsheet.papers.tex.formulas import is_formula
from broadsheet.papers.tex.marks import Formula, Marked
from broadsheet.papers.tex.symbols import ACCENT, accented, symbol

_TOKENS = lazy_pattern(
    rf"(?P<words>[^\\${{}}]+)|(?P<accent>{ACCENT})|\\(?P<command>[A-Za-z]+)\*?|\\(?P<escape>.)"
    r"|(?P<dollars>\$\$?)|(?P<brace>[{}])|(?P<rest>.)",
    re.DOTALL,
)
_BRACES = lazy_pattern(r"\\.|[{}]", re.DOTALL)
_BLANKS = lazy_pattern(r"\s*")
_WORD_BEFORE = lazy_pattern(r"[^\W_]|[}$)”]")
_LETTER_AFTER = lazy_pattern(rf"[^\W\d_]|{ACCENT}|\{{{ACCENT}")
# Braces that only hold something together: `30{,}078`, `{\em x}`, `{\o}`, `{B}ayes`.
_GROUPING = lazy_pattern(
    r"(?<=[\w)|])\{[-,.:;+=<>]\}"
    rf"|\{{\s*{ACCENT}\s?\}}"
    r"|\{\s*\\(?P<first>[A-Za-z]+)(?=[\s\\{$])"
    r"|\{\\(?P<only>[A-Za-z]+)\s?\}"
    r"|(?<![\w}\\^])\{(?:[^\W\d_]|(?=[\d-]{0,40}[A-Z])[A-Z\d-]{2,40})\}"
    r"|(?<![_^}\\])\{[^\W\d_A-Za-z]\}"
)
# A formula that is only words in a style, as in `$\textbf{Name}$`, is no maths.
_WORDS_ONLY = lazy_pattern(
    r"\\(?:text\w*|emph|underline|href|url|unicode|SI(?:range)?|si|qty(?:range)?|unit|gls(?:pl)?)\s*\{"
)
_LAYOUT = lazy_pattern(
    r"\\(?:(?:boldmath|protect|relax|unboldmath)(?![A-Za-z])\s*|[hv]?phantom\s*\{[^{}]{0,200}\})"
)
_CODE_POINT = lazy_pattern(r"\\unicode(?:\[[^][{}]{0,99}\])?\{([^{}]{1,9})\}")
_FARTHEST = 1_100
_FORMULA_ENDS = {"(": r"\)", "[": r"\]"}
_ESCAPES = {
    ",": "\u00a0",
    **dict.fromkeys(":; \n\\", " "),
    **dict.fromkeys("!/-@", ""),
    **{character: character for character in "%&$_#{}~^\"'"},
}


def read(text: str) -> Marked:
    """`text`, its blanks already squeezed, with formulas, emphasis and links as marks."""
    if not any(sign in text for sign in "\\${}"):
        return Marked(text)
    return Reader(text).read()


@dataclass(slots=True)
class Group:
    """An open group: where it closes, and what is written there."""

    end: int
    closing: str


@dataclass(slots=True)
class Reader:
    """Where the reading is; `commands` asks it for arguments and tells it which groups to go into."""

    text: str
    at: int = 0
    groups: list[Group] = field(default_factory=list)
    marked: Marked = field(default_factory=lambda: Marked(""))
    _pairs: dict[int, int] = field(default_factory=dict)
    _unwritten: set[int] = field(default_factory=set)  # dollars around what is no maths

    def read(self) -> Marked:
        self._pairs = _paired_braces(self.text)
        parts: list[str] = []
        while token := _TOKENS.match(self.text, self.at):
            self.at = token.end()
            parts.append(self._shown(token))
        self.marked.text = "".join(parts)
        return self.marked

    def has_group(self) -> bool:
        return self._group_end() >= 0

    def argument(self) -> str:
        """The group that comes next, as it stands."""
        end = self._group_end()
        argument = self.text[self._next() + 1 : end]
        self.at = end + 1
        return argument.strip()

    def enter(self, opening: str = "", closing: str = "") -> str:
        """Go into the group that comes next, writing these instead of its braces."""
        self.groups.append(Group(self._group_end(), closing))
        self.at = self._next() + 1
        return opening

    def plain(self, source: str) -> str:
        """An argument as its reader would see it, without styles."""
        marked = read(source)
        return marked.filled(marked.text, lambda mark: mark.plain())

    def skip(self, pattern: re.Pattern[str]) -> bool:
        """Pass by what the pattern matches here, if it does."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found is not None

    def _shown(self, token: re.Match[str]) -> str:
        match token.lastgroup:
            case "accent":
                return self._accent(token)
            case "command":
                return commands.run(self, token["command"], token.start())
            case "escape":
                return self._escape(token["escape"])
            case "dollars":
                return self._dollars(token)
            case "brace":
                return self._brace(token)
        return token[0]

    def _accent(self, token: re.Match[str]) -> str:
        source = token[0]
        letter = None if source == r"\'s" and self._is_genitive(token) else accented(source)
        if letter is None:
            self.at = token.start() + 2
            return _ESCAPES.get(source[1], source[:2])
        return letter

    def _is_genitive(self, token: re.Match[str]) -> bool:
        r"""Whether `\'s` ends a word: somebody's program wrote `today\'s`; ś there is less likely.

        In braces, before a letter and beside another accent it is ś.
        """
        is_at_word = bool(_WORD_BEFORE.match(self.text, max(token.start() - 1, 0)))
        return is_at_word and not _LETTER_AFTER.match(self.text, token.end())

    def _escape(self, character: str) -> str:
        if character in _FORMULA_ENDS:
            formula = self._formula_until(_FORMULA_ENDS[character])
            return f"\\{character}" if formula is None else formula
        if character in "~^":
            self.skip(commands.EMPTY_GROUP)
        return _ESCAPES.get(character, f"\\{character}")

    def _dollars(self, token: re.Match[str]) -> str:
        if token.start() in self._unwritten:
            self.at = token.start() + 1
            return ""
        formula = self._formula_until(token[0])
        if formula is None:
            self.at = token.start() + 1
            return "$"
        return formula

    def _brace(self, token: re.Match[str]) -> str:
        if token[0] == "}":
            if self.groups and self.groups[-1].end == token.start():
                return self.groups.pop().closing
            return "}"
        end = self._pairs.get(token.start())
        if end is None:
            return "{"
        shown = not self._only_groups(token.start())
        self.groups.append(Group(end, "}" if shown else ""))
        return "{" if shown else ""

    def _only_groups(self, start: int) -> bool:
        grouping = _GROUPING.match(self.text, start)
        if not grouping:
            return False
        if grouping["first"]:
            return commands.is_known(grouping["first"])
        return not grouping["only"] or symbol(grouping["only"]) is not None

    def _formula_until(self, sign: str) -> str | None:
        """The formula from here to `sign`; nothing at all if it is only words, which are read next."""
        end = self._find(sign)
        source = self.text[self.at : end]
        # An opening sign in it belongs to a formula of its own; looking on would take quadratic time.
        if end < 0 or r"\(" in source or r"\[" in source:
            return None
        if not is_formula(source, self.text[end + len(sign) : end + len(sign) + 1]):
            return None
        words = _WORDS_ONLY.match(source)
        if words and sign == "$" and self._reaches(self.at + words.end() - 1, end):
            self._unwritten.add(end)
            return ""
        self.at = end + len(sign)
        return self.marked.put(Formula(_without_layout(source).strip()))

    def _find(self, sign: str) -> int:
        """Where `sign` stands next without a backslash before it; -1 if nowhere near."""
        limit = self.at + _FARTHEST
        end = self.text.find(sign, self.at, limit)
        while end > 0 and self.text[end - 1] == "\\":
            end = self.text.find(sign, end + 1, limit)
        return end

    def _reaches(self, start: int, end: int) -> bool:
        """Whether the groups from `start`, one right after the other, reach up to `end`."""
        while start < end and start in self._pairs:
            start = self._pairs[start] + 1
        return start == end

    def _group_end(self) -> int:
        """Where the group that comes next closes; -1 if none comes."""
        return self._pairs.get(self._next(), -1)

    def _next(self) -> int:
        """Where the next character that is no blank stands."""
        blanks = _BLANKS.match(self.text, self.at)
        return blanks.end() if blanks else self.at


def _without_layout(formula: str) -> str:
    r"""The formula without what only sets or spaces it, its `\unicode{…}` as characters."""
    formula = _LAYOUT.sub("", formula) if "\\" in formula else formula
    return _CODE_POINT.sub(lambda found: commands.code_point(found[1]), formula)


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
