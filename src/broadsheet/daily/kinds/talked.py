"""The papers that people here talk about most, and those that few have voted for and more may like."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q

from broadsheet.community import counting
from broadsheet.daily import editions
from broadsheet.daily.entries import Found, ListName, Span, in_memory
from broadsheet.daily.kinds.edition import ranked_row
from broadsheet.daily.ranking import (
    PICKED_FROM,
    PICKED_UNTIL,
    Counts,
    Listed,
    Ranked,
    discussed_key,
    rank_discussed,
    rank_undiscovered,
    undiscovered_key,
)
from broadsheet.papers.models import PaperLink, PaperListing, Tally

DISCUSSED_DAYS = 7


def discussed(wanted: ListName, span: Span, today: date) -> Found:
    """What people here wrote about in the last seven days, by people and their comments."""
    since = datetime.combine(today - timedelta(days=DISCUSSED_DAYS - 1), time(), tzinfo=UTC)
    comments = counting.comments_since(since)
    there = Tally.objects.filter(paper__in=comments, paper__withdrawn=False, paper__retracted=False)
    days = {pk: day or today for pk, day in there.values_list("paper", "first_on")}
    row = partial(ranked_row, key=discussed_key, submitters={})
    rows, total = in_memory(rank_discussed(comments, days), discussed_key, row)(span)
    described = "The papers that people here wrote most about in the last seven days."
    return Found(wanted, "", "Most discussed papers", described, rows, total, as_of=today)


def undiscovered(wanted: ListName, span: Span, today: date) -> Found:
    """What few voted for and more may like, of the last days."""
    row = partial(ranked_row, key=undiscovered_key, submitters={})
    rows, total = in_memory(picked(today), undiscovered_key, row)(span)
    described = "Papers of the last two weeks that few voted for, and whose code people like."
    return Found(wanted, "", "Undiscovered papers", described, rows, total, as_of=today)


def picked(today: date) -> list[Ranked]:
    """What is undiscovered today."""
    first, last = (today - timedelta(days=days) for days in (PICKED_UNTIL, PICKED_FROM))
    return rank_undiscovered(listed_first(first, last), today=today)


def listed_first(first: date, last: date) -> list[Listed]:
    """The papers that were first listed in these days, with their counts of now.

    A tally of nothing, which stays where all that was counted was taken back, is as none.
    """
    code = PaperLink.objects.filter(paper=OuterRef("paper"), kind="code")
    is_counted = ~Q(votes=0, comments=0, stars=0, cast_here=0, comments_here=0)
    is_listed = Exists(PaperListing.objects.filter(paper=OuterRef("paper")))
    there = Tally.objects.filter(
        is_counted | is_listed,
        first_on__range=(first, last),
        paper__withdrawn=False,
        paper__retracted=False,
    ).annotate(code=Exists(code))
    rows = there.values_list("paper", "code", *editions.TALLIED)
    return [
        Listed(pk, since, Counts(*counts), first=since, has_code=code) for pk, code, *counts, since in rows
    ]
