"""Votes and comments by paper, beside the word index: a vote indexes no paper anew.

They are the tallies of the catalogue, kept in arrays by the paper's number and brought up to date with what
has a newer stamp: one look-up a question that asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from broadsheet.papers import tallies
from broadsheet.papers.models import Tally

Count = Literal["votes", "comments"]
Numbers = NDArray[np.int64]
# Arrays grow by so many papers at least.
ROOM = 4_096


@dataclass(slots=True)
class Counts:
    """The counts as they were at `stamp`; papers without a row have none."""

    stamp: int = 0
    columns: dict[Count, Numbers] = field(
        default_factory=lambda: {"votes": np.zeros(0, np.int64), "comments": np.zeros(0, np.int64)}
    )

    def of(self, count: Count, papers: Numbers) -> Numbers:
        """The count of each of the papers."""
        column = self.columns[count]
        counts = np.zeros(len(papers), np.int64)
        known = papers < len(column)
        counts[known] = column[papers[known]]
        return counts

    def between(self, count: Count, low: int, high: int) -> tuple[Numbers, bool]:
        """The papers that have so many; or, and True, all that have not, where papers without any have."""
        column = self.columns[count]
        have = (column >= low) & (column <= high)
        is_of_nothing = low <= 0 <= high
        return np.flatnonzero(~have if is_of_nothing else have), is_of_nothing

    def with_rows(self, stamp: int, papers: Numbers, votes: Numbers, comments: Numbers) -> Counts:
        """The counts with these in place of what they were."""
        columns: dict[Count, Numbers] = {}
        new: dict[Count, Numbers] = {"votes": votes, "comments": comments}
        for name, values in new.items():
            column = self.columns[name]
            missing = int(papers.max(initial=-1)) + 1 - len(column)
            grown = np.concatenate([column, np.zeros(max(missing, ROOM), np.int64)])
            columns[name] = grown if missing > 0 else column.copy()
            columns[name][papers] = values
        return Counts(stamp, columns)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Places in no order, as numbers that are sorted by; and how many there are on all pages."""

    keys: NDArray[np.uint64]
    total: int

    def page(self, page: slice, *, ascending: bool) -> list[int]:
        """Some of them in order."""
        start, stop = (min(place, len(self.keys)) for place in (page.start, page.stop))
        if start >= stop:
            return []
        # Only as many as stand up to the end of the page are brought in order.
        cut = stop - 1 if ascending else len(self.keys) - stop
        parted = np.partition(self.keys, cut)
        ends = np.sort(parted[:stop] if ascending else parted[cut:])
        found: list[int] = (ends if ascending else ends[::-1])[start:stop].tolist()
        return found


class _Kept:
    """The counts of this instance, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = Counts()

    def now(self) -> Counts:
        stamp = tallies.stamp()
        with self._lock:
            if stamp != self._counts.stamp:
                # A smaller stamp is that of another catalogue.
                before = self._counts if stamp > self._counts.stamp else Counts()
                self._counts = _read(before, stamp)
            return self._counts


def _read(before: Counts, stamp: int) -> Counts:
    newer = Tally.objects.filter(stamp__gt=before.stamp, stamp__lte=stamp)
    rows = np.array(list(newer.values_list("paper_id", "votes", "comments")), np.int64).reshape(-1, 3)
    return before.with_rows(stamp, rows[:, 0], rows[:, 1], rows[:, 2])


@cache
def _kept() -> _Kept:
    return _Kept()


def counts() -> Counts:
    """The counts as they are now."""
    return _kept().now()


def forget() -> None:
    """Read all counts again: the catalogue is another one."""
    _kept.cache_clear()
