"""The rows that a paper's records make: everything in the catalogue but the records is derived here.

Rows are written as tuples by one `executemany` a table: an import writes fifteen rows a paper, and model
instances would cost more than all the rest of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

from broadsheet.papers import spellings
from broadsheet.papers.identifiers import Identifier, best
from broadsheet.papers.merging import Combined, combine, local_key
from broadsheet.papers.models import (
    Affiliation,
    Author,
    Authorship,
    Change,
    ExternalSignal,
    Organization,
    Paper,
    PaperCategory,
    PaperIdentifier,
    PaperLink,
    PaperListing,
    PaperVersion,
    SourceRecord,
    Tombstone,
)
from broadsheet.papers.names import name_slug
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import Record
from broadsheet.papers.text import title_key

Row = tuple[Any, ...]
NAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper to be written: its number if it is stored already, all its records, its past names."""

    pk: int | None
    records: tuple[Record, ...]
    names: frozenset[Identifier]


@lru_cache(maxsize=8192)
def title_hash(title: str) -> str:
    """Sixteen hex digits that titles with the same `title_key` share."""
    return hashlib.blake2b(title_key(title).encode(), digest_size=8).hexdigest()


def write(drafts: Sequence[Draft], absorbed: Sequence[int], *, now: datetime, revision: int) -> None:
    """Store the papers with all that is derived from their records, delete the `absorbed` ones, and queue
    all of them for the index. The caller holds the transaction, and `revision` is the number of the change.
    """
    stored = [draft.pk for draft in drafts if draft.pk is not None]
    before = set(Paper.objects.filter(pk__in=[*stored, *absorbed]).values_list("public_id", flat=True))
    printed = spellings.printed([*stored, *absorbed])
    for model in DERIVED:
        model._default_manager.filter(paper__in=[*stored, *absorbed]).delete()
    Paper.objects.filter(pk__in=absorbed).delete()
    combined = [combine(draft.records) for draft in drafts]
    names = list(_names(drafts, combined))
    papers = _write_papers(drafts, combined, names, now=now, revision=revision)
    _bury(before, {best(known).public_id for known in names}, revision=revision)
    insert(
        Author,
        ("slug", "name"),
        {name_slug(x.name): x.name[:NAME_LENGTH] for one in combined for x in one.facts.authors}.items(),
    )
    insert(
        Organization,
        ("slug", "name"),
        {
            name_slug(x.slug): x.name[:NAME_LENGTH] for one in combined for x in one.facts.organizations
        }.items(),
    )
    for model, (columns, rows) in TABLES.items():
        insert(
            model,
            columns,
            (
                (pk, *row)
                for pk, draft, one in zip(papers, drafts, combined, strict=True)
                for row in rows(draft, one)
            ),
        )
    fresh = [pk for pk, draft in zip(papers, drafts, strict=True) if draft.pk is None]
    spellings.settle(fresh, stored, printed)
    insert(
        PaperIdentifier,
        ("paper", "scheme", "value"),
        ((pk, x.scheme, x.value) for pk, known in zip(papers, names, strict=True) for x in sorted(known)),
    )
    insert(Change, ("paper_id",), ((pk,) for pk in (*absorbed, *papers)))


def _bury(before: set[str], after: set[str], *, revision: int) -> None:
    """Note which of the public ids that were there before are gone after the change."""
    Tombstone.objects.filter(public_id__in=after).delete()
    insert(Tombstone, ("public_id", "changed"), ((one, revision) for one in sorted(before - after)))


def _names(drafts: Sequence[Draft], combined: Sequence[Combined]) -> Iterator[frozenset[Identifier]]:
    """All names of each paper, past ones too; one without any gets a name of ours.

    What two papers claim stays with the one that has it, else goes to the first.
    """
    held = frozenset[Identifier]().union(*(draft.names for draft in drafts))
    taken = held | _taken({x for one in combined for x in one.facts.identifiers} - held)
    for draft, one in zip(drafts, combined, strict=True):
        names = draft.names.union(one.facts.identifiers) - (taken - draft.names)
        taken |= names
        yield names or frozenset({_own_name(one)})


def _taken(names: set[Identifier]) -> set[Identifier]:
    """Those that papers have which are not written now: the rows of these are deleted already."""
    found = (row for rows in PaperIdentifier.of(names) for row in rows.values_list("scheme", "value"))
    return {Identifier(*row) for row in found}


def _own_name(one: Combined) -> Identifier:
    # Two papers may share title and abstract, but then not the first author as well.
    author = one.facts.authors[0].name if one.facts.authors else ""
    return Identifier("local", local_key(one.facts.title, one.facts.abstract + author))


def _write_papers(
    drafts: Sequence[Draft],
    combined: Sequence[Combined],
    names: Sequence[frozenset[Identifier]],
    *,
    now: datetime,
    revision: int,
) -> list[int]:
    """Insert or update the papers; gives their keys in the order of the drafts."""
    columns = [_paper_columns(one, known) for one, known in zip(combined, names, strict=True)]
    fresh = [
        {"added_at": now, "revised_at": now, "changed": revision, **values}
        for draft, values in zip(drafts, columns, strict=True)
        if draft.pk is None
    ]
    if fresh:
        insert(Paper, tuple(fresh[0]), (tuple(values.values()) for values in fresh))
    ids = [values["public_id"] for values in fresh]
    keys = dict(Paper.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    for draft, values in zip(drafts, columns, strict=True):
        if draft.pk is not None:
            Paper.objects.filter(pk=draft.pk).update(revised_at=now, changed=revision, **values)
    return [draft.pk or keys[values["public_id"]] for draft, values in zip(drafts, columns, strict=True)]


def _paper_columns(one: Combined, names: frozenset[Identifier]) -> dict[str, Any]:
    facts = one.facts
    return {
        "public_id": best(names).public_id,
        "title": facts.title,
        "title_key": title_hash(facts.title),
        "abstract": facts.abstract,
        "abstract_source": one.abstract_source,
        "author_count": len(facts.authors) or facts.author_count,
        **_published(facts),
        "updated_at": facts.updated_at,
        "comment": facts.comment,
        "journal_ref": facts.journal_ref,
        "license": facts.license[:NAME_LENGTH],
        "keywords": list(facts.keywords),
        "announced_on": facts.announced_on,
        "day": facts.announced_on or (facts.published.whole if facts.published else None),
        "listed": bool(one.listings),
        "withdrawn": facts.withdrawn,
        "retracted": facts.retracted,
        "notice": facts.notice,
        "notice_source": one.notice_source,
    }


def _published(facts: Record) -> dict[str, Any]:
    """The columns of the date, by which lists are sorted: for them, what is only announced came out then."""
    if facts.published_at is None and facts.announced_on:
        announced = PartialDate(*facts.announced_on.timetuple()[:3])
        return {"published_at": announced.begins_at, "published_precision": "none"}
    return {"published_at": facts.published_at, "published_precision": facts.published_precision}


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows, leaving out those that a constraint says are there already."""
    by_name = {field.name: field for field in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(columns))
    prepare = [
        (i, field) for i, field in enumerate(fields) if isinstance(field, models.DateField | models.JSONField)
    ]
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(_prepared(rows, prepare) if prepare else rows))


def _prepared(rows: Iterable[Row], prepare: Sequence[tuple[int, models.Field[Any, Any]]]) -> Iterator[Row]:
    """The rows with times and JSON as the database takes them; each distinct time is converted once."""
    known: dict[Any, Any] = {}

    def converted(value: Any, field: models.Field[Any, Any]) -> Any:
        if isinstance(value, list):
            return field.get_db_prep_save(value, connection)
        if value not in known:
            known[value] = field.get_db_prep_save(value, connection)
        return known[value]

    for row in rows:
        values = list(row)
        for i, field in prepare:
            values[i] = converted(values[i], field)
        yield tuple(values)


def _record_rows(draft: Draft, _: Combined) -> Iterator[Row]:
    for record in draft.records:
        yield record.source, record.key, record.digest(), record.to_json().decode()


def _authorships(_: Draft, one: Combined) -> Iterator[Row]:
    for position, author in enumerate(one.facts.authors, start=1):
        yield name_slug(author.name), position, author.name[:NAME_LENGTH]


def _affiliations(_: Draft, one: Combined) -> Iterator[Row]:
    for position, organization in enumerate(one.facts.organizations, start=1):
        yield name_slug(organization.slug), position, organization.name[:NAME_LENGTH]


def _categories(_: Draft, one: Combined) -> Iterator[Row]:
    for position, code in enumerate(one.facts.categories, start=1):
        yield code[:32], position


def _versions(_: Draft, one: Combined) -> Iterator[Row]:
    for version in one.facts.versions:
        yield version.number, version.created_at


def _links(_: Draft, one: Combined) -> Iterator[Row]:
    for position, link in enumerate(one.facts.links, start=1):
        yield link.kind, link.url, position


def _signals(_: Draft, one: Combined) -> Iterator[Row]:
    for source, signal, observed_at in one.signals:
        yield source, signal.name, signal.value, observed_at


def _listings(_: Draft, one: Combined) -> Iterator[Row]:
    for source, listing in one.listings:
        yield (
            source,
            listing.day,
            listing.position,
            listing.submitter_name[:NAME_LENGTH],
            listing.submitter_username[:NAME_LENGTH],
        )


Rows = Callable[[Draft, Combined], Iterator[Row]]
TABLES: dict[type[models.Model], tuple[tuple[str, ...], Rows]] = {
    SourceRecord: (("paper", "source", "key", "digest", "content"), _record_rows),
    Authorship: (("paper", "author", "position", "name"), _authorships),
    Affiliation: (("paper", "organization", "position", "name"), _affiliations),
    PaperCategory: (("paper", "code", "position"), _categories),
    PaperVersion: (("paper", "number", "created_at"), _versions),
    PaperLink: (("paper", "kind", "url", "position"), _links),
    ExternalSignal: (("paper", "source", "name", "value", "observed_at"), _signals),
    PaperListing: (("paper", "source", "day", "position", "submitter_name", "submitter_username"), _listings),
}
DERIVED: tuple[type[models.Model], ...] = (*TABLES, PaperIdentifier)
