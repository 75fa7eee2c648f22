"""How many papers came to a topic in each of the last weeks: as a drawing, and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

SHOWN = 26
# In units of the drawing: the width of a week, and the height of the highest column.
STEP, HEIGHT = 24, 56
# A week with one paper must be seen.
LEAST = 3


class Week(NamedTuple):
    """A week by its Monday: how many papers came, and where its column stands."""

    first: date
    papers: int
    x: int
    height: int


@dataclass(frozen=True, slots=True)
class Weeks:
    """The weeks of a topic up to today, and the first and the last day that a paper came on."""

    weeks: tuple[Week, ...]
    first: date | None
    last: date | None

    height: int = HEIGHT

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return STEP * len(self.weeks)

    @property
    def most(self) -> int:
        """The papers of the fullest week."""
        return max((week.papers for week in self.weeks), default=0)


def weeks(papers: Mapping[date, int], *, today: date) -> Weeks:
    """The last weeks, from the papers that came each day. Pure."""
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - timedelta(weeks=ago) for ago in range(SHOWN - 1, -1, -1)]
    counted = dict.fromkeys(firsts, 0)
    for day, count in papers.items():
        first = day - timedelta(days=day.weekday())
        if first in counted:
            counted[first] += count
    most = max(counted.values())
    drawn = (
        Week(first, count, STEP * place, max(HEIGHT * count // most, LEAST) if count else 0)
        for place, (first, count) in enumerate(counted.items())
    )
    return Weeks(tuple(drawn), min(papers, default=None), max(papers, default=None))
