"""Web of Science: its tagged lines (`.ciw`, "plain text") and its tab-delimited table, with the same tags.

The tags are listed at https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import AuthorName, Record, listed
from broadsheet.sources.files import tagged
from broadsheet.sources.files.fields import LONGEST_KEY
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal
from broadsheet.sources.files.references import (
    Reference,
    article_number,
    listed_name,
    names_between,
    published,
    to_record,
)
from broadsheet.sources.files.tagged import Dialect, Said

SOURCE = "wos"

_BEGINNING = re.compile(
    rb"FN [^\r\n]*(?:\r\n?|\n)VR |(?:PT|AU)\t[A-Z][A-Z0-9]\t"
    rb"|(?:.*[\r\n])?PT [A-Z][ \t]*[\r\n]+(?:[A-Z][A-Z0-9] |   )",
    re.DOTALL,
)
_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<text>.*)|$)", re.DOTALL)
_END = re.compile(r"E[RF]\s*$")
# Inspec puts it among its own numbers.
_DOI_IN_ID = re.compile(r"\[(10\.\d{4,9}/[^\s\]]+)\]")
_RETRACTED = "retracted publication"


def read(source: Source) -> Iterator[Reading]:
    """Records of a file.

    Raises FileError where no record begins, BrokenOffError after the last whole record where the data breaks.
    """
    if b"\t" in source.head.partition(b"\n")[0]:
        return _rows(source)
    return tagged.read(source, Dialect(_tag, "PT", _END), _to_record)


def _looks_like(head: bytes) -> bool:
    return bool(_BEGINNING.match(head[:4096]))


def _tag(line: str) -> tuple[str, str] | None:
    found = _LINE.match(line)
    return (found["tag"], found["text"] or "") if found else None


def _rows(source: Source) -> Iterator[Reading]:
    """The records of a table, whose first line has the tags."""
    tags: list[str] = []
    for number, line in source.text_lines():
        values = line.split("\t")
        if not tags:
            tags = values
        elif line.strip():
            said = Said(number, [(tag, [text]) for tag, text in zip(tags, values, strict=False) if text])
            yield record_or_refusal(f"line {number}", _to_record, said, source)


def _to_record(said: Said, source: Source) -> Record:
    reference = Reference(
        title=_on_one_line(said.first("TI")),
        abstract=said.first("AB"),
        authors=listed(_authors(said)),
        names=(*said.unbroken("DI", "AR", "DL"), *_DOI_IN_ID.findall(said.first("ID"))),
        urls=tuple(said.unbroken("UR")),
        published_on=_published_on(said),
        journal=_on_one_line(said.first("SO", "J9", "JI")),
        volume=said.first("VL"),
        issue=said.first("IS"),
        pages=_pages(said),
        keywords=tuple(_keywords(said)),
    )
    record = to_record(reference, source=SOURCE, observed_at=source.observed_at)
    number = said.first("UT")
    return replace(
        record,
        key=number if number and len(number) <= LONGEST_KEY else record.key,
        retracted=record.retracted or _RETRACTED in said.first("DT").lower(),
    )


def _pages(said: Said) -> str:
    pages = "-".join(dict.fromkeys(filter(None, (said.first("BP", "PS", "SP"), said.first("EP")))))
    return pages or article_number(said.first("AR"))


def _authors(said: Said) -> Iterator[AuthorName]:
    """People by their whole names where each has one, else by the short ones; then groups."""
    whole, short = [*names_between(said.lines("AF"))], [*names_between(said.lines("AU"))]
    for written in (*(whole if len(whole) >= len(short) else short), *names_between(said.lines("CA", "GP"))):
        if (name := listed_name(written)).name:
            yield name


def _published_on(said: Said) -> PartialDate | None:
    """The day in the year and what stands apart from it (`JUN 14`), else the day when it was out early."""
    year, day = said.first("PY"), said.first("PD")
    return published([f"{year} {day}" if year not in day else day, *said.values("EA")])


def _keywords(said: Said) -> Iterator[str]:
    for text in said.values("DE") or said.values("ID"):
        yield from _on_one_line(text).split(";")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


FORMAT = Format("wos", "Web of Science (tagged or tab-delimited)", _looks_like, read)
