"""Text as people copy it: what stands around an address or an identifier goes, what belongs to it stays."""

from __future__ import annotations

import html
import re

# What nobody sees: soft hyphens, fillers, zero-width characters, marks of direction and of variants, objects.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\U000e0000-\U000e0fff]"
)
# Full-width forms of ASCII, as Chinese and Japanese keyboards give them; a typesetter's hyphens, minus,
# slashes and blanks.
_PLAIN = (
    {0xFF01 + i: 0x21 + i for i in range(94)}
    | dict.fromkeys(map(ord, "‐‑‒–−"), "-")
    | dict.fromkeys(map(ord, "⁄∕"), "/")
    | dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});", re.ASCII)
# Signs as TeX writes them, by name or number; braces or dollars may be around each.
_NAMED = {
    "backslash": "\\",
    "greater": ">",
    "gt": ">",
    "less": "<",
    "lt": "<",
    "sim": "~",
    "slash": "/",
    "textasciitilde": "~",
    "textendash": "-",
    "textgreater": ">",
    "textless": "<",
    "textunderscore": "_",
    "underscore": "_",
}
_SIGN = re.compile(
    r"\\(?:(?:symbol\s*\{(?P<symbol>\d{2,3})\}"
    r"|char\s*(?:(?P<char>\d{2,3})|\"(?P<hex>[0-9A-F]{2})|'(?P<octal>[0-7]{2,3})|`\\?(?P<itself>[!-~])))(?:\{\}|\s)?"
    rf"|(?P<name>{'|'.join(_NAMED)})(?![A-Za-z])(?:\{{\}}|\s)?|(?P<escaped>[^A-Za-z]))",
    re.ASCII,
)
_WRAPPED = re.compile(r"\{([!-/:-@\[-`|~])\}|\$([!-#%-/:-@\[-`|~])\$")
# A link as TeX, Markdown and HTML write it: its address is what was pasted.
_LINK = re.compile(
    r"\\href\s*\{(?P<tex>[^{}]*)\}\s*\{.*\}|!?\[[^\[\]]*\]\((?P<markdown>\S+)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\)"
    r"|<a\s(?>(?:(?!href)[^>])*)href\s*=\s*+[\"']?(?P<html>[^\s\"'>]++)[^>]*+>.*",
    re.IGNORECASE | re.DOTALL,
)
# Stars and quotes around a text go with all that is around it; underscores may belong to it.
_EMPHASIS = re.compile(r"\A\s*(?P<mark>_{1,2})([^_\s].*)(?P=mark)\s*\Z")
_QUOTES = "\"'`*|“”„‘’‚«»‹›「」『』【】《》〈〉"
# Points of lists, and the arrows that mark a link.
_POINTS = "•·▪‣◦●○→↗►▶🔗"
_BEFORE = re.compile(rf"(?:\\[a-z]+\{{|[\s<>(\[{{#+{_QUOTES}{_POINTS}-])+")
_AFTER = f".,;:!?…。、{_QUOTES}{_POINTS}"
_OPENERS = {")": "(", "]": "[", "}": "{", ">": "<"}
# The check character of a SICI ends the DOIs of the nineties, and may be a question mark.
_CHECKED = re.compile(r"\.[a-z]{2};\d-\?\Z", re.IGNORECASE)


def clean(text: str) -> str:
    """The text in plain characters, without HTML's and TeX's escapes and without what is around it."""
    while (plain := _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)) != text:
        # An unknown entity stays as it is, so that this ends.
        text = plain
    if link := _LINK.fullmatch(text.strip()):
        text = link["tex"] or link["markdown"] or link["html"] or ""
    text = _EMPHASIS.sub(r"\2", _INVISIBLE.sub("", text.translate(_PLAIN)))
    return trim(_WRAPPED.sub(r"\1\2", unescaped(text)) if "\\" in text else text)


def unescaped(text: str) -> str:
    r"""The text with the signs that TeX writes otherwise: `\_`, `\char95`, `\textunderscore{}`."""
    return _SIGN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = found["symbol"] or found["char"]
    if code or found["hex"] or found["octal"]:
        number = int(code) if code else int(found["hex"], 16) if found["hex"] else int(found["octal"], 8)
        return chr(number) if chr(number).isprintable() else ""
    return found["itself"] or found["escaped"] or _NAMED[found["name"]]


def trim(text: str) -> str:
    """The text without blanks, quotes, brackets and punctuation around it; brackets that it closes stay."""
    opening = _BEFORE.match(text)
    text = text[opening.end() :] if opening else text
    return text[: _end(text)]


def _end(text: str) -> int:
    """Where the text ends without the signs that close a sentence, a quotation or a bracket around it."""
    end = len(text)
    unopened = {sign: text.count(sign) - text.count(opener) for sign, opener in _OPENERS.items()}
    while end:
        last = text[end - 1]
        if last in unopened:
            if unopened[last] <= 0:
                break
            unopened[last] -= 1
        elif not last.isspace() and (last not in _AFTER or _CHECKED.search(text, max(end - 7, 0), end)):
            break
        end -= 1
    return end
