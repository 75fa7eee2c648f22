"""Phrases of a query, and which words of a text are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from broadsheet.search.query.conditions import AllOf, AnyOf, Condition, Phrase, Words
from broadsheet.search.query.language import Query
from broadsheet.search.word_index.words import fold, is_pair, stems

TEXTS = ("text", "title", "abstract")


def taken_apart(asked: Query) -> tuple[str, tuple[tuple[str, ...], ...]]:
    """The words that texts are to have, wherever they stand, and the stems of each phrase; nothing of what
    the query excludes. A phrase with signs of Chinese and the like counts as its pairs of signs.
    """
    leaves = [leaf for part in asked.parts for leaf in _leaves(part.condition or Words("text", part.text))]
    texts = [(leaf.text, tuple(stems(fold(leaf.text))), isinstance(leaf, Phrase)) for leaf in leaves]
    phrases = dict.fromkeys(words for _, words, is_phrase in texts if is_phrase and _is_told_apart(words))
    return " ".join(text for text, words, _ in texts if words not in phrases), tuple(phrases)


def of_phrases(words: Sequence[Sequence[str]], phrases: Iterable[tuple[str, ...]]) -> Iterator[int]:
    """The places, of words with these stems each, of all that belong to one of the phrases."""
    # Where each stem stands, by the number of the word: a word may have several stems, or none.
    each = [(stem, place) for place, some in enumerate(words) for stem in some or ("",)]
    running = [stem for stem, _ in each]
    for phrase in phrases:
        for start in range(len(each) - len(phrase) + 1):
            if tuple(running[start : start + len(phrase)]) == phrase:
                yield from (place for _, place in each[start : start + len(phrase)])


def _is_told_apart(words: Sequence[str]) -> bool:
    return len(words) > 1 and not any(map(is_pair, words))


def _leaves(condition: Condition) -> Iterator[Words | Phrase]:
    match condition:
        case (Words() | Phrase()) as leaf if leaf.field in TEXTS:
            yield leaf
        case AllOf(several) | AnyOf(several):
            yield from chain.from_iterable(map(_leaves, several))
