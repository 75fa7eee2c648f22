"""Texts of BibTeX fields: without the braces that only protect, names in Unicode, addresses as they are."""

from __future__ import annotations

import html
import re

from broadsheet.papers.pasted import unescaped
from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.tex.commands import TWO_ARGUMENTS, is_known
from broadsheet.papers.text import plain

# A command with what its first argument says, which is not shown.
_FIRST = (
    rf"\\(?:href|{'|'.join(TWO_ARGUMENTS)})\*?\s*(?:\[[^\[\]{{}}]*\]\s*)?\{{(?:[^{{}}]|\{{[^{{}}]*\}})*\}}\s*"
)
# Braces around an argument, and around a group that TeX needs: `{\em x}`, `{\o}`, `{\'\i}`, `{\'s}`.
_TOKENS = lazy_pattern(
    rf"(?P<maths>\$\$?[^$]*\$\$?|\\\(.{{0,1000}}?\\\))|(?P<argument>(?:{_FIRST}"
    r"""|\\(?:[A-Za-z]+\*?|[^A-Za-z&%$#_{}\\])\s*|[\^_])(?=\{))
    |(?P<escape>\\.)
    |(?P<symbol>\{\s*\\(?:[A-Za-z]+|[^A-Za-z{}]\s*\\[ij]|'s|[bd]\s+[^\W\d_])\s*\})
    |(?P<style>\{\s*\\(?P<switch>[A-Za-z]{2,})(?![A-Za-z]|\*?\s*[{\[]))
    |(?P<brace>[{}])""",
    re.DOTALL | re.VERBOSE,
)

_MARKUP = lazy_pattern(r"[\\{}$~&^<]|--|``|''")
_PLAIN = lazy_pattern(r"[\w/:.()-]*", re.ASCII)
_GUARDABLE = lazy_pattern(r"[\\{}~]")
_HREF = lazy_pattern(r"\\href\s*\{([^{}]*)\}\s*\{[^{}]*\}")
_NOTE = lazy_pattern(r"\s*\\(?:footnote|thanks)(?:\s*\[[^\[\]]*\])?\s*\{(?:[^{}]|\{[^{}]*\})*\}")
_URL = lazy_pattern(r"\\(?:url|path|nolinkurl|href|doi|texttt)(?![A-Za-z])")
_UNSEEN = lazy_pattern(
    r"\\(?:allowbreak|bf|detokenize|em|hbox|it|lowercase|mbox|protect|relax|rm|sc|small|string|textrm|textsc|textup"
    r"|tt|ttfamily)(?![A-Za-z])\s*|\\discretionary(?:\{[^{}]*\}){3}"
)
_BRACES = str.maketrans("", "", "{}$")
_WRAPPED = lazy_pattern(r"\s*\n\s*")
_ENTITY = lazy_pattern(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d?);", re.IGNORECASE)

# Stand for a blank, a comma and a semicolon that braces protect, and for the beginning of what they protect.
BLANK, COMMA, SEMICOLON, GROUP = "\ue000", "\ue001", "\ue002", "\ue003"
_PROTECTED = str.maketrans({" ": BLANK, ",": COMMA, ";": SEMICOLON, "\n": BLANK, "\t": BLANK, "~": BLANK})
_FREED = str.maketrans({BLANK: " ", COMMA: ",", SEMICOLON: ";", GROUP: ""})
_PARTS = lazy_pattern(
    r"""(?P<command>\\(?:[A-Za-z]+\*?|.)\s*)|(?P<maths>\$[^$]*\$)|(?P<brace>[{}])|(?P<tie>~)|(?P<words>[^\\{}~$]+)|.""",
    re.DOTALL | re.VERBOSE,
)


def shown(text: str) -> str:
    """A short text in Unicode."""
    return plain(without_protection(text)) if _MARKUP.search(text) else " ".join(text.split())


def title_text(text: str) -> str:
    """A title without its footnotes, and without the braces that only protect."""
    return without_protection(_NOTE.sub("", text) if "\\" in text else text)


def without_protection(text: str) -> str:
    r"""The text without the braces that tell BibTeX what to leave as it is: `{BERT}`, but not `{\o}`.

    Those that are arguments, or that end a change of style, stay.
    """
    if "{" not in text and "}" not in text:
        return text
    closings: list[str] = []  # what is written where each open group ends
    parts, at, opens_argument = [], 0, False
    for token in _TOKENS.finditer(text):
        parts.append(text[at : token.start()])
        parts.append(_kept(token, closings, opens_argument=opens_argument))
        at, opens_argument = token.end(), token.lastgroup == "argument"
    return "".join([*parts, text[at:]])


def _kept(token: re.Match[str], closings: list[str], *, opens_argument: bool) -> str:
    """What is written for a token, once it is noted what belongs where its group ends."""
    written = token[0]
    if written == "}":
        return closings.pop() if closings else ""
    if written == "{":
        closings.append("}" if opens_argument else "")
        return "{" if opens_argument else ""
    if token["switch"]:
        is_style = opens_argument or is_known(token["switch"])
        closings.append("}" if is_style else "")
        return written if is_style else written[1:]
    return written


def bare(text: str) -> str:
    r"""An identifier or address without TeX, braces and line ends: `\url{10.1/a\_b}`, `{{10.1/a$<$b}}`."""
    if _PLAIN.fullmatch(text):
        return text
    if "\n" in text:
        text = _WRAPPED.sub("", text)
    if "\\" in text:
        text = _URL.sub("", _HREF.sub(r"\1", text))
        text = _UNSEEN.sub("", text)
        text = unescaped(text)
    return with_characters(text.translate(_BRACES)).strip()


def with_characters(text: str) -> str:
    """The text with the characters that HTML's entities name: `Garc&iacute;a` is García."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def guarded(text: str) -> str:
    """The text with private characters for the blanks, commas and semicolons in braces, and ties as blanks.

    So it can be taken apart at what is left of them; `freed` gives them back.
    """
    if not _GUARDABLE.search(text):
        return text
    parts: list[str] = []
    depth, is_argument = 0, False
    for part in _PARTS.finditer(text):
        parts.append(_guarded_part(part, text, depth, is_argument=is_argument))
        depth = max(0, depth + (part[0] == "{") - (part[0] == "}"))
        is_argument = part.lastgroup == "command"
    return "".join(parts)


def _guarded_part(part: re.Match[str], text: str, depth: int, *, is_argument: bool) -> str:
    match part.lastgroup:
        case "brace":
            is_for_tex = is_argument or text.startswith("\\", part.end())
            return f"{GROUP}{{" if part[0] == "{" and depth == 0 and not is_for_tex else part[0]
        case "words":
            return part[0].translate(_PROTECTED) if depth else part[0]
        case "tie":
            return BLANK if depth else " "
    return part[0]


def freed(text: str) -> str:
    """What `guarded` has put away, as it was."""
    return text.translate(_FREED)
