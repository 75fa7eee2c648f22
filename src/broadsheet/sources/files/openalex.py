"""OpenAlex: works as its API and its snapshot give them (https://docs.openalex.org/api-entities/works).

An abstract comes as an inverted index: each word with the places where it stands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime

from broadsheet.papers.degrees import without_degrees
from broadsheet.papers.identifiers import Identifier, arxiv_id, doi, is_its_address
from broadsheet.papers.record import AuthorName, Link, OrganizationName, Record, RecordError, Signal, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.markup import without_tags
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal
from broadsheet.sources.files.references import is_retracted, journal_ref, listed_name

SOURCE = "openalex"
WORKS = "results"
# An index can say that a long word stands in a million places.
LONGEST_ABSTRACT = 1 << 20
NO_PAPERS = frozenset({"dataset", "grant", "libguides", "paratext", "peer-review", "supplementary-materials"})
# Where a journal's name stands in `source`, a preprint has that of its repository.
PUBLICATIONS = frozenset({"book series", "conference", "ebook platform", "journal"})

_OF_WORKS = frozenset({b"abstract_inverted_index", b"authorships", b"cited_by_count", b"is_retracted"})
_ID = re.compile(r"(?:https://(?:api\.)?openalex\.org/(?:works/)?)?(W[0-9]{1,20})", re.IGNORECASE)


def read(source: Source) -> Iterator[Reading]:
    """Records of answers of the API: whole, their works alone, or JSON Lines of either, as the snapshot has.

    Raises FileError where it is not JSON, BrokenOffError after the last whole work where it breaks.
    """
    for number, (work, _) in enumerate(json_items.items(source, WORKS), start=1):
        yield record_or_refusal(f"work {number}", to_record, work, observed_at=source.observed_at)


def to_record(work: object, *, observed_at: datetime) -> Record:
    """The record of one work. Raises RecordError."""
    if not isinstance(work, dict):
        raise RecordError("it is not an object")
    work_id, kind = _ID.fullmatch(fields.text(work, "id")), fields.text(work, "type")
    if work_id is None:
        raise RecordError(f"{fields.text(work, 'id')[:40]!r} is no id of a work")
    if kind in NO_PAPERS or fields.flag(work, "is_paratext"):
        raise RecordError(f"it is no paper but of the type {kind or 'paratext'!r}")
    title = _plain(fields.text(work, "title") or fields.text(work, "display_name"))
    published_at = fields.time(work, "publication_date") or _year(work)
    place, citations = fields.part(work, "primary_location"), fields.count(work, "cited_by_count")
    return Record(
        source=SOURCE,
        key=work_id[1].upper(),
        title=title,
        abstract=_plain(_abstract(fields.part(work, "abstract_inverted_index"))),
        authors=listed(_authors(work)),
        organizations=tuple(_organizations(work)),
        identifiers=tuple(dict.fromkeys(_identifiers(work))),
        published_at=published_at,
        # Where only the year is known, the first of January is given.
        published_precision="year" if published_at and published_at.timetuple().tm_yday == 1 else None,
        links=tuple(_links(place)),
        signals=() if citations is None else (Signal("citations", citations),),
        journal_ref=_published_in(fields.part(place, "source"), fields.part(work, "biblio")),
        license=fields.text(place, "license"),
        keywords=tuple(_keywords(work)),
        retracted=fields.flag(work, "is_retracted") or is_retracted(title),
        said=fields.orcids(
            (name.name, fields.text(author, "orcid")) for author, name in _named_authors(work)
        ),
        observed_at=observed_at,
    )


def _plain(text: str) -> str:
    """The text without markup, and with the characters that entities stand for."""
    return fields.squeeze(without_tags(html.unescape(text)))


def _abstract(index: JsonObject) -> str:
    """The words in the order of their places; places left out or far away cost nothing."""
    places = [(place, word) for word in index for place in fields.values(index, word)]
    if not all(type(place) is int and place >= 0 for place, _ in places):
        raise RecordError("abstract_inverted_index holds a place that is no number from 0")
    if sum(len(word) + 1 for _, word in places) > LONGEST_ABSTRACT:
        raise RecordError(f"the abstract is longer than {LONGEST_ABSTRACT >> 20} MB")
    return " ".join(word for _, word in sorted(places))


def _year(work: JsonObject) -> datetime | None:
    """The beginning of the year, where no day is given."""
    year = fields.count(work, "publication_year")
    return datetime(year, 1, 1, tzinfo=UTC) if year and MINYEAR <= year <= MAXYEAR else None


def _authors(work: JsonObject) -> Iterator[AuthorName]:
    return (name for _, name in _named_authors(work))


def _named_authors(work: JsonObject) -> Iterator[tuple[JsonObject, AuthorName]]:
    for authorship in fields.parts(work, "authorships"):
        author = fields.part(authorship, "author")
        name = fields.text(author, "display_name") or fields.text(authorship, "raw_author_name")
        if name := without_degrees(name):
            yield author, listed_name(name) if "," in name else AuthorName(name)


def _organizations(work: JsonObject) -> Iterator[OrganizationName]:
    """Institutions, each once. Their ids there are numbers, so that their names have to make addresses."""
    names = dict.fromkeys(
        fields.text(institution, "display_name")
        for authorship in fields.parts(work, "authorships")
        for institution in fields.parts(authorship, "institutions")
    )
    for name in filter(None, names):
        yield OrganizationName(name.lower().replace(" ", "-"), name)


def _identifiers(work: JsonObject) -> Iterator[Identifier]:
    """The DOI, and the arXiv id of the first copy that is there: a second one may be of another paper."""
    given = fields.text(work, "doi") or fields.text(fields.part(work, "ids"), "doi")
    found = doi(given)
    if found:
        yield found
    if not found or found.scheme != "arxiv":
        locations = fields.parts(work, "locations")
        copies = (arxiv_id(fields.text(location, "landing_page_url")) for location in locations)
        yield from filter(None, [next(filter(None, copies), None)])


def _links(place: JsonObject) -> Iterator[Link]:
    """Links that say more than the identifiers do."""
    for kind, name in (("pdf", "pdf_url"), ("page", "landing_page_url")):
        url = fields.text(place, name)
        if fields.is_web_address(url) and not is_its_address(url):
            yield Link(kind, url)


def _published_in(source: JsonObject, biblio: JsonObject) -> str:
    if (fields.text(source, "type") or "journal") not in PUBLICATIONS:
        return ""
    pages = filter(None, (fields.number(biblio, "first_page"), fields.number(biblio, "last_page")))
    return journal_ref(
        fields.text(source, "display_name"),
        volume=fields.number(biblio, "volume"),
        issue=fields.number(biblio, "issue"),
        pages="-".join(dict.fromkeys(pages)),
    )


def _keywords(work: JsonObject) -> Iterator[str]:
    for keyword in fields.parts(work, "keywords"):
        if word := fields.text(keyword, "display_name") or fields.text(keyword, "keyword"):
            yield word


def _looks_like(head: bytes) -> bool:
    keys = json_items.keys(head)
    return not _OF_WORKS.isdisjoint(keys) or keys >= {b"meta", b"results", b"per_page"}


FORMAT = Format("openalex", "OpenAlex JSON", _looks_like, read)
