"""Crossref: works as its API gives them (https://api.crossref.org/swagger-ui/index.html).

A date there has as many parts as the publisher gave; titles and abstracts have the markup of JATS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.identifiers import Identifier, doi
from broadsheet.papers.record import AuthorName, Link, Record, RecordError, Signal, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal
from broadsheet.sources.files.references import Reference, published, retraction, to_record, typed_name

SOURCE = "crossref"
MESSAGE = "message"
WORKS = "items"
NO_PAPERS = frozenset(
    {"journal", "journal-issue", "journal-volume", "book-set", "book-series", "proceedings-series"}
    | {"report-series", "standard-series", "component", "grant", "peer-review", "dataset", "database"}
)
# The first is the earliest day of the two after it; a preprint is posted.
DATES = ("issued", "posted", "published-online", "published-print", "published")
RETRACTIONS = frozenset({"retraction", "withdrawal", "removal"})

_OF_WORKS = frozenset(
    {
        b"is-referenced-by-count",
        b"reference-count",
        b"references-count",
        b"indexed",
        b"message-type",
        b"deposited",
    }
)


def read(source: Source) -> Iterator[Reading]:
    """Records of answers of the API: whole, their works alone, or JSON Lines of either.

    Raises FileError where it is not JSON, BrokenOffError after the last whole work where it breaks.
    """
    works = (work for item, _ in json_items.items(source, WORKS) for work in _unwrapped(item))
    for number, work in enumerate(works, start=1):
        place = f"work {number}"
        yield (record := record_or_refusal(place, to_record_of, work, source))
        if isinstance(record, Record) and isinstance(work, dict):
            for identifier in dict.fromkeys(_retractions(work, "update-to")):
                yield record_or_refusal(place, retraction, record, identifier)


def _unwrapped(item: object) -> Iterator[object]:
    """The works in an answer: its message is one, or has them."""
    if isinstance(item, dict) and isinstance(message := item.get(MESSAGE), dict):
        yield from (work for work, _ in json_items.unwrapped(message, WORKS))
    else:
        yield item


def _looks_like(head: bytes) -> bool:
    keys = json_items.keys(head)
    return b"message-type" in keys or (b"DOI" in keys and not _OF_WORKS.isdisjoint(keys))


def to_record_of(work: object, source: Source) -> Record:
    """The record of one work. Raises RecordError."""
    if not isinstance(work, dict):
        raise RecordError("it is not an object")
    name, kind = fields.text(work, "DOI"), fields.text(work, "type")
    if len(name) > fields.LONGEST_KEY or not (identifier := doi(name)):
        raise RecordError(f"{name[:40]!r} is no DOI")
    if kind in NO_PAPERS:
        raise RecordError(f"it is no paper but of the type {kind!r}")
    reference = Reference(
        kind=kind_of(kind, fields.first_text(work, "degree")),
        title=": ".join(
            filter(None, (fields.first_text(work, "title"), fields.first_text(work, "subtitle")))
        ),
        abstract=fields.lines(work, "abstract"),
        authors=listed(_authors(work)),
        names=(name, *_preprints(work)),
        published_on=published(_date(work, date) for date in DATES),
        journal=fields.first_text(work, "container-title") or fields.text(fields.part(work, "event"), "name"),
        volume=fields.number(work, "volume"),
        issue=fields.number(work, "issue"),
        pages=fields.number(work, "page") or fields.number(work, "article-number"),
        keywords=fields.texts(work, "subject"),
    )
    record = to_record(reference, source=SOURCE, observed_at=source.observed_at)
    citations = fields.count(work, "is-referenced-by-count")
    return replace(
        record,
        key=identifier.value,
        links=tuple(dict.fromkeys(_links(work))),
        signals=() if citations is None else (Signal("citations", citations),),
        license=next((fields.text(one, "URL") for one in fields.parts(work, "license")), ""),
        said=fields.orcids(
            (name.name, fields.text(author, "ORCID")) for author, name in _named_authors(work)
        ),
        retracted=record.retracted or any(_retractions(work, "updated-by")),
    )


def _retractions(work: JsonObject, name: str) -> Iterator[Identifier]:
    """Whom a work was retracted by, or which ones it retracts."""
    for update in fields.parts(work, name):
        kind, identifier = fields.text(update, "type").lower(), doi(fields.text(update, "DOI"))
        if kind in RETRACTIONS and identifier and len(identifier.value) <= fields.LONGEST_KEY:
            yield identifier


def _authors(work: JsonObject) -> Iterator[AuthorName]:
    return (name for _, name in _named_authors(work))


def _named_authors(work: JsonObject) -> Iterator[tuple[JsonObject, AuthorName]]:
    """People in parts, groups and single names by their `name` or family alone."""
    for author in fields.parts(work, "author"):
        family, given = fields.text(author, "family"), fields.text(author, "given")
        whole = fields.text(author, "name") or fields.text(author, "literal")
        suffix = fields.text(author, "suffix")
        name = typed_name(family or whole or given, given if family else "", suffix)
        if name.name:
            yield author, name


def _preprints(work: JsonObject) -> Iterator[str]:
    """The preprint on arXiv, where the publisher names it."""
    for preprint in fields.parts(fields.part(work, "relation"), "has-preprint"):
        if "arxiv" in (name := fields.text(preprint, "id")).lower():
            yield name


def _date(work: JsonObject, name: str) -> str:
    parts = next(iter(fields.values(fields.part(work, name), "date-parts")), None)
    known = [part for part in parts if part is not None] if isinstance(parts, list) else []
    return "-".join(f"{part:02}" if isinstance(part, int) else str(part) for part in known[:3])


def _links(work: JsonObject) -> Iterator[Link]:
    for link in fields.parts(work, "link"):
        url = fields.text(link, "URL")
        if fields.text(link, "content-type") == "application/pdf" and fields.is_web_address(url):
            yield Link("pdf", url)
            return


FORMAT = Format("crossref", "Crossref JSON", _looks_like, read)
