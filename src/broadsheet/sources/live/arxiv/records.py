"""A paper as arXiv itself describes it: the snapshot's lines and the harvest's records say the same fields.

Both become the same record here, so that a paper looks the same whichever of them was read last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter

from broadsheet.papers.identifiers import Identifier, arxiv_id, doi
from broadsheet.papers.record import AuthorName, Record, RecordError, Version
from broadsheet.sources.files import fields
from broadsheet.sources.files.fields import JsonObject, squeeze
from broadsheet.sources.files.references import without_footnotes
from broadsheet.sources.files.tex_names import person_text
from broadsheet.sources.files.withdrawals import is_withdrawn
from broadsheet.sources.live.arxiv.calendar import announcement_day

SOURCE = "arxiv"

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CREATED = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>(?:19|20)[0-9]{2})"
    r" (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}) GMT"
)
# What TeX or footnotes leave in a name.
_ODD = re.compile(r"[\\~{$^*†‡§¶]")
# Where the parts of names stand between bars: blanks that are not between two words.
_TO_SQUEEZE = re.compile(r" [ |]|\| ")
_VERSION = re.compile(r"v(?P<number>[1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What only one of the two says of a paper, or what they say in different ways."""

    authors: tuple[AuthorName, ...]
    observed_at: datetime | None
    withdrawn: bool = False
    holidays: frozenset[date] = frozenset()


def to_record(item: JsonObject, told: Told) -> Record:
    """The record of a paper from the fields that both have, under the snapshot's names.

    Withdrawn is what is marked so, or says so in the usual words. Raises RecordError.
    """
    identifier = arxiv_id(fields.text(item, "id"))
    if identifier is None:
        raise RecordError(f"{fields.text(item, 'id')[:40]!r} is no arXiv id")
    versions = tuple(sorted(map(_version, fields.parts(item, "versions")), key=attrgetter("number")))
    abstract, comment = fields.prose(item, "abstract"), fields.text(item, "comments")
    withdrawn = told.withdrawn or is_withdrawn(abstract, comment)
    sent = versions[0].created_at if versions else None
    return Record(
        source=SOURCE,
        key=identifier.value,
        title=fields.text(item, "title"),
        abstract=abstract,
        authors=told.authors,
        identifiers=(identifier, *_dois(item)),
        published_at=sent,
        updated_at=versions[-1].created_at if versions else None,
        versions=versions,
        categories=tuple(fields.text(item, "categories").split()),
        comment=comment,
        journal_ref=fields.text(item, "journal-ref"),
        license=fields.text(item, "license"),
        withdrawn=withdrawn,
        notice=comment if withdrawn else "",
        announced_on=announcement_day(sent, told.holidays) if sent else None,
        observed_at=told.observed_at,
    )


def author_names(parsed: Iterable[tuple[str, str, str]]) -> list[AuthorName]:
    """The authors from the parts of their names that arXiv tells apart, without those that have no name."""
    names = list(parsed)
    every = "|".join([f"{family}|{given}|{suffix}" for family, given, suffix in names])
    # So nearly all lists are, and to look at each name takes as long as all the rest of a record.
    if every.isprintable() and not _ODD.search(every) and not _TO_SQUEEZE.search(f"|{every}|"):
        written = [
            (" ".join(filter(None, (given, family, suffix))), family, given)
            for family, given, suffix in names
        ]
        return [AuthorName(*name) for name in written if name[0]]
    return [name for parts in names if (name := author_name(*parts)).name]


def author_name(family: str, given: str, suffix: str) -> AuthorName:
    """One author from the parts that arXiv tells apart; its name is empty where all of them are."""
    written = f"{given} {family} {suffix}".strip()
    if _ODD.search(written):
        family, given, suffix = (without_footnotes(person_text(part)) for part in (family, given, suffix))
        written = f"{given} {family} {suffix}".strip()
    name = squeeze(written)
    if name == written:  # then its parts are clean too; most are, and there are many
        return AuthorName(name, family, given)
    return AuthorName(name, squeeze(family), squeeze(given))


def moment(text: str) -> datetime:
    """The moment in `Tue, 18 Mar 2025 12:00:00 GMT`, as RFC 822 writes it. Raises RecordError."""
    found = _CREATED.fullmatch(text)
    try:
        if found:
            month = _MONTHS.index(found["month"]) + 1
            day = (int(found["year"]), month, int(found["day"]))
            return datetime(*day, int(found["hour"]), int(found["minute"]), int(found["second"]), tzinfo=UTC)
    except ValueError:
        found = None
    raise RecordError(f"{text[:40]!r} is no date of a version")


def _dois(item: JsonObject) -> list[Identifier]:
    """The field may hold several, separated by blanks; what is no DOI is not an identifier."""
    found = map(doi, fields.text(item, "doi").split())
    return [one for one in found if one and one.scheme == "doi"]


def _version(item: JsonObject) -> Version:
    number = _VERSION.fullmatch(fields.text(item, "version"))
    if number is None:
        raise RecordError(f"{fields.text(item, 'version')[:40]!r} is no version")
    return Version(int(number["number"]), moment(fields.text(item, "created")))
