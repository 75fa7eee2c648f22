"""The order of papers in a list, with its reasons. Pure: docs/ranking.md says the same in words.

External signals are all there is to go by so far; the community's own votes come on top of them later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from broadsheet.papers.tallies import FADE_DAYS, heat, interest


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper as a ranking sees it: where and when it was listed, and what was counted elsewhere."""

    pk: int
    day: date
    position: int = 0
    signals: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper with its score and the parts the score is made of, in the order they are explained."""

    pk: int
    day: date
    score: float
    parts: tuple[tuple[str, float], ...]


def rank_edition(papers: Sequence[Listed]) -> list[Ranked]:
    """The papers of a day, week or month: most upvotes first, then comments, then as their source
    listed them, later days first.
    """

    def order(paper: Listed) -> tuple[int, int, int, int, int]:
        upvotes, comments = paper.signals.get("upvotes", 0), paper.signals.get("comments", 0)
        return -upvotes, -comments, -paper.day.toordinal(), paper.position, paper.pk

    ranked = []
    for paper in sorted(papers, key=order):
        upvotes, comments = paper.signals.get("upvotes", 0), paper.signals.get("comments", 0)
        parts = (
            ("upvotes", float(upvotes)),
            ("comments", float(comments)),
            ("position", float(paper.position)),
        )
        ranked.append(Ranked(paper.pk, paper.day, float(upvotes), parts))
    return ranked


def rank_trending(papers: Sequence[Listed], *, as_of: date) -> list[Ranked]:
    """The papers people talk about now: log10(1 + interest) - age in days / FADE_DAYS, highest first.

    Papers without any interest, and those listed after `as_of`, do not trend.
    """
    ranked = []
    for paper in papers:
        counts = (paper.signals.get(name, 0) for name in ("upvotes", "comments", "github_stars"))
        cared = interest(*counts)
        if cared > 0 and paper.day <= as_of:
            ranked.append(trend(paper.pk, paper.day, cared, as_of=as_of))
    return sorted(ranked, key=trend_key)


def trend(pk: int, day: date, interest: float, *, as_of: date) -> Ranked:
    """A paper that was listed on that day, with its score."""
    size, age = math.log10(1 + interest), (as_of - day).days
    faded = age / FADE_DAYS
    parts = (("interest", interest), ("size", size), ("age", float(age)), ("faded", faded))
    return Ranked(pk, day, size - faded, parts)


def edition_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper of an edition stands, whatever else is in it: the lowest first."""
    upvotes, comments, position = (value for _, value in paper.parts)
    return -upvotes, -comments, -paper.day.toordinal(), position, paper.pk


def trend_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper stands among those that trend, the lowest first: the same on every day."""
    hot = heat(dict(paper.parts)["interest"], paper.day) or 0.0
    return -hot, -paper.day.toordinal(), paper.pk
