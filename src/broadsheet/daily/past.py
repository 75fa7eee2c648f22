"""What lists were on a past day, from all that was counted until its end.

Votes are those of `VoteEvent`, people who talk those whose comments stand and were written by then, and what
was counted elsewhere is of the last day up to that on which it was seen. Papers, comments and the people who
count are taken as they are now: what was withdrawn or taken back since is out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, Min, OuterRef, Sum

from broadsheet.community import counting
from broadsheet.community.models import VoteEvent
from broadsheet.daily import editions
from broadsheet.daily.ranking import Counts, Listed, Ranked, rank_edition, rank_trending
from broadsheet.papers.heat import window
from broadsheet.papers.models import CountedOn, Paper, PaperListing


def trending(as_of: date, over: str) -> list[Ranked]:
    """What trended over a time on a past day."""
    first = as_of - timedelta(days=window(over) - 1)
    return rank_trending(listed(_first_days(first, as_of), as_of), as_of=as_of, over=over)


def edition(first: date, last: date, as_of: date) -> list[Ranked]:
    """The papers that were listed from one day to another, as they stood on a past day."""
    of_now, _ = editions.all_listed(first, min(last, as_of))
    counted = {one.pk: one for one in listed({one.pk: one.day for one in of_now}, as_of)}
    return rank_edition([replace(one, counts=counted[one.pk].counts) for one in of_now])


def listed(days: Mapping[int, date], as_of: date) -> list[Listed]:
    """The papers, first listed on these days, with all that was counted of them until the end of a day."""
    votes, seen = _votes(days, as_of), _seen(days, as_of)
    talked = counting.talkers(until=_end(as_of))
    found = []
    for pk, day in days.items():
        cast, counted = votes.get(pk, (0, 0))
        upvotes, stars = seen.get(pk, (0, 0))
        counts = Counts(counted, upvotes, stars, talked.get(pk, 0), cast)
        found.append(Listed(pk, day, counts, first=day))
    return found


def _first_days(first: date, last: date) -> dict[int, date]:
    """The papers that were news first on one of these days; those that no list had by then on their own
    day.
    """
    listed = (
        PaperListing.objects.filter(day__lte=last)
        .values_list("paper_id")
        .annotate(first=Min("day"))
        .filter(first__gte=first, paper__withdrawn=False, paper__retracted=False)
    )
    earliest = PaperListing.objects.filter(paper=OuterRef("pk"), day__lte=last)
    own = Paper.objects.filter(day__range=(first, last), withdrawn=False, retracted=False)
    unlisted = own.annotate(was_listed=Exists(earliest)).filter(was_listed=False).values_list("pk", "day")
    return {**dict(unlisted), **dict(listed)}


def _votes(papers: Collection[int], as_of: date) -> dict[int, tuple[int, int]]:
    events = VoteEvent.objects.filter(at__lt=_end(as_of)).values_list("paper")
    sums = events.annotate(cast=Sum("votes"), right=Sum("counted"))
    return {pk: (cast, right) for pk, cast, right in sums if pk in papers}


def _seen(papers: Collection[int], as_of: date) -> dict[int, tuple[int, int]]:
    rows = CountedOn.objects.filter(day__lte=as_of).order_by("day").values_list("paper", "votes", "stars")
    return {pk: (votes, stars) for pk, votes, stars in rows if pk in papers}


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)
