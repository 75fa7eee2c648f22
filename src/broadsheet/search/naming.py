"""Naming groups of texts by the words that tell each from the others, as people write them in the texts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from broadsheet.search.words import STOP_WORDS, stems

# A word names a group if this share of its texts has it, and of the others so many times fewer.
SHARE, LIFT = 0.25, 2.5
LEAST_TEXTS = 3
# A pair of words says more than one of them, if it is most of what the word is used for.
MOST_USES = 0.6
# Words looked at for a name, and terms in it.
CANDIDATES, TERMS = 8, 3

# Words that papers use whatever they are about; within a pair they may stand ("language models").
_EMPTY_WORDS = """
    ability able accurate achieve achieves across additional additionally address addresses advances aim
    aims analysis applications apply approach approaches associated available based benchmark benchmarks
    better capabilities capability challenge challenges challenging common compared comprehensive
    conduct consider critical crucial current data demonstrate demonstrates despite develop developed
    different diverse due e effective effectively effectiveness efficient emerged enable enables enhance
    ensure especially essential evaluate evaluation even existing experiments explore extend extensive
    find findings first focus framework full fundamental furthermore future general given good help high
    however i.e identify impact important improve improved improves improving include including
    increasing increasingly information insights introduce introduces investigate issue known lack large
    largely lead leading leads learning less leverage leveraging limitations limited low made main make
    makes many method methodology methods model models moreover much multiple need needs new novel
    number numbers objective often one outperforms paper paradigm particular perform performance
    possible potential powerful present presents problem problems process promising propose proposed
    proposes provide provides range rather real recent recently related rely remain remains remarkable
    require required requires research respectively result results same set several show shown shows
    significant significantly similar simple single size small specific state-of-the-art still strong
    studies study system systems task tasks technique techniques test theoretical thus time times
    traditional two typically understand understanding use used useful using various versions way ways
    well widely without work works year years
"""
_SAYS_NOTHING = STOP_WORDS | set(_EMPTY_WORDS.split())
# Marks end a phrase.
_WORD_OR_MARK = re.compile(r"\d*[^\W\d_]\w*(?:[-+]\w+)*|[^\w\s]")

Uses = Counter[str]


class Texts:
    """Texts taken apart into words, to name groups of them. No stem of `without` is in a name."""

    def __init__(self, texts: Sequence[str], *, without: AbstractSet[str]) -> None:
        self._without = without
        self._written = [_WORD_OR_MARK.findall(text) for text in texts]
        self._words = [[word.lower() for word in words] for words in self._written]
        self._has = [set(words) for words in self._words]
        self._everywhere = Counter(word for words in self._has for word in words)

    def names(self, groups: Sequence[Sequence[int]]) -> list[str]:
        """A name for each group (the places of its texts), "" where nothing tells it from the others.

        No two of the names share a stem.
        """
        found, seen = [], self._without
        for group in groups:
            terms = list(_distinct(self._terms(group), seen))[:TERMS]
            seen = seen | {stem for term in terms for stem in stems(term)}
            found.append(", ".join(self._as_written(term.split(), group) for term in terms))
        return found

    def _terms(self, group: Sequence[int]) -> Iterator[str]:
        """What tells the group from the others: words, or the pairs that most of their uses are part of."""
        here = Counter(word for place in group for word in self._has[place])
        telling = _telling(here, len(group), self._everywhere, len(self._words))
        pairs = _pairs([self._words[place] for place in group], set(telling))
        for word in telling:
            whole = (
                (pair[0] == word, uses, " ".join(pair))
                for pair, uses in pairs.items()
                if word in pair
                and uses >= MOST_USES * here[word]
                and self._without.isdisjoint(stems(" ".join(pair)))
            )
            yield max(whole, default=(False, 0, word))[2]

    def _as_written(self, term: list[str], group: Sequence[int]) -> str:
        """The term as most texts of the group have it where they have it first: "KL", "medical images"."""
        forms: Counter[str] = Counter()
        for place in group:
            if term[0] in self._has[place]:
                start = self._words[place].index(term[0])
                if self._words[place][start : start + len(term)] == term:
                    forms[" ".join(self._written[place][start : start + len(term)])] += 1
        return max(forms, key=lambda form: (forms[form], form), default=" ".join(term))


def _telling(here: Uses, size: int, everywhere: Uses, texts: int) -> list[str]:
    """The words that many texts of a group have and few of the others, the most telling first."""
    scores = {}
    for word, uses in here.items():
        if uses < max(LEAST_TEXTS, SHARE * size) or word in _SAYS_NOTHING or len(word) == 1:
            continue
        # Half a text is added: a word that no other text has tells more the more texts there are.
        lift = (uses / size) / ((everywhere[word] - uses + 0.5) / (texts - size + 1))
        if lift >= LIFT:
            scores[word] = uses * math.log(lift)
    return sorted(scores, key=lambda word: (-scores[word], word))[:CANDIDATES]


def _pairs(texts: Sequence[Sequence[str]], wanted: AbstractSet[str]) -> Counter[tuple[str, str]]:
    """In how many of the texts each pair of neighbouring words is, of those with a word that is wanted."""
    return Counter(
        pair
        for words in texts
        for pair in {pair for pair in pairwise(words) if not wanted.isdisjoint(pair)}
        if STOP_WORDS.isdisjoint(pair) and all(word[0].isalnum() for word in pair)
    )


def _distinct(terms: Iterator[str], seen: AbstractSet[str]) -> Iterator[str]:
    for term in terms:
        found = set(stems(term))
        if seen.isdisjoint(found):
            seen = seen | found
            yield term
