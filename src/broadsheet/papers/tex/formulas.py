"""TeX maths as readable characters, for places that can't show maths."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from broadsheet.papers.tex.symbols import symbol

# Longer or deeper than any formula in an abstract worth showing as one.
_LONGEST = 1_000
_DEEPEST = 20

_WORDS = r"\\(?:text\w*|mbox|hbox|rm|mathrm|operatorname\*?|href|url)\s*\{[^{}]*\}"
# Two prices in a sentence look like the two ends of a formula; its words give the sentence away.
_PROSE = re.compile(
    r"(?<![\\A-Za-z{])[a-z]{3,}[,.]?\s+[a-z]{3,}"
    r"|\s(?:and|are|at|by|for|from|in|is|of|or|per|than|the|to|versus|with)(?:\s|$)"
)
_TOKENS = re.compile(r"\\(?P<command>[A-Za-z]+)\*?|\\(?P<escape>.)|(?P<blank>\s+|~)|(?P<other>.)", re.DOTALL)

_SPACES = {",", ";", ":", " ", ">"}
_SILENT = (
    "left right big bigl bigr bigg biggl biggr Big Bigl Bigr Bigg Biggl Biggr displaystyle textstyle scriptstyle "
    "limits nolimits rm bf it sf tt cal boldmath mathop mathbin mathrel mathord mathstrut"
)
_FONTS = (
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb text textrm textbf "
    "textit texttt textsf textsc textnormal emph mbox hbox operatorname ensuremath rm bf underline"
)
_OVER = {"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304"}
_OVER |= {"overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "acute": "\u0301"}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


class _Unreadable(ValueError):
    """The formula needs more than characters in a row."""


def is_formula(source: str, following: str) -> bool:
    """Whether `source`, found between two dollars and before `following`, is maths and not two prices."""
    if not source.strip() or len(source) > _LONGEST or not _is_balanced(source):
        return False
    if source[0].isdigit() and following.isdigit():
        return False
    return not _PROSE.search(re.sub(_WORDS, "", source))


def _is_balanced(source: str) -> bool:
    depth = 0
    for brace in re.findall(r"\\.|[{}]", source, re.DOTALL):
        depth += (brace == "{") - (brace == "}")
        if not 0 <= depth <= _DEEPEST:
            return False
    return depth == 0


@lru_cache(maxsize=4096)
def readable(source: str) -> str:
    r"""`source` in Unicode where that can be read, else as it is: `O(n^2)` gives O(n²), `\ell_1` ℓ₁."""
    try:
        return " ".join(_Row(source).read().split()).strip()
    except _Unreadable:
        return source.strip()


def raised(kind: str, content: str) -> str:
    """`content` as superscript (`sup`) or subscript (`sub`) characters where Unicode has them all."""
    small = [_SMALL[kind].get(character) for character in content.replace("-", "−")]
    if all(small):
        return "".join(character or "" for character in small)
    sign = "^" if kind == "sup" else "_"
    if content in ("°", "′", "″", "∘"):
        return content.replace("∘", "°")
    return f"{sign}{content}" if content.isalnum() or len(content) == 1 else f"{sign}({content})"


def _small_characters(tag: str) -> dict[str, str]:
    """Digits, signs and brackets that Unicode has in small; letters it has only some of, so none is used."""
    found = {}
    for small in map(chr, (*range(0xB2, 0xBA), *range(0x2070, 0x209D))):
        form, _, code = unicodedata.decomposition(small).partition(" ")
        if form == tag and not chr(int(code, 16)).isalpha():
            found[chr(int(code, 16))] = small
    return found


_SMALL = {"sup": _small_characters("<super>") | {"n": "ⁿ"}, "sub": _small_characters("<sub>")}


class _Row:
    """Reads one row of a formula from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def read(self) -> str:
        """Everything up to the end of the row, or to the brace that closes it."""
        parts: list[str] = []
        while (part := self._next()) is not None:
            # A name and the letter before or after it are two words: n log n.
            if (parts and len(part) > 1 and part.isalpha() and parts[-1][-1:].isalnum()) or (
                parts and len(parts[-1]) > 1 and parts[-1].isalpha() and part[:1].isalnum()
            ):
                parts.append(" ")
            parts.append(part)
        return "".join(parts)

    def _next(self) -> str | None:
        """The next thing in Unicode; None at the end of the row."""
        token = _TOKENS.match(self.source, self.at)
        if not token:
            return None
        self.at = token.end()
        if token["command"]:
            return self._command(token["command"])
        if token["escape"]:
            return self._escape(token["escape"])
        if token["blank"]:
            return " "
        return self._other(token["other"])

    def _other(self, character: str) -> str | None:
        if character == "}":
            return None
        if character == "{":
            return self.read()
        if character in "^_":
            return raised("sup" if character == "^" else "sub", self._argument())
        if character in "&#$":
            raise _Unreadable(character)
        return {"'": "′", "-": "−", "*": "∗"}.get(character, character)

    def _escape(self, character: str) -> str:
        if character in "%$&#_{}":
            return character
        if character in _SPACES:
            return " "
        if character in "!/-":
            return ""
        if character == "|":
            return "‖"
        raise _Unreadable(character)

    def _command(self, name: str) -> str:
        if name in _FONTS.split() and self.source[self.at :].lstrip().startswith("{"):
            return self._argument()
        if name in _SILENT.split():
            return ""
        if name in ("quad", "qquad", "space"):
            return " "
        if name in ("frac", "tfrac", "dfrac"):
            return f"{_grouped(self._argument())}/{_grouped(self._argument())}"
        if name == "sqrt":
            return self._root()
        if name in _OVER and len(letter := self._argument()) == 1:
            return unicodedata.normalize("NFC", letter + _OVER[name])
        prints = symbol(name)
        if prints is None:
            raise _Unreadable(name)
        return prints

    def _argument(self) -> str:
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1
        argument = self._next()
        if argument is None:
            raise _Unreadable("an argument is missing")
        return argument.strip()

    def _root(self) -> str:
        degree = re.compile(r"\s*\[(\w*)\]").match(self.source, self.at)
        if degree:
            self.at = degree.end()
        sign = _ROOTS.get(degree[1] if degree else "")
        if not sign:
            raise _Unreadable("root")
        return sign + _grouped(self._argument())


def _grouped(part: str) -> str:
    return part if part.isalnum() else f"({part})"
