"""How much of a question papers have: each of its words that stands in a paper adds what that word tells.

This is the weight of the word in BM25, log(1 + (N - n + 1/2) / (n + 1/2)) with N papers of which n have it,
however often it stands there and however long the text is: the lower bound that Lv and Zhai give to BM25
("Lower-bounding term frequency normalization", CIKM 2011), so that long texts with all of the words do not
fall behind short ones with some. As in BM25, a word that the question says twice tells twice as much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from tantivy import Occur, Query

from broadsheet.search.word_index.opened import Opened
from broadsheet.search.word_index.ranking import beginnings
from broadsheet.search.word_index.words import content_stems, fold

# Of a long question, the words that tell most: as many as tantivy's single precision keeps apart.
MOST_TELLING = 24
Presence = tuple[NDArray[np.float64], NDArray[np.bool_]]


def present(opened: Opened, text: str, papers: Sequence[int], wanted: Query | None) -> Presence:
    """What the words of the text that are in each paper tell, and which of the papers `wanted` finds."""
    telling = _telling(opened, text)
    asked = [opened.term("text", stem) for stem, _ in telling]
    if wanted is None:
        having, matching = _having_each(opened, asked, papers), np.zeros(len(papers), np.bool_)
    elif len(asked) < MOST_TELLING:
        having = _having_each(opened, [*asked, wanted], papers)
        matching = having >> len(asked) & 1 == 1
    else:
        having, matching = (
            _having_each(opened, asked, papers),
            _having_each(opened, [wanted], papers) == 1,
        )
    told = np.zeros(len(papers))
    for bit, (_, weight) in enumerate(telling):
        told[having >> bit & 1 == 1] += weight
    return told, matching


def _having_each(opened: Opened, asked: Sequence[Query], papers: Sequence[int]) -> NDArray[np.int64]:
    """Which of the queries find each of the papers, a bit for each query: MOST_TELLING at most."""
    # Each scores a power of two of its own: the sum, which is exact, tells which of them find a paper.
    any_of = Query.boolean_query(
        [(Occur.Should, Query.const_score_query(one, float(1 << bit))) for bit, one in enumerate(asked)]
    )
    both = [(Occur.Must, opened.these(papers)), (Occur.Must, any_of)]
    hits = opened.searcher.search(Query.boolean_query(both), max(len(papers), 1), count=False).hits
    found = opened.searcher.fast_field_values("paper", [address for _, address in hits])
    places = {paper: place for place, paper in enumerate(papers)}
    having = np.zeros(len(papers), np.int64)
    having[[places[int(paper)] for paper in found]] = [int(score) for score, _ in hits]  # type: ignore[arg-type]
    return having


def telling(opened: Opened, text: str) -> float:
    """What all words of the text tell together, those that no paper has among them."""
    unknown = sum(times for times, papers in _having(opened, text).values() if not papers)
    return sum(weight for _, weight in _telling(opened, text)) + unknown * log(2 + 2 * opened.papers)


def _having(opened: Opened, text: str) -> dict[str, tuple[int, int]]:
    """How often the text says each of its words, and how many papers have it."""
    _, whole = beginnings(fold(text))
    counts = sorted(Counter(content_stems(whole)).items())
    return {stem: (times, opened.papers_with("text", stem)) for stem, times in counts}


def _telling(opened: Opened, text: str) -> list[tuple[str, float]]:
    papers = opened.papers
    weights = {
        stem: times * log(1 + (papers - n + 0.5) / (n + 0.5))
        for stem, (times, n) in _having(opened, text).items()
        if 0 < n <= papers
    }
    return sorted(weights.items(), key=lambda one: -one[1])[:MOST_TELLING]
