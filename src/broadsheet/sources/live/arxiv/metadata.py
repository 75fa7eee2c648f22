"""The two formats in which arXiv's harvest describes a paper, and its authors' names.

`arXivRaw` has the versions and their dates, but all authors in one string; `arXiv` has them name by name.
Of the `arXiv` format nothing but the names is taken: its `created` is the date of the current version. In
neither is `acm-class` read, which repeats `msc-class`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from broadsheet.papers.record import AuthorName, Record, RecordError
from broadsheet.papers.tex.symbols import ACCENT, accented, symbol
from broadsheet.sources.files.fields import squeeze
from broadsheet.sources.live.arxiv import records
from broadsheet.sources.live.arxiv.records import Told, author_name

Names = tuple[AuthorName, ...]

ARXIV = "{http://arxiv.org/OAI/arXiv/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
WITHDRAWN_FLAG = "I"
_PARTS = ("keyname", "forenames", "suffix")

_ACCENT = re.compile(ACCENT)
_LETTER = re.compile(r"\{?\\(?P<name>[A-Za-z]{1,2})(?![A-Za-z])(?:\{\}|\}|\s+)?")
_BRACKET = re.compile(r"([()])")
_BETWEEN = re.compile(r"\s*(?:[,;]|(?<=ollaboration):)\s*(?:and\b|&)?\s*|\s+(?:and|&)\s+")
_FOR_A_GROUP = re.compile(r"\s*\b(?:on behalf of|for) (?=the\b)", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:collaborations?|consortium|team|group)$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr|JR|SR)\.?|I{2,3}|IV")
# Words that begin a family name. In capitals they may be a given name: Van Nguyen, Di Wang.
_PARTICLE = re.compile(
    r"af|al|da|das|de|del|della|dem|den|der|di|do|dos|du|el|la|le|te|ten|ter|van|vom|von|zu|zum|zur"
)


def authors(element: Any) -> Names:
    """The authors in an element of the `arXiv` format, in their order. Raises RecordError."""
    _expect(element, f"{ARXIV}arXiv")
    names = []
    for author in element.iterfind(f"{ARXIV}authors/{ARXIV}author"):
        parts = {part.tag: part.text or "" for part in author}
        names.append(author_name(*(parts.get(ARXIV + name, "") for name in _PARTS)))
    return tuple(name for name in names if name.name)


def record(element: Any, told: Told) -> Record:
    """The record in an element of the `arXivRaw` format. Raises RecordError.

    Where `told` has no authors, those of the format's one string are taken.
    """
    _expect(element, f"{RAW}arXivRaw")
    item: dict[str, Any] = {
        child.tag.removeprefix(RAW): "".join(child.itertext()) if len(child) else child.text
        for child in element
        if child.tag != f"{RAW}version"
    }
    versions = list(element.iterfind(f"{RAW}version"))
    item["versions"] = [
        {"version": one.get("version"), "created": _text(one, f"{RAW}date")} for one in versions
    ]
    if not versions:
        raise RecordError("it has no version")
    flags = _text(versions[-1], f"{RAW}source_type")
    told = replace(
        told,
        authors=told.authors or split_authors(item.get("authors") or ""),
        withdrawn=WITHDRAWN_FLAG in flags,
    )
    return records.to_record(item, told)


def split_authors(text: str) -> Names:
    r"""The names in one string such as `Ana de Souza (1), G\"odel Jr. and the X Collaboration ((1) Rome)`.

    Affiliations in brackets are dropped, TeX's accents become letters.
    """
    line = squeeze(_letters(_without_brackets(text)))
    pieces: list[str] = []
    for piece in _BETWEEN.split(line):
        if pieces and _SUFFIX.fullmatch(piece):
            pieces[-1] += f" {piece}"
        else:
            pieces += _FOR_A_GROUP.split(piece)
    return tuple(_name(piece.strip()) for piece in pieces if piece.strip(" .*"))


def _without_brackets(text: str) -> str:
    """The text without what is in brackets, and brackets in these; one that is not closed goes to the end."""
    depth, kept = 0, []
    for part in _BRACKET.split(text):
        if part in {"(", ")"}:
            depth = max(0, depth + (1 if part == "(" else -1))
        elif not depth:
            kept.append(part)
    return " ".join(kept)


def _letters(text: str) -> str:
    r"""The text with what TeX spells as a command: `\'e`, `{\o}`, `\ss `; a tie is a blank."""
    if "\\" in text:
        text = _ACCENT.sub(lambda found: accented(found[0]) or found[0], text)
        text = _LETTER.sub(lambda found: symbol(found["name"]) or found[0], text)
    return text.replace("{", "").replace("}", "").replace("~", " ")


def _name(written: str) -> AuthorName:
    """The parts of a name: the family name is the last word, and the particles before it."""
    if _GROUP.search(written):
        return AuthorName(written, written)
    words = written.split(" ")
    suffix = [words.pop()] if len(words) > 1 and _SUFFIX.fullmatch(words[-1]) else []
    start = len(words) - 1
    while start > 1 and _PARTICLE.fullmatch(words[start - 1]):
        start -= 1
    return author_name(" ".join(words[start:]), " ".join(words[:start]), "".join(suffix))


def _expect(element: Any, tag: str) -> None:
    if element is None:
        raise RecordError("it has no metadata")
    if element.tag != tag:
        raise RecordError(f"its metadata is {element.tag[:80]}, not {tag}")


def _text(element: Any, child: str) -> str:
    return element.findtext(child) or ""
