"""Senses of a query: the clearly different groups that its results fall into, named by their own words.

Only results that have every word of the query count. They are split into groups by what they mean; a
group that is small, or far down the list, or has no words that the others lack, is no sense, and with
fewer than two there are none: a query that asks for one thing gets none. The same results always give
the same senses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from broadsheet.search import naming
from broadsheet.search.grouping import Floats, Labels, splits
from broadsheet.search.words import content_stems, fold, stems

# A longer query says itself which sense is meant.
MOST_WORDS = 2
# With fewer papers that have all its words, a query is narrow already.
ENOUGH = 24
# The least papers that a sense has, their least share, and how many of those that a reader sees first.
LEAST_PAPERS, LEAST_SHARE = 4, 0.08
FIRST, LEAST_OF_FIRST = 20, 2
# What the mean silhouette must reach, from -1 to 1: docs/search.md says what it lets through.
APART = 0.08
# Of the papers, the share that the senses must have together.
MOST = 2 / 3
# The beginning of an abstract tells best what it is about.
LETTERS = 350


@dataclass(frozen=True, slots=True)
class Sense:
    """A group of the results, best first, and a few words of theirs that tell it from the others."""

    name: str
    papers: tuple[int, ...]


def is_short(query: str) -> bool:
    """True if the query is so short that it may have several senses."""
    return 0 < len(set(content_stems(fold(query)))) <= MOST_WORDS


def find(
    papers: Sequence[int], vectors: Floats, texts: Sequence[tuple[str, str]], *, query: str
) -> tuple[Sense, ...]:
    """The senses that the papers, best first, fall into, the largest first; none where they do not differ.

    Of each paper: its vector, a row of `vectors`, and its title and abstract as plain text.
    """
    if not is_short(query):
        return ()
    asked = set(content_stems(fold(query)))
    core = _having(asked, [f"{title} {abstract}".lower() for title, abstract in texts])
    if len(core) < ENOUGH:
        return ()
    # The abstract first: titles write words large that people write small.
    read = [f"{texts[row][1][:LETTERS]}. {texts[row][0]}" for row in core]
    words = naming.Texts(read, without=asked)
    for grouping in splits(vectors[core]):
        if grouping.silhouette >= APART:
            groups = _large(grouping.labels)
            named = [one for one in zip(words.names(groups), groups, strict=True) if one[0]]
            if len(named) > 1 and sum(len(group) for _, group in named) >= MOST * len(core):
                return tuple(Sense(name, tuple(papers[core[i]] for i in group)) for name, group in named)
    return ()


def _having(asked: AbstractSet[str], texts: Sequence[str]) -> list[int]:
    """The places of the texts, in small letters, that have a word of every stem asked for."""
    places = list(range(len(texts)))
    for stem in sorted(asked):
        # A stem is the beginning of its words, but for a last letter.
        alike = re.compile(rf"{re.escape(stem.removesuffix('i'))}\w*")
        places = [place for place in places if _is_in(texts[place], stem, alike)]
    return places


def _is_in(text: str, stem: str, alike: re.Pattern[str]) -> bool:
    return any(
        stems(found[0]) == [stem]
        for found in alike.finditer(text)
        if not found.start() or not text[found.start() - 1].isalnum()
    )


def _large(labels: Labels) -> list[list[int]]:
    """The groups that are large enough, and near enough to the top, for a reader to have meant them."""
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    least = max(LEAST_PAPERS, LEAST_SHARE * len(labels))
    seen = (group for group in groups if sum(place < FIRST for place in group) >= LEAST_OF_FIRST)
    return sorted((group for group in seen if len(group) >= least), key=lambda group: (-len(group), group))
