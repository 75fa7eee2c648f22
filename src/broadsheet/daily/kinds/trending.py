"""The papers that people talk about now."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db.models import Q, QuerySet

from broadsheet.daily import editions
from broadsheet.daily.entries import Found, Key, ListName, Row, Run, Span, in_memory
from broadsheet.daily.kinds.edition import ranked_row
from broadsheet.daily.kinds.senders import sent_in_by
from broadsheet.daily.ranking import trend, trend_key
from broadsheet.papers.models import Tally
from broadsheet.papers.tallies import interest


def trending(wanted: ListName, span: Span, today: date) -> Found:
    """What trends today, or trended on the last day that has a list."""
    if wanted.submitter or editions.is_listed_after(today):
        as_of, everything = editions.trending(today)
        ranked = sent_in_by(wanted.submitter, everything, None, today)
        run = in_memory(ranked, trend_key, _row)
    else:
        as_of = editions.trends_as_of(today)
        run = _by_heat(as_of)
    rows, total = run(span)
    return Found(
        wanted,
        "",
        "Trending papers",
        "The research papers that people talk about now.",
        rows,
        total,
        as_of=as_of,
    )


_row = partial(ranked_row, key=trend_key, submitters={})


def _by_heat(as_of: date) -> Run:
    """What trends, read by its stored key."""

    def read(span: Span) -> tuple[list[Row], int]:
        hot = editions.hot(as_of)
        if span.until:
            hot = hot.filter(_above(span.until))
        page = hot.filter(heat__lte=-span.after[0]).exclude(_up_to(span.after)) if span.after else hot
        total = hot.order_by().count() if span.until else editions.how_many_trend(as_of)
        return _rows(page, span, as_of), total

    return read


def _rows(page: QuerySet[Tally], span: Span, as_of: date) -> list[Row]:
    start = 0 if span.after else span.offset
    found = page.values_list("paper", "listed_on", "votes", "comments", "stars")[start : start + span.limit]
    return [_row(trend(pk, day, interest(*counts), as_of=as_of)) for pk, day, *counts in found if day]


def _above(key: Key) -> Q:
    heat, day, pk = -key[0], date.fromordinal(int(-key[1])), int(key[2])
    return Q(heat__gt=heat) | Q(heat=heat, listed_on__gt=day) | Q(heat=heat, listed_on=day, paper__lt=pk)


def _up_to(key: Key) -> Q:
    """Where a paper with that key stands, or above."""
    return _above((key[0], key[1], key[2] + 1))
