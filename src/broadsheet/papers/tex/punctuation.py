"""TeX's quotes, dashes and ties in running text."""

from __future__ import annotations

import re

from broadsheet.papers.tex.marks import PLACE, Marked

_QUOTES = re.compile(r"(?<!`)``(?!`)|(?<!')''(?!')|\"")
_SINGLE = re.compile(r"(?<![`\w])`(?=\w)([^`'\"]{1,60})'(?![\w'])")
_EM_DASH = re.compile(r"(?<!-)---(?!-)")
# ` --verbose` and `(--all)` are options of a program, `<!--` and `-->` marks of a comment.
_EN_DASH = re.compile(r"(?<=[^\s\-!(\[/\"'`=])--(?![->])|(?<!-)--(?![-\w>])")
_TRAILING = re.compile(r"(?<=\S)~(?=\s)")
# A tie after a word (`Table~2`), not the tilde of `z~7`, `cs~1` or ` ~30`, which says "about".
_TIE = re.compile(
    rf"(?<=[\w.,;:)\]%'’”°{PLACE}])"
    r"(?<!\b[A-Za-z])(?<!\b(?!and|at|by|in|is|of|on|or|to)[a-z]{2})(?<!\b(?!and|for|see|the)[a-z]{3})"
    rf"~(?=[\w({PLACE}\"“‘`\[])"
    rf"|(?<=\b[A-Za-z])~(?=[^\W\d])|(?<=[^\W\d])~(?=[^\W\d({PLACE}\[])"
)


def punctuate(marked: Marked) -> None:
    """Write quotes, dashes and ties as people expect to see them."""
    text = marked.text
    if "``" in text:
        text = _quoted(text)
    if "`" in text:
        text = _SINGLE.sub(r"‘\1’", text)
    if "--" in text:
        text = _EN_DASH.sub("–", _EM_DASH.sub("—", text))
    if "~" in text:
        text = _TIE.sub("\u00a0", _TRAILING.sub("", text))
    marked.text = text


def _quoted(text: str) -> str:
    """TeX's double quotes; authors often close with a typewriter's quote what they opened with TeX's."""
    is_open = False

    def write(quote: re.Match[str]) -> str:
        nonlocal is_open
        if quote[0] == "``":
            is_open = True
            return "“"
        if is_open:
            is_open = False
            return "”"
        return quote[0]

    return _QUOTES.sub(write, text)
