"""OpenReview: notes as its API gives them (https://docs.openreview.net/reference/api-v2/entities/note).

In version 2 of the API the content of a note is `{"title": {"value": "…"}}`, in version 1 `{"title": "…"}`;
dates are milliseconds since 1970. A paper's note starts a forum; reviews and comments are replies in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Record, RecordError, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, Remark, record_or_refusal

SOURCE = "openreview"
NOTES = "notes"
SITE = "https://openreview.net"
ANONYMOUS = "Anonymous"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_WITHDRAWN = re.compile(r"withdrawn|desk[ _-]?reject", re.IGNORECASE)
_SEPARATOR = re.compile(r"[;,]")


def read(source: Source) -> Iterator[Reading]:
    """Records of answers of the API: whole, their notes alone, or JSON Lines of either; and how many replies.

    Raises FileError where it is not JSON, BrokenOffError after the last whole note where it breaks.
    """
    replies = 0
    for number, (note, _) in enumerate(json_items.items(source, NOTES), start=1):
        if _is_reply(note):
            replies += 1
        else:
            yield record_or_refusal(f"note {number}", to_record, note, observed_at=source.observed_at)
    if replies:
        yield Remark(f"passed by as replies to papers, such as reviews: {replies}")


def to_record(note: object, *, observed_at: datetime) -> Record:
    """The record of one paper's note. Raises RecordError."""
    if not isinstance(note, dict):
        raise RecordError("it is not an object")
    forum = fields.text(note, "forum") or fields.text(note, "id")
    if not _ID.fullmatch(forum):
        raise RecordError(f"{forum[:40]!r} is no id of a note")
    if deleted := _time(note, "ddate"):
        raise RecordError(f"it was deleted there on {deleted.date()}")
    content = {name: _value(one) for name, one in fields.part(note, "content").items()}
    venue = fields.text(content, "venue")
    is_withdrawn = bool(_WITHDRAWN.search(f"{venue} {_place(note, content)}"))
    return Record(
        source=SOURCE,
        key=forum,
        title=fields.text(content, "title"),
        abstract=fields.prose(content, "abstract"),
        authors=listed(_authors(content)),
        identifiers=(Identifier("openreview", forum),),
        published_at=_first_time(note, "pdate", "odate", "cdate", "tcdate"),
        updated_at=_first_time(note, "mdate", "tmdate"),
        links=tuple(_links(content)),
        comment=venue,
        license=fields.text(note, "license") or fields.text(content, "license"),
        keywords=_keywords(content),
        withdrawn=is_withdrawn,
        notice=(venue or "Withdrawn or rejected without review") if is_withdrawn else "",
        observed_at=observed_at,
    )


def _is_reply(note: object) -> bool:
    return (
        isinstance(note, dict) and bool(note.get("id") and note.get("forum")) and note["id"] != note["forum"]
    )


def _value(one: Any) -> Any:
    return one["value"] if isinstance(one, dict) and "value" in one else one


def _place(note: JsonObject, content: JsonObject) -> str:
    """Where the note belongs now; in version 1 the form by which it got there says so."""
    return fields.text(content, "venueid") or fields.text(note, "invitation")


def _authors(content: JsonObject) -> Iterator[AuthorName]:
    """Names, or objects that have them; papers under blind review have `Anonymous`."""
    for author in fields.values(content, "authors"):
        holder = author if isinstance(author, dict) else {"fullname": author}
        name = fields.text(holder, "fullname")
        if name and name != ANONYMOUS:
            yield AuthorName(name)


def _links(content: JsonObject) -> Iterator[Link]:
    """Links that lead somewhere; a PDF kept at OpenReview has a path alone."""
    pdf = fields.text(content, "pdf")
    found = (("pdf", f"{SITE}{pdf}" if pdf.startswith("/") else pdf), ("code", fields.text(content, "code")))
    yield from (Link(kind, url) for kind, url in found if fields.is_web_address(url))


def _keywords(content: JsonObject) -> tuple[str, ...]:
    """A list, or in old notes one text."""
    if isinstance(content.get("keywords"), str):
        words = map(str.strip, _SEPARATOR.split(fields.text(content, "keywords")))
        return tuple(word for word in words if word)
    return fields.texts(content, "keywords")


def _first_time(note: JsonObject, *names: str) -> datetime | None:
    return next((found for name in names if (found := _time(note, name))), None)


def _time(note: JsonObject, name: str) -> datetime | None:
    """The moment in a field of milliseconds since 1970; before that there was no OpenReview."""
    value = note.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or value < 0:
        raise RecordError(f"{name} is {str(value)[:40]!r}, which is no time in milliseconds")
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except OverflowError as problem:
        raise RecordError(f"{name} lies beyond the year 9999") from problem


def _looks_like(head: bytes) -> bool:
    return json_items.keys(head) >= {b"forum", b"content"} or json_items.keys(head) == {b"notes", b"count"}


FORMAT = Format("openreview", "OpenReview API JSON", _looks_like, read)
