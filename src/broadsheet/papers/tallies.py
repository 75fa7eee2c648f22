"""The tally of a paper: what was counted of it, since when it is news, and the heat that it trends by.

Tallies change without their papers: the word index, the revision of the catalogue and whoever follows its
changes take no notice. Whoever keeps them sees by their stamps which are new. What people here did stands in
the same row, counted by a room above; it moves the heat, and no stamp.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Min

from broadsheet.papers import edition_places, signals
from broadsheet.papers.heat import HOURS, elsewhere, heat, interest
from broadsheet.papers.inserting import insert, update
from broadsheet.papers.models import CountedOn, Paper, PaperListing, Tally
from broadsheet.papers.portions import portions
from broadsheet.papers.tables import placeholders

# What is counted of a paper, by the name of the signal.
COUNTED = {"upvotes": "votes", "comments": "comments", "github_stars": "stars"}
HEATS = tuple(f"heat_{over}" for over in HOURS)
COLUMNS = ("votes", "comments", "stars", "first_on", *HEATS)
PAPERS_A_QUERY = 900


class Counted(NamedTuple):
    """The columns of a tally that sources say, and its heats."""

    votes: int = 0
    comments: int = 0
    stars: int = 0
    first_on: date | None = None
    heat_day: float | None = None
    heat_week: float | None = None
    heat_month: float | None = None


HERE = ("counted_here", "talkers")


class Here(NamedTuple):
    """What people here did that moves the heat."""

    counted_here: int = 0
    talkers: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """The tally of a paper that nobody else changes until the transaction ends; its heats are made of it."""

    paper: int
    votes: int
    stars: int
    first_on: date | None
    counted_here: int
    talkers: int
    gone: bool

    def heats(self) -> tuple[float | None, ...]:
        """The heats of the paper, as it stands."""
        here = Here(self.counted_here, self.talkers)
        return heats(self.votes, self.stars, here, self.first_on, gone=bool(self.gone))


def heats(votes: int, stars: int, here: Here, first: date | None, *, gone: bool) -> tuple[float | None, ...]:
    """The heat over a day, a week and a month; a paper that was taken back has none."""
    if gone or first is None:
        return (None,) * len(HOURS)
    cared = interest(here.counted_here, elsewhere(votes, stars), here.talkers)
    return tuple(heat(cared, first, over) for over in HOURS)


def stamp() -> int:
    """The number of the last change to any tally."""
    with connection.cursor() as cursor:
        # Asked for each page of lists: see `held`.
        cursor.execute("SELECT MAX(stamp) FROM papers_tally")
        return cursor.fetchone()[0] or 0


def count(papers: Collection[int], *, now: datetime) -> None:
    """Bring the tallies of these papers up to what sources counted and listed.

    The caller holds the transaction and the lock of whoever writes to the catalogue, so that nobody sees a
    stamp before a smaller one.
    """
    ordered = sorted(papers)
    for some in portions(ordered, PAPERS_A_QUERY):
        _count(some, now=now)
        edition_places.place(some)


def locked(papers: Collection[int]) -> set[int]:
    """Those of these papers that have a tally, which is locked in the caller's transaction."""
    if not papers:
        return set()
    lock = " FOR UPDATE" if _locks_rows() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT paper_id FROM papers_tally WHERE paper_id IN ({placeholders(papers)})"  # noqa: S608
            f" ORDER BY paper_id{lock}",
            [*papers],
        )
        return {pk for (pk,) in cursor.fetchall()}


def _locks_rows() -> bool:
    return connection.features.has_select_for_update


def held(paper: int) -> Held | None:
    """The tally of the paper, locked in the caller's transaction; None where it has none.

    The SQL is ours: for each vote Django would take longer to write it than the database to answer.
    """
    lock = " FOR UPDATE OF papers_tally" if _locks_rows() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT paper_id, votes, stars, first_on, counted_here, talkers, withdrawn OR retracted"  # noqa: S608
            " FROM papers_tally JOIN papers_paper ON papers_paper.id = paper_id WHERE paper_id = %s" + lock,
            [paper],
        )
        row = cursor.fetchone()
        return Held(*row) if row else None


def warm(papers: Collection[int]) -> None:
    """Bring the heats of these papers, and their places in editions, up to their tallies, which the caller
    holds in its transaction.
    """
    columns = (
        "paper",
        "votes",
        "stars",
        *HERE,
        "first_on",
        "paper__withdrawn",
        "paper__retracted",
        *HEATS,
    )
    changed = []
    for pk, votes, stars, *here, first, withdrawn, retracted, day, week, month in Tally.objects.filter(
        paper__in=papers
    ).values_list(*columns):
        now = heats(votes, stars, Here(*here), first, gone=withdrawn or retracted)
        if now != (day, week, month):
            changed.append((*now, pk))
    update(Tally, HEATS, ("paper",), changed)
    edition_places.place(papers)


def _count(papers: Sequence[int], *, now: datetime) -> None:
    # Somebody may be about to vote for one of them.
    locked = Tally.objects.select_for_update().filter(paper__in=papers).order_by("paper")
    rows = {pk: values for pk, *values in locked.values_list("paper_id", *COLUMNS, *HERE)}
    there = {pk: Counted(*values[: len(COLUMNS)]) for pk, values in rows.items()}
    here = {pk: Here(*values[len(COLUMNS) :]) for pk, values in rows.items()}
    wanted = _counted(papers, here)
    fresh = [pk for pk in wanted if pk not in there]
    changed = [pk for pk in there if there[pk] != wanted.get(pk, Counted())]
    if not (fresh or changed):
        return
    # A catalogue restored from an older copy must not give a stamp again that somebody has seen.
    number = max(stamp() + 1, int(now.timestamp() * 1000))
    insert(Tally, ("paper", "stamp", *COLUMNS), ((pk, number, *wanted[pk]) for pk in fresh))
    rows_of = ((number, *wanted.get(pk, Counted()), pk) for pk in changed)
    update(Tally, ("stamp", *COLUMNS), ("paper",), rows_of)
    seen = {pk: (wanted.get(pk, Counted()), there.get(pk, Counted())) for pk in (*fresh, *changed)}
    _remember({pk: after for pk, (after, before) in seen.items() if _seen(after) != _seen(before)}, now=now)


def _seen(counted: Counted) -> tuple[int, int]:
    return counted.votes, counted.stars


def _remember(counted: Mapping[int, Counted], *, now: datetime) -> None:
    """Write down what was counted of these papers by the end of the day, for lists of that day."""
    if not counted:
        return
    today = now.date()
    CountedOn.objects.filter(paper__in=counted, day=today).delete()
    rows = ((pk, today, *_seen(one)) for pk, one in counted.items())
    insert(CountedOn, ("paper", "day", "votes", "stars"), rows)


def _counted(papers: Sequence[int], here: Mapping[int, Here]) -> dict[int, Counted]:
    """The tallies of those of the papers that something was counted of, or that were listed."""
    counts = {
        pk: {COUNTED[name]: max(one.value, 0) for name, one in signals.highest(ours).items()}
        for pk, of_paper in signals.of_papers(papers).items()
        if (ours := [one for one in of_paper if one.name in COUNTED])
    }
    listed = PaperListing.objects.filter(paper__in=papers).values_list("paper_id").annotate(Min("day"))
    days: dict[int, date] = dict(listed)
    there = Paper.objects.filter(pk__in={*counts, *days, *here})
    return {
        pk: _tally(counts.get(pk, {}), days.get(pk) or day, here.get(pk, Here()), gone=a or b)
        for pk, day, a, b in there.values_list("pk", "day", F("withdrawn"), F("retracted"))
    }


def _tally(counts: Mapping[str, int], first: date | None, here: Here, *, gone: bool) -> Counted:
    votes, comments, stars = (counts.get(name, 0) for name in COUNTED.values())
    return Counted(votes, comments, stars, first, *heats(votes, stars, here, first, gone=gone))
