"""The papers that satisfy conditions, for programs with a query language of their own."""

from __future__ import annotations

from datetime import date
from typing import TypeGuard, get_args

from broadsheet.daily.entries import Found, ListName, Row, Span, UnknownListError
from broadsheet.search import listing
from broadsheet.search.listing import ListOrder

ASCENDING = " ascending"
ORDERS = tuple(order + way for order in get_args(ListOrder) for way in ("", ASCENDING))


def conditions(wanted: ListName, span: Span, today: date) -> Found:
    """Exactly the papers that satisfy the conditions, by relevance to their words unless another order is
    wanted. Raises WordIndexError where words cannot be searched.
    """
    del today
    order = wanted.order.removesuffix(ASCENDING) or "relevance"
    if wanted.conditions is None or span.until or not _is_order(order):
        raise UnknownListError("There are no conditions to list papers by.")
    # No paper has a key here: what is relevant changes with all others.
    start = int(span.after[0]) + 1 if span.after else span.offset
    papers, total = listing.listed(
        wanted.conditions,
        sort=order,
        ascending=wanted.order.endswith(ASCENDING),
        limit=span.limit,
        offset=start,
    )
    title = "Papers that satisfy conditions"
    rows = [Row((place,), pk) for place, pk in enumerate(papers, start)]
    return Found(wanted, "", title, f"{title}.", rows, total)


def _is_order(order: str) -> TypeGuard[ListOrder]:
    return order in get_args(ListOrder)
