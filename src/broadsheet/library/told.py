"""Sets of papers in a few bytes, those that a channel told or a person has seen, and how these outlive merges
and splits.

Of a merge the log `papers.Merge` knows, and of a split the table `Parted`: whoever was told a paper before it
was parted was told both parts. What is told of a part later is marked as such, by the key of the split above
`AFTER`; without that the other part would be taken for told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from broadsheet.library.models import Parted
from broadsheet.papers.models import Merge

# No paper has a key so large.
AFTER = 1 << 40
LOW, MORE, BITS = 0x7F, 0x80, 7


def packed(keys: Iterable[int] | NDArray[np.int64]) -> bytes:
    """The keys, sorted, as their distances, seven bits a byte, the lowest first."""
    ordered = np.sort(keys if isinstance(keys, np.ndarray) else np.fromiter(keys, np.int64))
    distances = np.diff(ordered, prepend=np.int64(0)).astype(np.int64)
    distances = distances[distances > 0]
    many = np.ones(len(distances), np.int64)
    for place in range(BITS, 63, BITS):
        many += distances >> place > 0
    starts = np.cumsum(many) - many
    written = np.zeros(int(many.sum()), np.uint8)
    for place in range(int(many.max(initial=0))):
        longer = many > place
        more = np.where(many[longer] > place + 1, MORE, 0)
        written[starts[longer] + place] = distances[longer] >> BITS * place & LOW | more
    return written.tobytes()


def keys(written: bytes | memoryview) -> NDArray[np.int64]:
    """The keys that were packed, sorted."""
    read = np.frombuffer(written, np.uint8).astype(np.int64)
    ends = np.flatnonzero(read <= LOW)
    if not len(ends):
        return ends
    starts = np.concatenate(([0], ends[:-1] + 1))
    places = np.arange(len(read)) - np.repeat(starts, ends - starts + 1)
    return np.cumsum(np.add.reduceat((read & LOW) << BITS * places, starts))


def unpacked(written: bytes | memoryview) -> list[int]:
    """The same as numbers of Python."""
    return [int(key) for key in keys(written).tolist()]


class Past:
    """What papers were before: asked once for many papers, whoever they are told."""

    def __init__(self, papers: Collection[int]) -> None:
        """Read the merges and splits, undone ones too, that these papers come from."""
        # Of each paper those it comes from, each with the split that took place then, or 0.
        self._parents: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._splits: dict[int, list[int]] = defaultdict(list)
        known: set[int] = set()
        while fresh := {*papers} - known:
            known |= fresh
            for kept, gone in Merge.objects.filter(kept__among=fresh).values_list("kept", "gone"):
                self._parents[kept].append((gone, 0))
            parted = Parted.objects.filter(other__among=fresh)
            for other, paper, pk in parted.values_list("other", "paper", "pk"):
                self._parents[other].append((paper, AFTER + pk))
            papers = {parent for key in fresh for parent, _ in self._parents.get(key, ())}
        if not known:
            return
        for paper, pk in Parted.objects.filter(paper__among=known).values_list("paper", "pk"):
            self._splits[paper].append(AFTER + pk)

    def names(self, paper: int) -> set[int]:
        """All keys by which it may have been told."""
        if not self._parents and not self._splits:
            return {paper}
        found: set[tuple[int, int]] = set()
        waiting = [(paper, 0)]
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += self._parents.get(key[0], ())
        return {key for key, _ in found} | {
            split for key, until in found for split in self._splits.get(key, ()) if not until or split < until
        }

    def key(self, paper: int) -> int:
        """The key by which it is told now."""
        return max(self._splits.get(paper, ()), default=paper)

    def was_parted(self) -> bool:
        """Whether any of these papers, or of those that they come from, was parted."""
        return bool(self._splits)
