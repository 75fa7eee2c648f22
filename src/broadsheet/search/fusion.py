"""Fusing what two engines say of the same papers into one ranking.

Each engine scores every candidate, also those that only the other one found. The scores are measured by how
far the engine spreads them, their standard deviation, and added by weight (Bruch et al., "An Analysis of
Fusion Functions for Hybrid Retrieval", TOIS 2023). Then each of the best papers takes over a part of the
scores of those most like it, since papers alike answer like questions (Diaz, "Regularizing ad hoc retrieval
scores", CIKM 2005). What that brings: docs/search.md.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

# What meaning weighs; words weigh the rest.
MEANING = 0.55
# What part of its score a paper takes over from its neighbours, and how many these are.
TAKEN_OVER = 0.35
NEIGHBOURS = 10
# The papers that are looked at more closely.
BEST = 150
# The question moves towards the best papers: how many these are, and how far.
FEEDBACK = 5
MOVED = 0.2
# Scores that differ by less, compared with the highest, do so by rounding.
SAME_SCORE = 1e-6
# Embeddings closer than this are of the same work under two names: different works lie further apart.
SAME_WORK = 0.98


class Evidence(NamedTuple):
    """What one engine says of a paper: its score, its rank from 1, and its part in the fused score."""

    score: float
    rank: int
    part: float


class Hit(NamedTuple):
    """A paper of the result, and how it came to its place.

    It either matches the query (see `search.question`) or is only close to it. `words` and `meaning` are
    None where the engine knows nothing of it. Their parts add up to its score, of which TAKEN_OVER is
    replaced by that of its `neighbours`, where they are known. `folded` are its near-duplicates.
    """

    paper_pk: int
    score: float
    words: Evidence | None = None
    meaning: Evidence | None = None
    neighbours: float | None = None
    folded: tuple[int, ...] = ()
    is_match: bool = False

    def closeness(self, floor: float) -> str:
        """What brought a paper here that is no match: its meaning, or else some of the words."""
        is_near = self.meaning is not None and self.meaning.score >= floor
        return "some of the words" if self.words and not is_near else "close in meaning"


@dataclass(frozen=True)
class Candidates:
    """The papers to rank, by rising number, with what is known of each.

    `words` are BM25 scores, or 0 for a paper that was not found by words; `matching` tells which match the
    query. `vectors` are embeddings of length 1, zeros for a paper without one; `question` is the embedding
    of the question, `aim` what of it papers are ranked by, and `centre` the mean of all papers, around which
    likeness is measured.
    """

    papers: Numbers
    words: Floats
    matching: Flags
    vectors: Floats
    question: Floats
    aim: Floats
    centre: Floats

    def moved(self) -> Candidates:
        """The same papers, the aim moved from the question towards the best of them (Rocchio, "Relevance
        feedback in information retrieval", 1971).
        """
        if not self.question.any() or not len(self.papers):
            return self
        best = self.vectors[self.best[:FEEDBACK]].mean(axis=0)
        aim = (1 - MOVED) * self.question + MOVED * best
        moved = replace(self, aim=aim / np.linalg.norm(aim))
        # What has nothing to do with the aim is known already.
        vars(moved).update(embedded=self.embedded, cosines=self.cosines)
        return moved

    @cached_property
    def best(self) -> Numbers:
        """The rows of those that deserve a closer look, best first."""
        words, meaning = _parts(self.words, self.to_aim, self.embedded)
        return _highest_first(words + meaning)[:BEST]

    @cached_property
    def to_aim(self) -> Floats:
        """How close each is to the aim."""
        return self.vectors @ self.aim

    @cached_property
    def embedded(self) -> Flags:
        """Which of them have an embedding."""
        known: Flags = self.vectors[:, 0] != 0
        # Hardly any vector begins with 0, so few are looked at as a whole.
        known[~known] = self.vectors[~known].any(axis=1)
        return known

    @cached_property
    def cosines(self) -> Floats:
        """How close each is to the question as it was asked."""
        return self.vectors @ self.question


@dataclass(frozen=True, slots=True)
class Fused:
    """A ranking: rows of candidates in their order, each with its near-duplicates, and their scores.

    `numbers` are the papers of all rows, and `matching` tells which match the query. `words` and `cosines`
    are what the engines say of each, `said` and `meant` what these add to its score; `ranks` tell the place
    that each engine gives, 0 where it knows nothing of the paper.
    """

    order: list[tuple[int, list[int]]]
    numbers: Numbers
    matching: Flags
    scores: Floats
    neighbours: Floats
    words: Floats
    cosines: Floats
    said: Floats
    meant: Floats
    ranks: tuple[Numbers, Numbers]

    @property
    def papers(self) -> list[int]:
        """The papers that are shown, best first."""
        return self.numbers[[row for row, _ in self.order]].tolist() if self.order else []

    @property
    def rows(self) -> list[int]:
        """The rows of all papers that are there, shown or folded."""
        return [row for shown, folded in self.order for row in (shown, *folded)]

    def hits(self, of: slice) -> list[Hit]:
        """A part of the ranking."""
        return [self._hit(row, folded) for row, folded in self.order[of]]

    def among(self, papers: Collection[int]) -> Fused:
        """The ranking without all others than these papers."""
        kept = [one for one in self.order if int(self.numbers[one[0]]) in papers]
        return replace(self, order=kept)

    def _hit(self, row: int, folded: list[int]) -> Hit:
        number, near = self.numbers, float(self.neighbours[row])
        return Hit(
            int(number[row]),
            float(self.scores[row]),
            self._evidence(row, self.words, self.ranks[0], self.said),
            self._evidence(row, self.cosines, self.ranks[1], self.meant),
            None if isnan(near) else near,
            tuple(int(number[other]) for other in folded),
            bool(self.matching[row]),
        )

    def _evidence(self, row: int, scores: Floats, ranks: Numbers, parts: Floats) -> Evidence | None:
        return Evidence(float(scores[row]), int(ranks[row]), float(parts[row])) if ranks[row] else None


def fuse(candidates: Candidates, present: Floats, kept: Flags) -> Fused:
    """The candidates that are kept best first, ties by number, near-duplicates folded under the better one.

    `present` holds for each of `candidates.best` how much the words of the question that it has tell,
    however often and in however long a text: it is added to their BM25. A paper without an embedding counts
    with its words for meaning, too: else it would stand behind papers that fit less and happen to have one.
    """
    papers, best, embedded = candidates.papers, candidates.best, candidates.embedded
    cosines = candidates.cosines
    words = candidates.words.astype(np.float64)
    words[best] += present
    said, meant = _parts(words, candidates.to_aim, embedded)
    scores = said + meant
    neighbours = np.full(len(papers), np.nan)
    neighbours[best] = _neighbours(scores[best], candidates.vectors[best], embedded[best], candidates.centre)
    scores += TAKEN_OVER * np.nan_to_num(neighbours - scores)
    best = best[_best_first(scores[best], papers[best])]
    is_best = np.zeros(len(papers), np.bool_)
    is_best[best] = True
    rest = np.flatnonzero(~is_best)
    # Whatever the closer look has done to the best, the others come after them.
    scores[rest] = scores[rest].clip(max=scores[best].min(initial=1))
    rest = rest[_highest_first(scores[rest])]
    best, rest = best[kept[best]], rest[kept[rest]]
    return Fused(
        order=[*_folded(best, candidates.vectors[best]), *((row, []) for row in rest.tolist())],
        numbers=papers,
        matching=candidates.matching,
        scores=scores,
        neighbours=neighbours,
        words=words,
        cosines=cosines,
        said=said,
        meant=meant,
        ranks=(_ranks(words, words > 0), _ranks(cosines, embedded)),
    )


def _parts(words: Floats, cosines: Floats, embedded: Flags) -> tuple[Floats, Floats]:
    """What words and meaning add to each score: none below 0, and together at most 1."""
    said, known = _spread(words), _spread(cosines[embedded])
    meant = said * (known.max(initial=0) or 1) / (said.max(initial=0) or 1)
    meant[embedded] = known
    weight = MEANING if words.any() else 1.0
    said, meant = (1 - weight) * said, weight * meant
    highest = (said + meant).max(initial=0) or 1
    return said / highest, meant / highest


def _spread(scores: Floats) -> Floats:
    """How many standard deviations each score lies above the lowest; where all are the same, 1, or 0 if 0."""
    highest = np.abs(scores).max(initial=0)
    above: Floats = scores.astype(np.float64) - scores.min(initial=np.inf)
    if above.max(initial=0) <= SAME_SCORE * highest:
        return np.full(len(scores), float(highest > 0))
    above /= above.std()
    return above


def _neighbours(scores: Floats, vectors: Floats, embedded: Flags, centre: Floats) -> Floats:
    """The mean score of the papers most like each one; NaN where that is not known."""
    rows = np.flatnonzero(embedded)
    found = np.full(len(scores), np.nan)
    if len(rows) > NEIGHBOURS:
        around = vectors[rows] - centre
        around /= np.maximum(np.linalg.norm(around, axis=1, keepdims=True), 1e-6)
        likeness = around @ around.T
        np.fill_diagonal(likeness, -1)
        # Several times as fast as to ask which those nearest are.
        furthest = np.partition(likeness, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]
        are_near = (likeness >= furthest).astype(np.float64)
        found[rows] = are_near @ scores[rows] / are_near.sum(axis=1)
    return found


def _folded(order: Numbers, vectors: Floats) -> list[tuple[int, list[int]]]:
    """The rows that are shown, in order, each with the rows that stand behind it."""
    behind: dict[int, list[int]] = {row: [] for row in order.tolist()}
    alike = vectors @ vectors.T > SAME_WORK
    if np.count_nonzero(alike) == np.count_nonzero(alike.diagonal()):
        return list(behind.items())
    # Not by `triu`: where hardly any are alike, it costs more than to find them.
    for better, worse in np.argwhere(alike).tolist():
        if better < worse and order[better] in behind and order[worse] in behind:
            behind[order[better]].append(int(order[worse]))
            del behind[order[worse]]
    return list(behind.items())


def _ranks(scores: Floats, known: Flags) -> Numbers:
    """The place of each among those that an engine knows, from 1; 0 for the others."""
    rows, ranks = np.flatnonzero(known), np.zeros(len(scores), np.int64)
    ranks[rows[np.argsort(-scores[rows], kind="stable")]] = np.arange(1, len(rows) + 1)
    return ranks


def _highest_first(scores: Floats) -> Numbers:
    """The places of the scores, highest first, of papers by rising number; ties stay so."""
    return np.argsort(-scores, kind="stable")


def _best_first(scores: Floats, papers: Numbers) -> Numbers:
    """The places of the scores, highest first; ties by the paper's number."""
    return np.lexsort((papers, -scores))
