"""HTML and JATS in titles and abstracts, as publishers and reference managers leave them there."""

from __future__ import annotations

import html
import re

# Only names of elements that texts of papers have: other words in angle brackets are maths or code.
_PARAGRAPHS = "p|sec|title|br|div|list|list-item|ul|ol|li"
_STYLES = (
    "abstract|i|em|italic|b|bold|strong|u|underline|sc|scp|tt|monospace|span|font|su[bp]|a|ext-link|xref"
    "|inline-formula|disp-formula|alternatives|tex-math|styled-content|named-content"
)
_SCRIPTS = re.compile(r"<(?:jats:)?(su[bp])\b[^<>]{0,200}>([^<>$]{1,40})</(?:jats:)?\1>", re.IGNORECASE)
# A heading that only says what everybody knows.
_HEADING = re.compile(
    r"<(?P<tag>(?:jats:)?title|b|strong)>\s*(?:abstract|summary)[.:]?\s*</(?P=tag)>", re.IGNORECASE
)
_BREAKS = re.compile(rf"</?(?:jats:)?(?:{_PARAGRAPHS})(?:\s[^<>]{{0,1000}})?/?>", re.IGNORECASE)
_TAGS = re.compile(rf"</?(?:(?:jats:)?(?:{_STYLES})|mml:[a-z]+)(?:\s[^<>]{{0,1000}})?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d?);", re.IGNORECASE)


def without_tags(text: str) -> str:
    """The text with small letters as TeX, an empty line where a paragraph begins, and no other markup.

    Angle brackets that are no markup stay, and entities become what they name.
    """
    if "<" in text:
        text = _HEADING.sub("", text)
        text = _SCRIPTS.sub(_script, text)
        text = _TAGS.sub("", _BREAKS.sub("\n\n", text))
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def _script(found: re.Match[str]) -> str:
    return f"${'^' if found[1].lower() == 'sup' else '_'}{{{found[2].strip()}}}$"
