"""A record: what one source says about one paper, before it is merged into the catalogue.

Every importer ends here, and our own export is made of these. A record is plain data: it can be
compared, hashed, written as JSON and read back without loss.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from itertools import islice
from operator import attrgetter
from typing import Any

import orjson

from broadsheet.papers import degrees, names
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.partial_dates import PRECISIONS, PartialDate, Precision
from broadsheet.papers.text import visible


class RecordError(ValueError):
    """A record cannot be used; the message says why in words for the operator."""


@dataclass(frozen=True, slots=True)
class AuthorName:
    """One author as the source prints it; `family` and `given` where the source tells them apart.

    The name of a group, which has no such parts, is all `family` or neither.
    """

    name: str
    family: str = ""
    given: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationName:
    """An organization; `slug` is the source's own short name, without spaces."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the paper: `number` from 1, and when it was sent in, if known."""

    number: int
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to the paper; `kind` is one of LINK_KINDS."""

    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Where the paper came out, in parts: the title of the journal, book or series, and the place in it.

    `kind` is one of KINDS, or empty where the source does not say it.
    """

    kind: str = ""
    name: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """A number somebody else counted (never our own votes), for example `upvotes` or `github_stars`."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The source put the paper on its list of `day`, at `position` (from 1), sent in by a person."""

    day: date
    position: int
    submitter_name: str = ""
    submitter_username: str = ""


@dataclass(frozen=True, slots=True)
class OldText:
    """Title and abstract as the source had them in `version` (0: unknown), until they were replaced."""

    version: int
    title: str
    abstract: str
    replaced_at: datetime


# No paper needs more, and each page and feed that shows it has to carry it. In characters.
LONGEST_TITLE = 2_000
LONGEST_ABSTRACT = 50_000
MOST_AUTHORS = 10_000
# Of a comment, of what is said on one line (a name, a journal, a licence), and of all keywords together.
LONGEST_COMMENT, LONGEST_LINE, MOST_OF_KEYWORDS = 10_000, 4_000, 50_000
# Of all names that a source has in one text, before they are taken apart.
LONGEST_LIST = 300_000
_LONGEST_WRITTEN = 10 * LONGEST_LINE
MOST_LINKS = MOST_CATEGORIES = 1_000
# So often names are looked at again where something was taken from them.
MOST_ROUNDS = 4
LINK_KINDS = ("code", "project", "pdf", "page", "media")
# What a paper may be, by the names that BibTeX has for it.
IN_A_WHOLE = ("article", "inproceedings", "incollection")
KINDS = (*IN_A_WHOLE, "book", "phdthesis", "mastersthesis", "techreport")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one source says about one paper.

    `source` is the source's name (see `sources`), `key` the record's identity within
    that source: the same source and key seen again is the same record seen again. Texts are kept as
    the source gave them, line breaks squeezed. Times are aware and in UTC; a date alone is midnight.
    Where of `published_at` only the year or the month is known, it is the beginning of that, and
    `published_precision` says so.
    `observed_at` says when the source said so, which decides between two states of the same record;
    it is not part of the content. Neither is what another catalogue adds to the record, so that it can become
    what it is there: the `old_texts` that it had, and the names of the paper that it is part of, `known_as`:
    its public id first. `announced_on` is the day whose news the paper was; `retracted` is the publisher's
    word and `withdrawn` the authors', `notice` what they say about it. `said` is what else the
    source said, as JSON in its own words and fields, so that these can be given. `journal_ref` says on one
    line what `publication` says in parts, if the source has them. `authors` are `named`, whatever the source
    takes for one.
    """

    source: str
    key: str
    title: str
    abstract: str = ""
    authors: tuple[AuthorName, ...] = ()
    author_count: int | None = None
    organizations: tuple[OrganizationName, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision | None = None
    updated_at: datetime | None = None
    versions: tuple[Version, ...] = ()
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    signals: tuple[Signal, ...] = ()
    listings: tuple[Listing, ...] = ()
    comment: str = ""
    journal_ref: str = ""
    publication: Publication | None = None
    license: str = ""
    keywords: tuple[str, ...] = ()
    withdrawn: bool = False
    retracted: bool = False
    notice: str = ""
    announced_on: date | None = None
    said: Mapping[str, Any] = field(default_factory=dict, hash=False)
    observed_at: datetime | None = None
    old_texts: tuple[OldText, ...] = ()
    known_as: tuple[Identifier, ...] = field(default=(), compare=False)
    _content: bytes = field(default=b"", init=False, repr=False, compare=False)
    _digest: bytes = field(default=b"", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.source or not self.key:
            raise RecordError("a record needs a source and a key")
        object.__setattr__(self, "authors", named(self.authors))
        if not self.title.strip():
            raise RecordError("the title is missing")
        for link in self.links:
            if link.kind not in LINK_KINDS:
                raise RecordError(f"unknown kind of link {link.kind!r}")
            if not link.url.startswith(("https://", "http://")):
                raise RecordError(f"the {link.kind} link {link.url!r} is not an http address")
        if self.publication and self.publication.kind not in ("", *KINDS):
            raise RecordError(f"unknown kind of publication {self.publication.kind!r}")
        if self.published_precision not in (None, *PRECISIONS):
            raise RecordError(f"unknown precision {self.published_precision!r} of the date")
        values = zip(_CONTENT, _content_of(self), strict=True)
        try:
            content = orjson.dumps({name: value for name, value in values if value})
        except TypeError as problem:
            raise RecordError(f"a text or number cannot be stored: {problem}") from problem
        if b"\\u0000" in content:
            # PostgreSQL keeps no NUL in a text, and nobody means one.
            raise RecordError("a text holds a NUL character")
        object.__setattr__(self, "_content", content)
        object.__setattr__(self, "_digest", hashlib.blake2b(content, digest_size=16).digest())

    @property
    def published(self) -> PartialDate | None:
        """The date of publication, as far as it is known."""
        return PartialDate.of(self.published_at, self.published_precision)

    def to_json(self) -> bytes:
        """The record as one line of compact JSON, empty fields left out."""
        if self.observed_at is None:
            return self._content
        return b'%s,"observed_at":%s}' % (self._content[:-1], orjson.dumps(self.observed_at))

    @property
    def content(self) -> bytes:
        """As `to_json`, without the time when it was observed."""
        return self._content

    def digest(self) -> bytes:
        """16 bytes that change exactly when the content changes."""
        return self._digest


def check_size(record: Record) -> None:
    """Raise RecordError where a record says more than a paper can; readers ask, not the catalogue."""
    # Beside its abstract nearly every record is shorter than a title may be, and no part may be shorter.
    rest = len(record.content) - len(record.abstract)
    if rest <= LONGEST_TITLE and len(record.abstract) <= LONGEST_ABSTRACT:
        return
    for what, size, most, unit in _sizes(record):
        if size > most:
            raise RecordError(f"the {what} has {size:,} {unit}; {most:,} are the most")


def listed(authors: Iterable[AuthorName]) -> tuple[AuthorName, ...]:
    """The authors that a reader finds one after the other. Raises RecordError once they are too many."""
    found = tuple(islice(authors, MOST_AUTHORS + 1))
    if len(found) > MOST_AUTHORS:
        raise RecordError(f"the list of authors has more than {MOST_AUTHORS:,} names, which are the most")
    return found


def check_names(text: str) -> None:
    """Raise RecordError for names in one text that are longer than a paper's, before they are taken apart."""
    if len(text) > LONGEST_LIST:
        raise RecordError(f"a list of names has {len(text):,} characters; {LONGEST_LIST:,} are the most")


def check_name(text: str) -> None:
    """Raise RecordError for a single name that is too long, however much of it is markup."""
    if len(text) > _LONGEST_WRITTEN:
        raise RecordError(f"the longest name has {len(text):,} characters; {LONGEST_LINE:,} are the most")


def _sizes(record: Record) -> Iterator[tuple[str, int, int, str]]:
    yield "title", len(record.title), LONGEST_TITLE, "characters"
    yield "abstract", len(record.abstract), LONGEST_ABSTRACT, "characters"
    yield "list of authors", len(record.authors), MOST_AUTHORS, "names"
    yield "list of organizations", len(record.organizations), MOST_AUTHORS, "names"
    lengths = [len(author.name) for author in record.authors]
    lengths += [len(organization.name) for organization in record.organizations]
    yield "longest name", max(lengths, default=0), LONGEST_LINE, "characters"
    for what, text in (("comment", record.comment), ("notice", record.notice)):
        yield what, len(text), LONGEST_COMMENT, "characters"
    for what, text in (("place of publication", record.journal_ref), ("license", record.license)):
        yield what, len(text), LONGEST_LINE, "characters"
    yield "list of keywords", sum(map(len, record.keywords)), MOST_OF_KEYWORDS, "characters"
    yield "list of links", len(record.links), MOST_LINKS, "addresses"
    yield "list of categories", len(record.categories), MOST_CATEGORIES, "codes"


def named(authors: tuple[AuthorName, ...]) -> tuple[AuthorName, ...]:
    """The authors without what is no name ("et al.", a colon, a degree), groups whole and apart from people,
    and the names that begin with the family's written so.

    What is taken away can leave what is no name either; so the names of a record that is read back stay.
    """
    for _ in range(MOST_ROUNDS):
        made = _named_once(authors)
        if made == authors:
            break
        authors = made
    return authors


def _named_once(authors: tuple[AuthorName, ...]) -> tuple[AuthorName, ...]:
    printed = "".join([author.name for author in authors])
    if not "".join([f"{x.name}{x.family}{x.given}" for x in authors]).isprintable():
        authors = tuple(AuthorName(visible(x.name), visible(x.family), visible(x.given)) for x in authors)
    is_plain = names.are_plain([author.name for author in authors])
    if is_plain and (printed.isascii() or not any(map(_is_spaced, authors))):
        return authors
    clear = [_is_clear(author) for author in authors]
    untitled = _untitled(zip(authors, clear, strict=True))
    return tuple(
        name for author, is_clear in untitled for name in ((author,) if is_clear else _named(author))
    )


def _is_clear(author: AuthorName) -> bool:
    """True where nothing is to be looked for in a name, though in others beside it."""
    parts = f"{author.given} {author.family}" if author.given else author.family or author.name
    return author.name == parts and degrees.is_clear(parts)


def _untitled(authors: Iterable[tuple[AuthorName, bool]]) -> Iterator[tuple[AuthorName, bool]]:
    """The authors, of each whether it is clear, without titles and degrees, and without a degree that a list
    has as a name of its own.
    """
    before = ""
    for author, is_clear in authors:
        if is_clear:
            yield author, True
        elif " " not in before or author.given or not degrees.is_degree_behind(author.name):
            yield AuthorName(*degrees.untitled(author.name, author.family, author.given)), False
        before = author.name


def _is_spaced(author: AuthorName) -> bool:
    return _is_turned_round(author) or names.closed_up(author.name) != author.name


def _is_turned_round(author: AuthorName) -> bool:
    return bool(author.given) and names.is_cjk(author.given, author.family)


def _named(author: AuthorName) -> Iterator[AuthorName]:
    for name in names.told_apart(author.name):
        if author.given and names.is_group(name):
            yield AuthorName(name, name)
        elif _is_turned_round(author):
            yield AuthorName(f"{author.family}{author.given}", author.family, author.given)
        elif name == author.name:
            yield author if author.given else _closed_up(author)
        elif author.family and name.endswith(author.family):
            yield AuthorName(name, author.family, name.removesuffix(author.family).rstrip())
        else:
            yield AuthorName(name)


def _closed_up(author: AuthorName) -> AuthorName:
    """The author without the blank in a Chinese or Korean name; which part is the family's is not told."""
    name = names.closed_up(author.name)
    return author if name == author.name else AuthorName(name, name if author.family else "")


def record_from_json(data: dict[str, Any]) -> Record:
    """Read a record back from its JSON object. Raises RecordError with the field that is wrong."""
    unknown = set(data) - _FIELDS
    if unknown:
        raise RecordError(f"unknown field {min(unknown)!r}")
    try:
        return Record(**{name: _READERS.get(name, _as_it_is)(value) for name, value in data.items()})
    except (KeyError, TypeError, ValueError) as problem:
        raise RecordError(str(problem)) from problem


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise RecordError(f"expected text, found {type(value).__name__}")
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    time = datetime.fromisoformat(_text(value))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _date(value: object) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _as_it_is(value: Any) -> Any:
    return value


def _publication(value: object) -> Publication | None:
    parts = _object(value)
    return Publication(**{name: _text(part) for name, part in parts.items()}) if parts else None


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RecordError(f"expected an object, found {type(value).__name__}")
    return value


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(_text(value) for value in values)


def _parts(kind: type[Any]) -> Callable[[list[dict[str, Any]]], tuple[Any, ...]]:
    return lambda values: tuple(kind(**value) for value in values)


def _versions(values: list[dict[str, Any]]) -> tuple[Version, ...]:
    return tuple(Version(value["number"], _time(value.get("created_at"))) for value in values)


def _listings(values: list[dict[str, Any]]) -> tuple[Listing, ...]:
    return tuple(Listing(**{**value, "day": date.fromisoformat(_text(value["day"]))}) for value in values)


_FIELDS = {part.name for part in fields(Record) if part.init} - {"old_texts", "known_as"}
_CONTENT = tuple(part.name for part in fields(Record) if part.name in _FIELDS - {"observed_at"})
_content_of = attrgetter(*_CONTENT)
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("source", "key", "title", "abstract", "comment", "journal_ref", "license", "notice"), _text
    ),
    **dict.fromkeys(("published_at", "updated_at", "observed_at"), _time),
    **dict.fromkeys(("categories", "keywords"), _texts),
    "announced_on": _date,
    "said": _object,
    "publication": _publication,
    "authors": _parts(AuthorName),
    "organizations": _parts(OrganizationName),
    "identifiers": _parts(Identifier),
    "versions": _versions,
    "links": _parts(Link),
    "signals": _parts(Signal),
    "listings": _listings,
}
