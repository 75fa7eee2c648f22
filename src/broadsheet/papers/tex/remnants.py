r"""Remains of maths in texts whose dollars and backslashes somebody has removed.

Hugging Face shows `$64\times 64$` as "64times 64". The formula can't be had back, so none is made;
but where a word can only be what is left of a command it is shown as the sign that it was. Words
that are also words of a language ("alpha", "in", "sim2real", "3 times") stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.tex.marks import PLACE, Marked, Script

# No words of any language; an arrow may stand between two words without a blank.
_ARROWS = {
    "Leftrightarrow": "⇔",
    "leftrightarrow": "↔",
    "Rightarrow": "⇒",
    "rightarrow": "→",
    "leftarrow": "←",
}
_SIGNS = {
    "varepsilon": "ε",
    "varphi": "φ",
    "lceil": "⌈",
    "rceil": "⌉",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "infty": "∞",
    "cdot": "·",
    "leq": "≤",
    "geq": "≥",
    "neq": "≠",
}
# Words, too, but not between two letters or numbers.
_BETWEEN = {"gg": "≫", "ll": "≪", "circ": "∘", "times": "×"}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_DASHES = {"3": "–", "4": "—"}

_NUMBER = r"\d++(?>(?:[.,]\d++)*)"
_QUANTITY = rf"{_NUMBER}(?:[KMBGTkx%×](?!\w)|(?!\w|-[A-Za-z]))"
_OPERAND = r"(?:[B-HJ-Zb-hj-z](?:_\w)?|\d+)"  # "a" and "I" are words
_INNER = rf"\{{([^{{}}^_\\{PLACE}]{{1,40}})\}}"

_Write = str | Callable[[re.Match[str]], str]


def _rule(needle: str, pattern: str, write: _Write) -> tuple[str, re.Pattern[str], _Write]:
    return needle, lazy_pattern(pattern), write


# What must be in the text for the rule to apply at all, its pattern, and what it writes.
_RULES = (
    _rule("x201", r"(?<=[a-z])x201([34])(?=[a-z])", lambda dash: _DASHES[dash[1]]),
    _rule(
        "math",
        rf"math(?:cal|bb|bf|rm|sf|it|frak|scr)(?:{_INNER}| ?\b([A-Z])\b)",
        r"\1\2",
    ),
    _rule("{", rf"\{{(?:bf|em|it|rm|sc|tt) ([^{{}}{PLACE}]{{1,80}})\}}", r"\1"),
    _rule("sqrt", rf"\bsqrt(?:\[([234])\])?{_INNER}", lambda root: _ROOTS[root[1] or ""] + _grouped(root[2])),
    _rule("^", r"(?<=\d)\s?\^(?:\{circ\}|circ\b)", "°"),
    _rule("ell_infty", r"(?<![A-Za-z])ell_infty\b", "ℓ_∞"),
    _rule("ell_", r"(?<![A-Za-z])ell(?=_(?:[\dpq](?!\w)|\{))", "ℓ"),
    _rule("arrow", "|".join(_ARROWS), lambda arrow: _ARROWS[arrow[0]]),
    _rule("{sim}", r"\{sim\}(?=\d)", "∼"),
    _rule("{times}", r"(?<=\d)\{times\}", "×"),
    _rule("times", r"times(?<=\dtimes)(?: (?=\d)|(?![A-Za-z]))", "×"),
    _rule("sim", rf"sim(?:(?<![\w-]sim) ?|(?<=\dsim))(?={_QUANTITY})", "∼"),
    _rule("approx", r"approx(?<![A-Za-z]approx)(?=\d)", "≈"),
    _rule("pm", r"pm(?<=\dpm)(?=\d)", " ± "),
    _rule(" pm ", r"(?<=\d\.\d) pm (?=\d)|(?<=\d\.\d\d) pm (?=\d)", " ± "),
    _rule("bullet ", r"(?:^|(?<=[.:;,!?] ))bullet (?=[A-Z])", "• "),
    _rule("(ge ", r"\(ge (?=\d)", "(≥ "),
    _rule("(le ", r"\(le (?=\d)", "(≤ "),
    *(
        _rule(f" {name} ", rf"(?<![\w'’.,-])({_OPERAND}) {name} (?={_OPERAND}(?![\w'’-]))", rf"\1 {sign} ")
        for name, sign in _BETWEEN.items()
    ),
    # Between two words there are blanks on both sides of a sign; after a letter ("1leq p") on neither.
    *(
        _rule(
            name,
            rf"{name}(?![A-Za-z-])(?:(?<![\w)]{name})|(?:(?<=\b[A-HJ-Zb-z]{name})|(?<=[\d)]{name})) ?)",
            sign,
        )
        for name, sign in _SIGNS.items()
    ),
)
_SUPERSCRIPT = lazy_pattern(rf"(?<=[\w)\]|{PLACE}])\^(?:{_INNER}|(-?\d+|[A-Za-z*+](?![\w^])))")
_SUBSCRIPT = lazy_pattern(
    rf"(?<=[\w)}}{PLACE}])_{_INNER}|(?:(?<=\blog)|(?<=(?<![\w/.])[A-Za-zℓ]))_(\d+|[A-Za-z∞])(?![\w/.]*\w)"
)


def mend(marked: Marked) -> None:
    """Show remains of stripped maths as signs, powers and indices where nothing else can be meant."""
    for needle, pattern, write in _RULES:
        if needle in marked.text:
            marked.change(pattern, write)
    if "_" in marked.text:
        marked.change(_SUBSCRIPT, lambda index: marked.put(Script("sub", index[1] or index[2])))
    if "^" in marked.text:
        marked.change(_SUPERSCRIPT, lambda power: marked.put(Script("sup", power[1] or power[2])))


def _grouped(content: str) -> str:
    return content if content.isalnum() else f"({content})"
