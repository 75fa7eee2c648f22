"""The fields of the word index: how a paper is put into it.

A paper's day and times are also what lists are sorted by, and equal values must not change places from page
to page. So each is kept in one number with the paper's own: the value above, the paper in the lower half.
What is counted of a paper is none of its fields: see `search.counts`.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson
from tantivy import Schema, SchemaBuilder

from broadsheet.papers.taxonomy import ALIASES
from broadsheet.search.documents import Document
from broadsheet.search.word_index.words import (
    compounds,
    fold,
    fold_twice,
    initials,
    spellings,
)

# Kept in one number with the paper, for sorting and for ranges.
SORTED = ("day", "submitted", "updated")
PAPER_BITS = 32
HIGHEST = (1 << PAPER_BITS) - 1
MOST = (1 << 2 * PAPER_BITS) - 1

Value = int | str | list[str]


class Place(NamedTuple):
    """Where a paper stands in a list: the value that the list is sorted by, and among equals the paper."""

    key: int
    paper: int

    @staticmethod
    def of(packed: int) -> Place:
        return Place(packed >> PAPER_BITS, packed & HIGHEST)

    @property
    def packed(self) -> int:
        """The number that is sorted by."""
        return packed(self.key, min(max(self.paper, 0), HIGHEST))


def _schema() -> Schema:
    builder = SchemaBuilder().add_unsigned_field("paper", indexed=True, fast=True)
    for field in (*SORTED, "year", "until"):
        builder = builder.add_unsigned_field(field, fast=True)
    # Places of words are kept where phrases are looked for. Stemming costs most, so that the abstract alone
    # is there only as it was written: a stem is looked for in it by all words that have it.
    for field, analyzer, option in (
        ("text", "stems", "position"),
        ("title", "stems", "position"),
        ("title_words", "words", "position"),
        ("abstract_words", "words", "position"),
        ("compounds", "compounds", "freq"),
        ("authors", "names", "position"),
        ("organizations", "names", "position"),
        ("comment", "stems", "position"),
        ("journal", "stems", "position"),
        ("initials", "words", "basic"),
        ("identifier", "raw", "basic"),
        ("scheme", "raw", "basic"),
        ("archive", "raw", "basic"),
    ):
        builder = builder.add_text_field(field, tokenizer_name=analyzer, index_option=option)
    for field in ("category", "organization", "source", "has"):
        builder = builder.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


SCHEMA = _schema()


def entry(document: Document) -> str:
    """The paper as tantivy takes it: JSON, which costs far less than a call for each value."""
    title, behind_in_title = fold_twice(document.title)
    abstract, behind_in_abstract = fold_twice(document.abstract)
    authors = spellings(document.authors)
    made: dict[str, Value] = {
        **_sorted(document),
        **_labels(document),
        "text": [title, abstract, behind_in_title, behind_in_abstract],
        "title": title,
        "title_words": title,
        "abstract_words": abstract,
        "compounds": [compounds(title), compounds(abstract)],
        "authors": authors,
        "initials": initials(authors),
        "organizations": spellings([name for _, name in document.organizations]),
        "comment": fold(document.comment),
        "journal": fold(document.journal_ref),
    }
    return orjson.dumps(made).decode()


def _sorted(document: Document) -> dict[str, int]:
    paper, year = document.paper, document.year
    until = packed(document.until or document.day, paper)
    values = {field: packed(getattr(document, field), paper) for field in SORTED}
    return {"paper": paper, **values, "until": until, **({"year": year} if year else {})}


def packed(value: int, paper: int) -> int:
    """The value and the paper's number in one; a value that is too low or too high for it is cut."""
    return min(max(value, 0), HIGHEST) << PAPER_BITS | paper


def _labels(document: Document) -> dict[str, list[str]]:
    # Whoever asks for a category means it under its other name, too: "stat.TH" is "math.ST".
    categories = {*document.categories, *(ALIASES.get(code, code) for code in document.categories)}
    return {
        "category": [*categories],
        "archive": [*{category.partition(".")[0] for category in categories}],
        "organization": [*dict.fromkeys(slug for slug, _ in document.organizations)],
        "identifier": [*document.identifiers],
        "scheme": [*document.schemes],
        "source": [*document.sources],
        "has": [*document.has],
    }
