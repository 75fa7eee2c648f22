"""How much of a question papers have: each of its words that stands in a paper adds what that word tells.

This is the weight of the word in BM25, log(1 + (N - n + 1/2) / (n + 1/2)) with N papers of which n have it,
however often it stands there and however long the text is: the lower bound that Lv and Zhai give to BM25
("Lower-bounding term frequency normalization", CIKM 2011), so that long texts with all of the words do not
fall behind short ones with some.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray
from tantivy import Occur, Query

from broadsheet.search.word_index.opened import Opened
from broadsheet.search.word_index.ranking import beginnings
from broadsheet.search.word_index.words import content_stems, fold

# Of a long question, the words that tell most.
MOST_TELLING = 16


def present(opened: Opened, text: str, papers: Sequence[int], among: Query) -> NDArray[np.float64]:
    """What the words of the text that are in each of the papers tell; `among` finds these papers."""
    places = {paper: place for place, paper in enumerate(papers)}
    told = np.zeros(len(papers))
    for stem, weight in _telling(opened, text):
        both = Query.boolean_query([(Occur.Must, among), (Occur.Must, opened.term("text", stem))])
        found = opened.searcher.search(both, max(len(papers), 1), count=False, order_by_field="paper").hits
        told[[places[paper] for paper, _ in found]] += weight
    return told


def telling(opened: Opened, text: str) -> float:
    """What all words of the text tell together, those that no paper has among them."""
    unknown = sum(not papers for papers in _having(opened, text).values())
    return sum(weight for _, weight in _telling(opened, text)) + unknown * log(2 + 2 * opened.papers)


def _having(opened: Opened, text: str) -> dict[str, int]:
    _, whole = beginnings(fold(text))
    return {stem: opened.papers_with("text", stem) for stem in sorted(set(content_stems(whole)))}


def _telling(opened: Opened, text: str) -> list[tuple[str, float]]:
    papers, having = opened.papers, _having(opened, text)
    weights = {stem: log(1 + (papers - n + 0.5) / (n + 0.5)) for stem, n in having.items() if 0 < n <= papers}
    return sorted(weights.items(), key=lambda one: -one[1])[:MOST_TELLING]
