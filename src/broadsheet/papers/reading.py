"""Reading the catalogue: typed rows for lists and for one paper, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any, Literal, NamedTuple

import orjson
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from broadsheet.papers import past_texts, signals, tables, texts
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import (
    Affiliation,
    Author,
    Authorship,
    Organization,
    Paper,
    PaperText,
    Revision,
)
from broadsheet.papers.partial_dates import PRECISIONS, PartialDate, Precision
from broadsheet.papers.past_texts import TextChange
from broadsheet.papers.record import AuthorName, Link, OldText, Publication, Version, named
from broadsheet.papers.signals import SourcedSignal
from broadsheet.papers.sources import declared, rank
from broadsheet.papers.texts import Stored, Texts
from broadsheet.stored_times import in_utc

Standing = Literal["", "withdrawn", "retracted"]

# A list shows the first authors and says how many there are; the paper's page shows all.
AUTHORS_IN_A_LIST = 5
# A list is cited with these; the rest of a collaboration is on the paper's page alone.
AUTHORS_CITED_IN_A_LIST = 50
_PRECISION: dict[str, Precision | Literal["none"]] = {"none": "none", **{name: name for name in PRECISIONS}}


@dataclass(frozen=True, slots=True)
class Name:
    """An author or organization: the part of its address, and how it is printed."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What a list shows of a paper. Title and abstract are the originals; `text` has them as they are shown.

    `authors` holds the first AUTHORS_IN_A_LIST, `further_authors` the names after them, in a list up to
    AUTHORS_CITED_IN_A_LIST; `author_count` may be known without any name.
    `is_summary` says that the abstract is a summary of ours. `signals` are external counts by name, of each
    the highest. `published` is the date as far as it is known, `published_at` the time if it is a whole day.
    `standing` says that the authors withdrew the paper, or that its publisher retracted it.
    """

    pk: int
    public_id: str
    title: str
    abstract: str
    is_summary: bool
    published_at: datetime | None
    published: PartialDate | None
    author_count: int | None
    standing: Standing = ""
    authors: tuple[Name, ...] = ()
    further_authors: tuple[str, ...] = ()
    organizations: tuple[Name, ...] = ()
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    signals: dict[str, SourcedSignal] = field(default_factory=dict)
    stored_text: Stored | PaperText | None = None
    _text: Texts | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def text(self) -> Texts:
        """The texts as they are shown; made on the spot where they are still due, and once."""
        if self._text is None:
            shown = texts.of_row(self.title, self.abstract, self.stored_text)
            object.__setattr__(self, "_text", shown)
            return shown
        return self._text

    def link(self, kind: str) -> str:
        """The first link of that kind, or an empty text."""
        return next((link.url for link in self.links if link.kind == kind), "")


@dataclass(frozen=True, slots=True)
class ListedOn:
    """A day on whose list a source had the paper."""

    source: str
    day: date
    submitter_name: str
    submitter_username: str


@dataclass(frozen=True)
class _Further:
    """What only the detail of a paper has of its columns, by their names.

    `notice` is what `notice_source` says of a withdrawal or retraction. `day` is the day whose news the paper
    is, `added_at` and `revised_at` are when it came here and was last changed, and `first_dated_at` its date
    in feeds.
    """

    keywords: tuple[str, ...]
    updated_at: datetime | None
    comment: str
    journal_ref: str
    license: str
    announced_on: date | None
    day: date | None
    added_at: datetime
    first_dated_at: datetime | None
    revised_at: datetime
    notice: str
    notice_source: str


@dataclass(frozen=True)
class PaperDetail(_Further):
    """All that there is to know about a paper; its `row` has all the authors.

    `records` are source, key and JSON, those of the best source first, and `old_texts` those of the first of
    them, the oldest first. What takes work is done when it is asked for, once.
    """

    row: PaperRow
    identifiers: tuple[Identifier, ...]
    versions: tuple[Version, ...]
    signals: tuple[SourcedSignal, ...]
    listings: tuple[ListedOn, ...]
    old_texts: tuple[OldText, ...]
    records: tuple[tuple[str, str, str], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """Those that know the paper, the best first."""
        return tuple(dict.fromkeys(source for source, _, _ in self.records))

    @property
    def dated_at(self) -> datetime | None:
        """The time by which lists sort it: of publication, the first that it may be, or of announcement."""
        if self.row.published:
            return self.row.published_at or self.row.published.begins_at
        return datetime.combine(self.announced_on, time(), UTC) if self.announced_on else None

    @cached_property
    def author_names(self) -> tuple[AuthorName, ...]:
        """The authors in parts, as far as the best source that names them told these apart."""
        naming = (record.get("authors") for _, record in self._read)
        return named(tuple(AuthorName(**author) for author in next(filter(None, naming), ())))

    @cached_property
    def publication(self) -> Publication:
        """Where the paper came out, in parts: the best source that says the kind tells it, and the rest
        stands beside the same `journal_ref`; what nobody says is empty.
        """
        telling = [(record.get("journal_ref", ""), record.get("publication")) for _, record in self._read]
        parts: dict[str, str] = next(
            (said for place, said in telling if said and place == self.journal_ref), {}
        )
        kind = next((said["kind"] for _, said in telling if said and said["kind"]), "")
        return Publication(**{**parts, "kind": kind})

    @cached_property
    def said(self) -> Mapping[str, Mapping[str, Any]]:
        """What else each source said, in its own words and fields: that of its last list, and of that day
        what was observed last.
        """
        by_time = sorted(self._read, key=lambda one: _when(one[1]))
        return {source: record["said"] for source, record in by_time if record.get("said")}

    @cached_property
    def changes(self) -> tuple[TextChange, ...]:
        """How title and abstract changed, the last change first."""
        row = self.row
        return past_texts.changes_of(
            self.old_texts, title=row.title, abstract=row.abstract, versions=self.versions
        )

    @cached_property
    def _read(self) -> list[tuple[str, dict[str, Any]]]:
        return [(source, orjson.loads(content)) for source, _, content in self.records]


def revision() -> int:
    """A number that rises with every change to the catalogue: the key of whatever is cached."""
    # Every answer that is kept asks for it first: writing the query anew would take longer than all the rest.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {Revision._meta.db_table}")  # noqa: S608 (a name of ours)
        row = cursor.fetchone()
    return row[0] if row else 0


def resolve(name: str, *, of_any_version: bool = False) -> tuple[int, str] | None:
    """The paper's key and present public id for any of its names, however it is spelt; None if unknown.

    What names a version that the paper does not have is unknown, unless it may be `of_any_version`.
    """
    found = known_as([name], "pk", "public_id", of_any_version=of_any_version).get(name)
    return (found[0], found[1]) if found else None


def known(public_ids: Collection[str]) -> dict[str, int]:
    """The keys of the papers that are known by these names at present."""
    return dict(Paper.objects.filter(public_id__in=public_ids).values_list("public_id", "pk"))


def rows(pks: Sequence[int], *, counted: bool = True) -> list[PaperRow]:
    """The papers in the order given, in three queries however many they are; deleted ones are left out.

    They have no `signals` unless these are `counted`.
    """
    papers = _shown(pks)
    parts = _parts(pks, tables.first_authors(AUTHORS_CITED_IN_A_LIST), counted=counted)
    return [_row(papers[pk], parts[pk], shown=AUTHORS_IN_A_LIST) for pk in pks if pk in papers]


def bare_rows(pks: Sequence[int]) -> list[PaperRow]:
    """The papers in the order given, in one query: without authors and all else that other tables know."""
    papers = _shown(pks)
    return [_row(papers[pk], _Parts()) for pk in pks if pk in papers]


def detail(pk: int) -> PaperDetail:
    """Everything about one paper. Raises Paper.DoesNotExist."""
    found = details([pk])
    if not found:
        raise Paper.DoesNotExist
    return found[0]


def detail_of(pk: int, name: str) -> PaperDetail:
    """Everything about a paper that was found by that name; about the paper that has the name now, where it
    became part of that meanwhile. Raises Paper.DoesNotExist.
    """
    found = details([pk])
    if not found and (now := resolve(name)):
        found = details([now[0]])
    if not found:
        raise Paper.DoesNotExist
    return found[0]


def details(pks: Sequence[int]) -> list[PaperDetail]:
    """Everything about the papers, in the order given and in eight queries; deleted ones are left out."""
    papers = _whole(pks)
    parts = _parts(pks, tables.AUTHORS)
    more = _more(pks)
    return [_detail(*papers[pk], parts[pk], more[pk]) for pk in pks if pk in papers]


def organization_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of the organizations at those addresses."""
    return tables.organization_names(slugs)


def newest_first(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    """The papers in the order of every list by date: those without any date last, on every database."""
    return papers.order_by(F("published_at").desc(nulls_last=True), "-pk")


def papers_of_author(slug: str) -> QuerySet[Paper]:
    """The author's papers, newest first."""
    return newest_first(Paper.objects.filter(pk__in=Authorship.objects.filter(author=slug).values("paper")))


def papers_of_organization(slug: str) -> QuerySet[Paper]:
    """The organization's papers, newest first."""
    affiliated = Affiliation.objects.filter(organization=slug).values("paper")
    return newest_first(Paper.objects.filter(pk__in=affiliated))


def organizations(limit: int, *, called: str = "") -> list[tuple[Name, int]]:
    """The organizations with the most papers, of those `called` so if that is given, and how many."""
    counted = Organization.objects.annotate(count=Count("affiliations__paper", distinct=True))
    if called:
        counted = counted.filter(Q(name__icontains=called) | Q(slug__icontains=called))
    return _with_most_papers(counted, limit)


def authors(limit: int) -> list[tuple[Name, int]]:
    """The authors with the most papers, and how many."""
    return _with_most_papers(Author.objects.annotate(count=Count("authorships__paper", distinct=True)), limit)


def _with_most_papers(counted: QuerySet[Any], limit: int) -> list[tuple[Name, int]]:
    most = counted.filter(count__gt=0).order_by("-count", "slug")
    return [(Name(*name), count) for *name, count in most.values_list("slug", "name", "count")[:limit]]


class _Shown(NamedTuple):
    """What a list shows of a paper itself, as its columns have it. Model instances would take longer."""

    pk: int
    public_id: str
    title: str
    abstract: str
    abstract_source: str
    published_at: datetime | None
    published_precision: str | None
    author_count: int | None
    withdrawn: bool
    retracted: bool
    text: Stored | None = None


_COLUMNS = tuple(_Shown.__annotations__)[1:-1]


def _shown(pks: Collection[int]) -> dict[int, _Shown]:
    """The papers by their keys, in one query."""
    return {row[0]: _of_row(row) for row in tables.papers(pks, _COLUMNS, texts.SHOWN)}


def _of_row(row: Sequence[Any]) -> _Shown:
    """The columns of a paper and behind them those of its texts."""
    text = row[len(_COLUMNS) + 1 :]
    return _Shown(*(*row[: -len(text)], None if text[0] is None else Stored(*text)))


_FURTHER = tuple(_Further.__annotations__)


def _whole(pks: Collection[int]) -> dict[int, tuple[_Shown, dict[str, Any]]]:
    """All columns of the papers, by their keys and in one query; those of `_Further` by their names."""
    shown, further = len(_COLUMNS) + 1, len(_FURTHER)
    rows = tables.papers(pks, (*_COLUMNS, *_FURTHER), texts.SHOWN)
    return {
        row[0]: (
            _of_row((*row[:shown], *row[shown + further :])),
            dict(zip(_FURTHER, map(_read, row[shown:]), strict=False)),
        )
        for row in rows
    }


def _read(column: Any) -> Any:
    return in_utc(column) if isinstance(column, datetime) else column


@dataclass(slots=True)
class _Parts:
    authors: list[Name] = field(default_factory=list)
    organizations: list[Name] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    signals: list[SourcedSignal] = field(default_factory=list)


def _parts(pks: Collection[int], authors: str, *, counted: bool = True) -> dict[int, _Parts]:
    parts: dict[int, _Parts] = defaultdict(_Parts)
    rows = tables.rows(pks, authors, tables.ORGANIZATIONS, tables.CATEGORIES, tables.LINKS)
    for pk, kind, _, *columns in rows:
        match kind:
            case "author":
                parts[pk].authors.append(Name(*columns))
            case "organization":
                organization = Name(*columns)
                # Of two names of one organization a paper shows the first.
                if organization.slug not in {one.slug for one in parts[pk].organizations}:
                    parts[pk].organizations.append(organization)
            case "category":
                parts[pk].categories.append(columns[0])
            case "link":
                parts[pk].links.append(Link(*columns))
    for pk, of_paper in signals.of_papers(pks if counted else ()).items():
        parts[pk].signals = of_paper
    return parts


def _row(paper: _Shown, parts: _Parts, *, shown: int | None = None) -> PaperRow:
    published_at = paper.published_at and in_utc(paper.published_at)
    return PaperRow(
        pk=paper.pk,
        public_id=paper.public_id,
        title=paper.title,
        abstract=paper.abstract,
        is_summary=declared(paper.abstract_source).is_summary,
        published_at=None if paper.published_precision else published_at,
        published=PartialDate.of(published_at, _PRECISION.get(paper.published_precision or "")),
        author_count=paper.author_count,
        standing="retracted" if paper.retracted else "withdrawn" if paper.withdrawn else "",
        authors=tuple(parts.authors[:shown]),
        further_authors=tuple(one.name for one in parts.authors[shown:]) if shown else (),
        organizations=tuple(parts.organizations),
        categories=tuple(parts.categories),
        links=tuple(parts.links),
        signals=signals.highest(parts.signals),
        stored_text=paper.text,
    )


@dataclass(slots=True)
class _More:
    """What only the detail has; `records` are source, key and JSON, the best source first, and `old_texts` by
    source and key.
    """

    identifiers: list[Identifier] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    listings: list[ListedOn] = field(default_factory=list)
    records: list[tuple[str, str, str]] = field(default_factory=list)
    old_texts: dict[tuple[str, str], list[OldText]] = field(default_factory=lambda: defaultdict(list))


def _more(pks: Collection[int]) -> dict[int, _More]:
    more: dict[int, _More] = defaultdict(_More)
    for pk, *name in tables.rows(pks, tables.IDENTIFIERS):
        more[pk].identifiers.append(Identifier(*name))
    for pk, number, created_at in tables.rows(pks, tables.VERSIONS):
        more[pk].versions.append(Version(number, created_at and in_utc(created_at)))
    for pk, day, source, *submitter in tables.rows(pks, tables.LISTINGS):
        more[pk].listings.append(ListedOn(source, day, *submitter))
    for pk, *record in tables.rows(pks, tables.RECORDS):
        more[pk].records.append(tuple(record))
    for pk, *name, version, replaced_at, title, abstract in tables.rows(pks, tables.OLD_TEXTS):
        more[pk].old_texts[*name].append(OldText(version, title, abstract, in_utc(replaced_at)))
    for one in more.values():
        one.records.sort(key=lambda record: rank(record[0]))
    return more


def _detail(paper: _Shown, further: dict[str, Any], parts: _Parts, more: _More) -> PaperDetail:
    # The title is that of the first record, and so are the texts it had before.
    titled = more.records[0][:2] if more.records else ("", "")
    return PaperDetail(
        row=_row(paper, parts),
        identifiers=tuple(more.identifiers),
        versions=tuple(more.versions),
        signals=tuple(parts.signals),
        listings=tuple(more.listings),
        **further | {"keywords": tuple(orjson.loads(further["keywords"]))},
        old_texts=tuple(more.old_texts.get(titled, ())),
        records=tuple(more.records),
    )


def _when(record: Mapping[str, Any]) -> tuple[str, str]:
    """The last day on whose list the record was, and when it was observed, as ISO 8601 in UTC."""
    return max((one["day"] for one in record.get("listings", ())), default=""), record.get("observed_at", "")
