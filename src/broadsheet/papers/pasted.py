"""Text as people copy it: what stands around an address or an identifier goes, what belongs to it stays."""

from __future__ import annotations

import html
import re

# What nobody sees: soft hyphens, zero-width characters, marks of direction.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# Full-width forms of ASCII, as Chinese and Japanese keyboards give them; a typesetter's hyphens and minus.
_PLAIN = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(map(ord, "‐‑‒–−"), "-")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});", re.ASCII)
_ESCAPED = re.compile(r"\\([_%&#$~{}])")
# A link as TeX, Markdown and HTML write it: its address is what was pasted.
_LINK = re.compile(
    r"\\href\s*\{(?P<tex>[^{}]*)\}\s*\{.*\}|\[[^\[\]]*\]\((?P<markdown>\S+)\)"
    r"|<a\s(?:(?!href)[^>])*+href\s*=\s*+[\"']?(?P<html>[^\s\"'>]++)[^>]*+>.*",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = "\"'`*|“”„‘’‚«»‹›「」『』【】《》〈〉"
_BEFORE = re.compile(rf"(?:\\[a-z]+\{{|[\s<(\[{{{_QUOTES}])+")
_AFTER = f".,;:!?…。、{_QUOTES}"
_OPENERS = {")": "(", "]": "[", "}": "{", ">": "<"}
# The check character of a SICI ends the DOIs of the nineties, and may be a question mark.
_CHECKED = re.compile(r"\.[a-z]{2};\d-\?$", re.IGNORECASE)


def clean(text: str) -> str:
    """The text in plain characters, without HTML's and TeX's escapes and without what is around it."""
    while (plain := _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)) != text:
        # An unknown entity stays as it is, so that this ends.
        text = plain
    if link := _LINK.fullmatch(text.strip()):
        text = link["tex"] or link["markdown"] or link["html"] or ""
    return trim(_ESCAPED.sub(r"\1", _INVISIBLE.sub("", text.translate(_PLAIN))))


def trim(text: str) -> str:
    """The text without blanks, quotes, brackets and punctuation around it; brackets that it closes stay."""
    opening = _BEFORE.match(text)
    text = text[opening.end() :] if opening else text
    while text != (shorter := _without_last(text.rstrip())):
        text = shorter
    return text


def _without_last(text: str) -> str:
    """The text without its last character, if that closes a sentence, a quotation or a bracket around it."""
    last = text[-1:]
    opener = _OPENERS.get(last)
    if opener:
        return text[:-1] if text.count(last) > text.count(opener) else text
    return text[:-1] if last and last in _AFTER and not _CHECKED.search(text) else text
