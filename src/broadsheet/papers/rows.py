"""The rows that a paper's records make: everything in the catalogue but the records is derived here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

import orjson
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat

from broadsheet.papers import attributions, merges, spellings, tallies, texts
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.inserting import Prepared, Row, insert, insert_missing, prepared, update
from broadsheet.papers.merging import Combined, combine
from broadsheet.papers.models import (
    Affiliation,
    Authorship,
    Change,
    ContestedName,
    ExternalSignal,
    Merge,
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
from broadsheet.papers.naming import Held, Key, Known, text_of
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.planning import Planned, Unit
from broadsheet.papers.record import Record
from broadsheet.papers.spellings import Naming
from broadsheet.papers.tables import by_public_ids, has_rows

NAME_LENGTH = 255
# Of a record, beside its source, its key and its paper.
RECORD_COLUMNS = ("digest", "content", "title_key", "past_names", "known_as")
# Of a paper, beside what it is known by and when it was added and changed: see `_paper_columns`.
PAPER_COLUMNS = (
    *("title", "abstract", "abstract_source", "author_count", "published_at", "published_precision"),
    *("updated_at", "comment", "journal_ref", "license", "keywords", "announced_on", "day", "listed"),
    *("withdrawn", "retracted", "notice", "notice_source"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is to be written of some units, made before anything is locked.

    `originals` are what the papers' texts are made of, and `made_texts` their rows, if made already.
    `papers` are those whose facts or names change, each with its public id, the values of PAPER_COLUMNS, and
    its first date if it is new; `derived` and `names` are rows without the paper, with its place among them,
    and `records` the columns of each record.
    """

    units: Sequence[Unit]
    papers: Sequence[Planned]
    public_ids: Sequence[str]
    values: Sequence[Row]
    first_dates: Sequence[Row]
    derived: Mapping[type[models.Model], Sequence[tuple[int, Row]]]
    names: Mapping[type[models.Model], Sequence[tuple[int, Row]]]
    records: Sequence[tuple[Planned, Key, Row, int | None]]
    originals: Sequence[texts.Original]
    made_texts: Sequence[Row]

    @property
    def is_empty(self) -> bool:
        """True if nothing is to be written."""
        return all(unit.is_empty for unit in self.units)


def drafted(units: Sequence[Unit], *, now: datetime, with_texts: bool) -> Draft:
    """What is to be written of the units, with the texts of their papers or without."""
    papers = [paper for unit in units for paper in unit.papers if paper.is_changed]
    combined = [combine((held.record for held in paper.made_of.held), now=now) for paper in papers]
    originals = [
        texts.original_of(one.facts, (held.record for held in paper.made_of.held))
        for one, paper in zip(combined, papers, strict=True)
    ]
    values = [_paper_columns(one) for one in combined]
    first_dates = [(_first_dated(one, now=now),) for one in combined]
    return Draft(
        units,
        papers,
        public_ids=[paper.public_id for paper in papers],
        values=prepared(Paper, PAPER_COLUMNS, values),
        first_dates=prepared(Paper, ("first_dated_at",), first_dates),
        derived={model: _derived(model, combined) for model in TABLES},
        names={
            PaperIdentifier: _names(paper.made_of.names for paper in papers),
            ContestedName: _names(paper.made_of.contested for paper in papers),
        },
        records=[record for unit in units for record in _records(unit)],
        originals=originals,
        made_texts=[texts.columns(one) for one in originals] if with_texts else [],
    )


def _derived(model: type[models.Model], combined: Sequence[Combined]) -> list[tuple[int, Row]]:
    columns, rows_of = TABLES[model]
    found = [(place, row) for place, one in enumerate(combined) for row in rows_of(one)]
    rows = prepared(model, columns[1:], [row for _, row in found]) if found else []
    return [(place, row) for (place, _), row in zip(found, rows, strict=True)]


def _names(of_papers: Iterable[frozenset[Identifier]]) -> list[tuple[int, Row]]:
    return [(place, (x.scheme, x.value)) for place, names in enumerate(of_papers) for x in sorted(names)]


def _records(unit: Unit) -> Iterator[tuple[Planned, Key, Row, int | None]]:
    """The records that are new, changed, read otherwise or of another paper now: the paper, the key and the
    columns of each, and of which stored paper it was.
    """
    stored = {held.key: (paper.pk, held) for paper in unit.known for held in paper.held}
    for paper in unit.papers:
        for held in paper.made_of.held:
            before = stored.get(held.key)
            if before != (paper.pk, held) or held.is_reread:
                yield paper, held.key, _record_columns(held), before and before[0]


def write(draft: Draft, *, now: datetime, revision: int) -> None:
    """Store what is planned, with all that is derived from the records, and queue it for the index.

    The caller holds the transaction, and `revision` is the number of the change.
    """
    units, papers = draft.units, draft.papers
    gone = [pk for paper in papers for pk, _ in paper.absorbed]
    stored = [paper.pk for paper in papers if paper.pk is not None]
    known = {paper.pk: paper for unit in units for paper in unit.known}
    printed = spellings.printed([*stored, *gone])
    for model in DERIVED if stored else ():
        model._default_manager.filter(paper__in=[*stored, *gone]).delete()
    _free_public_ids(papers, known)
    pks = _write_papers(draft, now=now, revision=revision)
    written = dict(zip(map(id, papers), pks, strict=True))
    _write_records(draft.records, written)
    _move_what_hangs(units, written, now=now, revision=revision)
    if gone:
        Paper.objects.filter(pk__in=gone).delete()
    _bury(
        {known[pk].public_id for pk in (*stored, *gone)},
        set(draft.public_ids),
        revision=revision,
    )
    derived = {**draft.derived, **{naming.where: _attributed(naming, draft) for naming in spellings.NAMINGS}}
    for naming in spellings.NAMINGS:
        spellings.add(naming, {slug: name for _, (slug, _, name, _) in derived[naming.where]})
    for model, (columns, _) in TABLES.items():
        insert_missing(model, columns, _of_papers(pks, derived[model]))
    fresh = [pk for pk, paper in zip(pks, papers, strict=True) if paper.pk is None]
    spellings.settle({model: fresh for model in derived if derived[model]}, stored, printed)
    for model, names in draft.names.items():
        insert(model, ("paper", "scheme", "value"), _of_papers(pks, names))
    texts.write(pks, stored, draft.originals, draft.made_texts)
    counted = {pks[place] for model in (ExternalSignal, PaperListing) for place, _ in draft.derived[model]}
    tallies.count({*stored, *counted}, now=now)
    insert(Change, ("paper_id",), ((pk,) for pk in (*gone, *pks)))
    if stored:
        merges.changed(stored)


def _of_papers(pks: Sequence[int], rows: Sequence[tuple[int, Row]]) -> Prepared:
    """The rows with the keys of their papers."""
    return Prepared([(pks[place], *row) for place, row in rows])


def _attributed(naming: Naming, draft: Draft) -> Sequence[tuple[int, Row]]:
    """The rows of authors or organizations, each on the page that curators say, if they do."""
    rows = draft.derived[naming.where]
    if not attributions.are_there():
        return rows
    names = [set(map(text_of, paper.made_of.names)) for paper in draft.papers]
    words = attributions.of(naming.kind, {slug for _, (slug, *_) in rows}, set().union(*names))
    return [
        (place, (page, position, name, slug if page != slug else None))
        for place, (slug, position, name, _) in rows
        for page in [words.page_of(slug, names[place])]
    ]


def _free_public_ids(papers: Sequence[Planned], known: Mapping[int, Known]) -> None:
    """Take their public ids from the papers that lose them: another paper may get one of them now."""
    losing = [paper.pk for paper in papers if paper.pk and known[paper.pk].public_id != paper.public_id]
    losing += [pk for paper in papers for pk, _ in paper.absorbed]
    if losing:
        # No public id begins so.
        freed = Concat(Value("~"), Cast("pk", models.CharField()))
        Paper.objects.filter(pk__in=losing).update(public_id=freed)


def _write_records(
    records: Sequence[tuple[Planned, Key, Row, int | None]], written: Mapping[int, int]
) -> None:
    """Store the records that are new or changed, and give those that moved to their paper of now."""
    fresh, changed = [], []
    for paper, key, columns, before in records:
        pk = written.get(id(paper), paper.pk)
        if before is None:
            fresh.append((*key, pk, *columns))
        else:
            changed.append((pk, *columns, *key))
    insert(SourceRecord, ("source", "key", "paper", *RECORD_COLUMNS), fresh)
    update(SourceRecord, ("paper", *RECORD_COLUMNS), ("source", "key"), changed)


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
    if has_rows(Tombstone):
        Tombstone.objects.filter(public_id__in=after).delete()
    insert_missing(Tombstone, ("public_id", "changed"), ((name, revision) for name in sorted(before - after)))


def _write_papers(draft: Draft, *, now: datetime, revision: int) -> list[int]:
    """Insert or update the papers; gives their keys in the same order."""
    if not draft.papers:
        return []
    ((moment,),) = prepared(Paper, ("revised_at",), [(now,)])
    columns = ("revised_at", "changed", "public_id", *PAPER_COLUMNS)
    both = list(zip(draft.papers, draft.public_ids, draft.values, strict=True))
    rows = [(moment, revision, public_id, *values) for _, public_id, values in both]
    fresh = [place for place, paper in enumerate(draft.papers) if paper.pk is None]
    insert(
        Paper,
        ("added_at", "first_dated_at", *columns),
        Prepared([(moment, *draft.first_dates[place], *rows[place]) for place in fresh]),
    )
    stored = [(*row, paper.pk) for paper, row in zip(draft.papers, rows, strict=True) if paper.pk is not None]
    update(Paper, columns, ("id",), Prepared(stored))
    keys = dict(by_public_ids([draft.public_ids[place] for place in fresh], "pk")) if fresh else {}
    return [paper.pk or keys[public_id] for paper, public_id, _ in both]


def _paper_columns(one: Combined) -> Row:
    facts = one.facts
    published = facts.published if facts.announced_on is None else None
    return (
        *(facts.title, facts.abstract, one.abstract_source, len(facts.authors) or facts.author_count),
        *_published(facts),
        *(facts.updated_at, facts.comment, facts.journal_ref, facts.license[:NAME_LENGTH]),
        *(list(facts.keywords), facts.announced_on, facts.announced_on or (published and published.whole)),
        *(bool(one.listings), facts.withdrawn, facts.retracted, facts.notice, one.notice_source),
    )


def _first_dated(one: Combined, *, now: datetime) -> datetime | None:
    """When a new paper came out or was news, else `now`: its date in feeds for ever. A year is none."""
    if one.facts.published_at:
        return None if one.facts.published_precision else one.facts.published_at
    days = [day for day in (one.facts.announced_on, *(listing.day for _, listing in one.listings)) if day]
    return datetime.combine(min(days), time(), UTC) if days else now


def _published(facts: Record) -> tuple[datetime | None, str | None]:
    """The columns of the date, by which lists are sorted: for them, what is only announced came out then."""
    if facts.published_at is None and facts.announced_on:
        announced = PartialDate(*facts.announced_on.timetuple()[:3])
        return announced.begins_at, "none"
    return facts.published_at, facts.published_precision


def _authorships(one: Combined) -> list[Row]:
    # A list, since a generator costs more than what it does here, as for the categories.
    return [
        (name_slug(author.name), position, author.name[:NAME_LENGTH], None)
        for position, author in enumerate(one.facts.authors, start=1)
    ]


def _affiliations(one: Combined) -> Iterator[Row]:
    names: dict[str, str] = {}
    for organization in one.facts.organizations:
        names.setdefault(name_slug(organization.slug), organization.name[:NAME_LENGTH])
    for position, (slug, name) in enumerate(names.items(), start=1):
        yield slug, position, name, None


def _categories(one: Combined) -> list[Row]:
    return [(code[:32], position) for position, code in enumerate(one.facts.categories, start=1)]


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


Rows = Callable[[Combined], Iterable[Row]]
TABLES: dict[type[models.Model], tuple[tuple[str, ...], Rows]] = {
    Authorship: (("paper", "author", "position", "name", "printed_slug"), _authorships),
    Affiliation: (("paper", "organization", "position", "name", "printed_slug"), _affiliations),
    PaperCategory: (("paper", "code", "position"), _categories),
    PaperVersion: (("paper", "number", "created_at"), _versions),
    PaperLink: (("paper", "kind", "url", "position"), _links),
    ExternalSignal: (("paper", "source", "name", "value", "observed_at"), _signals),
    PaperListing: (("paper", "source", "day", "position", "submitter_name", "submitter_username"), _listings),
}
DERIVED: tuple[type[models.Model], ...] = (*TABLES, PaperIdentifier, ContestedName)
