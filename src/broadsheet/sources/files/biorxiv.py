"""bioRxiv and medRxiv: the JSON of their API, one row for each version (https://api.biorxiv.org).

A row gives two records. One has the DOI as its key and says what the paper says now: the next version takes
its place. The other says when this version appeared, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from broadsheet.papers.identifiers import Identifier, doi
from broadsheet.papers.record import AuthorName, Link, Record, RecordError, Version, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal

SOURCE = "biorxiv"
ROWS = "collection"
SITES = {"biorxiv": "https://www.biorxiv.org", "medrxiv": "https://www.medrxiv.org"}

_OF_ROWS = frozenset({b"jatsxml", b"author_corresponding"})
_VERSION = re.compile(r"[1-9][0-9]{0,3}")
_WITHDRAWN = re.compile(r"withdrawn(?:\s*:|$)", re.IGNORECASE)


def read(source: Source) -> Iterator[Reading]:
    """Records of answers of the API: whole, their rows alone, or JSON Lines of either.

    Raises FileError where it is not JSON, BrokenOffError after the last whole row where it breaks.
    """
    rows = (row for row, _ in json_items.items(source, ROWS))
    yield from read_rows(rows, observed_at=source.observed_at)


def read_rows(rows: Iterable[object], *, observed_at: datetime, first: int = 1) -> Iterator[Reading]:
    """The two records of each row, in order; the first row is counted as number `first`."""
    for number, row in enumerate(rows, start=first):
        record = record_or_refusal(f"row {number}", to_record, row, observed_at=observed_at)
        yield record
        if isinstance(record, Record):
            yield _appearance(record)


def to_record(row: object, *, observed_at: datetime) -> Record:
    """What one version says. Raises RecordError."""
    if not isinstance(row, dict):
        raise RecordError("it is not an object")
    identifier = _doi(row, "doi")
    if identifier is None:
        raise RecordError(f"{fields.text(row, 'doi')[:40]!r} is no DOI")
    version = Version(_number(row), fields.time(row, "date"))
    title, abstract = fields.text(row, "title"), fields.prose(row, "abstract")
    is_withdrawn = bool(_WITHDRAWN.match(title) or _WITHDRAWN.match(fields.text(row, "type")))
    article = _doi(row, "published")
    site = SITES.get(fields.text(row, "server").lower() or SOURCE)
    return Record(
        source=SOURCE,
        key=identifier.value,
        title=title,
        abstract=abstract,
        authors=listed(_authors(fields.text(row, "authors"))),
        identifiers=(identifier, article) if article else (identifier,),
        published_at=version.created_at if version.number == 1 else None,
        updated_at=version.created_at,
        versions=(version,),
        links=(Link("page", f"{site}/content/{identifier.value}v{version.number}"),) if site else (),
        license=fields.text(row, "license"),
        keywords=(fields.text(row, "category"),) if fields.text(row, "category") else (),
        withdrawn=is_withdrawn,
        notice=abstract if is_withdrawn else "",
        announced_on=version.created_at.date() if version.created_at and version.number == 1 else None,
        observed_at=observed_at,
    )


def _appearance(record: Record) -> Record:
    """The record of when a version appeared, and of nothing else."""
    return Record(
        source=SOURCE,
        key=f"{record.key}v{record.versions[0].number}",
        title=record.title,
        identifiers=record.identifiers[:1],
        published_at=record.published_at,
        versions=record.versions,
        announced_on=record.announced_on,
        observed_at=record.observed_at,
    )


def _doi(row: JsonObject, name: str) -> Identifier | None:
    """The DOI in a field; what is published nowhere yet says `NA` there."""
    found = doi(fields.text(row, name))
    return found if found and found.scheme == "doi" else None


def _number(row: JsonObject) -> int:
    found = _VERSION.fullmatch(str(row.get("version")))
    if found is None:
        raise RecordError(f"{str(row.get('version'))[:40]!r} is no version")
    return int(found[0])


def _authors(names: str) -> Iterator[AuthorName]:
    """The names in `Vale, I.; Birk, T.`; a consortium has no comma."""
    for written in names.split(";"):
        family, _, given = (part.strip() for part in written.partition(","))
        if family:
            yield AuthorName(f"{given} {family}".strip(), family if given else "", given)


def _looks_like(head: bytes) -> bool:
    keys = json_items.keys(head)
    return not _OF_ROWS.isdisjoint(keys) or keys >= {b"messages", b"collection"}


FORMAT = Format("biorxiv", "bioRxiv or medRxiv API JSON", _looks_like, read)
