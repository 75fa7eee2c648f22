"""What a query ranks papers by: which of its words they have, and how much that says (BM25, by tantivy).

Three fields score a paper. `text`, title and abstract together, counts most; `title` counts again a
little, since few words carry it; `compounds` holds what loses its sense in parts ("gpt-4", "c++").
A query that is somebody's name finds that person's papers, and an organization's name those from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nsmallest

from tantivy import Occur, Query, Searcher

from broadsheet.search.word_index.filtering import MOST_WORDS, NAMES, term
from broadsheet.search.word_index.words import (
    compound_words,
    content_stems,
    fold,
    hyphenated,
    is_more_than_its_parts,
    joined,
    names,
)

# Chosen on scifact, the same on all sets: docs/search.md.
TITLE_WEIGHT = 0.3
COMPOUND_WEIGHT = 0.3
NAME_WEIGHT = 3.0
# At a million papers, a hundred of the most frequent words take 60 ms; longer questions say the same again.
MOST_STEMS = 100
# A person has few names; a longer query is never one.
LONGEST_NAME = 5


def ranking(text: str, searcher: Searcher) -> Query | None:
    """What finds papers with words of the text, and scores them; None if there is no word in it."""
    wanted = list(_wanted(fold(text), searcher))
    return Query.boolean_query(wanted) if wanted else None


def _wanted(text: str, searcher: Searcher) -> Iterator[tuple[Occur, Query]]:
    # A word said twice counts twice: in long questions, that tells what they are about.
    stems = Counter(content_stems(text))
    for stem in _rarest(list(stems), searcher):
        yield _should("text", stem, stems[stem])
        yield _should("title", stem, stems[stem] * TITLE_WEIGHT)
    whole = compound_words(text)[:MOST_WORDS]
    for compound, times in Counter(whole).items():
        weight = 1 if is_more_than_its_parts(compound) else COMPOUND_WEIGHT
        yield _should("compounds", compound, times * weight)
    for compound in dict.fromkeys(hyphenated(text)[:MOST_WORDS]):
        if compound not in whole:
            yield _should("compounds", compound, COMPOUND_WEIGHT)
    for stem in dict.fromkeys(joined(text)[:MOST_WORDS]):
        yield _should("text", stem, COMPOUND_WEIGHT)
    yield from _as_name(names(text))


def _rarest(stems: list[str], searcher: Searcher) -> list[str]:
    """As many as may be looked for, of those that few papers have: they tell most and cost least."""
    if len(stems) <= MOST_STEMS:
        return stems
    return nsmallest(MOST_STEMS, stems, key=lambda stem: searcher.doc_freq("text", stem))


def _as_name(words: list[str]) -> Iterator[tuple[Occur, Query]]:
    if 0 < len(words) <= LONGEST_NAME:
        for field in NAMES.values():
            whole = Query.boolean_query([(Occur.Must, term(field, word)) for word in words])
            yield Occur.Should, Query.boost_query(whole, NAME_WEIGHT)


def _should(field: str, word: str, weight: float) -> tuple[Occur, Query]:
    return Occur.Should, Query.boost_query(term(field, word), weight)
