"""The order of papers in a list, with its reasons. Pure: docs/ranking.md says the same in words.

External signals are all there is to go by so far; the community's own votes come on top of them later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

# A trend loses one order of magnitude of interest in this many days.
FADE_DAYS = 7.0
STARS_PER_UPVOTE = 10


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


def interest(signals: dict[str, int]) -> float:
    """How much people elsewhere care: upvotes, comments up to as many as there are upvotes (a quarrel
    alone must not lift a paper), and a tenth of the code's stars, likewise capped.
    """
    upvotes = max(signals.get("upvotes", 0), 0)
    comments = min(max(signals.get("comments", 0), 0), upvotes)
    stars = min(max(signals.get("github_stars", 0), 0) / STARS_PER_UPVOTE, upvotes)
    return upvotes + comments + stars


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
        heat, age = interest(paper.signals), (as_of - paper.day).days
        if heat <= 0 or age < 0:
            continue
        size, faded = math.log10(1 + heat), age / FADE_DAYS
        parts = (("interest", heat), ("size", size), ("age", float(age)), ("faded", faded))
        ranked.append(Ranked(paper.pk, paper.day, size - faded, parts))
    return sorted(ranked, key=trend_key)


def edition_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper of an edition stands, whatever else is in it: the lowest first."""
    upvotes, comments, position = (value for _, value in paper.parts)
    return -upvotes, -comments, -paper.day.toordinal(), position, paper.pk


def trend_key(paper: Ranked) -> tuple[float, ...]:
    """Where a paper stands among those that trend, the lowest first: the same on every day."""
    size = dict(paper.parts)["size"]
    return -(size + paper.day.toordinal() / FADE_DAYS), -paper.day.toordinal(), paper.pk
