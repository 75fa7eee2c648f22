"""DataCite: DOIs as its API gives them (https://support.datacite.org/docs/api), and its schema in JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from broadsheet.papers.identifiers import parse
from broadsheet.papers.record import LONGEST_COMMENT, AuthorName, Record, RecordError, listed
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject, squeeze
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.kinds import kind_of
from broadsheet.sources.files.markup import without_tags
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal
from broadsheet.sources.files.references import (
    Reference,
    author_name,
    listed_name,
    published,
    to_record,
)
from broadsheet.sources.files.withdrawals import is_withdrawn

SOURCE = "datacite"
DATA = "data"
NO_PAPERS = frozenset(
    {"Audiovisual", "Award", "Collection", "ComputationalNotebook", "Dataset", "Event", "Image", "Instrument"}
    | {"InteractiveResource", "Journal", "Model", "PeerReview", "PhysicalObject", "Project", "Service"}
    | {"Software", "Sound", "Workflow"}
)
DATES = ("Issued", "Available", "Submitted", "Accepted", "Created")


def read(source: Source) -> Iterator[Reading]:
    """Records of answers of the API: whole, their DOIs alone, or JSON Lines of either.

    Raises FileError where it is not JSON, BrokenOffError after the last whole DOI where it breaks.
    """
    for number, (item, _) in enumerate(json_items.items(source, DATA), start=1):
        yield record_or_refusal(f"DOI {number}", to_record_of, item, source)


def _looks_like(head: bytes) -> bool:
    return json_items.keys(head) >= {b"creators", b"titles"}


def to_record_of(item: object, source: Source) -> Record:
    """The record of one DOI. Raises RecordError."""
    if not isinstance(item, dict):
        raise RecordError("it is not an object")
    item = fields.part(item, DATA) or item
    said = fields.part(item, "attributes") or item
    name = fields.text(said, "doi") or fields.text(said, "id") or fields.text(item, "id")
    if len(name) > fields.LONGEST_KEY or not (identifier := parse(name)):
        raise RecordError(f"{name[:40]!r} is no DOI")
    kind = fields.text(fields.part(said, "types"), "resourceTypeGeneral")
    if kind in NO_PAPERS:
        raise RecordError(f"it is no paper but of the type {kind!r}")
    place = fields.part(said, "container")
    reference = Reference(
        kind=kind_of(kind, str(fields.part(said, "types").get("resourceType"))),
        title=_title(said),
        abstract=_abstract(said),
        authors=listed(_authors(said)),
        names=(name,),
        published_on=published([*_dates(said), fields.number(said, "publicationYear")]),
        keywords=tuple(fields.text(one, "subject") for one in fields.parts(said, "subjects")),
        journal=fields.text(place, "title"),
        volume=fields.number(place, "volume"),
        issue=fields.number(place, "issue"),
        pages=_pages(place),
    )
    record = to_record(reference, source=SOURCE, observed_at=source.observed_at)
    licenses = (
        fields.text(one, "rightsUri") or fields.text(one, "rights")
        for one in fields.parts(said, "rightsList")
    )
    taken_back = list(_taken_back(said))
    return replace(
        record,
        key=identifier.public_id,
        license=next(licenses, ""),
        withdrawn=bool(taken_back),
        retracted=record.retracted or fields.text(said, "version").lower() == "retracted",
        notice=next(filter(None, taken_back), ""),
    )


def _taken_back(said: JsonObject) -> Iterator[str]:
    """What is said about it where the paper was withdrawn: by a date, its version, or a description."""
    for date in fields.parts(said, "dates"):
        if fields.text(date, "dateType") == "Withdrawn":
            yield fields.text(date, "dateInformation")
    if fields.text(said, "version").lower() == "withdrawn":
        yield ""
    for description in fields.parts(said, "descriptions"):
        text = fields.lines(description, "description")
        is_abstract = fields.text(description, "descriptionType") == "Abstract"
        if is_withdrawn(text if is_abstract else "", "" if is_abstract else text):
            yield squeeze(without_tags(text))[:LONGEST_COMMENT]


def _title(said: JsonObject) -> str:
    """The title that is of no special kind, with the subtitle."""
    titles = {
        fields.text(one, "titleType"): fields.text(one, "title")
        for one in reversed(fields.parts(said, "titles"))
    }
    main = titles.get("") or next(iter(reversed(titles.values())), "")
    subtitle = titles.get("Subtitle", "")
    return f"{main}: {subtitle}" if subtitle and main != subtitle else main


def _abstract(said: JsonObject) -> str:
    for description in fields.parts(said, "descriptions"):
        if fields.text(description, "descriptionType") == "Abstract":
            return fields.lines(description, "description")
    return ""


def _authors(said: JsonObject) -> Iterator[AuthorName]:
    """People in parts; a name in one piece has its parts around a comma, that of an organization has none."""
    for creator in fields.parts(said, "creators"):
        family, given = fields.text(creator, "familyName"), fields.text(creator, "givenName")
        whole = fields.text(creator, "name")
        if family:
            name = author_name(family, given)
        elif fields.text(creator, "nameType") == "Organizational":
            name = author_name(whole)
        else:
            name = listed_name(whole)
        if name.name:
            yield name


def _dates(said: JsonObject) -> Iterator[str]:
    dates = {fields.text(one, "dateType"): fields.text(one, "date") for one in fields.parts(said, "dates")}
    yield from (dates[kind] for kind in DATES if kind in dates)


def _pages(place: JsonObject) -> str:
    pages = filter(None, (fields.number(place, "firstPage"), fields.number(place, "lastPage")))
    return "-".join(dict.fromkeys(pages))


FORMAT = Format("datacite", "DataCite JSON", _looks_like, read)
