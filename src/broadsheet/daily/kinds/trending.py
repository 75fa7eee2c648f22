"""The papers that people talk about now, over a day, a week or a month."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.db.models import Q, QuerySet

from broadsheet.daily import editions, past
from broadsheet.daily.entries import Found, Key, ListName, Row, Run, Span, UnknownListError, in_memory
from broadsheet.daily.kinds.edition import ranked_row
from broadsheet.daily.kinds.senders import listings_by
from broadsheet.daily.ranking import WEEK, Counts, Listed, trend, trend_key
from broadsheet.papers.heat import HOURS
from broadsheet.papers.models import Tally

TALLIED = ("paper", *editions.TALLIED)


def trending(wanted: ListName, span: Span, today: date) -> Found:
    """What trends today over the time that is named, a week where none is, or trended on the last day that
    has a list; or as of a past day, from all that was counted until then.
    """
    over = wanted.name or WEEK
    if over not in HOURS:
        raise UnknownListError(f"There is no such trend; there are those over a {', a '.join(HOURS)}.")
    if wanted.as_of and wanted.as_of < today:
        as_of, run = wanted.as_of, _as_of(wanted.as_of, over)
    else:
        as_of = editions.trends_as_of(today, over)
        run = _by_heat(as_of, over, wanted.submitter)
    rows, total = run(span)
    title = "Trending papers" if over == WEEK else f"Trending papers of the {over}"
    described = "The research papers that people talk about now."
    return Found(wanted, "", title, described, rows, total, as_of=as_of)


def _row_of(over: str) -> partial[Row]:
    return partial(ranked_row, key=partial(trend_key, over=over), submitters={})


def _as_of(as_of: date, over: str) -> Run:
    """What trended on a past day."""
    return in_memory(past.trending(as_of, over), partial(trend_key, over=over), _row_of(over))


def _by_heat(as_of: date, over: str, submitter: str) -> Run:
    """What trends, read by its stored key; of what somebody sent in, where somebody is named."""

    def read(span: Span) -> tuple[list[Row], int]:
        hot = editions.hot(as_of, over)
        if submitter:
            hot = hot.filter(paper__in=listings_by(submitter, None, as_of).values("paper"))
        if span.until:
            hot = hot.filter(_above(span.until, over))
        page = hot
        if span.after:
            page = hot.filter(**{f"heat_{over}__lte": -span.after[0]}).exclude(_up_to(span.after, over))
        is_all = not (span.until or submitter)
        total = editions.how_many_trend(as_of, over) if is_all else hot.order_by().count()
        return _rows(page, span, as_of, over), total

    return read


def _rows(page: QuerySet[Tally], span: Span, as_of: date, over: str) -> list[Row]:
    start, row = 0 if span.after else span.offset, _row_of(over)
    found = page.values_list(*TALLIED)[start : start + span.limit]
    listed = (Listed(pk, first, Counts(*counts), first=first) for pk, *counts, first in found)
    return [row(trend(one, as_of=as_of, over=over)) for one in listed]


def _above(key: Key, over: str) -> Q:
    name, heat, day, pk = f"heat_{over}", -key[0], date.fromordinal(int(-key[1])), int(key[2])
    is_same = Q(**{name: heat, "first_on": day, "paper__lt": pk})
    return Q(**{f"{name}__gt": heat}) | Q(**{name: heat, "first_on__gt": day}) | is_same


def _up_to(key: Key, over: str) -> Q:
    """Where a paper with that key stands, or above."""
    return _above((key[0], key[1], key[2] + 1), over)
