"""Exactly the papers that satisfy conditions, for programs with a query language of their own."""

from __future__ import annotations

from typing import Literal

from tantivy import Order as Direction

from broadsheet.search.folder import index_folder
from broadsheet.search.query.language import Query
from broadsheet.search.waiting import WITHOUT_WORDS, waiting
from broadsheet.search.word_index.lexical import EVERY_PAPER, WordIndex, WordIndexError, word_index

ListOrder = Literal["relevance", "submitted", "updated"]


def listed(
    asked: Query, *, sort: ListOrder, ascending: bool = False, limit: int, offset: int = 0
) -> tuple[list[int], int]:
    """One page of exactly the papers that satisfy the query's conditions, and how many they all are.

    "relevance" is by the words of its question, or by the time of submission where it has none. The highest
    stand first unless `ascending`. Raises WordIndexError, for a reader, where words cannot be searched.
    """
    words = word_index(index_folder()).held()
    if (lacking := waiting(words)) and not lacking.indexed:
        raise WordIndexError(lacking.note)
    page = slice(offset, offset + limit)
    try:
        return _listed(words, asked, sort=sort, ascending=ascending, page=page)
    except WordIndexError as problem:
        raise WordIndexError(WITHOUT_WORDS) from problem


def _listed(
    words: WordIndex, asked: Query, *, sort: ListOrder, ascending: bool, page: slice
) -> tuple[list[int], int]:
    condition, offset, limit = asked.condition or EVERY_PAPER, page.start, page.stop - page.start
    if sort != "relevance" or not asked.text:
        places, total = words.listed(
            condition,
            sort="submitted" if sort == "relevance" else sort,
            limit=limit,
            offset=offset,
            order=Direction.Asc if ascending else Direction.Desc,
        )
        return [place.paper for place in places], total
    if not ascending:
        found, total = words.scored(condition, text=asked.text, limit=limit, offset=offset)
        return [paper for paper, _ in found], total
    _, total = words.scored(condition, text=asked.text, limit=0)
    stop = max(total - offset, 0)
    start = max(stop - limit, 0)
    found, _ = words.scored(condition, text=asked.text, limit=stop - start, offset=start)
    return [paper for paper, _ in reversed(found)], total
