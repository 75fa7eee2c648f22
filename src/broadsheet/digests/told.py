"""Which papers a channel has told: their keys in a few bytes, and how these outlive merges and splits.

Of a merge the log `papers.Merge` knows, and of a split the table `Parted`: whoever was told a paper before it
was parted was told both parts. What is told of a part later is marked as such, by the key of the split above
`AFTER`; without that the other part would be taken for told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from broadsheet.digests.models import Parted
from broadsheet.papers.models import Merge

# No paper has a key so large.
AFTER = 1 << 40
LOW, MORE = 0x7F, 0x80


def packed(keys: Iterable[int]) -> bytes:
    """The keys, sorted, as their distances, seven bits a byte."""
    written, last = bytearray(), 0
    for key in sorted(set(keys)):
        distance, last = key - last, key
        while distance > LOW:
            written.append(distance & LOW | MORE)
            distance >>= 7
        written.append(distance)
    return bytes(written)


def unpacked(written: bytes | memoryview) -> list[int]:
    """The keys that were packed, sorted."""
    keys, key, distance, shift = [], 0, 0, 0
    for byte in bytes(written):
        distance |= (byte & LOW) << shift
        if byte > LOW:
            shift += 7
            continue
        key += distance
        keys.append(key)
        distance = shift = 0
    return keys


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
