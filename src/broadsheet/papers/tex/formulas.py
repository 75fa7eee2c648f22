"""TeX maths as readable characters, for places that can't show maths."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from broadsheet.papers.tex.symbols import sign

# Longer or deeper than any formula in an abstract worth showing as one.
_LONGEST = 1_000
_DEEPEST = 20

_WORDS = r"\\(?:text\w*|mbox|hbox|rm|mathrm|operatorname\*?|href|url)\s*\{[^{}]*\}"
# Two prices in a sentence look like the two ends of a formula; its words give the sentence away.
_PROSE = re.compile(
    r"(?<![\\A-Za-z{])[a-z]{3,}[,.]?\s+[a-z]{3,}|\s[a-z]{4,}(?:\s|$)|^[a-z]{4,}\s"
    r"|\s(?:and|are|at|by|for|from|in|is|of|or|per|than|the|to|versus|with)(?:\s|$)"
)
_TOKENS = re.compile(r"\\(?P<command>[A-Za-z]+)\*?|\\(?P<escape>.)|(?P<blank>\s+|~)|(?P<other>.)", re.DOTALL)
# A sign between two things, with a blank on either side.
_SPACED_SIGN = re.compile(
    r"\s+(?:[<>=+*/:-]|\\(?:[lg]eq?|ll|gg|neq?|approx|equiv|in|pm|sim(?:eq)?|times|to)(?![A-Za-z]))\s"
)

_HAIRS = re.compile(r"\\m(?:kern|skip)\s*[+-]?\s*\d*\.?\d+\s*mu")
_ENDING_BLANKS = ("~", "\\,", "\\;", "\\:", "\\ ")
_SPACES = {",", ";", ":", " ", ">"}
_LAYOUT = (
    "left right big bigl bigr bigg biggl biggr Big Bigl Bigr Bigg Biggl Biggr limits nolimits "
    "displaystyle textstyle scriptstyle rm bf it sf tt cal boldmath mathop mathbin mathrel mathord mathstrut"
)
_STYLES = (
    "mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb underline "
    "text textrm textbf textit texttt textsf textsc textnormal emph mbox hbox operatorname ensuremath"
)
_SILENT = frozenset(_LAYOUT.split())
_FONTS = frozenset(_STYLES.split())
_OVER = {"hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304"}
_OVER |= {"overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "acute": "\u0301"}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


class _UnreadableError(ValueError):
    """The formula needs more than characters in a row."""


def is_formula(source: str, following: str) -> bool:
    """Whether `source`, found between two dollars and before `following`, is maths and not two prices."""
    if not source.strip() or len(source) > _LONGEST or not _is_balanced(source):
        return False
    if source[0] == "\\" and not source[-1].isspace():
        return True
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


def without_hairs(source: str) -> str:
    """`source` without the space that only moves what stands beside it by a hair."""
    return _HAIRS.sub("", source) if "\\mkern" in source or "\\mskip" in source else source


@lru_cache(maxsize=4096)
def readable(source: str) -> str:
    r"""`source` in Unicode where that can be read, else as it is: `O(n^2)` gives O(n²), `\ell_1` ℓ₁."""
    try:
        shown = " ".join(_Row(without_hairs(source)).read().split())
    except _UnreadableError:
        return source.strip()
    # `$5\,$GHz`: the blank belongs between the number and what follows the formula.
    return f"{shown} " if source.endswith(_ENDING_BLANKS) else shown


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
        self.depth = 0

    def read(self) -> str:
        """Everything up to the end of the row, or to the brace that closes it."""
        parts = [""]
        while (part := self._next()) is not None:
            before = parts[-1][-1:]
            # A name and the letter before or after it are two words: n log n.
            if (_is_name(part) and before.isalnum()) or (_is_name(parts[-1]) and part[:1].isalnum()):
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
            return self._command(token["command"], token.start())
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
            raise _UnreadableError(character)
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
        raise _UnreadableError(character)

    def _command(self, name: str, start: int) -> str:
        if name in _SILENT:
            return ""
        if name in _FONTS:
            return self._argument()
        shown = self._structure(name)
        return self._sign(name, start) if shown is None else shown

    def _structure(self, name: str) -> str | None:
        """A command with arguments or of its own kind; None for the name of a sign."""
        shown = None
        match name:
            case "frac" | "tfrac" | "dfrac":
                shown = f"{_grouped(self._argument())}/{_grouped(self._argument())}"
            case "sqrt":
                shown = self._root()
            case "pmod":
                shown = f" (mod {self._argument()})"
            case "mathbb":
                shown = "".join(map(_double_struck, self._argument()))
            case "quad" | "qquad" | "space":
                shown = " "
            case _ if name in _OVER:
                shown = self._accented(name)
        return shown

    def _accented(self, name: str) -> str:
        letter = self._argument()
        if len(letter) != 1:
            raise _UnreadableError(name)
        return unicodedata.normalize("NFC", letter + _OVER[name])

    def _sign(self, name: str, start: int) -> str:
        prints = sign(name)
        if prints is None:
            if self.source.startswith("{", self.at):
                raise _UnreadableError(name)
            return f"\\{name}"  # a private sign, such as the mass of the sun: the rest can still be read
        # The blank that ends a command's name is not seen, unless the author wrote one before it, too, or
        # one on either side of the sign that follows.
        has_blank_before = self.source[max(start - 1, 0) : start].isspace()
        if len(prints) == 1 and not has_blank_before and not _SPACED_SIGN.match(self.source, self.at):
            self._skip_blanks()
        return prints

    def _argument(self) -> str:
        self._skip_blanks()
        self.depth += 1
        argument = self._next() if self.depth <= _DEEPEST else None
        self.depth -= 1
        if argument is None:
            raise _UnreadableError("an argument is missing")
        return argument.strip()

    def _skip_blanks(self) -> None:
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1

    def _root(self) -> str:
        degree = re.compile(r"\s*\[(\w*)\]").match(self.source, self.at)
        if degree:
            self.at = degree.end()
        sign = _ROOTS.get(degree[1] if degree else "")
        if not sign:
            raise _UnreadableError("root")
        return sign + _grouped(self._argument())


def _is_name(part: str) -> bool:
    return len(part) > 1 and part.isalpha()


def _double_struck(letter: str) -> str:
    try:
        return unicodedata.lookup(f"DOUBLE-STRUCK CAPITAL {letter}")
    except KeyError:
        return letter


def _grouped(part: str) -> str:
    return part if part.isalnum() else f"({part})"
