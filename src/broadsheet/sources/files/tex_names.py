"""Names of people that are written in TeX, wherever they stand: in BibTeX, RIS, CSL or arXiv's lists."""

from __future__ import annotations

import re

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.tex.symbols import letters, symbol
from broadsheet.papers.text import plain
from broadsheet.sources.files.bibtex_texts import without_protection

_MARKUP = lazy_pattern(r"[\\{}$~&^<]|--|``|''")
_ARGUMENT = r"\s*\{(?:[^{}]|\{[^{}]*\})*\}"
_OPTION = r"(?:\s*\[[^\[\]]*\])?"
# What says more than a name: numbers of affiliations, footnotes, addresses. `3$^{rd}$` is a part of one.
_MARKS = lazy_pattern(
    r"\$\s*\^(?!\s*\{?\s*(?:\\[a-z]+\s*\{?\s*)?(?:st|[nr]d|th)\b)[^$]*\$"
    r"|\\textsuperscript\s*\{(?:[^{}a-z]|[a-z](?![a-z]))*\}"
    r"|\\(?:affil|affiliation|altaffiliation|authormark|cor|corref|email|fnref|footnote|IEEEauthorrefmark"
    rf"|IEEEmembership|index|inst|label|orcid|orcidID|orcidlink|thanks)(?![a-z])\*?{_OPTION}{_ARGUMENT}"
    r"|\\(?:fnmark|fnm|footnotemark)(?![a-z])\s*(?:\[[^\[\]]*\])?",
    re.IGNORECASE,
)
_ORDINAL = lazy_pattern(
    r"\\textsuperscript\s*\{\s*([a-z]+)\s*\}|\$\s*\^\s*\{?\s*(?:\\[a-z]+\s*\{?\s*)?(st|[nr]d|th)[\s}]*\$",
    re.IGNORECASE,
)
# How a name is set and where it leads.
_LAYOUT = lazy_pattern(
    r"\\(?:color|fontencoding|fontfamily|hyperlink|hypertarget|selectlanguage|textcolor|usefont)(?![a-z])\*?"
    rf"{_OPTION}{_ARGUMENT}|\\href{_ARGUMENT}(?=\s*\{{)|\\foreignlanguage{_ARGUMENT}"
    # An accent on nothing; an apostrophe is written so, too.
    r"|\\(?:[\"^~=.]|[bcdHkrtuv])\s*\{\s*\}"
)
_APOSTROPHE = lazy_pattern(r"\\(['`])\s*\{\s*\}")
_COMMAND_AND_BLANK = lazy_pattern(r"\\([A-Za-z]+)\s+(?=[^\s}])")
_LEFT_OVER = lazy_pattern(r"\\[A-Za-z]+\*?\s*|[\\{}$]")
_SIGNS = str.maketrans("", "", "\\{}$")


def without_marks(text: str) -> str:
    """Names without numbers of affiliations, footnotes and addresses, which may have commas in them."""
    return _MARKS.sub("", text)


def person_text(text: str) -> str:
    r"""A part of a person's name in Unicode, without any TeX that is left: `\foo{Ada} Vale` is Ada Vale."""
    if not _MARKUP.search(text):
        return text
    text = _ORDINAL.sub(r"\1\2", without_marks(text))
    if "\\" in text:
        text = _APOSTROPHE.sub(r"\1", _LAYOUT.sub("", text))
        text = letters(_COMMAND_AND_BLANK.sub(_without_blank, text))
    text = plain(without_protection(text))
    # What nobody knows is dropped, unless it is the whole name: `\Thanh`.
    return _LEFT_OVER.sub("", text) or text.translate(_SIGNS).strip()


def _without_blank(found: re.Match[str]) -> str:
    r"""A command that is a letter or a sign, without the blank that only ends it: `Mar\'\i a`."""
    return f"\\{found[1]}{{}}" if symbol(found[1]) else found[0]
