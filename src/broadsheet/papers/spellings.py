"""Whom papers name: authors and organizations are in the catalogue while a paper names them, under the
spelling that is printed most, or that a curator chose.

A batch of papers looks only at the spellings that it brings or takes away. `lead` says for each author how
many times more than any other the shown spelling is printed, at the least: while it lasts, no paper of the
author has to be counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models

from broadsheet.papers import attributions
from broadsheet.papers.attributions import Kind
from broadsheet.papers.inserting import insert_missing
from broadsheet.papers.models import Affiliation, Author, Authorship, Organization
from broadsheet.papers.names import chosen
from broadsheet.papers.tables import placeholders

# Slug and spelling, and how often it is printed.
Printed = Counter[tuple[str, str]]
# The lead of a spelling that was chosen: no number of papers uses it up.
CHOSEN = 2**30


@dataclass(frozen=True, slots=True)
class Naming:
    """Which table says who is named, by a column of which other table; `by` is its foreign key."""

    kind: str
    who: type[models.Model]
    where: type[models.Model]
    by: str


NAMINGS = (
    Naming(Kind.AUTHOR, Author, Authorship, "author_id"),
    Naming(Kind.ORGANIZATION, Organization, Affiliation, "organization_id"),
)
OF_KIND: dict[str, Naming] = {naming.kind: naming for naming in NAMINGS}


def printed(papers: Collection[int]) -> tuple[Printed, ...]:
    """What the papers print, of each of NAMINGS."""
    return tuple(_printed(naming, papers) for naming in NAMINGS)


def settle(
    fresh: Mapping[type[models.Model], Sequence[int]], stored: Sequence[int], before: Sequence[Printed]
) -> None:
    """Choose the shown spellings anew and let go whom no paper names any more, after papers were written.

    The `fresh` papers, by the table that says whom they name, were not there before; the `stored` ones had
    printed what `before` says, with those that are gone.
    """
    for naming, old in zip(NAMINGS, before, strict=True):
        new = _printed(naming, stored)
        gone, come = old - new, new - old
        come.update(_unlike_the_shown(naming, fresh.get(naming.where, ())))
        leave(naming, {slug for slug, _ in gone})
        _choose(naming, gone, come)


def leave(naming: Naming, slugs: Collection[str]) -> None:
    """Delete those of the slugs that no paper names."""
    if slugs:
        unnamed = ~models.Exists(naming.where._default_manager.filter(**{naming.by: models.OuterRef("pk")}))
        naming.who._default_manager.filter(unnamed, pk__in=slugs).delete()


def choose(naming: Naming, slugs: Collection[str]) -> None:
    """Count how often each spelling of the slugs is printed, and show the one that `names.chosen` says, if
    no curator chose another. A name that came to the page by a curator's word is shown where it has no other.
    """
    own: dict[str, dict[str, int]] = {}
    lent: dict[str, dict[str, int]] = {}
    for slug, of, name, count in _counted(naming, slugs):
        (lent if of else own).setdefault(slug, {})[name] = count
    # Of a page without a name of its own any paper may bring one: it has no lead.
    rows = {slug: (chosen(counts)[0], 0) for slug, counts in lent.items()}
    rows |= {slug: chosen(counts) for slug, counts in own.items()}
    rows |= {slug: (name, CHOSEN) for slug, name in attributions.shown(naming.kind, rows).items()}
    _write(naming, ("name", "lead"), [(*row, slug) for slug, row in rows.items()])


def add(naming: Naming, names: Mapping[str, str]) -> None:
    """Put in the catalogue whom papers name that are about to be written: by slugs, a spelling of each."""
    shown = attributions.shown(naming.kind, names)
    insert_missing(naming.who, ("slug", "name"), ({**names, **shown}).items())


def _choose(naming: Naming, gone: Printed, come: Printed) -> None:
    """As `choose`, for those whose shown spelling may have lost its lead."""
    slugs = {slug for slug, _ in (*gone, *come)}
    if not slugs:
        return
    shown = {slug: (name, lead) for slug, name, lead in _shown(naming, slugs)}
    lost: Counter[str] = Counter()
    for slug, (name, _) in shown.items():
        lost[slug] += gone[slug, name]
    for (slug, name), count in come.items():
        lost[slug] += count if name != shown[slug][0] else 0
    left = {slug: shown[slug][1] - count for slug, count in lost.items() if count}
    _write(naming, ("lead",), [(lead, slug) for slug, lead in left.items() if lead > 0])
    if counted := [slug for slug, lead in left.items() if lead <= 0]:
        choose(naming, counted)


def _shown(naming: Naming, slugs: Collection[str]) -> list[tuple[str, str, int]]:
    """The slugs with the shown spelling of each and its lead."""
    who = naming.who._meta.db_table
    with connection.cursor() as cursor:
        # Asked for each portion of an import, as is the next: Django would take longer than the database.
        cursor.execute(f"SELECT slug, name, lead FROM {who} WHERE slug IN ({placeholders(slugs)})", [*slugs])  # noqa: S608 (names of ours)
        return list(cursor.fetchall())


def _counted(naming: Naming, slugs: Collection[str]) -> list[tuple[str, str | None, str, int]]:
    """The slugs with the spellings that are printed of each, whose own page they came from if that is
    another, and how often.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {naming.by}, printed_slug, name, COUNT(*) FROM {naming.where._meta.db_table}"  # noqa: S608 (names of ours)
            f" WHERE {naming.by} IN ({placeholders(slugs)}) GROUP BY {naming.by}, printed_slug, name",
            [*slugs],
        )
        return list(cursor.fetchall())


def _printed(naming: Naming, papers: Collection[int]) -> Printed:
    if not papers:
        return Counter()
    named = naming.where._default_manager.filter(paper__in=papers)
    return Counter(named.values_list(naming.by, "name"))


def _unlike_the_shown(naming: Naming, papers: Sequence[int]) -> Printed:
    """What the papers print otherwise than it is shown. The database compares: nearly nothing is."""
    if not papers:
        return Counter()
    who, where = naming.who._meta.db_table, naming.where._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {naming.by}, {where}.name FROM {where} JOIN {who} ON slug = {naming.by}"  # noqa: S608 (names of ours)
            f" WHERE paper_id IN ({placeholders(papers)}) AND {where}.name <> {who}.name",
            list(papers),
        )
        return Counter(cursor.fetchall())


def _write(naming: Naming, columns: Sequence[str], rows: Sequence[tuple[str | int, ...]]) -> None:
    """Update columns of those named; each row ends with the slug."""
    values = ", ".join(f"{column} = %s" for column in columns)
    sql = f"UPDATE {naming.who._meta.db_table} SET {values} WHERE slug = %s"  # noqa: S608 (names of ours)
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
