"""The ACL Anthology: its XML, one collection a file (https://github.com/acl-org/acl-anthology, `data/xml`).

Elements and identifiers as the Anthology's own schema has them (`schema.rnc` of its Python package). A paper
is read as soon as it is whole and then forgotten, so memory stays flat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from lxml import etree

from broadsheet.papers.identifiers import Identifier, doi, parse
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import AuthorName, Link, Record, RecordError, Version, listed
from broadsheet.sources.files.dates import midnight, month_of
from broadsheet.sources.files.fields import is_web_address, squeeze
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import (
    BrokenOffError,
    FileError,
    Reading,
    printable,
    record_or_refusal,
)
from broadsheet.sources.files.references import author_name, journal_ref

SOURCE = "acl"
SITE = "https://aclanthology.org"
# What was read in long after its publication was no news then.
LONGEST_AFTER = timedelta(days=366)

# No XML can hold this character, so it can stand for the end of a paragraph.
_PARAGRAPH = "\f"
_ATTACHMENTS = {
    **dict.fromkeys(("code", "software", "source"), "code"),
    **dict.fromkeys(("poster", "presentation", "slides"), "media"),
}
# MARC has a `collection` too, with a name space and records.
_ROOT = re.compile(
    rb"(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE [^>\[]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<collection(?![^>]*\sxmlns)(?:\s[^>]*)?>\s*(?:<(?:volume|event|!|/)|\Z)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Volume:
    """What a volume says about each of its papers. `ingested_on` is when the Anthology put it up."""

    collection: str = ""
    name: str = ""
    year: str = ""
    month: str = ""
    title: str = ""
    journal: str = ""
    number: str = ""
    issue: str = ""
    ingested_on: str = ""


def read(source: Source) -> Iterator[Reading]:
    """Records of the papers of a collection; the front matter of a volume is none.

    Raises FileError where it is no such XML, BrokenOffError after the last whole paper where it breaks.
    """
    collection = _Collection(observed_at=source.observed_at)
    try:
        for chunk in source.chunks():
            collection.parser.feed(chunk)
            yield from collection.readings()
        _check_root(collection.parser.close())
        yield from collection.readings()
    except etree.XMLSyntaxError as problem:
        yield from collection.readings()
        raise collection.end(problem) from problem


def to_record(paper: Any, volume: Volume, *, observed_at: datetime) -> Record:
    """The record of a `paper` element. Raises RecordError."""
    identifier = _anthology_id(volume, paper.get("id", ""))
    published = month_of(volume.year, _said(paper, "month") or volume.month)
    ingested = _iso_day(paper.get("ingest-date") or volume.ingested_on)
    removed, retracted = paper.find("removed"), paper.find("retracted")
    versions = tuple(_versions(paper))
    return Record(
        source=SOURCE,
        key=identifier.value,
        title=_text(paper.find("title")),
        abstract=_text(paper.find("abstract")),
        authors=listed(_authors(paper)),
        identifiers=(identifier, *_dois(paper)),
        published_at=published.begins_at if published else midnight(ingested),
        published_precision=published.precision if published else None,
        updated_at=max((one.created_at for one in versions if one.created_at), default=None),
        versions=versions,
        links=tuple(dict.fromkeys(_links(paper, identifier.value))),
        comment="; ".join(filter(None, map(_text, paper.iterfind("award")))),
        journal_ref=_published_in(paper, volume),
        withdrawn=removed is not None,
        retracted=retracted is not None,
        notice=_text(retracted) or _text(removed),
        announced_on=ingested if _is_news(ingested, published) else None,
        observed_at=observed_at,
    )


def _new_parser() -> Any:
    # Entities are left as they are, and libxml2 stops what grows out of measure.
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=("collection", "volume", "meta", "paper"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


@dataclass(slots=True)
class _Collection:
    """A collection under way: the parser, and the volume whose papers are coming."""

    observed_at: datetime
    parser: Any = field(default_factory=_new_parser)
    name: str | None = None
    volume: Volume = Volume()

    def readings(self) -> Iterator[Reading]:
        """What has become whole since the last time. Raises FileError at a root that is no collection."""
        for event, element in self.parser.read_events():
            if event == "start":
                self._begin(element)
            elif element.tag == "meta":
                self._note(element)
            elif element.tag == "paper":
                place = f"volume {self.volume.name or '?'}, paper {element.get('id', '?')}"
                yield record_or_refusal(place, to_record, element, self.volume, observed_at=self.observed_at)
                _forget(element)

    def end(self, problem: etree.XMLSyntaxError) -> FileError | BrokenOffError:
        """Why there is no more: libxml2's first complaint, where it has one."""
        first = next(iter(self.parser.feed_error_log), None)
        line, message = (first.line, first.message) if first else (problem.lineno, problem.msg)
        if self.name is None:
            return FileError(f"it is not XML ({printable(message)})")
        return BrokenOffError(f"the XML breaks in line {line} ({printable(message)})")

    def _begin(self, element: Any) -> None:
        if self.name is None:
            root = element.getroottree().getroot()
            _check_root(root)
            self.name = root.get("id", "")
        if element.tag == "volume":
            self.volume = Volume(
                collection=self.name, name=element.get("id", ""), ingested_on=element.get("ingest-date", "")
            )

    def _note(self, meta: Any) -> None:
        """Remember what the volume says; the `meta` of an event is about no papers, and comes after them."""
        self.volume = replace(
            self.volume,
            year=_said(meta, "year"),
            month=_said(meta, "month"),
            title=_text(meta.find("booktitle")),
            journal=_said(meta, "journal-title"),
            number=_said(meta, "journal-volume"),
            issue=_said(meta, "journal-issue"),
        )


def _check_root(root: Any) -> None:
    if root.tag != "collection":
        raise FileError(f"it is XML, but no collection of the ACL Anthology: it begins with <{root.tag}>")
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileError("it has a document type of its own, which the Anthology's files have not")


def _forget(paper: Any) -> None:
    """Let go of a paper and of what stands before it in its volume."""
    paper.clear()
    while paper.getprevious() is not None:
        del paper.getparent()[0]


def _anthology_id(volume: Volume, number: str) -> Identifier:
    """`2024.acl-long.1`; before 2020 volume and paper are four digits together: `P06-1001`, `W05-0101`."""
    name = f"{volume.collection}-{volume.name}.{number}"
    if not volume.collection[:1].isdigit():
        width = 2 if _has_many_volumes(volume) else 1
        name = f"{volume.collection}-{volume.name:0>{width}}{number:0>{4 - width}}"
    found = parse(f"acl:{name}")
    if found is None:
        raise RecordError(f"{name[:60]!r} is no identifier of the Anthology")
    return found


def _has_many_volumes(volume: Volume) -> bool:
    """Workshops, COLING 1969 and the workshops of EMNLP 2019 number their volumes with two digits."""
    if volume.collection == "D19":
        return len(volume.name) > 1 or volume.name >= "5"
    return volume.collection.startswith("W") or volume.collection == "C69"


def _text(element: Any) -> str:
    """The text of an element, its markup made plain and its maths TeX; empty where there is none."""
    if element is None:
        return ""
    if not len(element):
        return squeeze(element.text or "")
    parts = list(_flat(element, has_maths=element.find(".//tex-math") is not None))
    return "\n\n".join(filter(None, map(squeeze, "".join(parts).split(_PARAGRAPH))))


def _flat(element: Any, *, has_maths: bool) -> Iterator[str]:
    """The pieces of a text with markup. Where maths is marked, a dollar elsewhere is money."""

    def literal(text: str | None) -> str:
        return (text or "").replace("$", r"\$") if has_maths else text or ""

    yield literal(element.text)
    for child in element:
        if child.tag == "tex-math":
            yield f"${(child.text or '').strip()}$" if child.text else ""
        elif child.tag == "par":
            yield _PARAGRAPH
        elif child.tag == "a":
            yield f"\\href{{{child.get('href', '')}}}{{{squeeze(''.join(child.itertext()))}}}"
        else:
            yield from _flat(child, has_maths=has_maths)
        yield literal(child.tail)


def _said(element: Any, name: str) -> str:
    """The text of a child that has no markup."""
    return squeeze(element.findtext(name) or "")


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_news(ingested: date | None, published: PartialDate | None) -> bool:
    """False for the old volumes that the Anthology took in one day, and for the day 1900-01-01 (unknown)."""
    if ingested is None or published is None:
        return False
    return abs(ingested - published.first) <= LONGEST_AFTER


def _authors(paper: Any) -> Iterator[AuthorName]:
    for author in paper.iterfind("author"):
        name = author_name(author.findtext("last") or "", author.findtext("first") or "")
        if name.name:
            yield name


def _dois(paper: Any) -> Iterator[Identifier]:
    if found := doi(_said(paper, "doi")):
        yield found


def _versions(paper: Any) -> Iterator[Version]:
    for revision in paper.iterfind("revision"):
        number = revision.get("id", "")
        if not _NUMBER.fullmatch(number):
            raise RecordError(f"{number[:40]!r} is no number of a revision")
        yield Version(int(number), midnight(_iso_day(revision.get("date", ""))))


def _links(paper: Any, anthology_id: str) -> Iterator[Link]:
    for kind, url in chain(_places(paper, anthology_id), _attachments(paper), _videos(paper)):
        address = url if "://" in url else f"{SITE}/{url}"
        if is_web_address(address):
            yield Link(kind, address)


def _places(paper: Any, anthology_id: str) -> Iterator[tuple[str, str]]:
    urls = [url for url in (squeeze(one.text or "") for one in paper.iterfind("url")) if url]
    if paper.find("pdf") is not None or any("://" not in url for url in urls):
        yield "pdf", f"{anthology_id}.pdf"
    yield from (("pdf" if url.endswith(".pdf") else "page", url) for url in urls if "://" in url)


def _attachments(paper: Any) -> Iterator[tuple[str, str]]:
    for one in paper.iterfind("attachment"):
        kind, name = _ATTACHMENTS.get(one.get("type", "").lower()), squeeze(one.text or "")
        if kind and name:
            yield kind, name if "://" in name else f"attachments/{name}"


def _videos(paper: Any) -> Iterator[tuple[str, str]]:
    for video in paper.iterfind("video"):
        if video.get("href") and video.get("permission") != "false":
            yield "media", video.get("href")


def _published_in(paper: Any, volume: Volume) -> str:
    pages, journal = _said(paper, "pages"), _said(paper, "journal") or volume.journal
    if not journal:
        return journal_ref(volume.title, pages=pages)
    issue = _said(paper, "issue") or volume.issue
    return journal_ref(journal, volume=volume.number, issue=issue, pages=pages)


def _looks_like(head: bytes) -> bool:
    return bool(_ROOT.match(head))


FORMAT = Format("acl-xml", "ACL Anthology XML", _looks_like, read)
