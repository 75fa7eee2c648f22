"""The two formats in which arXiv's harvest describes a paper, and its authors' names.

`arXivRaw` has the versions and their dates, but all authors in one string; `arXiv` has them name by name.
Of the `arXiv` format nothing but the names is taken: its `created` is the date of the current version. In
neither is `acm-class` read, which repeats `msc-class`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple

from broadsheet.papers.degrees import is_degree_behind, without_degrees
from broadsheet.papers.names import are_groups, ends_a_group, is_group, told_apart
from broadsheet.papers.record import AuthorName, Record, RecordError
from broadsheet.sources.files.fields import squeeze
from broadsheet.sources.files.references import without_affiliation, without_contacts, without_footnotes
from broadsheet.sources.files.tex_names import person_text
from broadsheet.sources.live.arxiv import records
from broadsheet.sources.live.arxiv.records import Told, author_name

Names = tuple[AuthorName, ...]

ARXIV = "{http://arxiv.org/OAI/arXiv/}"
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
WITHDRAWN_FLAG = "I"
_PARTS = ("keyname", "forenames", "suffix")

_AND = re.compile(r"\\and(?![A-Za-z])")
_BRACKET = re.compile(r"([()])")
# A group may stand in brackets, where otherwise only affiliations are.
_GROUP_IN_BRACKETS = re.compile(
    r"\s*(?:(?:for the|on behalf of|representing)\b.*|(?:and\s+)?with\s+(?:(?-i:[A-Z])|an?\s+appendix).*"
    r"|(?:(?:the\s)?[^,;\d]*|the\s[^;\d]*)\b(?:collaborations?|consortium)\s*)",
    re.IGNORECASE,
)
_FOR = r"\s*\b(?:(?i:on behalf of)|for(?=\s+the\b))\s+"
_TOGETHER = re.compile(
    r"(?<![\s,;])[\s,;]++(?:(?:in\s+(?:close\s+)?(?:collaboration|cooperation)|along|appendix|jointly|together)\s+with"
    r"|assisted\s+by)\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"(\s*[,;:，；、،]\s*(?:(?:and\b|&)\s*)?|\s+(?:and|AND|&|with)\s+|{_FOR})")
# What may be the sign of an affiliation behind a name.
_MARKED = re.compile(r"\w\d")
_IN_SQUARE_BRACKETS = re.compile(r"\s?\[[\d\s,;*]*\]")
_DANGLING = re.compile(r"(?<=\w)(?:\s(?:and|&|with))+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,4}")
_INITIAL = re.compile(r"\b\w\.")
# A title before a name, or a degree behind it; few lists have any.
_TITLED = re.compile(
    r"\b(?:(?:Dr|Prof)(?:\.|\s|essor)|(?:[BDM]\.?\s?Sc|D\.?\s?Phil|M\.?\s?Phil|M\.?D|MBA|MPH|Ph\.?\s?D|Sc\.?\s?D)\b)"
)
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

    Affiliations in brackets and the signs of footnotes are dropped, TeX's accents become letters. Groups
    stand apart, and those that are named together are one name: `the Tide and Wave Collaborations`.
    """
    text = without_contacts(without_footnotes(squeeze(text)))
    line = _TOGETHER.sub(" with ", squeeze(_letters(_without_brackets(text))))
    line = _DANGLING.sub("", _IN_SQUARE_BRACKETS.sub("", line).rstrip(" ,;"))
    first, *rest = _BETWEEN.split(line)
    is_titled = _TITLED.search(line) is not None
    pieces = [_Piece("", first)]
    for between, written in zip(rest[::2], rest[1::2], strict=True):
        before, text = pieces[-1]
        is_suffix = _SUFFIX.fullmatch(written)
        if is_suffix or _is_within_a_group(text, between):
            pieces[-1] = _Piece(before, f"{text} {written}" if is_suffix else f"{text}{between}{written}")
            continue
        if is_titled and " " in text and is_degree_behind(written.strip()):
            continue
        if ":" in between:
            _join_groups(pieces, least=0)
        pieces.append(_Piece(between, written))
        if are_groups(written):
            _join_groups(pieces, least=1)
    told = [name for piece in pieces for name in told_apart(piece.text.strip())]
    if _MARKED.search(line):
        told = [without_affiliation(name) for name in told]
    names = [_name(without_degrees(name) if is_titled else name) for name in _given_first(told)]
    # A group may be named behind each of its members.
    first = {name: place for place, name in reversed([*enumerate(names)])}
    return tuple(name for place, name in enumerate(names) if name.given or first[name] == place)


def _given_first(told: list[str]) -> list[str]:
    """The names of `Vale, A., van Dam, B.`: nobody is called by initials alone."""
    families, given = told[::2], told[1::2]
    if len(told) % 2 or not all(map(_INITIALS.fullmatch, given)) or any("." in family for family in families):
        return told
    return [" ".join(parts) for parts in zip(given, families, strict=True)]


def _is_within_a_group(before: str, between: str) -> bool:
    """An Institute for the Tides, the Computing with Waves Team: the word parts no names there."""
    match between.strip():
        case "for":
            return ends_a_group(before)
        case "with":
            return before.lower().startswith("the ") and not ends_a_group(before)
    return False


class _Piece(NamedTuple):
    """What may be a name in a list, and the comma or word before it."""

    before: str
    text: str


def _join_groups(pieces: list[_Piece], *, least: int) -> None:
    """Make one of the last piece, if it is a group, and those before it that share its last word: back to a
    "the", or else single words; `least` of them in any case.
    """
    start = last = len(pieces) - 1
    for place in range(last - 1, max(last - 9, -1), -1):
        piece = pieces[place].text
        if not piece or ":" in pieces[place + 1].before or ends_a_group(piece) or _INITIAL.search(piece):
            break
        if piece.startswith("the ") or (piece.startswith("The ") and place == 0):
            start = place
            break
        if start == place + 1 and (" " not in piece or last - place <= least):
            start = place
    if ends_a_group(pieces[last].text):
        joined = "".join(text for piece in pieces[start:] for text in piece)
        pieces[start:] = [_Piece(pieces[start].before, joined.removeprefix(pieces[start].before))]


def _without_brackets(text: str) -> str:
    """The text without what is in brackets, and brackets in these; one that is not closed goes to the end.

    The name of a group is no affiliation, and stays.
    """
    depth, kept, within = 0, [], ""
    for part in _BRACKET.split(text):
        if part in {"(", ")"}:
            if part == ")" and depth == 1 and _GROUP_IN_BRACKETS.fullmatch(within):
                kept.append(f", {within.strip()},")
            depth = max(0, depth + (1 if part == "(" else -1))
            within = ""
        elif depth:
            within = part
        else:
            kept.append(part)
    return " ".join(kept)


def _letters(text: str) -> str:
    r"""The text without TeX: `\'e`, `{\o}`, `\ss `; a tie is a blank."""
    if "\\" in text:
        text = person_text(_AND.sub(" and ", text))
    return text.replace("{", "").replace("}", "").replace("~", " ")


def _name(written: str) -> AuthorName:
    """The parts of a name: the family name is the last word, and the particles before it."""
    if is_group(written):
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
