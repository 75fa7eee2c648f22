"""The tables of the public dump: of each its columns, what they mean, and its rows for a paper.

Columns are plain: whoever opens the file needs neither our code nor our words. The schema that comes with a
dump is made of this, so that it cannot say anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.merging import Combined
from broadsheet.papers.names import name_slug

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Dumped:
    """A paper as it goes into a dump, with all the names it has or had."""

    id: str
    combined: Combined
    names: Sequence[Identifier]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns with type and meaning, those of its key, and its rows for a paper."""

    name: str
    meaning: str
    columns: tuple[tuple[str, str, str], ...]
    key: str
    rows: Callable[[Dumped], Iterator[Row]]

    def create(self) -> str:
        """The statement that makes it."""
        columns = ", ".join(f"{name} {kind}" for name, kind, _ in self.columns)
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({self.key})) WITHOUT ROWID"

    def insert(self) -> str:
        """The statement that adds a row."""
        # What a source says twice of a paper stands once.
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608


def _papers(paper: Dumped) -> Iterator[Row]:
    facts, one = paper.combined.facts, paper.combined
    yield (
        paper.id,
        facts.title,
        facts.abstract,
        one.abstract_source,
        len(facts.authors) or facts.author_count,
        str(facts.published) if facts.published_precision else _text(facts.published_at),
        _text(facts.updated_at),
        _text(facts.announced_on),
        facts.comment,
        facts.journal_ref,
        facts.license,
        orjson.dumps(facts.keywords).decode(),
        facts.withdrawn,
        facts.retracted,
        facts.notice,
        one.notice_source,
    )


def _identifiers(paper: Dumped) -> Iterator[Row]:
    for name in paper.names:
        yield paper.id, name.scheme, name.value


def _authors(paper: Dumped) -> Iterator[Row]:
    for position, author in enumerate(paper.combined.facts.authors, start=1):
        yield paper.id, position, author.name, name_slug(author.name)


def _organizations(paper: Dumped) -> Iterator[Row]:
    for position, one in enumerate(paper.combined.facts.organizations, start=1):
        yield paper.id, position, one.name, name_slug(one.slug)


def _categories(paper: Dumped) -> Iterator[Row]:
    for position, code in enumerate(paper.combined.facts.categories, start=1):
        yield paper.id, position, code


def _versions(paper: Dumped) -> Iterator[Row]:
    for version in paper.combined.facts.versions:
        yield paper.id, version.number, _text(version.created_at)


def _links(paper: Dumped) -> Iterator[Row]:
    for position, link in enumerate(paper.combined.facts.links, start=1):
        yield paper.id, position, link.kind, link.url


def _listings(paper: Dumped) -> Iterator[Row]:
    for source, one in paper.combined.listings:
        yield paper.id, source, _text(one.day), one.position, one.submitter_name, one.submitter_username


def _signals(paper: Dumped) -> Iterator[Row]:
    for source, signal, observed_at in paper.combined.signals:
        yield paper.id, source, signal.name, signal.value, _text(observed_at)


def _text(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


_PAPER = ("paper", "TEXT NOT NULL", "The id of the paper.")
_POSITION = ("position", "INTEGER NOT NULL", "The place in the paper's list, from 1.")
_SOURCE = ("source", "TEXT NOT NULL", "The source that says so, such as huggingface.")

TABLES = (
    Table(
        "papers",
        "One row for each paper, made of what all its sources say.",
        (
            ("id", "TEXT NOT NULL", "What it is known by: an arXiv id, or another with its scheme."),
            ("title", "TEXT NOT NULL", "As its authors wrote it, with TeX."),
            ("abstract", "TEXT NOT NULL", "As its authors wrote it, with TeX; may be empty."),
            ("abstract_source", "TEXT NOT NULL", "The source of the abstract; demo is a summary of ours."),
            ("author_count", "INTEGER", "How many authors, where that is known."),
            (
                "published_at",
                "TEXT",
                "When it first came out: ISO 8601, in UTC; a year or a month where no more is known.",
            ),
            ("updated_at", "TEXT", "When it was changed last, in the same form."),
            ("announced_on", "TEXT", "The day whose news it was."),
            ("comment", "TEXT NOT NULL", "What the authors note about it, such as its pages."),
            ("journal_ref", "TEXT NOT NULL", "Where it came out in print."),
            ("license", "TEXT NOT NULL", "The address or name of its licence, where the source tells it."),
            ("keywords", "TEXT NOT NULL", "A JSON list of words."),
            ("withdrawn", "INTEGER NOT NULL", "1 if its authors took it back."),
            ("retracted", "INTEGER NOT NULL", "1 if its publisher took it back."),
            ("notice", "TEXT NOT NULL", "What they say about that."),
            ("notice_source", "TEXT NOT NULL", "The source of the notice."),
        ),
        "id",
        _papers,
    ),
    Table(
        "identifiers",
        "All names by which a paper can be found, past ones too.",
        (
            _PAPER,
            ("scheme", "TEXT NOT NULL", "One of arxiv, acl, doi, openreview, local."),
            ("value", "TEXT NOT NULL", "The identifier without its scheme."),
        ),
        "paper, scheme, value",
        _identifiers,
    ),
    Table(
        "authors",
        "Who wrote it, in order.",
        (
            _PAPER,
            _POSITION,
            ("name", "TEXT NOT NULL", "As printed on the paper."),
            ("slug", "TEXT NOT NULL", "The same for spellings that differ in case, accents or punctuation."),
        ),
        "paper, position",
        _authors,
    ),
    Table(
        "organizations",
        "The labs, companies and universities it comes from.",
        (
            _PAPER,
            _POSITION,
            ("name", "TEXT NOT NULL", "The name in full."),
            ("slug", "TEXT NOT NULL", "Its short name."),
        ),
        "paper, position",
        _organizations,
    ),
    Table(
        "categories",
        "Its categories, the primary one first.",
        (_PAPER, _POSITION, ("code", "TEXT NOT NULL", "Such as cs.LG.")),
        "paper, position",
        _categories,
    ),
    Table(
        "versions",
        "Its versions, as its source numbers them.",
        (
            _PAPER,
            ("number", "INTEGER NOT NULL", "From 1."),
            ("created_at", "TEXT", "When it was sent in, where that is known."),
        ),
        "paper, number",
        _versions,
    ),
    Table(
        "links",
        "Addresses that belong to it.",
        (
            _PAPER,
            _POSITION,
            ("kind", "TEXT NOT NULL", "One of code, project, pdf, page, media."),
            ("url", "TEXT NOT NULL", "The address."),
        ),
        "paper, position",
        _links,
    ),
    Table(
        "listings",
        "The days on whose list a source had it.",
        (
            _PAPER,
            _SOURCE,
            ("day", "TEXT NOT NULL", "The day of the list."),
            ("position", "INTEGER NOT NULL", "The place on it, from 1."),
            ("submitter_name", "TEXT NOT NULL", "Who sent it in; may be empty."),
            ("submitter_username", "TEXT NOT NULL", "The name of their account there; may be empty."),
        ),
        "paper, source, day",
        _listings,
    ),
    Table(
        "signals",
        "What others counted.",
        (
            _PAPER,
            _SOURCE,
            ("name", "TEXT NOT NULL", "Such as upvotes, comments, github_stars."),
            ("value", "INTEGER NOT NULL", "The last count that was seen."),
            ("observed_at", "TEXT", "When that was."),
        ),
        "paper, source, name",
        _signals,
    ),
)
INDEXES = (
    "CREATE INDEX identifiers_by_value ON identifiers (scheme, value)",
    "CREATE INDEX authors_by_slug ON authors (slug)",
    "CREATE INDEX categories_by_code ON categories (code)",
    "CREATE INDEX listings_by_day ON listings (day)",
)


def schema() -> str:
    """The tables in words, as Markdown."""
    parts = []
    for table in TABLES:
        rows = [
            f"| `{name}` | {kind.partition(' ')[0]} | {meaning} |" for name, kind, meaning in table.columns
        ]
        head = [
            f"### `{table.name}`",
            "",
            table.meaning,
            "",
            "| column | type | meaning |",
            "| --- | --- | --- |",
        ]
        parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts)
