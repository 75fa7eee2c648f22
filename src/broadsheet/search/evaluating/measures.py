"""How good a ranking is against people's judgements, and how sure that is.

The measures are those of trec_eval (Voorhees and Harman, "TREC: Experiment and Evaluation in Information
Retrieval", 2005) on a ranking without ties: its order is what a reader sees. A grade above zero means
relevant; what nobody judged counts as not relevant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MEASURES = ("nDCG@10", "MAP", "MRR", "recall@100")
DEPTH, FAR_DEPTH = 10, 100
RESAMPLES, SEED = 5_000, 0
# As many figures are drawn at once: enough to be quick, few enough to stay in the cache of a processor.
DRAWN_AT_ONCE = 100_000
# Two figures of a query closer than this are the same: sums in another order differ in the last digit.
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over queries, and the interval it lies in with 95 % confidence."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference(Estimate):
    """How much better one ranking is than another, query by query, and for how many queries it is so."""

    better: int
    worse: int
    equal: int


def figures(ranking: Sequence[str], grades: Mapping[str, float]) -> dict[str, float]:
    """All measures of one ranking (documents, best first), by name; each from 0 to 1.

    `grades` are the judgements of this query, at least one of them above zero.
    """
    gains = [max(0.0, grades.get(document, 0.0)) for document in ranking]
    relevant = sum(grade > 0 for grade in grades.values())
    places = [place for place, gain in enumerate(gains, start=1) if gain > 0]
    return {
        "nDCG@10": _discounted(gains) / _discounted(sorted(grades.values(), reverse=True)),
        "MAP": sum(found / place for found, place in enumerate(places, start=1)) / relevant,
        "MRR": 1 / places[0] if places else 0.0,
        "recall@100": sum(place <= FAR_DEPTH for place in places) / relevant,
    }


def estimates(values: NDArray[np.float64]) -> list[Estimate]:
    """The mean of each row, and its interval: the percentile bootstrap over the columns, the queries.

    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13. All rows are drawn
    alike and the seed is fixed, so that the same figures always have the same intervals.
    """
    rng = np.random.default_rng(SEED)
    queries = values.shape[1]
    step = max(1, DRAWN_AT_ONCE // queries)
    drawn = [
        values[:, rng.integers(queries, size=(min(step, RESAMPLES - done), queries))].mean(axis=2)
        for done in range(0, RESAMPLES, step)
    ]
    low, high = np.percentile(np.concatenate(drawn, axis=1), (2.5, 97.5), axis=1)
    return [Estimate(*map(float, one)) for one in zip(values.mean(axis=1), low, high, strict=True)]


def differences(values: NDArray[np.float64]) -> list[Difference]:
    """What each row of differences between two rankings, one column a query, comes to."""
    better, worse = (values > SAME).sum(axis=1), (values < -SAME).sum(axis=1)
    return [
        Difference(by.mean, by.low, by.high, int(more), int(less), values.shape[1] - int(more) - int(less))
        for by, more, less in zip(estimates(values), better, worse, strict=True)
    ]


def _discounted(gains: Sequence[float]) -> float:
    """The gains of the first places, each over the logarithm of its place (Järvelin and Kekäläinen, 2002)."""
    return sum(max(0.0, gain) / math.log2(place + 1) for place, gain in enumerate(gains[:DEPTH], start=1))
