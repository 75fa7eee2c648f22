"""Fusing rankings: one list of papers from several engines that do not know of each other.

Reciprocal rank fusion: a paper's score is the sum of 1 / (K + rank) over the engines that found it,
ranks from 1 and K = 60 (Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and
individual Rank Learning Methods", SIGIR 2009). Only ranks count, so scores of any kind can be fused.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

K = 60


class Found(NamedTuple):
    """A paper as one engine found it: its score there, in whatever unit, and its rank from 1."""

    score: float
    rank: int


class Hit(NamedTuple):
    """A paper of the result, and how each engine found it; None where it did not."""

    paper_pk: int
    score: float
    words: Found | None = None
    meaning: Found | None = None


def fuse(
    words: Sequence[tuple[int, float]],
    meaning: Sequence[tuple[int, float]],
    *,
    unembedded: AbstractSet[int] = frozenset(),
) -> list[Hit]:
    """The papers of both rankings (paper and score, best first), best first; ties by the paper's number.

    What meaning would say of an `unembedded` paper is not known, so its rank by words counts for both:
    else it would stand behind papers that fit less and happen to be embedded.
    """
    by_words, by_meaning = _ranked(words), _ranked(meaning)
    hits = []
    for paper in by_words.keys() | by_meaning.keys():
        in_words, in_meaning = by_words.get(paper), by_meaning.get(paper)
        score = _share(in_words) + _share(in_words if paper in unembedded else in_meaning)
        hits.append(Hit(paper, score, in_words, in_meaning))
    return sorted(hits, key=lambda hit: (-hit.score, hit.paper_pk))


def _ranked(found: Sequence[tuple[int, float]]) -> dict[int, Found]:
    return {paper: Found(score, rank) for rank, (paper, score) in enumerate(found, start=1)}


def _share(found: Found | None) -> float:
    return 1 / (K + found.rank) if found else 0.0
