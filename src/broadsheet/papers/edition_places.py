"""Where papers stand in the editions of a day, a week and a month: the order of an edition, kept as rows.

To rank a month anew for each of its pages, its hundred thousand papers would be read each time. A paper has a
place in each period that a list had it in, by the last day of that; one that was taken back has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db import connection

from broadsheet.papers.heat import elsewhere
from broadsheet.papers.inserting import insert
from broadsheet.papers.models import EditionPlace, PaperListing

COLUMNS = ("kind", "first", "counted", "elsewhere", "talkers", "day", "position")
KINDS = ("day", "week", "month")


class Place(NamedTuple):
    """A row of `EditionPlace` without the paper's key."""

    kind: str
    first: date
    counted: int
    elsewhere: float
    talkers: int
    day: date
    position: int


class Counted(NamedTuple):
    """What of a paper's tally gives it its place."""

    counted: int
    elsewhere: float
    talkers: int


def first_day(kind: str, day: date) -> date:
    """The first day of the day, the week or the month that a day is in."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[kind]


def places(listings: Iterable[tuple[date, int]], counted: Counted) -> Iterator[Place]:
    """The places of a paper that was listed on these days at these positions. Pure."""
    last: dict[tuple[str, date], tuple[date, int]] = {}
    # Of several lists of a day, the one that has it at the top counts.
    for day, position in sorted(listings, key=lambda one: (one[0], -one[1])):
        last |= {(kind, first_day(kind, day)): (day, position) for kind in KINDS}
    here, beyond, talkers = counted
    return (Place(*period, here, beyond, talkers, *listing) for period, listing in last.items())


def place(papers: Collection[int]) -> None:
    """Bring the places of these papers up to their listings and tallies.

    The caller holds the transaction and the tallies.
    """
    wanted, there = _wanted(papers), defaultdict[int, set[Place]](set)
    for pk, *columns in EditionPlace.objects.filter(paper__in=papers).values_list("paper_id", *COLUMNS):
        there[pk].add(Place(*columns))
    changed = [pk for pk in {*wanted, *there} if wanted.get(pk, set()) != there.get(pk, set())]
    if changed:
        EditionPlace.objects.filter(paper__in=changed).delete()
        rows = ((pk, *one) for pk in changed for one in wanted.get(pk, ()))
        insert(EditionPlace, ("paper", *COLUMNS), rows)


def move(paper: int, counted: int, talkers: int) -> None:
    """Have the paper stand where that many counted votes and people who talk put it."""
    with connection.cursor() as cursor:
        # A part of each vote: see `counting.voted`.
        cursor.execute(
            "UPDATE papers_editionplace SET counted = %s, talkers = %s WHERE paper_id = %s",
            [counted, talkers, paper],
        )


def _wanted(papers: Collection[int]) -> dict[int, set[Place]]:
    listed = PaperListing.objects.filter(paper__in=papers, paper__withdrawn=False, paper__retracted=False)
    listings: dict[int, list[tuple[date, int]]] = defaultdict(list)
    counted: dict[int, Counted] = {}
    tallied = (f"paper__tally__{one}" for one in ("counted_here", "votes", "stars", "talkers"))
    for pk, day, position, *counts in listed.values_list("paper_id", "day", "position", *tallied):
        here, votes, stars, talkers = (count or 0 for count in counts)
        listings[pk].append((day, position))
        counted[pk] = Counted(here, elsewhere(votes, stars), talkers)
    return {pk: {*places(days, counted[pk])} for pk, days in listings.items()}
