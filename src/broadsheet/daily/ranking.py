"""The order of papers in a list, with its reasons. Pure: docs/ranking.md says the same in words.

The formulas and their constants are those of `papers.heat`; the heat that trends are read by is stored.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final, NamedTuple

from broadsheet.papers.heat import HOURS, HOURS_A_DAY, elsewhere, heat, interest, score, talk

WEEK: Final = "week"
# Of the papers that were first listed on a day, so many are picked as undiscovered, so many days after it.
PICKS_A_DAY = 5
PICKED_FROM, PICKED_UNTIL = 1, 14


class Counts(NamedTuple):
    """What people did with a paper: votes here that count, upvotes and stars elsewhere, people who talk
    about it here, all votes cast here.
    """

    counted: int = 0
    upvotes: int = 0
    stars: int = 0
    talkers: int = 0
    cast: int = 0

    @property
    def elsewhere(self) -> float:
        """How much people elsewhere care."""
        return elsewhere(self.upvotes, self.stars)

    @property
    def interest(self) -> float:
        """How much people care."""
        return interest(self.counted, self.elsewhere, self.talkers)


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper as a ranking sees it: where and when it was listed, the first day of any list, and its
    counts.
    """

    pk: int
    day: date
    counts: Counts = NOTHING
    position: int = 0
    first: date | None = None
    has_code: bool = False

    @property
    def since(self) -> date:
        """The day that its age counts from."""
        return self.first or self.day


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and the parts the score is made of, in the order they are explained."""

    pk: int
    day: date
    score: float
    parts: tuple[tuple[str, float], ...]


def rank_edition(papers: Sequence[Listed]) -> list[Ranked]:
    """The papers of a day, week or month: most counted votes first, then most interest elsewhere, then most
    people who talk about it, then later days, then as their source listed them.
    """
    ranked = []
    for paper in papers:
        parts = (*_parts(paper.counts), ("position", float(paper.position)))
        ranked.append(Ranked(paper.pk, paper.day, float(paper.counts.counted), parts))
    return sorted(ranked, key=edition_key)


def rank_trending(papers: Sequence[Listed], *, as_of: date, over: str = WEEK) -> list[Ranked]:
    """The papers people talk about now: log2(1 + interest) - hours / HOURS[over], highest first.

    Papers without any interest, and those listed after `as_of`, do not trend.
    """
    cared = [paper for paper in papers if paper.counts.interest > 0 and paper.since <= as_of]
    ranked = [trend(paper, as_of=as_of, over=over) for paper in cared]
    return sorted(ranked, key=lambda one: trend_key(one, over))


def trend(paper: Listed, *, as_of: date, over: str) -> Ranked:
    """A paper with its score as of the beginning of a day."""
    hours = (as_of - paper.since).days * HOURS_A_DAY
    cared = paper.counts.interest
    parts = (
        *_parts(paper.counts),
        ("interest", cared),
        ("size", math.log2(1 + cared)),
        ("hours", float(hours)),
        ("faded", hours / HOURS[over]),
    )
    return Ranked(paper.pk, paper.since, score(cared, hours, over), parts)


def _parts(counts: Counts) -> tuple[tuple[str, float], ...]:
    return (
        ("votes", float(counts.counted)),
        ("cast", float(counts.cast)),
        ("elsewhere", counts.elsewhere),
        ("people", float(counts.talkers)),
    )


def edition_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper of an edition stands, whatever else is in it: the lowest first."""
    parts = dict(paper.parts)
    counted, talked, position = parts["votes"], parts["people"], parts["position"]
    return -counted, -parts["elsewhere"], -talked, -paper.day.toordinal(), position, paper.pk


def trend_key(paper: Ranked, over: str = WEEK) -> tuple[float, ...]:
    """Where a paper stands among those that trend, the lowest first: the same on every day."""
    hot = heat(dict(paper.parts)["interest"], paper.day, over) or 0.0
    return -hot, -paper.day.toordinal(), paper.pk


def rank_discussed(comments: Mapping[int, Collection[int]], days: Mapping[int, date]) -> list[Ranked]:
    """The papers that people talk about most, by how many comments each person wrote on them."""
    ranked = [
        Ranked(pk, days[pk], talk(each), (("people", float(len(each))), ("comments", float(sum(each)))))
        for pk, each in comments.items()
        if pk in days
    ]
    return sorted(ranked, key=discussed_key)


def discussed_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper stands among those that are discussed: the lowest first."""
    return -paper.score, -paper.day.toordinal(), paper.pk


def rank_undiscovered(papers: Sequence[Listed], *, today: date) -> list[Ranked]:
    """Of each day from PICKED_UNTIL to PICKED_FROM days ago a few papers that few voted for: at most as
    many as for the paper in the middle of the day, and the most stars, then those with code.
    """
    ranked: list[Ranked] = []
    for first in {paper.since for paper in papers}:
        of_day = [paper for paper in papers if paper.since == first]
        middle = median(paper.counts.counted for paper in of_day)
        few = [
            paper
            for paper in of_day
            if paper.counts.counted <= middle and (paper.counts.stars or paper.has_code)
        ]
        if PICKED_FROM <= (today - first).days <= PICKED_UNTIL:
            ranked += sorted(map(_pick, few), key=undiscovered_key)[:PICKS_A_DAY]
    return sorted(ranked, key=undiscovered_key)


def top_quarter(papers: Sequence[Listed]) -> set[int]:
    """The first quarter of the papers of a day in the order of its edition, as far as anybody cared."""
    cared = {paper.pk for paper in papers if paper.counts.interest > 0}
    ranked = rank_edition(papers)[: math.ceil(len(papers) / 4)]
    return {one.pk for one in ranked} & cared


def _pick(paper: Listed) -> Ranked:
    parts = (*_parts(paper.counts), ("stars", float(paper.counts.stars)), ("code", float(paper.has_code)))
    return Ranked(paper.pk, paper.since, float(paper.counts.stars), parts)


def undiscovered_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper stands among the undiscovered: the lowest first."""
    parts = dict(paper.parts)
    return -parts["stars"], -parts["code"], -paper.day.toordinal(), paper.pk
