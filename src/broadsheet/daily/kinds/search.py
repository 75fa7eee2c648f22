"""The answers to a search: its matches, or in the order of relevance also what is close to it in meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeGuard, get_args

from django.utils.text import Truncator

from broadsheet.daily.entries import Found, Key, ListName, Row, Span, UnknownListError
from broadsheet.daily.kinds.by_date import by_date
from broadsheet.papers.models import Paper
from broadsheet.search import finding
from broadsheet.search.finding import Order, SearchResult
from broadsheet.search.fusion import Hit
from broadsheet.search.waiting import Waiting
from broadsheet.search.word_index.entries import Place
from broadsheet.search.word_index.lexical import Sort, WordIndexError

RELEVANCE = "relevance"
NEWEST: Sort = "date"
ORDERS = (RELEVANCE, *get_args(Sort))
LONGEST_TITLE = 200
_IN_WORDS = {
    RELEVANCE: "best first",
    NEWEST: "newest first",
    "submitted": "newest first",
    "votes": "most upvotes first",
    "comments": "most discussed first",
    "updated": "those that changed last first",
    "added": "those that came in last first",
}


def search(wanted: ListName, span: Span, today: date) -> Found:
    """What is found for the query that is the name: its matches, the newest first, unless another order is
    wanted. Raises WordIndexError where words cannot be searched and nothing is told that could say so.
    """
    del today
    query = " ".join(wanted.name.split())
    order = wanted.order or NEWEST
    if order == RELEVANCE and span.until:
        raise UnknownListError("What came in since is not told in the order of relevance.")
    title = Truncator(f"Papers for {query}").chars(LONGEST_TITLE) if query else "All papers"
    empty = Found(
        replace(wanted, name=query), query, title, f"{title}, {_IN_WORDS[order]}.", rows=(), total=0
    )
    if not query and order in {RELEVANCE, NEWEST}:
        return _everything(empty, span)
    if span.is_told and _is_told_of(order):
        return _told(empty, wanted, order, span)
    if _is_sort(order):
        return _matches(empty, query, order, span)
    start = _start(span)
    found = finding.best(query, limit=span.limit, offset=start)
    _refuse_without_words(found.waiting)
    return _answers(empty, found, start)


def _everything(empty: Found, span: Span) -> Found:
    """All papers by the catalogue, as programs read them page by page: to the second, and before they are
    indexed.
    """
    if not span.is_told:
        rows, total = by_date(Paper.objects.all())(span)
        return replace(empty, rows=rows, total=total)
    said = finding.find("", limit=1)
    count = said.waiting.papers if said.waiting else said.total
    rows, total = by_date(Paper.objects.all(), total=count)(span)
    hits = tuple(Hit(row.pk, 0.0, is_match=True) for row in rows[: span.limit - 1])
    return replace(empty, rows=rows, total=total, said=replace(said, hits=hits, total=total, shown=total))


def _told(empty: Found, wanted: ListName, order: Order, span: Span) -> Found:
    """The answers with all that is to be said of them."""
    start = _start(span)
    found = finding.find(wanted.name, limit=span.limit, offset=start, sort=order, sense=wanted.sense)
    said = replace(found, hits=found.hits[: span.limit - 1])
    return replace(_answers(empty, found, start), said=said)


def _answers(empty: Found, found: SearchResult, start: int) -> Found:
    rows = [Row((place,), hit.paper_pk, hit=hit) for place, hit in enumerate(found.hits, start)]
    return replace(empty, rows=rows, total=found.shown)


def _matches(empty: Found, query: str, order: Sort, span: Span) -> Found:
    found = finding.matches(
        query,
        order,
        limit=span.limit,
        offset=_start(span),
        after=_place(span.after),
        since=_place(span.until),
    )
    _refuse_without_words(found.waiting)
    rows: Sequence[Row] = [Row((-place.key, -place.paper), place.paper) for place in found.places]
    return replace(empty, rows=rows, total=found.total)


def _refuse_without_words(waiting: Waiting | None) -> None:
    """A list that merely lacks what cannot be found just now would look as if there were nothing."""
    if waiting and not waiting.indexed:
        raise WordIndexError(waiting.note)


def _start(span: Span) -> int:
    """Where a part begins by number: answers have no keys but their places of today."""
    return int(span.after[0]) + 1 if span.after and len(span.after) == 1 else span.offset


def _place(key: Key | None) -> Place | None:
    return Place(-int(key[0]), -int(key[1])) if key and len(key) > 1 else None


def _is_sort(order: str) -> TypeGuard[Sort]:
    return order in get_args(Sort)


def _is_told_of(order: str) -> TypeGuard[Order]:
    return order in finding.ORDERS
