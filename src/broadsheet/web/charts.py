"""The last days of a source as a chart: where its columns and signs stand. The template draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from broadsheet.sources.completeness.day_states import DayState, DaySummary
from broadsheet.web.wording import day_in_short

# In units of the drawing: the width of a day, and the height of the highest column.
STEP = 8
HEIGHT = 56
# What is missing of a thousand papers must be seen, and a day with one paper too.
LEAST = 4

# One sign, of six by six units, for each state but the best one, whose column says enough.
SIGNS = {
    DayState.COMPLETE: "",
    DayState.INCOMPLETE: "M3 0 6 6H0Z",
    DayState.PARTIAL: "M0 0H6L0 6Z",
    DayState.DOWN: "M1 0 3 2 5 0 6 1 4 3 6 5 5 6 3 4 1 6 0 5 2 3 0 1Z",
    DayState.UNSEEN: "M0 0H6V6H0ZM1.2 1.2V4.8H4.8V1.2Z",
    DayState.PENDING: "M3 0a3 3 0 1 1 0 6a3 3 0 1 1 0-6ZM3 1.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6Z",
    DayState.QUIET: "M3 1.5a1.5 1.5 0 1 1 0 3a1.5 1.5 0 1 1 0-3Z",
    DayState.WEEKEND: "M1 2.5H5V3.5H1Z",
    DayState.HOLIDAY: "M3 0 6 3 3 6 0 3Z",
}


class Column(NamedTuple):
    """A day: `received` and `missing` are heights, the second upon the first; `said` is the day in words.

    A tuple, since a page takes some hundreds of them apart.
    """

    day: DaySummary
    x: int
    received: int
    missing: int
    sign: str
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The columns, the months that begin among them, and what the signs that occur mean."""

    columns: tuple[Column, ...]
    months: tuple[tuple[int, date], ...]
    states: tuple[tuple[DayState, str, int], ...]

    height: int = HEIGHT

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return STEP * len(self.columns)


def chart(days: Sequence[DaySummary]) -> Chart:
    """The chart of these days, the oldest first; its highest column is the day that expected most."""
    most = max((day.expected for day in days), default=0)
    counts = Counter(day.state for day in days)
    return Chart(
        columns=tuple(_column(day, STEP * place, most) for place, day in enumerate(days)),
        months=tuple((STEP * place, day.day) for place, day in enumerate(days) if day.day.day == 1),
        states=tuple((state, sign, counts[state]) for state, sign in SIGNS.items() if counts[state]),
    )


def _column(day: DaySummary, x: int, most: int) -> Column:
    whole = max(HEIGHT * day.expected // most, LEAST) if day.expected else 0
    missing = max(whole * day.missing // day.expected, LEAST) if day.missing else 0
    return Column(day, x, whole - missing, missing, SIGNS[day.state], day_in_short(day))
