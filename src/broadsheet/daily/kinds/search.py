"""The matches of a query: see `finding.matches`."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.utils.text import Truncator

from broadsheet.daily.entries import Found, ListName, Row, Span
from broadsheet.search import finding
from broadsheet.search.word_index.entries import Place
from broadsheet.search.word_index.lexical import SORTS, Sort

ORDERS = tuple(SORTS)
LONGEST_TITLE = 200
_IN_WORDS = {
    "date": "newest first",
    "submitted": "newest first",
    "votes": "most upvotes first",
    "comments": "most discussed first",
    "updated": "those that changed last first",
    "added": "those that came in last first",
}


def search(wanted: ListName, span: Span, today: date) -> Found:
    """The matches of the query that is the name, the newest first unless another order is wanted."""
    del today
    query = " ".join(wanted.name.split())
    found = finding.matches(
        query,
        cast("Sort", wanted.order or "date"),
        limit=span.limit,
        offset=span.offset,
        after=_place(span.after),
        since=_place(span.until),
    )
    title = Truncator(f"Papers for {query}").chars(LONGEST_TITLE) if query else "All papers"
    # Where the index cannot be read, the catalogue gives papers of no place that a part could begin after.
    places = found.places[: span.limit - 1] if found.notes else found.places
    return Found(
        ListName(wanted.kind, query, wanted.order),
        query,
        title,
        f"{title}, {_IN_WORDS[wanted.order or 'date']}.",
        [Row((-place.key, -place.paper), place.paper) for place in places],
        found.total,
    )


def _place(key: tuple[float, ...] | None) -> Place | None:
    return Place(-int(key[0]), -int(key[1])) if key else None
