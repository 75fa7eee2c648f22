"""One answer of an OAI-PMH repository: its records, the token for the next page, or its error.

By the Open Archives Initiative Protocol for Metadata Harvesting, version 2.0. Nothing is mended: an answer
that is cut short, or is something else, is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from broadsheet.sources.files import strict_xml
from broadsheet.sources.files.readings import printable
from broadsheet.sources.files.strict_xml import XmlError

NAMESPACE = "{http://www.openarchives.org/OAI/2.0/}"


class OaiError(ValueError):
    """The answer cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class OaiItem:
    """A record: `metadata` is its element in the format asked for; a deleted record has none.

    `identifier` and `datestamp` are as they stand, empty where they are missing.
    """

    identifier: str
    datestamp: str
    is_deleted: bool
    metadata: Any


@dataclass(frozen=True, slots=True)
class OaiPage:
    """A page of a list. `token` asks for the next one until `expires`; it is empty on the last page.

    An error has a code, such as `noRecordsMatch`, and a message.
    """

    items: tuple[OaiItem, ...] = ()
    token: str = ""
    expires: datetime | None = None
    error: str = ""
    message: str = ""

    @property
    def latest(self) -> date | None:
        """The last datestamp of the page, of those that are one."""
        days = [day for item in self.items if (day := _day(item.datestamp))]
        return max(days, default=None)


def parse(body: bytes) -> OaiPage:
    """Read an answer to ListRecords. Raises OaiError."""
    try:
        root = strict_xml.parse(body)
    except XmlError as problem:
        raise OaiError(str(problem)) from problem
    if root.tag != f"{NAMESPACE}OAI-PMH":
        raise OaiError(f"is no answer of OAI-PMH: it begins with {printable(root.tag[:60])}")
    error = root.find(f"{NAMESPACE}error")
    if error is not None:
        return OaiPage(error=error.get("code", ""), message=printable(_text(error)[:200]))
    records = root.find(f"{NAMESPACE}ListRecords")
    if records is None:
        raise OaiError("holds neither a list of records nor an error")
    token = records.find(f"{NAMESPACE}resumptionToken")
    if token is None:
        return OaiPage(tuple(_items(records)))
    return OaiPage(tuple(_items(records)), _text(token), _moment(token.get("expirationDate", "")))


def _items(records: Any) -> Iterator[OaiItem]:
    for record in records.iterchildren(f"{NAMESPACE}record"):
        header = record.find(f"{NAMESPACE}header")
        metadata = record.find(f"{NAMESPACE}metadata")
        yield OaiItem(
            _text(header, "identifier"),
            _text(header, "datestamp"),
            header is not None and header.get("status") == "deleted",
            next(iter(metadata), None) if metadata is not None else None,
        )


def _text(element: Any, child: str = "") -> str:
    if element is None:
        return ""
    found = element.findtext(f"{NAMESPACE}{child}") if child else element.text
    return (found or "").strip()


def _day(text: str) -> date | None:
    """The day of a datestamp, which may have a time."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
