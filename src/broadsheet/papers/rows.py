"""The rows that a paper's records make: everything in the catalogue but the records is derived here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from broadsheet.papers import merges, spellings
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.inserting import Row, insert, insert_missing
from broadsheet.papers.merging import Combined, combine
from broadsheet.papers.models import (
    Affiliation,
    Author,
    Authorship,
    Change,
    ContestedName,
    ExternalSignal,
    Merge,
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
from broadsheet.papers.naming import Held, Known, text_of
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.planning import Planned, Unit
from broadsheet.papers.record import Record

NAME_LENGTH = 255
# Of a record, beside its source, its key and its paper.
RECORD_COLUMNS = ("digest", "content", "title_key", "past_names", "known_as")


def write(units: Sequence[Unit], *, now: datetime, revision: int) -> None:
    """Store what is planned, with all that is derived from the records, and queue it for the index.

    The caller holds the transaction, and `revision` is the number of the change.
    """
    papers = [paper for unit in units for paper in unit.papers if paper.is_changed]
    gone = [pk for paper in papers for pk, _ in paper.absorbed]
    stored = [paper.pk for paper in papers if paper.pk is not None]
    known = {paper.pk: paper for unit in units for paper in unit.known}
    printed = spellings.printed([*stored, *gone])
    for model in DERIVED if stored else ():
        model._default_manager.filter(paper__in=[*stored, *gone]).delete()
    _free_public_ids(papers, known)
    combined = [combine(held.record for held in paper.made_of.held) for paper in papers]
    pks = _write_papers(papers, combined, now=now, revision=revision)
    written = dict(zip(map(id, papers), pks, strict=True))
    _write_records(units, written)
    _move_what_hangs(units, written, now=now, revision=revision)
    Paper.objects.filter(pk__in=gone).delete()
    _bury({known[pk].public_id for pk in (*stored, *gone)}, {x.public_id for x in papers}, revision=revision)
    _write_people(combined)
    for model, (columns, rows) in TABLES.items():
        insert_missing(
            model,
            columns,
            ((pk, *row) for pk, one in zip(pks, combined, strict=True) for row in rows(one)),
        )
    fresh = [pk for pk, paper in zip(pks, papers, strict=True) if paper.pk is None]
    spellings.settle(fresh, stored, printed)
    _write_names(papers, pks)
    insert(Change, ("paper_id",), ((pk,) for pk in (*gone, *pks)))


def _free_public_ids(papers: Sequence[Planned], known: Mapping[int, Known]) -> None:
    """Take their public ids from the papers that lose them: another paper may get one of them now."""
    losing = [paper.pk for paper in papers if paper.pk and known[paper.pk].public_id != paper.public_id]
    losing += [pk for paper in papers for pk, _ in paper.absorbed]
    if losing:
        # No public id begins so.
        freed = Concat(Value("~"), Cast("pk", models.CharField()))
        Paper.objects.filter(pk__in=losing).update(public_id=freed)


def _write_records(units: Sequence[Unit], written: Mapping[int, int]) -> None:
    """Store the records that are new or changed, and give those that moved to their paper of now."""
    fresh, changed = [], []
    for unit in units:
        stored = {held.key: (paper.pk, held) for paper in unit.known for held in paper.held}
        for paper in unit.papers:
            pk = written.get(id(paper), paper.pk)
            for held in paper.made_of.held:
                if held.key not in stored:
                    fresh.append((*held.key, pk, *_record_columns(held)))
                elif stored[held.key] != (pk, held):
                    changed.append((pk, *_record_columns(held), *held.key))
    insert(SourceRecord, ("source", "key", "paper", *RECORD_COLUMNS), fresh)
    if changed:
        columns = ", ".join(f"{name} = %s" for name in ("paper_id", *RECORD_COLUMNS))
        sql = f"UPDATE papers_sourcerecord SET {columns} WHERE source = %s AND key = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(sql, changed)


def _record_columns(held: Held) -> Row:
    record = held.record
    past, elsewhere = names_to_json(sorted(held.past)), names_to_json(held.elsewhere)
    return record.digest(), record.to_json().decode(), held.title, past, elsewhere


def names_to_json(names: Sequence[Identifier]) -> str:
    """Names as they stand in a column: nothing for none, as nearly always."""
    return orjson.dumps([[name.scheme, name.value] for name in names]).decode() if names else ""


def names_from_json(text: str) -> tuple[Identifier, ...]:
    """The names that stand in a column."""
    return tuple(Identifier(*name) for name in orjson.loads(text)) if text else ()


def _move_what_hangs(
    units: Sequence[Unit], written: Mapping[int, int], *, now: datetime, revision: int
) -> None:
    """Let what other rooms hang on papers follow these, and write down which papers became one."""
    log = []
    for unit in units:
        for paper in unit.papers:
            if paper.absorbed:
                kept = written[id(paper)]
                merges.merge(kept, [pk for pk, _ in paper.absorbed])
                log += [(kept, pk, revision, now, because) for pk, because in paper.absorbed]
        for returned in unit.returned:
            other = unit.papers[returned.place]
            merges.split(returned.pk, written[id(other)], sorted(map(text_of, returned.names)))
    insert(Merge, ("kept", "gone", "revision", "at", "because"), log)


def _bury(before: set[str], after: set[str], *, revision: int) -> None:
    """Note which of the public ids that were there before are gone after the change."""
    Tombstone.objects.filter(public_id__in=after).delete()
    insert_missing(Tombstone, ("public_id", "changed"), ((name, revision) for name in sorted(before - after)))


def _write_people(combined: Sequence[Combined]) -> None:
    """Store the authors and organizations that are new."""
    insert_missing(
        Author,
        ("slug", "name"),
        {name_slug(x.name): x.name[:NAME_LENGTH] for one in combined for x in one.facts.authors}.items(),
    )
    insert_missing(
        Organization,
        ("slug", "name"),
        {
            name_slug(x.slug): x.name[:NAME_LENGTH] for one in combined for x in one.facts.organizations
        }.items(),
    )


def _write_names(papers: Sequence[Planned], pks: Sequence[int]) -> None:
    """Store by which names each paper is found, and which of its names another paper has."""
    columns, both = ("paper", "scheme", "value"), list(zip(pks, papers, strict=True))
    insert(
        PaperIdentifier,
        columns,
        ((pk, x.scheme, x.value) for pk, paper in both for x in sorted(paper.made_of.names)),
    )
    insert(
        ContestedName,
        columns,
        ((pk, x.scheme, x.value) for pk, paper in both for x in sorted(paper.made_of.contested)),
    )


def _write_papers(
    papers: Sequence[Planned], combined: Sequence[Combined], *, now: datetime, revision: int
) -> list[int]:
    """Insert or update the papers; gives their keys in the same order."""
    columns = [_paper_columns(one, paper.public_id) for one, paper in zip(combined, papers, strict=True)]
    fresh = [
        {"added_at": now, "revised_at": now, "changed": revision, **values}
        for paper, values in zip(papers, columns, strict=True)
        if paper.pk is None
    ]
    if fresh:
        insert(Paper, tuple(fresh[0]), (tuple(values.values()) for values in fresh))
    ids = [values["public_id"] for values in fresh]
    keys = dict(Paper.objects.filter(public_id__in=ids).values_list("public_id", "pk")) if ids else {}
    for paper, values in zip(papers, columns, strict=True):
        if paper.pk is not None:
            Paper.objects.filter(pk=paper.pk).update(revised_at=now, changed=revision, **values)
    return [paper.pk or keys[values["public_id"]] for paper, values in zip(papers, columns, strict=True)]


def _paper_columns(one: Combined, public_id: str) -> dict[str, Any]:
    facts = one.facts
    return {
        "public_id": public_id,
        "title": facts.title,
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


def _authorships(one: Combined) -> Iterator[Row]:
    for position, author in enumerate(one.facts.authors, start=1):
        yield name_slug(author.name), position, author.name[:NAME_LENGTH]


def _affiliations(one: Combined) -> Iterator[Row]:
    for position, organization in enumerate(one.facts.organizations, start=1):
        yield name_slug(organization.slug), position, organization.name[:NAME_LENGTH]


def _categories(one: Combined) -> Iterator[Row]:
    for position, code in enumerate(one.facts.categories, start=1):
        yield code[:32], position


def _versions(one: Combined) -> Iterator[Row]:
    for version in one.facts.versions:
        yield version.number, version.created_at


def _links(one: Combined) -> Iterator[Row]:
    for position, link in enumerate(one.facts.links, start=1):
        yield link.kind, link.url, position


def _signals(one: Combined) -> Iterator[Row]:
    for source, signal, observed_at in one.signals:
        yield source, signal.name, signal.value, observed_at


def _listings(one: Combined) -> Iterator[Row]:
    for source, listing in one.listings:
        yield (
            source,
            listing.day,
            listing.position,
            listing.submitter_name[:NAME_LENGTH],
            listing.submitter_username[:NAME_LENGTH],
        )


Rows = Callable[[Combined], Iterator[Row]]
TABLES: dict[type[models.Model], tuple[tuple[str, ...], Rows]] = {
    Authorship: (("paper", "author", "position", "name"), _authorships),
    Affiliation: (("paper", "organization", "position", "name"), _affiliations),
    PaperCategory: (("paper", "code", "position"), _categories),
    PaperVersion: (("paper", "number", "created_at"), _versions),
    PaperLink: (("paper", "kind", "url", "position"), _links),
    ExternalSignal: (("paper", "source", "name", "value", "observed_at"), _signals),
    PaperListing: (("paper", "source", "day", "position", "submitter_name", "submitter_username"), _listings),
}
DERIVED: tuple[type[models.Model], ...] = (*TABLES, PaperIdentifier, ContestedName)
