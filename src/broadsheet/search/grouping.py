"""Splitting vectors into groups that lie apart: spherical k-means, judged by its silhouette.

Dhillon and Modha, "Concept Decompositions for Large Sparse Text Data using Clustering", 2001; Rousseeuw,
"Silhouettes", 1987. Starts lie far apart and are tried in a fixed order, so the answer is always the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

MOST_GROUPS = 4
STARTS, ROUNDS = 6, 20
# Of the best silhouette: more groups tell more, so a little is given for them.
NEARLY = 0.72


@dataclass(frozen=True, slots=True)
class Grouping:
    """The number of its group for each vector; how far the groups stand apart, from -1 to 1."""

    labels: Labels
    silhouette: float


def splits(vectors: Floats) -> list[Grouping]:
    """The vectors in four groups, in three, in two, of each the ones that stand apart most.

    A number of groups that stand apart much less than another number of them is left out.
    """
    # Vectors of one model lie in a narrow cone; seen from its middle, their directions differ.
    centred = vectors - vectors.mean(axis=0)
    directions = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), np.float32(1e-9))
    # Not by `@`: for so little, waking another thread costs more than it brings.
    cosines = np.einsum("id,jd->ij", directions, directions)
    found = [_best(cosines, count) for count in range(MOST_GROUPS, 1, -1)]
    enough = NEARLY * max(one.silhouette for one in found)
    return [one for one in found if one.silhouette >= enough]


def _best(cosines: Floats, count: int) -> Grouping:
    starts = range(0, len(cosines), max(1, len(cosines) // STARTS))
    found = (_grouped(cosines, _apart(cosines, first, count)) for first in starts)
    return max(
        (Grouping(labels, _silhouette(cosines, labels, count)) for labels in found),
        key=lambda one: one.silhouette,
    )


def _apart(cosines: Floats, first: int, count: int) -> list[int]:
    """As many vectors, the first one given, the next always the one furthest from all before."""
    chosen = [first]
    while len(chosen) < count:
        chosen.append(int(cosines[chosen].max(axis=0).argmin()))
    return chosen


def _grouped(cosines: Floats, chosen: list[int]) -> Labels:
    labels: Labels = cosines[chosen].argmax(axis=0)
    for _ in range(ROUNDS):
        members = (labels == np.arange(len(chosen))[:, None]).astype(np.float32)
        # The cosine with the middle of a group follows from those with its members.
        sums = members @ cosines
        lengths = np.sqrt(np.maximum(np.einsum("gv,gv->g", sums, members), np.float32(1e-9)))
        closest: Labels = (sums / lengths[:, None]).argmax(axis=0)
        if np.array_equal(closest, labels):
            break
        labels = closest
    return labels


def _silhouette(cosines: Floats, labels: Labels, count: int) -> float:
    """How much closer the vectors are to their own group than to the next one, in the mean."""
    members = (labels[:, None] == np.arange(count)).astype(np.float32)
    sizes = members.sum(axis=0)
    if not sizes.all():
        return -1.0  # fewer groups than were asked for: they cannot be told apart
    rows = np.arange(len(labels))
    distances = (1 - cosines) @ members
    own = distances[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    others = distances / sizes
    others[rows, labels] = np.inf
    nearest = others.min(axis=1)
    widest = np.maximum(np.maximum(nearest, own), np.float32(1e-9))
    widths = np.where(sizes[labels] > 1, (nearest - own) / widest, 0)
    return float(widths.mean())
