"""A word index as it is at one moment, and the queries that its fields allow.

An index of the form before answers until the present one is complete. Its texts are in other fields, so that
it knows the beginnings and the forms of words only as far as these tell them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tantivy import FieldType, Occur, Query, Schema, Searcher

from broadsheet.search.counts import Counts, counts
from broadsheet.search.word_index.entries import SCHEMA

# So few papers are found faster one by one.
FEW_PAPERS = 1_000
# Where the form before has what the present one has in another field.
FORMER = {"title_words": "spelling", "abstract_words": "abstract"}
# Fields whose places the form before does not have, and where it looks instead.
PLACES = {"text": ("title", "abstract")}


@dataclass(frozen=True, slots=True)
class Opened:
    """What is searched, by the names of the present fields; `schema` is that of the index, and `counts` are
    asked for what is not in it.
    """

    searcher: Searcher
    schema: Schema
    counts: Callable[[], Counts] = counts

    @property
    def papers(self) -> int:
        return int(self.searcher.num_docs)

    def term(self, field: str, word: str) -> Query:
        """What finds the papers with that word in a field."""
        return Query.term_query(self.schema, self._name(field), word, "freq")

    def these(self, papers: Sequence[int]) -> Query:
        """What finds these papers."""
        return these(self.schema, papers)

    def phrase(self, field: str, words: Sequence[str], *, slop: int = 0) -> Query | None:
        """What finds the papers with these words in their order, `slop` others in all between them."""
        if not words:
            return None
        if len(words) == 1:
            return self.term(field, words[0])
        fields = PLACES.get(field, (field,)) if self._is_former() else (field,)
        return any_of(Query.phrase_query(self.schema, one, list(words), slop) for one in fields)

    def like(self, field: str, *patterns: str) -> Query:
        """What finds the papers with words side by side that are like the patterns, regular expressions."""
        if len(patterns) == 1:
            return Query.regex_query(self.schema, self._name(field), patterns[0])
        if self._is_former() and field == "title_words":
            return Query.empty_query()
        return Query.regex_phrase_query(self.schema, self._name(field), list(patterns))

    def starting(self, fields: Iterable[str], start: str, before: Sequence[str] = ()) -> Query:
        """What finds the papers with a word in one of the fields that begins so, behind those other words."""
        patterns = (*map(re.escape, before), f"{re.escape(start)}.*")
        return any_of(self.like(field, *patterns) for field in fields) or Query.empty_query()

    def between(self, field: str, low: int, high: int) -> Query:
        """What finds the papers whose number in that field is none below `low` and none above `high`."""
        if high < low:
            return Query.empty_query()
        return Query.range_query(self.schema, field, FieldType.Unsigned, low, high)

    def papers_with(self, field: str, word: str) -> int:
        """How many papers have the word in that field."""
        return int(self.searcher.doc_freq(self._name(field), word))

    def words_from(self, start: str, field: str, *, limit: int) -> dict[str, int]:
        """The most frequent words of that field that begin so, and how many papers have each."""
        return dict(self.searcher.terms_with_prefix(self._name(field), start, None, limit))

    def _is_former(self) -> bool:
        return self.schema is not SCHEMA

    def _name(self, field: str) -> str:
        return FORMER.get(field, field) if self._is_former() else field


def these(schema: Schema, papers: Sequence[int]) -> Query:
    """What finds these papers in an index with that schema."""
    if len(papers) > FEW_PAPERS:
        return Query.term_set_query(schema, "paper", list(papers))
    # A set is looked for in the numbers of all papers; that takes longer than to look for a few.
    each = [(Occur.Should, Query.term_query(schema, "paper", paper, "basic")) for paper in papers]
    return Query.const_score_query(Query.boolean_query(each), 0.0)


def all_of(queries: Iterable[Query | None]) -> Query | None:
    """What finds papers that all the queries find; None where none asks for anything."""
    return _joined(Occur.Must, queries)


def any_of(queries: Iterable[Query | None]) -> Query | None:
    """What finds papers that one of the queries finds; None where none asks for anything."""
    return _joined(Occur.Should, queries)


def _joined(occur: Occur, queries: Iterable[Query | None]) -> Query | None:
    asking = [query for query in queries if query is not None]
    return Query.boolean_query([(occur, query) for query in asking]) if asking else None
