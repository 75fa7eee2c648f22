"""What a query ranks papers by: which of its words they have, and how much that says (BM25, by tantivy).

Three fields score a paper. `text`, title and abstract together, counts most; `title` counts again a
little, since few words carry it; `compounds` holds what loses its sense in parts ("gpt-4", "c++").
A query that is somebody's name finds that person's papers, and an organization's name those from there.

In a short query, a word counts once more in the form that was typed, or its singular or plural:
"transformer" and "transform" have one stem. The beginning of a word ("transf*") counts as its most frequent
completion that a paper has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nsmallest

from tantivy import Occur, Query

from broadsheet.search.word_index.filtering import MOST_WORDS, NAMES, WRITTEN, beginning
from broadsheet.search.word_index.opened import Opened
from broadsheet.search.word_index.words import (
    compound_words,
    content_stems,
    content_words,
    fold,
    hyphenated,
    is_more_than_its_parts,
    joined,
    names,
    stems,
)

# Chosen on scifact, the same on all sets: docs/search.md.
TITLE_WEIGHT = 0.3
COMPOUND_WEIGHT = 0.3
NAME_WEIGHT = 3.0
# All words together, in the form that was typed. Longer questions say what they mean by their other words.
FORM_WEIGHT = 1.0
MOST_TYPED = 3
# Shorter words have hardly another form.
LEAST_LETTERS = 4
# Of the words that begin as was typed, so many of the most frequent tell how well a paper fits.
MOST_COMPLETIONS = 20
# At a million papers, a hundred of the most frequent words take 60 ms; longer questions say the same again.
MOST_STEMS = 100
# A person has few names; a longer query is never one.
LONGEST_NAME = 5


def ranking(text: str, opened: Opened) -> Query | None:
    """What finds papers with words of the text, and scores them; None if there is no word in it."""
    wanted = list(_wanted(fold(text), opened))
    return Query.boolean_query(wanted) if wanted else None


def _wanted(text: str, opened: Opened) -> Iterator[tuple[Occur, Query]]:
    starts, text = beginnings(text)
    for start in starts[:MOST_WORDS]:
        yield from _completed("".join(names(start)), opened)
    # A word said twice counts twice: in long questions, that tells what they are about.
    counts = Counter(content_stems(text))
    for stem in _rarest(list(counts), opened):
        yield _should(opened.term("text", stem), counts[stem])
        yield _should(opened.term("title", stem), counts[stem] * TITLE_WEIGHT)
    yield from _as_typed(list(dict.fromkeys(content_words(text))), opened)
    whole = compound_words(text)[:MOST_WORDS]
    for compound, times in Counter(whole).items():
        weight = 1 if is_more_than_its_parts(compound) else COMPOUND_WEIGHT
        yield _should(opened.term("compounds", compound), times * weight)
    for compound in dict.fromkeys(hyphenated(text)[:MOST_WORDS]):
        if compound not in whole:
            yield _should(opened.term("compounds", compound), COMPOUND_WEIGHT)
    for stem in dict.fromkeys(joined(text)[:MOST_WORDS]):
        yield _should(opened.term("text", stem), COMPOUND_WEIGHT)
    yield from _as_name(names(text), opened)


def beginnings(folded: str) -> tuple[list[str], str]:
    """The beginnings of words in a folded text ("neur" of "neur*"), and the text without them."""
    words = [(word, beginning(word)) for word in folded.split()]
    others = (start[1] if start else word for word, start in words)
    return [start[0] for _, start in words if start], " ".join(others)


def _completed(start: str, opened: Opened) -> Iterator[tuple[Occur, Query]]:
    found: Counter[str] = Counter()
    for field in WRITTEN["text"]:
        found.update(opened.words_from(start, field, limit=MOST_COMPLETIONS))
    likely = [word for word, _ in found.most_common(MOST_COMPLETIONS)]
    each = [opened.term("text", stem) for stem in dict.fromkeys(stems(" ".join(likely)))]
    if each:
        yield Occur.Should, Query.disjunction_max_query(each)
    # A paper that has none but rare completions is found as well, behind all others.
    yield Occur.Should, Query.const_score_query(opened.starting(WRITTEN["text"], start), 0.0)


def _as_typed(words: list[str], opened: Opened) -> Iterator[tuple[Occur, Query]]:
    if len(words) <= MOST_TYPED:
        for word in (one for one in words if len(one) >= LEAST_LETTERS):
            numbers = [
                word,
                *(one for one in (f"{word}s", word.removesuffix("s")) if stems(one) == stems(word)),
            ]
            for field in WRITTEN["text"]:
                form = Query.disjunction_max_query(
                    [opened.term(field, one) for one in dict.fromkeys(numbers)]
                )
                yield Occur.Should, Query.boost_query(form, FORM_WEIGHT / len(words))


def _rarest(stems: list[str], opened: Opened) -> list[str]:
    """As many as may be looked for, of those that few papers have: they tell most and cost least."""
    if len(stems) <= MOST_STEMS:
        return stems
    return nsmallest(MOST_STEMS, stems, key=lambda stem: opened.papers_with("text", stem))


def _as_name(words: list[str], opened: Opened) -> Iterator[tuple[Occur, Query]]:
    if 0 < len(words) <= LONGEST_NAME:
        for field in NAMES.values():
            whole = Query.boolean_query([(Occur.Must, opened.term(field, word)) for word in words])
            yield Occur.Should, Query.boost_query(whole, NAME_WEIGHT)


def _should(one: Query, weight: float) -> tuple[Occur, Query]:
    return Occur.Should, Query.boost_query(one, weight)
