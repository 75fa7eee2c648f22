"""What the catalogue's other tables say of some papers, read in one go.

The SQL is ours: for a page of papers, or where nearly always nothing is found, Django takes longer to write a
query than the database to answer it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection, models

from broadsheet.papers.identifiers import Identifier

# Columns and tables; which papers' rows are wanted follows.
AUTHORS = "'author', position, author_id, name FROM papers_authorship WHERE"
ORGANIZATIONS = "'organization', position, organization_id, name FROM papers_affiliation WHERE"
CATEGORIES = "'category', position, code, '' FROM papers_papercategory WHERE"
LINKS = "'link', position, kind, url FROM papers_paperlink WHERE"
SIGNALS = "source, name, value, observed_at FROM papers_externalsignal WHERE"
IDENTIFIERS = "scheme, value FROM papers_paperidentifier WHERE"
VERSIONS = "number, created_at FROM papers_paperversion WHERE"
LISTINGS = "day, source, submitter_name, submitter_username FROM papers_paperlisting WHERE"
RECORDS = "source, key, content FROM papers_sourcerecord WHERE"
OLD_TEXTS = (
    "source, key, version, replaced_at, title, abstract"
    " FROM papers_sourcerecord JOIN papers_pasttext USING (source, key) WHERE"
)

PAPERS = "papers_paper LEFT JOIN papers_papertext ON papers_papertext.paper_id = papers_paper.id"


def papers(
    pks: Collection[int], columns: Sequence[str], text_columns: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """The papers' keys with these columns of the papers, and behind them of their texts."""
    if not pks:
        return []
    wanted = ["id", *columns, *(f"papers_papertext.{column}" for column in text_columns)]
    named = ", ".join(one if "." in one else f"papers_paper.{one}" for one in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {PAPERS} WHERE papers_paper.id IN ({placeholders(pks)})", [*pks])  # noqa: S608 (names of ours)
        return list(cursor.fetchall())


def tallied(pks: Collection[int], *columns: str) -> list[tuple[Any, ...]]:
    """The papers' keys, public ids, titles as they are shown (None where they are still to be made) and
    whether they were taken back, and behind that these columns of their tallies.
    """
    if not pks:
        return []
    of_tally = ", ".join(f"COALESCE(papers_tally.{column}, 0)" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT papers_paper.id, public_id, papers_papertext.title, withdrawn OR retracted,"  # noqa: S608 (names of ours)
            f" {of_tally} FROM {PAPERS} LEFT JOIN papers_tally ON papers_tally.paper_id = papers_paper.id"
            f" WHERE papers_paper.id IN ({placeholders(pks)})",
            [*pks],
        )
        return list(cursor.fetchall())


def by_public_ids(public_ids: Collection[str], *columns: str) -> list[tuple[Any, ...]]:
    """The public ids of the papers that have one of these, with these columns of the papers."""
    wanted = ", ".join("id" if column == "pk" else column for column in ("public_id", *columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted} FROM papers_paper WHERE public_id IN ({placeholders(public_ids)})",  # noqa: S608 (names of ours)
            [*public_ids],
        )
        return list(cursor.fetchall())


def by_names(names: Iterable[Identifier], *columns: str) -> list[tuple[Any, ...]]:
    """The schemes and values of those of these names that papers have, with the keys of the papers and these
    columns of them.
    """
    values: dict[str, list[str]] = defaultdict(list)
    for name in names:
        values[name.scheme].append(name.value)
    if not values:
        return []
    wanted = ", ".join(f"papers_paper.{'id' if column == 'pk' else column}" for column in columns)
    of_schemes = " OR ".join(f"scheme = %s AND value IN ({placeholders(of)})" for of in values.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT scheme, value, paper_id, {wanted} FROM papers_paperidentifier"  # noqa: S608 (names of ours)
            f" JOIN papers_paper ON papers_paper.id = paper_id WHERE {of_schemes}",
            [one for scheme, of in values.items() for one in (scheme, *of)],
        )
        return list(cursor.fetchall())


def organization_names(slugs: Collection[str]) -> dict[str, str]:
    """The names of the organizations at those addresses."""
    if not slugs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT slug, name FROM papers_organization WHERE slug IN ({placeholders(slugs)})",  # noqa: S608
            [*slugs],
        )
        return dict(cursor.fetchall())


def first_authors(count: int) -> str:
    """AUTHORS, but of each paper no more than that."""
    return f"{AUTHORS} position <= {count} AND"


def rows(pks: Collection[int], *tables: str) -> list[tuple[Any, ...]]:
    """The papers' rows in the tables, each after its paper's key, sorted by that and by their columns."""
    if not pks:
        return []
    parts = [f"SELECT paper_id, {table} paper_id IN ({placeholders(pks)})" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [*pks] * len(tables))
        return sorted(cursor.fetchall())


def placeholders(values: Collection[int | str]) -> str:
    """What stands for the values in `IN (…)`. PostgreSQL refuses empty brackets: nothing is equal to NULL."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def has_rows(model: type[models.Model]) -> bool:
    """True if anything is in the model's table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {model._meta.db_table} LIMIT 1")  # noqa: S608 (a name of ours)
        return cursor.fetchone() is not None
