"""Conditions of a query, as the word index checks them.

A condition without a word in it (`title:"?!"`) asks for nothing, and holds for every paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur, Query

from broadsheet.papers.names import name_slug
from broadsheet.search.query.conditions import AllOf, AnyOf, Condition, Not, Phrase, Range, Term, Words
from broadsheet.search.word_index.entries import HIGHEST, MOST, SCHEMA, packed
from broadsheet.search.word_index.words import (
    NAME_SLOP,
    compound_words,
    fold,
    is_more_than_its_parts,
    names,
    stems,
)

# The fields of the index that hold what a field of the language speaks of.
TEXTS: dict[str, tuple[str, ...]] = {
    "text": ("title", "abstract"),
    "title": ("title",),
    "abstract": ("abstract",),
    "comment": ("comment",),
    "journal": ("journal",),
}
SINGLE = {TEXTS["text"]: ("text",)}
NAMES = {"author": "authors", "org": "organizations"}
TERMS: dict[str, tuple[str, ...]] = {
    "cat": ("category", "archive"),
    "category": ("category",),
    "organization": ("organization",),
    "id": ("identifier",),
    "scheme": ("scheme",),
    "source": ("source",),
    "has": ("has",),
}
NUMBERS = {
    "date": "day",
    "submitted": "submitted",
    "updated": "updated",
    "votes": "votes",
    "comments": "comments",
}
# Papers without a date have day and second 0, and are of no date.
LOWEST = {"date": 1, "submitted": 1, "updated": 1}

# Two letters and an asterisk are rather a name, such as that of the search "A*".
_START = re.compile(r"([^\W_]{3,})\*")
# What a page of text has; the rest of a longer query would only cost time.
MOST_WORDS = 400


def satisfying(condition: Condition) -> Query:
    """What finds the papers that satisfy the condition; all of them count the same."""
    return Query.const_score_query(_query(condition) or Query.all_query(), 0.0)


def failing(condition: Condition) -> Query:
    """What finds the papers that do not satisfy the condition."""
    return Query.empty_query() if _query(condition) is None else satisfying(Not(condition))


def term(field: str, word: str) -> Query:
    """What finds the papers with that word in a field of the index."""
    return Query.term_query(SCHEMA, field, word, "freq")


def between(field: str, low: int, high: int) -> Query:
    """What finds the papers whose number in that field is none below `low` and none above `high`."""
    if high < low:
        return Query.empty_query()
    return Query.range_query(SCHEMA, field, FieldType.Unsigned, low, high)


def all_of(queries: Iterable[Query | None]) -> Query | None:
    """What finds papers that all the queries find; None where none asks for anything."""
    return _joined(Occur.Must, queries)


def any_of(queries: Iterable[Query | None]) -> Query | None:
    """What finds papers that one of the queries finds; None where none asks for anything."""
    return _joined(Occur.Should, queries)


def _query(condition: Condition) -> Query | None:  # noqa: PLR0911 - one for each kind
    """The condition as tantivy takes it; None where it asks for nothing."""
    match condition:
        case Words(field, text):
            return _words(field, fold(text))
        case Phrase(field, text):
            return _phrase(field, fold(text))
        case Term(field, value):
            return any_of(term(one, value) for one in TERMS[field])
        case Range():
            return _range(condition)
        case Not(inner):
            return _without(inner)
        case AllOf(conditions):
            return _together(conditions)
        case AnyOf(conditions):
            return any_of(map(_query, conditions))


def _words(field: str, text: str) -> Query | None:
    if field in NAMES and (start := _START.fullmatch(text)):
        return _starting((NAMES[field],), start[1])
    if field == "author":
        return _author(text)
    if field == "org":
        return any_of(
            [_in_order((NAMES[field],), names(text), slop=NAME_SLOP), term("organization", name_slug(text))]
        )
    return all_of(_word(field, word) for word in text.split()[:MOST_WORDS])


def _phrase(field: str, text: str) -> Query | None:
    if field in NAMES:
        return _in_order((NAMES[field],), names(text))
    return _in_order(TEXTS[field], stems(text))


def _without(condition: Condition) -> Query | None:
    if isinstance(condition, Not):
        return _query(condition.condition)
    if isinstance(condition, AllOf):
        return any_of(_query(Not(one)) for one in condition.conditions)
    return _together((Not(condition),))


def _together(conditions: Sequence[Condition]) -> Query | None:
    """What all conditions hold for. Exclusions are made at once: each alone goes through all papers."""
    wanted = all_of(_query(one) for one in conditions if not isinstance(one, Not))
    excluded = any_of(_query(one.condition) for one in conditions if isinstance(one, Not))
    if excluded is None:
        return wanted
    # An exclusion alone finds nothing in tantivy: it has to be told from what.
    among = wanted or Query.all_query()
    return Query.boolean_query([(Occur.Must, among), (Occur.MustNot, excluded)])


def _joined(occur: Occur, queries: Iterable[Query | None]) -> Query | None:
    asking = [query for query in queries if query is not None]
    return Query.boolean_query([(occur, query) for query in asking]) if asking else None


def _word(field: str, word: str) -> Query | None:
    """A word as it is typed: "gpt-4" is its parts in order, "c++" is not every "c", "neur*" is a start."""
    if start := _START.fullmatch(word):
        # "optimiz" is longer than the stem of its words, and only lacks an "e" to have it.
        return any_of(
            [_starting(TEXTS[field], start[1]), *(_word(field, start[1] + end) for end in ("", "e"))]
        )
    parts = stems(word)
    if not parts and any(map(str.isalnum, word)):
        return Query.empty_query()  # a word so long that none like it is indexed
    whole = (term("compounds", one) for one in compound_words(word) if is_more_than_its_parts(one))
    return all_of([_in_order(TEXTS[field], parts), *whole])


def _starting(fields: tuple[str, ...], start: str) -> Query | None:
    return any_of(Query.regex_query(SCHEMA, field, f"{re.escape(start)}.*") for field in fields)


def _in_order(fields: tuple[str, ...], words: Sequence[str], *, slop: int = 0) -> Query | None:
    words = words[:MOST_WORDS]
    if len(words) > 1:
        return any_of(Query.phrase_query(SCHEMA, field, list(words), slop) for field in fields)
    # One word needs no places, and title and abstract stand together in a field that has none.
    return any_of(term(field, word) for word in words for field in SINGLE.get(fields, fields))


def _author(text: str) -> Query | None:
    """Somebody with all these names, in any order."""
    words = names(text)[:MOST_WORDS]
    # "J. Doe" and "Doe, J" are whoever has that initial and that family name.
    whole = [word for word in words if len(word) > 1] or words
    initials = (term("initials", word + whole[-1]) for word in words if word not in whole)
    return all_of([_in_order((NAMES["author"],), whole, slop=NAME_SLOP), *initials])


def _range(condition: Range) -> Query:
    low = max(LOWEST.get(condition.field, 0), condition.low or 0)
    high = HIGHEST if condition.high is None else condition.high
    if high < low:
        return Query.empty_query()
    if condition.field != "date" or condition.low is None:
        return between(NUMBERS[condition.field], packed(low, 0), packed(high, HIGHEST))
    # A paper of which only the year or month is known is of every day of it.
    since = between("until", packed(low, 0), MOST)
    if condition.high is None:
        return since
    until = between("day", packed(1, 0), packed(high, HIGHEST))
    return Query.boolean_query([(Occur.Must, since), (Occur.Must, until)])
