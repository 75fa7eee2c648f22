"""The tally of a paper: what was counted of it, when it was listed last, and the heat that it trends by.

Tallies change without their papers: the word index, the revision of the catalogue and whoever follows its
changes take no notice. Whoever keeps them sees by their stamps which are new.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Max

from broadsheet.papers import signals
from broadsheet.papers.inserting import insert, update
from broadsheet.papers.models import Paper, PaperListing, Tally

# A trend loses one order of magnitude of interest in this many days.
FADE_DAYS = 7.0
STARS_PER_UPVOTE = 10
# What is counted of a paper, by the name of the signal.
COUNTED = {"upvotes": "votes", "comments": "comments", "github_stars": "stars"}
COLUMNS = ("votes", "comments", "stars", "listed_on", "heat")
PAPERS_A_QUERY = 900


class Counted(NamedTuple):
    """The columns of a tally."""

    votes: int = 0
    comments: int = 0
    stars: int = 0
    listed_on: date | None = None
    heat: float | None = None


def interest(votes: int, comments: int, stars: int) -> float:
    """How much people care: votes, comments up to as many as there are votes (a quarrel alone must not lift
    a paper), and a tenth of the code's stars, likewise capped.
    """
    votes = max(votes, 0)
    return votes + min(max(comments, 0), votes) + min(max(stars, 0) / STARS_PER_UPVOTE, votes)


def heat(interest: float, day: date) -> float | None:
    """What a trend is sorted by: its score as of any day differs from this by the same for all papers; None
    for what nobody cares about.
    """
    return math.log10(1 + interest) + day.toordinal() / FADE_DAYS if interest > 0 else None


def stamp() -> int:
    """The number of the last change to any tally."""
    return Tally.objects.aggregate(last=Max("stamp"))["last"] or 0


def count(papers: Collection[int], *, now: datetime) -> None:
    """Bring the tallies of these papers up to what sources counted and listed.

    The caller holds the transaction and the lock of whoever writes to the catalogue, so that nobody sees a
    stamp before a smaller one.
    """
    ordered = sorted(papers)
    for start in range(0, len(ordered), PAPERS_A_QUERY):
        _count(ordered[start : start + PAPERS_A_QUERY], now=now)


def _count(papers: list[int], *, now: datetime) -> None:
    wanted = _counted(papers)
    rows = Tally.objects.filter(paper__in=papers).values_list("paper_id", *COLUMNS)
    there = {pk: Counted(*values) for pk, *values in rows}
    fresh = [pk for pk in wanted if pk not in there]
    changed = [pk for pk in there if there[pk] != wanted.get(pk, Counted())]
    if not (fresh or changed):
        return
    # A catalogue restored from an older copy must not give a stamp again that somebody has seen.
    number = max(stamp() + 1, int(now.timestamp() * 1000))
    insert(Tally, ("paper", "stamp", *COLUMNS), ((pk, number, *wanted[pk]) for pk in fresh))
    rows_of = ((number, *wanted.get(pk, Counted()), pk) for pk in changed)
    update(Tally, ("stamp", *COLUMNS), ("paper",), rows_of)


def _counted(papers: list[int]) -> dict[int, Counted]:
    """The tallies of those of the papers that something was counted of, or that were listed."""
    counts = {
        pk: {COUNTED[name]: max(one.value, 0) for name, one in signals.highest(ours).items()}
        for pk, of_paper in signals.of_papers(papers).items()
        if (ours := [one for one in of_paper if one.name in COUNTED])
    }
    listed = PaperListing.objects.filter(paper__in=papers).values_list("paper_id").annotate(Max("day"))
    days: dict[int, date] = dict(listed)
    there = Paper.objects.filter(pk__in={*counts, *days}).values_list("pk", F("withdrawn"), F("retracted"))
    return {pk: _tally(counts.get(pk, {}), days.get(pk), gone=a or b) for pk, a, b in there}


def _tally(counts: Mapping[str, int], day: date | None, *, gone: bool) -> Counted:
    votes, comments, stars = (counts.get(name, 0) for name in COUNTED.values())
    trends = heat(interest(votes, comments, stars), day) if day and not gone else None
    return Counted(votes, comments, stars, day, trends)
