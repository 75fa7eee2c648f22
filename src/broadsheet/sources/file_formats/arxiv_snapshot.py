"""The arXiv metadata snapshot: JSON Lines, one paper a line, as the public dataset has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import orjson

from broadsheet.papers.identifiers import Identifier, arxiv_id, doi
from broadsheet.papers.record import AuthorName, Record, RecordError, Version
from broadsheet.sources import fields
from broadsheet.sources.fields import JsonObject, squeeze
from broadsheet.sources.files import LINE_LIMIT, Source
from broadsheet.sources.readings import Reading, record_or_refusal

SOURCE = "arxiv"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CREATED = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4})"
    r" (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) GMT"
)
_VERSION = re.compile(r"v(?P<number>[1-9][0-9]{0,3})")
_PAPER = r"(?:paper|article|manuscript|preprint|submission|work)"
# A paper withdrawn from a conference is still on arXiv.
_IS_WITHDRAWN = rf"\b(?:this|the) {_PAPER} (?:has been|was|is)(?: temporarily| now)? withdrawn\b(?! from)"
_SAYS_WITHDRAWN = re.compile(_IS_WITHDRAWN, re.IGNORECASE)
_STARTS_WITHDRAWN = re.compile(
    rf"(?:{_IS_WITHDRAWN}|(?:{_PAPER} )?withdrawn(?: by\b| due to\b| because\b|[.,;:]|$))", re.IGNORECASE
)


def read(source: Source) -> Iterator[Reading]:
    """Records of a snapshot. Raises BrokenOffError after the last whole line where it is damaged."""
    for number, line in source.lines():
        if line.strip():
            yield record_or_refusal(f"line {number}", to_record, line, observed_at=source.observed_at)


def to_record(line: bytes, *, observed_at: datetime) -> Record:
    """The record of one line. Raises RecordError."""
    item = _object(line)
    identifier = arxiv_id(fields.text(item, "id"))
    if identifier is None:
        raise RecordError(f"{fields.text(item, 'id')[:40]!r} is no arXiv id")
    versions = tuple(sorted(map(_version, fields.parts(item, "versions")), key=attrgetter("number")))
    abstract, comment = fields.prose(item, "abstract"), fields.text(item, "comments")
    return Record(
        source=SOURCE,
        key=identifier.value,
        title=fields.text(item, "title"),
        abstract=abstract,
        authors=_authors(item),
        identifiers=(identifier, *_dois(item)),
        published_at=versions[0].created_at if versions else None,
        updated_at=versions[-1].created_at if versions else None,
        versions=versions,
        categories=tuple(fields.text(item, "categories").split()),
        comment=comment,
        journal_ref=fields.text(item, "journal-ref"),
        license=fields.text(item, "license"),
        withdrawn=_is_withdrawn(abstract, comment),
        observed_at=observed_at,
    )


def _object(line: bytes) -> JsonObject:
    if len(line) > LINE_LIMIT:
        raise RecordError(f"the line is longer than {LINE_LIMIT >> 20} MB")
    try:
        item: Any = orjson.loads(line)
    except orjson.JSONDecodeError as problem:
        raise RecordError(f"the line is not JSON: {problem}") from problem
    if not isinstance(item, dict):
        raise RecordError("the line is not a JSON object")
    return item


def _authors(item: JsonObject) -> tuple[AuthorName, ...]:
    """Names as they are written. What comes after the suffix is affiliations, and left out."""
    authors = (_author(parts) for parts in fields.values(item, "authors_parsed"))
    return tuple(author for author in authors if author.name)


def _author(parts: Any) -> AuthorName:
    if not isinstance(parts, list) or set(map(type, parts)) != {str}:
        raise RecordError("authors_parsed does not hold names in parts")
    family, given, suffix = [*parts, "", ""][:3]
    written = f"{given} {family} {suffix}".strip()
    name = squeeze(written)
    if name == written:  # then its parts are clean too; most are, and there are many
        return AuthorName(name, family, given)
    return AuthorName(name, squeeze(family), squeeze(given))


def _dois(item: JsonObject) -> list[Identifier]:
    """The field may hold several, separated by blanks; what is no DOI is not an identifier."""
    found = [doi(text) for text in fields.text(item, "doi").split() if len(text) <= fields.LONGEST_KEY]
    return [one for one in found if one and one.scheme == "doi"]


def _version(item: JsonObject) -> Version:
    number = _VERSION.fullmatch(fields.text(item, "version"))
    if number is None:
        raise RecordError(f"{fields.text(item, 'version')[:40]!r} is no version")
    return Version(int(number["number"]), _created(fields.text(item, "created")))


def _created(text: str) -> datetime:
    """The moment in `Tue, 18 Mar 2025 12:00:00 GMT`, as RFC 822 writes it."""
    found = _CREATED.fullmatch(text)
    try:
        if found:
            month = _MONTHS.index(found["month"]) + 1
            day = (int(found["year"]), month, int(found["day"]))
            return datetime(*day, int(found["hour"]), int(found["minute"]), int(found["second"]), tzinfo=UTC)
    except ValueError:
        found = None
    raise RecordError(f"{text[:40]!r} is no date of a version")


def _is_withdrawn(abstract: str, comment: str) -> bool:
    """True where the usual wording says that the paper itself is withdrawn."""
    return bool(
        _STARTS_WITHDRAWN.match(abstract)
        or _STARTS_WITHDRAWN.match(comment)
        or _SAYS_WITHDRAWN.search(comment)
    )
