"""An answer of arXiv's export API: an Atom feed of papers (https://info.arxiv.org/help/api/user-manual.html)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from email.utils import format_datetime
from typing import Any

from broadsheet.papers.identifiers import arxiv_id
from broadsheet.papers.record import Record, RecordError
from broadsheet.papers.taxonomy import NAMES
from broadsheet.sources.files import fields
from broadsheet.sources.files.readings import Refusal, printable, record_or_refusal
from broadsheet.sources.files.strict_xml import XmlError, parse, text
from broadsheet.sources.live.arxiv.metadata import split_authors
from broadsheet.sources.live.arxiv.records import Told, to_record

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_VERSION = re.compile(r"v(?P<number>[1-9][0-9]{0,3})$")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its papers and their ids.

    `is_error` says that one of the ids asked for is malformed, which is not known; `is_hollow`, that nothing
    came although there should be something.
    """

    readings: tuple[Record | Refusal, ...] = ()
    ids: frozenset[str] = frozenset()
    is_error: bool = False
    is_hollow: bool = False


def read(body: bytes, holidays: frozenset[date]) -> Page:
    """Read an answer. Raises XmlError where it is none."""
    root = parse(body)
    if root.tag != f"{_ATOM}feed":
        raise XmlError(f"is no feed: it begins with {printable(root.tag[:60])}")
    entries = root.findall(f"{_ATOM}entry")
    found = [arxiv_id(text(entry, f"{_ATOM}id")) for entry in entries]
    if any(not one and _is_error(entry) for one, entry in zip(found, entries, strict=True)):
        return Page(is_error=True)
    return Page(
        readings=tuple(
            record_or_refusal(
                f"entry {number}: {printable(text(entry, f'{_ATOM}id')[:60])}", _record, entry, holidays
            )
            for number, entry in enumerate(entries, start=1)
        ),
        ids=frozenset(one.value for one in found if one),
        is_hollow=not entries and text(root, _TOTAL).strip() != "0",
    )


def _is_error(entry: Any) -> bool:
    return "/api/errors" in text(entry, f"{_ATOM}id") or text(entry, f"{_ATOM}title").strip() == "Error"


def _record(entry: Any, holidays: frozenset[date]) -> Record:
    """The paper of an entry, in the words of arXiv's other formats. Affiliations are left out."""
    item = {
        "id": text(entry, f"{_ATOM}id"),
        "title": text(entry, f"{_ATOM}title"),
        "abstract": text(entry, f"{_ATOM}summary"),
        "comments": text(entry, f"{_ARXIV}comment"),
        "journal-ref": text(entry, f"{_ARXIV}journal_ref"),
        "doi": text(entry, f"{_ARXIV}doi"),
        "categories": " ".join(_categories(entry)),
        "versions": _versions(entry),
    }
    names = (text(author, f"{_ATOM}name") for author in entry.iterfind(f"{_ATOM}author"))
    authors = tuple(one for name in names for one in split_authors(name))
    return to_record(item, Told(authors=authors, observed_at=None, holidays=holidays))


def _categories(entry: Any) -> list[str]:
    """The primary category, then the others; among these stand classes of MSC and ACM, which are none."""
    primary = entry.find(f"{_ARXIV}primary_category")
    terms = [one.get("term", "") for one in entry.iterfind(f"{_ATOM}category")]
    first = [] if primary is None else [primary.get("term", "")]
    return [*dict.fromkeys([*first, *(term for term in terms if term in NAMES)])]


def _versions(entry: Any) -> list[dict[str, str]]:
    """The first version and this one: of those between nothing is said."""
    number = _VERSION.search(text(entry, f"{_ATOM}id").strip())
    versions = [{"version": "v1", "created": _sent(entry, "published")}]
    if number and number["number"] != "1":
        versions.append({"version": number[0], "created": _sent(entry, "updated")})
    return versions


def _sent(entry: Any, name: str) -> str:
    sent = fields.time({name: text(entry, f"{_ATOM}{name}")}, name)
    if sent is None:
        raise RecordError(f"it does not say when it was {name}")
    return format_datetime(sent, usegmt=True)
