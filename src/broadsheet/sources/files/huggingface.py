"""Hugging Face Daily Papers: the JSON of `/api/daily_papers`, as recorded by whoever saved it.

An item wraps a `paper`; dates, links and numbers stand inside it or outside. Which day's list an item
was on is told, in this order, by `submittedOnDailyAt`, by the date of the whole recording, by the date in
the file's name, and last by the outer `publishedAt`. That one is the moment of listing in older
recordings and the paper's own date, moved by the offset of New York, in newer ones; then it tells no day.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import PurePath
from typing import Any

import orjson

from broadsheet.papers.identifiers import parse
from broadsheet.papers.record import (
    AuthorName,
    Link,
    Listing,
    OrganizationName,
    Record,
    RecordError,
    Signal,
    listed,
)
from broadsheet.sources.files import fields, json_items
from broadsheet.sources.files.fields import JsonObject
from broadsheet.sources.files.format import Format
from broadsheet.sources.files.opening import Source
from broadsheet.sources.files.readings import Reading, record_or_refusal

SOURCE = "huggingface"
# From late 2024 on a day's list opened at about 21:30 UTC of the day before, and never earlier than this.
LIST_OPENS_BEFORE_MIDNIGHT = timedelta(hours=3)
# How far the outer publishedAt lies before the inner one where it is only a copy of it.
NEW_YORK_OFFSETS = (timedelta(), timedelta(hours=4), timedelta(hours=5))
LIST_NAMES = ("dailyPapers", "papers", "items", "data", "results")
# Made there of each paper's title, for those who share its address: nothing to look at.
SHARE_PICTURES = "/social-thumbnails/"
LONGEST_LITERAL = 1 << 20

# What is kept word for word besides the fields of a record, inside the paper and outside; texts that the
# record has as they are, and counts that it has as signals, are not kept twice.
KEPT = (
    "title",
    "summary",
    "publishedAt",
    "submittedOnDailyAt",
    "submittedOnDailyBy",
    "submittedBy",
    "authors",
    "organization",
    "discussionId",
    "ai_summary",
    "ai_summary_model",
    "ai_keywords",
    "thumbnail",
    "mediaUrl",
    "mediaUrls",
    "projectPage",
    "githubRepo",
    "githubRepoAddedBy",
    "isAuthorParticipating",
    "isDaily",
    "withdrawnAt",
    "linkedModels",
    "linkedDatasets",
    "linkedSpaces",
    "numTotalModels",
    "numTotalDatasets",
    "numTotalSpaces",
)
# Each signal with its field, and with what of it a site like this one says was counted by itself.
COUNTED = (
    ("upvotes", "upvotes", "counted"),
    ("comments", "numComments", "comments"),
    ("github_stars", "githubStars", ""),
)
# In bytes of JSON, inside the paper and outside each; five hundred authors take 40,000.
MOST_KEPT = 1 << 16

_OF_PAPERS = frozenset(
    {b"paper", b"papers", b"dailyPapers", b"upvotes", b"numComments", b"submittedOnDailyAt"}
)
# A given or a family name of Latin letters: `GPT` and `DeepSeek` are neither.
_ONE_WORD = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?")
_DATE_IN_NAME = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")

# An item, and the day of its list if the recording around it says one.
Item = tuple[Any, date | None]


def read(source: Source) -> Iterator[Reading]:
    """Records of a recording: an array of items, an object that holds one, one item, or JSON Lines of these.

    Raises FileError where it is not JSON, BrokenOffError after the last whole item where it breaks.
    """
    items = _with_days(json_items.items(source, *LIST_NAMES))
    yield from read_items(items, day=_day_in_name(source.name), observed_at=source.observed_at)


def read_items(
    items: Iterable[Item], *, day: date | None, observed_at: datetime, first: int = 1
) -> Iterator[Reading]:
    """Records of items in order, the first one in the list's place `first`.

    `day` is the day of the list of those without one.
    """
    for position, (item, day_of_list) in enumerate(items, start=first):
        yield record_or_refusal(
            f"item {position}",
            to_record,
            item,
            position=position,
            day=day_of_list or day,
            observed_at=observed_at,
        )


def unwrapped(recording: object) -> Iterator[Item]:
    """The items of an array or of an object that holds one; anything else is taken for an item."""
    yield from _with_days(json_items.unwrapped(recording, *LIST_NAMES))


def to_record(item: object, *, position: int, day: date | None, observed_at: datetime) -> Record:
    """The record of one item of a list, or of a paper alone. Raises RecordError."""
    outer = _as_object(item)
    paper = fields.part(outer, "paper") or outer
    paper_id = fields.text(paper, "id")
    if not paper_id or len(paper_id) > fields.LONGEST_KEY:
        raise RecordError("the paper's id is missing or too long")
    listed_on = _listed_on(outer, paper, day)
    identifier = parse(paper_id)
    title = fields.text(outer, "title") or fields.text(paper, "title")
    abstract = fields.prose(paper, "summary") or fields.prose(outer, "summary")
    return Record(
        source=SOURCE,
        key=f"{paper_id}@{listed_on}" if listed_on else paper_id,
        title=title,
        abstract=abstract,
        authors=listed(_authors(paper)),
        organizations=tuple(_organizations(outer, paper)),
        identifiers=(identifier,) if identifier else (),
        published_at=fields.time(paper, "publishedAt"),
        links=tuple(_links(outer, paper)),
        signals=tuple(_signals(outer, paper)),
        listings=(_listing(outer, paper, listed_on, position),) if listed_on else (),
        keywords=fields.texts(paper, "ai_keywords"),
        withdrawn=paper.get("withdrawnAt") is not None,
        said=_said(outer, paper, (title, abstract)),
        observed_at=observed_at,
    )


def _with_days(items: Iterable[json_items.Item]) -> Iterator[Item]:
    for item, around in items:
        yield item, _date(around.get("date") or around.get("dateString"))


def _as_object(item: object) -> JsonObject:
    """The item itself; some recordings hold each one as text in Python's notation."""
    if isinstance(item, str):
        item = _literal(item)
    if not isinstance(item, dict):
        raise RecordError("it is not an object")
    return item


def _literal(text: str) -> object:
    if len(text) > LONGEST_LITERAL:
        raise RecordError("it is text, and too long to be read as an object")
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as problem:
        raise RecordError("it is text that does not read as an object") from problem


def _listed_on(outer: JsonObject, paper: JsonObject, day: date | None) -> date | None:
    """The day whose list the item was on, None if nothing tells."""
    submitted = fields.time(paper, "submittedOnDailyAt") or fields.time(outer, "submittedOnDailyAt")
    if submitted or day:
        return submitted.date() if submitted else day
    listed, published = fields.time(outer, "publishedAt"), fields.time(paper, "publishedAt")
    if outer is paper or listed is None or (published and published - listed in NEW_YORK_OFFSETS):
        return None
    try:
        return (listed + LIST_OPENS_BEFORE_MIDNIGHT).date()
    except OverflowError as problem:
        raise RecordError("publishedAt lies beyond the year 9999") from problem


def _authors(paper: JsonObject) -> Iterator[AuthorName]:
    names = [
        fields.text(author, "name") for author in fields.parts(paper, "authors") if not author.get("hidden")
    ]
    yield from map(AuthorName, _rejoined([name for name in names if name]))


def _rejoined(names: Sequence[str]) -> Iterator[str]:
    """The names, of which two that stand alone side by side are one that was parted at its comma.

    Only among people who have two names each: some have but one.
    """
    are_short = [_ONE_WORD.fullmatch(name) is not None for name in names]
    can_be = are_short.count(True) * 2 < len(names)
    place = 0
    while place < len(names):
        parted = can_be and are_short[place : place + 2] == [True, True]
        yield " ".join(names[place : place + 1 + parted])
        place += 1 + parted


def _organizations(outer: JsonObject, paper: JsonObject) -> Iterator[OrganizationName]:
    organization = fields.part(outer, "organization") or fields.part(paper, "organization")
    slug = fields.text(organization, "name")
    if slug and " " not in slug:
        yield OrganizationName(slug, fields.text(organization, "fullname") or slug)


def _links(outer: JsonObject, paper: JsonObject) -> Iterator[Link]:
    """Links that lead somewhere; what people type into these fields is not always an address."""
    media = chain(
        fields.texts(outer, "mediaUrls"),
        fields.texts(paper, "mediaUrls"),
        (fields.text(outer, "mediaUrl"), fields.text(outer, "thumbnail")),
    )
    found = [
        ("code", fields.text(paper, "githubRepo") or fields.text(outer, "githubRepo")),
        ("project", fields.text(paper, "projectPage") or fields.text(outer, "projectPage")),
        *(("media", url) for url in media),
    ]
    yield from (
        Link(kind, url)
        for kind, url in dict.fromkeys(found)
        if fields.is_web_address(url) and not (kind == "media" and SHARE_PICTURES in url)
    )


def _signals(outer: JsonObject, paper: JsonObject) -> Iterator[Signal]:
    """What the readers there counted; our own export of lists repeats it outside the paper.

    A site like this one adds what its people did, and says in `here` how much that is: no numbers of Hugging
    Face's, which two sites that read each other would add up for ever.
    """
    own = fields.part(outer, "here")
    for name, field, added in COUNTED:
        inner = fields.count(paper, field)
        value = fields.count(outer, field) if inner is None else inner
        if value is not None:
            yield Signal(name, max(0, value - (fields.count(own, added) or 0)))


def _listing(outer: JsonObject, paper: JsonObject, day: date, position: int) -> Listing:
    submitter = fields.part(outer, "submittedBy") or fields.part(paper, "submittedOnDailyBy")
    username = fields.text(submitter, "user") or fields.text(submitter, "name")
    return Listing(day, position, fields.text(submitter, "fullname"), username)


def _said(outer: JsonObject, paper: JsonObject, known: Collection[str]) -> dict[str, Any]:
    """What the item says in its own words and fields; what stood inside it is in `paper`."""
    if outer is paper:
        return _kept(paper, known)
    inner = _kept(paper, known)
    return _kept(outer, known) | ({"paper": inner} if inner else {})


def _kept(item: JsonObject, known: Collection[str]) -> dict[str, Any]:
    """The fields of KEPT that are JSON, but for the largest ones where all are more than MOST_KEPT."""
    sizes = {name: _size(item[name]) for name in KEPT if item.get(name) is not None}
    fitting, total = set(), 0
    for name in sorted(sizes, key=sizes.__getitem__):
        total += sizes[name]
        if total <= MOST_KEPT and not (name in ("title", "summary") and item[name] in known):
            fitting.add(name)
    return {name: item[name] for name in KEPT if name in fitting}


def _size(value: object) -> int:
    """How long the value is as JSON; what cannot be stored as such is taken to be too long."""
    try:
        # Our answers hold it deeper than the item did.
        content = orjson.dumps([[[[[[[[value]]]]]]]])
    except TypeError:
        return MOST_KEPT + 1
    return MOST_KEPT + 1 if b"\\u0000" in content else len(content) - 16


def _day_in_name(name: str) -> date | None:
    found = _DATE_IN_NAME.search(PurePath(name).name)
    return _date(found[0]) if found else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _looks_like(head: bytes) -> bool:
    is_empty_array = head.startswith(b"[") and not head[1:].strip(b" \t\r\n]")
    return is_empty_array or not _OF_PAPERS.isdisjoint(json_items.keys(head))


FORMAT = Format("huggingface", "Daily Papers API JSON", _looks_like, read)
