"""The list of a day as arXiv's feeds have it, in RSS 2.0 or Atom 1.0.

By https://info.arxiv.org/help/rss.html. All authors stand in one `dc:creator`, the id with its version in the
guid, and the abstract after a line that repeats the id and the kind of announcement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from broadsheet.papers.identifiers import arxiv_id
from broadsheet.papers.record import Record, RecordError, check_size
from broadsheet.sources.files.fields import paragraphs, squeeze
from broadsheet.sources.files.readings import Refusal, printable, without_piles
from broadsheet.sources.files.strict_xml import XmlError, parse, text
from broadsheet.sources.live.arxiv.calendar import NEW_YORK
from broadsheet.sources.live.arxiv.metadata import split_authors
from broadsheet.sources.live.source import Announced

SOURCE = "arxiv_listing"
NEW, CROSS = "new", "cross"
KINDS = (NEW, CROSS, "replace", "replace-cross")

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_GUID = re.compile(r"oai:arXiv\.org:(?P<id>\S+?)v(?P<version>[1-9][0-9]{0,3})")
_DESCRIPTION = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:(?P<abstract>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """Where RSS and Atom keep the same things. `dates` are the feed's own, the best one first."""

    about: str
    dates: tuple[str, ...]
    item: str
    guid: str
    title: str
    description: str
    sent: str
    category: str


_FORMS = {
    "rss": _Form(
        about="channel/description",
        dates=("channel/pubDate", "channel/lastBuildDate"),
        item="channel/item",
        guid="guid",
        title="title",
        description="description",
        sent="pubDate",
        category="category",
    ),
    f"{_ATOM}feed": _Form(
        about=f"{_ATOM}subtitle",
        dates=(f"{_ATOM}updated",),
        item=f"{_ATOM}entry",
        guid=f"{_ATOM}id",
        title=f"{_ATOM}title",
        description=f"{_ATOM}summary",
        sent=f"{_ATOM}published",
        category=f"{_ATOM}category",
    ),
}


@dataclass(frozen=True, slots=True)
class Feed:
    """What arXiv's list of `day` holds in a category: `items` papers, announced anew or again."""

    day: date
    items: int
    readings: tuple[Record | Refusal, ...]
    announced: tuple[Announced, ...]


def read(body: bytes, *, category: str, observed_at: datetime) -> Feed:
    """Read a feed. Papers new to the category become records; changed ones are only announced.

    Raises XmlError where it is no feed, or does not say which day it is of.
    """
    root, form = _feed(body)
    items = root.findall(form.item)
    day = _day_of(root, form, items)
    readings: list[Record | Refusal] = []
    announced: list[Announced] = []
    for number, item in enumerate(items, start=1):
        try:
            one = _announced(item, form, day)
            announced.append(one)
            if (kind := _kind(item)) in {NEW, CROSS}:
                record = _record(item, form, one, kind, observed_at)
                check_size(record)
                readings.append(without_piles(record))
        except RecordError as problem:
            guid = printable(text(item, form.guid)[:60])
            readings.append(Refusal(f"{category}, item {number}: {guid}", str(problem)))
    return Feed(day, len(items), tuple(readings), tuple(dict.fromkeys(announced)))


def complaint(body: bytes) -> str:
    """What arXiv has to say in a feed that tells of an error; empty where it is no feed."""
    try:
        root, form = _feed(body)
    except XmlError:
        return ""
    return printable(" ".join(text(root, form.about).split())[:300])


def _feed(body: bytes) -> tuple[Any, _Form]:
    root = parse(body)
    if root.tag not in _FORMS:
        raise XmlError(f"is no feed: it begins with {printable(root.tag[:60])}")
    return root, _FORMS[root.tag]


def _day_of(root: Any, form: _Form, items: list[Any]) -> date:
    """The day in New York. Items are dated to the list's midnight; the feed's own dates may be later."""
    said = [text(items[0], form.sent)] if items else []
    for written in (*said, *(text(root, path) for path in form.dates)):
        if day := _day(written.strip()):
            return day
    raise XmlError("does not say which day it is of")


def _day(written: str) -> date | None:
    """The day of a date and time by RFC 3339 or RFC 822."""
    for read_time in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read_time(written)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(NEW_YORK).date()
        except (ValueError, OverflowError):
            continue
    return None


def _announced(item: Any, form: _Form, day: date) -> Announced:
    guid = _GUID.fullmatch(text(item, form.guid).strip())
    identifier = arxiv_id(guid["id"]) if guid else None
    if guid is None or identifier is None:
        raise RecordError("its guid is not the id of a paper at arXiv with its version")
    return Announced(day, identifier, int(guid["version"]))


def _kind(item: Any) -> str:
    kind = text(item, f"{_ARXIV}announce_type").strip()
    if kind not in KINDS:
        raise RecordError(f"it is announced as {kind[:40]!r}, not as {', '.join(KINDS)}")
    return kind


def _record(item: Any, form: _Form, one: Announced, kind: str, observed_at: datetime) -> Record:
    """A paper that is new here. Where it is a cross-list, it may have been announced elsewhere long ago.

    The lists of two categories may have the same paper on one day, new in one and crossed to the other: as
    two records, so that the second does not take from the first the day it was announced on.
    """
    description = _DESCRIPTION.fullmatch(text(item, form.description))
    if description is None:
        raise RecordError("its description does not lead from the kind of announcement to the abstract")
    is_new = kind == NEW
    return Record(
        source=SOURCE,
        key=f"{one.identifier.value}@{one.day}" + ("" if is_new else f" {kind}"),
        title=squeeze(text(item, form.title)),
        abstract=paragraphs(description["abstract"]),
        authors=split_authors(text(item, f"{_DC}creator")),
        identifiers=(one.identifier,),
        categories=tuple(filter(None, (_category(element) for element in item.findall(form.category)))),
        journal_ref=squeeze(text(item, f"{_ARXIV}journal_reference")),
        license=squeeze(text(item, f"{_DC}rights")),
        announced_on=one.day if is_new else None,
        observed_at=observed_at,
    )


def _category(element: Any) -> str:
    return squeeze(element.get("term") or element.text or "")
