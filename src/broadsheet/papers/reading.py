"""Reading the catalogue: typed rows for lists and for one paper, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import orjson
from django.db import connection
from django.db.models import Count, Max, Min, QuerySet, Value

from broadsheet.papers import past_texts
from broadsheet.papers.identifiers import Identifier, parse
from broadsheet.papers.merging import rank
from broadsheet.papers.models import (
    Affiliation,
    Author,
    Authorship,
    ExternalSignal,
    Organization,
    Paper,
    PaperCategory,
    PaperIdentifier,
    PaperLink,
    PaperListing,
    PaperVersion,
    Revision,
    SourceRecord,
)
from broadsheet.papers.past_texts import TextChange
from broadsheet.papers.record import AuthorName, Link, OldText, Version

Standing = Literal["", "withdrawn", "retracted"]

# A list shows the first authors and says how many there are; the paper's page shows all.
AUTHORS_IN_A_LIST = 5
# A list is cited with these; the rest of a collaboration is on the paper's page alone.
AUTHORS_CITED_IN_A_LIST = 50
# What a row has of the paper itself.
_SHOWN = (
    "public_id",
    "title",
    "abstract",
    "abstract_source",
    "published_at",
    "author_count",
    "withdrawn",
    "retracted",
)


@dataclass(frozen=True, slots=True)
class Name:
    """An author or organization: the part of its address, and how it is printed."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class SourcedSignal:
    """An external count with its source and time."""

    source: str
    name: str
    value: int
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What a list shows of a paper. Texts are the originals; `papers.text` makes them readable.

    `authors` holds the first AUTHORS_IN_A_LIST, `further_authors` the names after them, in a list up to
    AUTHORS_CITED_IN_A_LIST; `author_count` may be known without any name.
    `is_summary` says that the abstract is a summary of ours. `signals` are external counts by name, of each
    the highest. `standing` says that the authors withdrew the paper, or that its publisher retracted it.
    """

    pk: int
    public_id: str
    title: str
    abstract: str
    is_summary: bool
    published_at: datetime | None
    author_count: int | None
    standing: Standing = ""
    authors: tuple[Name, ...] = ()
    further_authors: tuple[str, ...] = ()
    organizations: tuple[Name, ...] = ()
    categories: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    signals: dict[str, SourcedSignal] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class PaperDetail:
    """All that there is to know about a paper; its `row` has all the authors, `author_names` their names in
    parts, as far as the source told them apart.

    `notice` is what `notice_source` says of a withdrawal or retraction. `day` is the day whose news the paper
    is, `added_at` and `revised_at` are when it came here and was last changed. `old_texts` are those of its
    first record, the oldest first. `said` is what else each source said, in its own words and fields: that of
    its last list, and of that day what was observed last.
    """

    row: PaperRow
    author_names: tuple[AuthorName, ...]
    identifiers: tuple[Identifier, ...]
    versions: tuple[Version, ...]
    signals: tuple[SourcedSignal, ...]
    listings: tuple[ListedOn, ...]
    sources: tuple[str, ...]
    keywords: tuple[str, ...]
    updated_at: datetime | None
    comment: str
    journal_ref: str
    license: str
    announced_on: date | None
    day: date | None
    added_at: datetime
    revised_at: datetime
    notice: str
    notice_source: str
    old_texts: tuple[OldText, ...]
    said: Mapping[str, Mapping[str, Any]]

    @property
    def changes(self) -> tuple[TextChange, ...]:
        """How title and abstract changed, the last change first: compared when asked for, not before."""
        row = self.row
        return past_texts.changes_of(
            self.old_texts, title=row.title, abstract=row.abstract, versions=self.versions
        )


def revision() -> int:
    """A number that rises with every change to the catalogue: the key of whatever is cached."""
    # Every answer that is kept asks for it first: writing the query anew would take longer than all the rest.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number FROM {Revision._meta.db_table}")  # noqa: S608 (a name of ours)
        row = cursor.fetchone()
    return row[0] if row else 0


def resolve(name: str) -> tuple[int, str] | None:
    """The paper's key and present public id for any of its names, however it is spelt; None if unknown."""
    identifier = parse(name)
    if identifier is None:
        return None
    found = PaperIdentifier.objects.filter(scheme=identifier.scheme, value=identifier.value)
    return found.values_list("paper_id", "paper__public_id").first()


def known(public_ids: Collection[str]) -> dict[str, int]:
    """The keys of the papers that are known by these names at present."""
    return dict(Paper.objects.filter(public_id__in=public_ids).values_list("public_id", "pk"))


def rows(pks: Sequence[int]) -> list[PaperRow]:
    """The papers in the order given, in five queries however many they are; deleted ones are left out."""
    papers = Paper.objects.only(*_SHOWN).in_bulk(pks)
    first_authors = Authorship.objects.filter(paper__in=pks, position__lte=AUTHORS_CITED_IN_A_LIST)
    parts = _parts(pks, first_authors)
    return [_row(papers[pk], parts[pk], shown=AUTHORS_IN_A_LIST) for pk in pks if pk in papers]


def bare_rows(pks: Sequence[int]) -> list[PaperRow]:
    """The papers in the order given, in one query: without authors and all else that other tables know."""
    papers = Paper.objects.only(*_SHOWN).in_bulk(pks)
    return [_row(papers[pk], _Parts()) for pk in pks if pk in papers]


def detail(pk: int) -> PaperDetail:
    """Everything about one paper. Raises Paper.DoesNotExist."""
    found = details([pk])
    if not found:
        raise Paper.DoesNotExist
    return found[0]


def details(pks: Sequence[int]) -> list[PaperDetail]:
    """Everything about the papers, in the order given and in ten queries; deleted ones are left out."""
    papers = Paper.objects.in_bulk(pks)
    parts = _parts(pks, Authorship.objects.filter(paper__in=pks))
    more = _more(pks)
    # The title is that of the first record, and so are the texts it had before.
    old_texts = past_texts.of_keys({one.records[0][:2] for one in more.values() if one.records})
    return [_detail(papers[pk], parts[pk], more[pk], old_texts) for pk in pks if pk in papers]


def author(slug: str) -> Name | None:
    """The author at that address."""
    return next((Name(*row) for row in Author.objects.filter(slug=slug).values_list("slug", "name")), None)


def organization(slug: str) -> Name | None:
    """The organization at that address."""
    return next(
        (Name(*row) for row in Organization.objects.filter(slug=slug).values_list("slug", "name")), None
    )


def organization_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of the organizations at those addresses."""
    return dict(Organization.objects.filter(pk__in=slugs).values_list("slug", "name"))


def papers_of_author(slug: str) -> QuerySet[Paper]:
    """The author's papers, newest first."""
    return _newest_first(Paper.objects.filter(pk__in=Authorship.objects.filter(author=slug).values("paper")))


def papers_of_organization(slug: str) -> QuerySet[Paper]:
    """The organization's papers, newest first."""
    return _newest_first(
        Paper.objects.filter(pk__in=Affiliation.objects.filter(organization=slug).values("paper"))
    )


def organizations(limit: int) -> list[tuple[Name, int]]:
    """The organizations with the most papers, and how many."""
    counted = (
        Organization.objects.annotate(count=Count("affiliations"))
        .filter(count__gt=0)
        .order_by("-count", "slug")
    )
    return [
        (Name(slug, name), count)
        for slug, name, count in counted.values_list("slug", "name", "count")[:limit]
    ]


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    """How much the catalogue holds, and of which days."""

    papers: int
    authors: int
    organizations: int
    by_source: tuple[tuple[str, int], ...]
    first_published: datetime | None
    last_published: datetime | None


def counts() -> CatalogueCounts:
    """How much the catalogue holds."""
    span = Paper.objects.aggregate(first=Min("published_at"), last=Max("published_at"), papers=Count("pk"))
    by_source = SourceRecord.objects.values_list("source").annotate(Count("pk")).order_by("source")
    return CatalogueCounts(
        span["papers"],
        Author.objects.count(),
        Organization.objects.count(),
        tuple(by_source),
        span["first"],
        span["last"],
    )


def _newest_first(papers: QuerySet[Paper]) -> QuerySet[Paper]:
    return papers.order_by("-published_at", "-pk")


@dataclass(slots=True)
class _Parts:
    authors: list[Name] = field(default_factory=list)
    organizations: list[Name] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    signals: dict[str, SourcedSignal] = field(default_factory=dict)


def _parts(pks: Iterable[int], authorships: QuerySet[Authorship]) -> dict[int, _Parts]:
    parts: dict[int, _Parts] = defaultdict(_Parts)
    affiliations = Affiliation.objects.filter(paper__in=pks).annotate(kind=Value("organization"))
    named = authorships.annotate(kind=Value("author")).values_list(
        "paper_id", "position", "kind", "author_id", "name"
    )
    columns = ("paper_id", "position", "kind", "organization_id", "organization__name")
    people = named.union(affiliations.values_list(*columns), all=True).order_by("paper_id", "position")
    for pk, _, kind, slug, name in people:
        part = parts[pk].authors if kind == "author" else parts[pk].organizations
        part.append(Name(slug, name))
    categories = PaperCategory.objects.filter(paper__in=pks).annotate(kind=Value("category"))
    links = PaperLink.objects.filter(paper__in=pks)
    both = categories.values_list("paper_id", "position", "kind", "code").union(
        links.values_list("paper_id", "position", "kind", "url"), all=True
    )
    for pk, _, kind, value in both.order_by("paper_id", "position"):
        if kind == "category":
            parts[pk].categories.append(value)
        else:
            parts[pk].links.append(Link(kind, value))
    signals = ExternalSignal.objects.filter(paper__in=pks).order_by("value", "source")
    columns = ("paper_id", "source", "name", "value", "observed_at")
    for pk, source, name, value, observed_at in signals.values_list(*columns):
        # Two sources may count the same thing: adding up would count people twice, so the highest stands.
        parts[pk].signals[name] = SourcedSignal(source, name, value, observed_at)
    return parts


def _row(paper: Paper, parts: _Parts, *, shown: int | None = None) -> PaperRow:
    return PaperRow(
        pk=paper.pk,
        public_id=paper.public_id,
        title=paper.title,
        abstract=paper.abstract,
        is_summary=paper.abstract_source == "demo",
        published_at=paper.published_at,
        author_count=paper.author_count,
        standing="retracted" if paper.retracted else "withdrawn" if paper.withdrawn else "",
        authors=tuple(parts.authors[:shown]),
        further_authors=tuple(one.name for one in parts.authors[shown:]) if shown else (),
        organizations=tuple(parts.organizations),
        categories=tuple(parts.categories),
        links=tuple(parts.links),
        signals=parts.signals,
    )


@dataclass(slots=True)
class _More:
    """What only the detail has; `records` are source, key and JSON, the best source first."""

    identifiers: list[Identifier] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    signals: list[SourcedSignal] = field(default_factory=list)
    listings: list[ListedOn] = field(default_factory=list)
    records: list[tuple[str, str, str]] = field(default_factory=list)


def _more(pks: Sequence[int]) -> dict[int, _More]:
    more: dict[int, _More] = defaultdict(_More)
    for pk, *name in PaperIdentifier.objects.filter(paper__in=pks).values_list("paper_id", "scheme", "value"):
        more[pk].identifiers.append(Identifier(*name))
    versions = PaperVersion.objects.filter(paper__in=pks).order_by("number")
    for pk, number, created_at in versions.values_list("paper_id", "number", "created_at"):
        more[pk].versions.append(Version(number, created_at))
    signals = ExternalSignal.objects.filter(paper__in=pks).order_by("source", "name")
    columns = ("paper_id", "source", "name", "value", "observed_at")
    for pk, source, name, value, observed_at in signals.values_list(*columns):
        more[pk].signals.append(SourcedSignal(source, name, value, observed_at))
    listings = PaperListing.objects.filter(paper__in=pks).order_by("day", "source")
    columns = ("paper_id", "source", "day", "submitter_name", "submitter_username")
    for pk, source, day, *submitter in listings.values_list(*columns):
        more[pk].listings.append(ListedOn(source, day, *submitter))
    records = SourceRecord.objects.filter(paper__in=pks)
    for pk, source, key, content in records.values_list("paper_id", "source", "key", "content"):
        more[pk].records.append((source, key, content))
    for one in more.values():
        one.identifiers.sort()
        one.records.sort(key=lambda record: (rank(record[0]), record[1]))
    return more


def _detail(paper: Paper, parts: _Parts, more: _More, old_texts: past_texts.OfRecords) -> PaperDetail:
    return PaperDetail(
        row=_row(paper, parts),
        author_names=_author_names(more.records),
        identifiers=tuple(more.identifiers),
        versions=tuple(more.versions),
        signals=tuple(more.signals),
        listings=tuple(more.listings),
        sources=tuple(dict.fromkeys(source for source, _, _ in more.records)),
        keywords=tuple(paper.keywords),
        updated_at=paper.updated_at,
        comment=paper.comment,
        journal_ref=paper.journal_ref,
        license=paper.license,
        announced_on=paper.announced_on,
        day=paper.day,
        added_at=paper.added_at,
        revised_at=paper.revised_at,
        notice=paper.notice,
        notice_source=paper.notice_source,
        old_texts=old_texts.get(more.records[0][:2], ()) if more.records else (),
        said=dict(_said(more.records)),
    )


def _author_names(records: Iterable[tuple[str, str, str]]) -> tuple[AuthorName, ...]:
    """The authors of the best record that names them, as the row has them too."""
    naming = (orjson.loads(text).get("authors", ()) for _, _, text in records if '"authors":' in text)
    return tuple(AuthorName(**one) for one in next(filter(None, naming), ()))


def _said(records: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What else each source said, the newest last."""
    # In JSON, such a key cannot be part of a text: there, its quotes would be escaped.
    speaking = [(source, orjson.loads(content)) for source, _, content in records if '"said":{' in content]
    for source, record in sorted(speaking, key=lambda one: _when(one[1])):
        if said := record.get("said"):
            yield source, said


def _when(record: Mapping[str, Any]) -> tuple[str, str]:
    """The last day on whose list the record was, and when it was observed, as ISO 8601 in UTC."""
    return max((one["day"] for one in record.get("listings", ())), default=""), record.get("observed_at", "")
