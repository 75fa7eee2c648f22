"""What curators say of a paper, as records of a source of its own: so it follows merges, exports and mirrors.

Each word is one record, whose key says of which paper, by the name under which it was seen, and what about:
the list of a day, a link, an organization. A word is taken back by a newer state of its record that says
nothing more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db.models import Max

from broadsheet.papers import reading
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.likeness import IDENTIFYING_SCHEMES
from broadsheet.papers.models import PaperListing, SourceRecord
from broadsheet.papers.record import Link, Listing, OrganizationName, Record, record_from_json

HERE = "here"
_A_MOMENT = timedelta(microseconds=1)


class NoWordError(ValueError):
    """Nothing can be said of the paper; the message says why."""


class NoSuchWordError(NoWordError):
    """No curator said that of the paper."""


@dataclass(frozen=True, slots=True)
class Word:
    """A link or an organization that a curator gave a paper, with the key by which it is taken back."""

    key: str
    link: Link | None
    organization: OrganizationName | None


def list_on(
    day: date, paper: int, named: str, *, submitter_name: str, submitter_username: str, now: datetime
) -> None:
    """Put the paper on our list of the day, last. The caller holds the transaction, as for all verbs here."""
    last = PaperListing.objects.filter(source=HERE, day=day).aggregate(last=Max("position"))["last"]
    listing = Listing(day, (last or 0) + 1, submitter_name, submitter_username)
    _say(paper, named, key_of_day(named, day), now=now, listings=(listing,))


def unlist(day: date, paper: int, named: str, *, now: datetime) -> None:
    """Take the paper off our list of the day."""
    _say(paper, named, key_of_day(named, day), now=now)


def forget_submitter(day: date, paper: int, named: str, *, now: datetime) -> None:
    """Keep the paper where it is on our list of the day, in nobody's name."""
    key = key_of_day(named, day)
    held = SourceRecord.objects.filter(source=HERE, key=key, paper=paper).first()
    listings = _record(held).listings if held else ()
    if listings:
        unnamed = tuple(Listing(one.day, one.position) for one in listings)
        _say(paper, named, key, now=now, listings=unnamed)


def link(paper: int, named: str, said: Link, *, now: datetime) -> str:
    """Give the paper a link; the key of that word."""
    digest = hashlib.blake2b(said.url.encode(), digest_size=6).hexdigest()
    key = f"{named}+{digest}"
    _say(paper, named, key, now=now, links=(said,))
    return key


def affiliate(paper: int, named: str, said: OrganizationName, *, now: datetime) -> str:
    """Say that the paper comes from an organization; the key of that word."""
    digest = hashlib.blake2b(said.slug.encode(), digest_size=6).hexdigest()
    key = f"{named}+{digest}"
    _say(paper, named, key, now=now, organizations=(said,))
    return key


def take_back(paper: int, key: str, *, now: datetime) -> None:
    """Say nothing more of what the word of that key said. Raises SourceRecord.DoesNotExist."""
    held = SourceRecord.objects.get(source=HERE, key=key, paper=paper)
    (identifier,) = _record(held).identifiers
    _say(paper, f"{identifier.scheme}:{identifier.value}", key, now=now)


def words(paper: int) -> list[Word]:
    """The links and organizations that curators gave the paper, and that stand."""
    held = SourceRecord.objects.filter(source=HERE, paper=paper).order_by("key")
    said = [(one.key, _record(one)) for one in held]
    return [
        Word(key, next(iter(record.links), None), next(iter(record.organizations), None))
        for key, record in said
        if record.links or record.organizations
    ]


def key_of_day(named: str, day: date) -> str:
    """The key of the word that puts a paper on the list of a day."""
    return f"{named}@{day}"


def _say(paper: int, named: str, key: str, *, now: datetime, **facts: Any) -> None:
    """Store a state of the record that is later than the one before, however fast curators are."""
    held = SourceRecord.objects.filter(source=HERE, key=key).first()
    before = _record(held).observed_at if held else None
    record = Record(
        source=HERE,
        key=key,
        observed_at=max(now, before + _A_MOMENT) if before else now,
        **_what_finds(paper, named),
        **facts,
    )
    store([record], now=now)
    if not SourceRecord.objects.filter(source=HERE, key=key, paper=paper).exists():
        raise NoWordError("Too little is known of this paper to say anything of it: it has no identifier.")


def _what_finds(paper: int, named: str) -> dict[str, Any]:
    """What makes a record part of the paper: its identifier, or, where it has none, what else is known."""
    scheme, _, value = named.partition(":")
    known = reading.detail(paper)
    finds: dict[str, Any] = {"title": known.row.title, "identifiers": (Identifier(scheme, value),)}
    if scheme in IDENTIFYING_SCHEMES:
        return finds
    return finds | {
        "abstract": known.row.abstract,
        "authors": known.author_names,
        "author_count": known.row.author_count,
        "published_at": known.dated_at,
        "published_precision": known.row.published.precision if known.row.published else None,
    }


def _record(held: SourceRecord) -> Record:
    return record_from_json(orjson.loads(held.content))
