"""The papers that people talk about now."""

from __future__ import annotations

from datetime import date
from functools import partial

from broadsheet.daily import editions
from broadsheet.daily.entries import Found, ListName, Span, in_memory
from broadsheet.daily.kinds.edition import ranked_row
from broadsheet.daily.kinds.senders import sent_in_by
from broadsheet.daily.ranking import trend_key


def trending(wanted: ListName, span: Span, today: date) -> Found:
    """What trends today, or trended on the last day that has a list."""
    as_of, everything = editions.trending(today)
    ranked = sent_in_by(wanted.submitter, everything, None, today)
    rows, total = in_memory(ranked, trend_key, partial(ranked_row, key=trend_key, submitters={}))(span)
    return Found(
        wanted,
        "",
        "Trending papers",
        "The research papers that people talk about now.",
        rows,
        total,
        as_of=as_of,
    )
