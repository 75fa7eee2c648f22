"""RIS, as Zotero, EndNote, Mendeley and publishers write it (https://en.wikipedia.org/wiki/RIS_(file_format)).

A record goes from its `TY`, or from what stands before it, to its `ER`, or to the next `TY` where somebody
has forgotten that. The same things stand under different tags, depending on who wrote the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.dois import first_in, leading
from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files import tagged
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, Refusal
from broadsheet.sources.files.references import (
    Reference,
    article_number,
    is_retracted,
    listed_name,
    names_between,
    published,
    to_record,
)
from broadsheet.sources.files.tagged import Dialect, Said

SOURCE = "ris"

# Word processors make other blanks and dashes of those between tag and text.
_BLANK_BYTES = rb"(?:[ \t\xa0]|\xc2\xa0|\xe2\x80[\x80-\x8a\xaf])"
_DASH_BYTES = rb"(?:[\x96\x97-]|\xe2\x80[\x90-\x95]|\xe2\x88\x92)"
_BEGINNING = re.compile(
    rb"(?:\A|[\r\n])"
    + _BLANK_BYTES
    + rb"*TY"
    + _BLANK_BYTES
    + rb"{0,3}"
    + _DASH_BYTES
    + _BLANK_BYTES
    + rb"*[A-Z]",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9]|DOI|URL)\s{0,4}[\u2010-\u2015\u2212-]\s*")
_PLAIN = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-") | dict.fromkeys(
    (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "
)
# Some put nothing between tag, dash and text.
_BEGINNING_CLOSE = re.compile(rb"(?:\A|[\r\n])[ \t]*TY[ \t]?" + _DASH_BYTES + rb"[A-Z]{3,7}[ \t]*[\r\n]")
# Some leave the first tag out.
_LINES = re.compile(rb"(?:\A|[\r\n])(?:[A-Z][A-Z0-9]  - [^\r\n]*(?:\r\n?|\n)){3}")
# A line of a text may begin with `ER-positive`.
_END = re.compile(r"[ \t]*(?:ER[ \t]{2,3}-.*|er  -.*|ER[ \t]?-?[ \t]*)$")
_LINE = re.compile(r"[ \t]*(?P<tag>[A-Z][A-Z0-9]|DOI|URL)[ \t]{2,3}-[ \t]?(?P<text>.*)", re.DOTALL)
_LINE_IN_LOWER_CASE = re.compile(r"(?P<tag>[a-z][a-z0-9])  - ?(?P<text>.*)", re.DOTALL)
# With one blank or none, words of a text look like this too: these tags alone are some.
_TAGS = (
    r"TY|A[1-6BDNUV]|BT|C[1-8AEMNPTY]|D[ABOP]|DOI|ED|EP|ET|ID|IS|J[12AFO]|K[W1]|L[1-4ABK]|M[1-3]"
    r"|N[12]|OP|P[BPY]|RI|RN|RP|S[ENPT]|T[1-3AIT]|U[1-5R]|URL|V[LO]|Y[12]"
)
_NARROW_LINE = re.compile(rf"[ \t]*(?P<tag>{_TAGS})[ \t]?-(?:[ \t]+(?P<text>.*)|$)", re.DOTALL)
_PARTICLE = r"(?:al|d[aeiu]|de[lnr]|dos|el|l[ae]|te[nr]|v[ao]n|von|zu[mr]?|'t) |(?:d|l)['’]|al-"
_CLOSE_LINE = re.compile(
    rf"[ \t]*(?P<tag>{_TAGS})[ \t]?-"
    rf"(?P<text>(?![a-z])[ \t]*.*|(?:arxiv|doi|https?):.*|(?:{_PARTICLE}){{1,4}}[A-Z].*)",
    re.DOTALL,
)
_LONG_TAGS = {"DOI": "DO", "URL": "UR"}
# Where the end of a line was lost before a tag.
_GLUED = re.compile(rf"(?<=\S)[ \t]+(?=(?:{_TAGS})  - |ER  -)")
# What stands behind the title where a tag or its line was none: `Waves. DOI: 10.1000/x`.
_DOI_BEHIND = re.compile(
    r"(?<=[\s.,;(\[])(?:DOI|DO)\b[\s:–—-]*(?P<doi>(?:https?://\S*?)?10\.\d{4,9}/\S+)\s*\Z", re.IGNORECASE
)
_TITLES = ("TI", "T1", "CT", "ST", "TT", "BT")
_JOURNALS = ("T2", "JF", "BT", "JO", "J2", "JA", "J1", "C3", "T3")
# What says that a bare number is arXiv's, and where such a number stands.
_ARCHIVES = ("PB", "DB", "DP", "JO", "JF", "T2", "UR")
_NUMBERS = ("M1", "AN", "C7", "IS", "VL", "SP")
_BETWEEN_ADDRESSES = re.compile(r"\s+|;\s*(?=https?://)")
_BETWEEN_NOTES = re.compile(r";\s")


def read(source: Source) -> Iterator[Reading]:
    """Records of a file; tags that mean nothing here are left out.

    Raises FileError where no record begins, BrokenOffError after the last whole record where the data breaks.
    """
    return tagged.read(source, _dialect(source), _to_record)


def records(source: Source) -> Iterator[tuple[Said, Record | Refusal]]:
    """What each record says, and what is read from it. Raises as `read`."""
    return tagged.read_said(source, _dialect(source), _to_record)


def keywords(said: Said) -> Iterator[str]:
    """The keywords of a record."""
    for line in said.lines("KW", "K1"):
        yield from line.split(";")


def _dialect(source: Source) -> Dialect:
    tag = _close_tag if _BEGINNING_CLOSE.search(source.head) else _tag
    return Dialect(tag, "TY", _END, _parts)


def _looks_like(head: bytes) -> bool:
    return bool(_BEGINNING.search(head) or _LINES.search(head))


def _parts(line: str) -> list[str]:
    """The lines that a line is made of, with plain signs between tag and text."""
    if not line.isascii() and (separator := _SEPARATOR.match(line)):
        plain = f"{separator[0].translate(_PLAIN)}{line[separator.end() :]}"
        line = plain if _close_tag(plain) or _END.match(plain) else line
    return _GLUED.split(line) if "  - " in line else [line]


def _tag(line: str) -> tuple[str, str] | None:
    return _said(_LINE.match(line) or _NARROW_LINE.match(line) or _LINE_IN_LOWER_CASE.match(line))


def _close_tag(line: str) -> tuple[str, str] | None:
    return _said(_LINE.match(line) or _CLOSE_LINE.match(line))


def _said(found: re.Match[str] | None) -> tuple[str, str] | None:
    if found is None:
        return None
    tag = found["tag"].upper()
    return _LONG_TAGS.get(tag, tag), found["text"] or ""


def _to_record(said: Said, source: Source) -> Record:
    title = said.first(*_TITLES)
    behind = _DOI_BEHIND.search(title)
    reference = Reference(
        kind=kind_of(said.first("TY"), said.first("M3")),
        title=title[: behind.start()].rstrip(" \t\n.,;([") if behind else title,
        abstract=said.first("AB", "N2"),
        authors=listed(_authors(said)),
        names=(*_names(said), *([behind["doi"]] if behind else [])),
        urls=tuple(_addresses(said)),
        published_on=published(said.values("PY") + said.values("Y1") + said.values("DA")),
        journal=said.first(*_JOURNALS),
        volume=said.first("VL", "VO"),
        issue=said.first("IS"),
        pages=_pages(said),
        keywords=tuple(keywords(said)),
    )
    record = to_record(reference, source=SOURCE, observed_at=source.observed_at)
    return replace(record, retracted=record.retracted or is_retracted("", said.values("M3")))


def _authors(said: Said) -> Iterator[AuthorName]:
    """The names under `AU` and `A1`, in the order of the file; where a program writes all of them under both,
    those in the fuller form.
    """
    main, other = said.lines("AU"), said.lines("A1")
    written = said.lines("AU", "A1")
    if (
        main
        and other
        and (
            set(other) <= set(main)
            or set(main) <= set(other)
            or [*map(_short, main)] == [*map(_short, other)]
        )
    ):
        written = max(main, other, key=lambda names: len("".join(names)))
    for name in names_between(written):
        if (author := listed_name(name)).name:
            yield author


def _short(name: str) -> tuple[str, str]:
    """The family name and the first letter of the given one."""
    family, _, given = name.casefold().partition(",")
    return family.strip(), given.strip()[:1]


def _names(said: Said) -> Iterator[str]:
    """Where identifiers may be; `M3` and `L3` have the DOI in older files of EndNote and RefMan."""
    is_arxiv = any("arxiv" in text.lower() for text in said.values(*_ARCHIVES))
    for number in said.values(*_NUMBERS):
        yield f"arXiv:{re.sub('^arxiv:', '', number, flags=re.IGNORECASE).strip()}" if is_arxiv else number
    for text in said.unbroken("DO", "DI", "M3", "L3"):
        yield text
        yield first_in(text)  # some have a remark beside it, or two of them
    for note in (note for line in said.lines("N1") for note in _BETWEEN_NOTES.split(line)):
        # A note may begin with the DOI of the paper; behind other words it may be that of another one.
        yield leading(note) or note
    yield from said.unbroken("ID", "U1", "U2", "U3", "U4", "U5", "C1", "C6", "C7", "AN", "LB", "M2")


def _addresses(said: Said) -> Iterator[str]:
    for line in said.unbroken("UR", "L1", "L2", "L4", "LK"):
        yield from _BETWEEN_ADDRESSES.split(line)


def _pages(said: Said) -> str:
    pages = "-".join(dict.fromkeys(filter(None, (said.first("SP"), said.first("EP")))))
    return pages or article_number(said.first("C7"))


FORMAT = Format("ris", "RIS", _looks_like, read)
