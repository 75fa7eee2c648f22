"""Collocations: the words that stand beside those of a query in texts, and how people write both together.

"You shall know a word by the company it keeps" (Firth, "A Synopsis of Linguistic Theory", 1957).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import TypeAlias

from broadsheet.search.word_index.words import STOP_WORDS, stems

# A further word belongs to a phrase if it is at this share of its uses, and so many: "graph neural networks".
MOST_USES, LEAST_USES = 0.6, 4

# Words that papers use whatever they are about.
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
_MARKS = ".,;:!?"
_AROUND = _MARKS + "\"'“”‘’"


# A phrase within a text: the text's place, and where the words of the phrase start and end.
Use: TypeAlias = tuple[int, int, int]


class Texts:
    """Texts taken apart into words, to see what stands beside the words of the stems `asked`."""

    def __init__(self, texts: Sequence[str], asked: AbstractSet[str]) -> None:
        self._asked = asked
        self._words = [_plain(text).split() for text in texts]
        # A stem is the beginning of its words, but for a last letter.
        beginnings = {stem.removesuffix("i") for stem in asked}
        alike = [sorted(_places(words, beginnings)) for words in self._words]
        found = {
            word: asked & set(stems(word))
            for word in {words[place] for words, few in zip(self._words, alike, strict=True) for place in few}
        }
        self._having = {word: having for word, having in found.items() if having}
        self._compounds = {word: self._rest(word) for word in self._having if "-" in word}
        self._places = [
            [place for place in few if words[place] in self._having]
            for words, few in zip(self._words, alike, strict=True)
        ]

    def complete(self) -> int:
        """How many of the texts have all that is asked for."""
        return sum(
            {stem for place in places for stem in self._having[words[place]]} == self._asked
            for words, places in zip(self._words, self._places, strict=True)
        )

    def beside(self) -> list[list[Use]]:
        """For each word that stands beside one asked for, whatever its form: the phrases of both."""
        left_out = _SAYS_NOTHING | self._having.keys()
        by_word: dict[str, list[Use]] = defaultdict(list)
        for text, (words, places) in enumerate(zip(self._words, self._places, strict=True)):
            most = len(words) - 1
            # As `_before` and `_behind` say; to call them for each of thousands takes longer than to look.
            for place in places:
                word = words[place]
                if place and words[place - 1][-1] not in _MARKS and words[place - 1] not in left_out:
                    by_word[words[place - 1]].append((text, place - 1, place + 1))
                if place < most and word[-1] not in _MARKS and words[place + 1] not in left_out:
                    by_word[words[place + 1]].append((text, place, place + 2))
                if word in self._compounds and self._compounds[word] not in left_out:
                    by_word[self._compounds[word]].append((text, place, place + 1))
        by_stem: dict[str, list[Use]] = defaultdict(list)
        for word, uses in by_word.items():
            bare = word.strip(_AROUND).lower()
            if bare[:1].isalpha() and bare not in _SAYS_NOTHING:
                by_stem[_stem(bare)] += uses
        return list(by_stem.values())

    def name(self, uses: Sequence[Use]) -> str:
        """The phrase that most of the uses are, as most of them write it: "KL divergence"."""
        written = [self._written(use) for use in uses]
        phrase = _most(one.lower() for one in written)
        same = [use for use, one in zip(uses, written, strict=True) if one.lower() == phrase]
        before = _usual([_before(self._words[text], start) for text, start, _ in same])
        behind = _usual([_behind(self._words[text], end) for text, _, end in same])
        return f"{before} {_most(map(self._written, same))} {behind}".strip()

    def _rest(self, compound: str) -> str:
        """What is in the compound besides what is asked for: "self" in "self-attention"."""
        return "-".join(part for part in compound.split("-") if self._asked.isdisjoint(stems(part)))

    def _written(self, use: Use) -> str:
        text, start, end = use
        return " ".join(word.strip(_AROUND) for word in self._words[text][start:end])


def _places(words: Sequence[str], parts: Iterable[str]) -> set[int]:
    """The places of the words that have one of the parts in them, whatever their case."""
    # To look through all words at once is many times as fast as one by one.
    row, places = " ".join(words).lower(), set()
    for part in parts:
        at, place, looked_at = row.find(part), 0, 0
        while at >= 0:
            place, looked_at = place + row.count(" ", looked_at, at), at
            places.add(place)
            at = row.find(part, at + 1)
    return places


@lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    return "-".join(stems(word))


def _before(words: Sequence[str], start: int) -> str:
    """The word before that place, "" if there is none, or a mark between."""
    return words[start - 1] if start and words[start - 1][-1] not in _MARKS else ""


def _behind(words: Sequence[str], end: int) -> str:
    """The word that starts where others end, "" if there is none, or a mark between."""
    return words[end] if end < len(words) and words[end - 1][-1] not in _MARKS else ""


def _usual(beside: Sequence[str]) -> str:
    """The word that most phrases have beside them, if it belongs to them."""
    bare = [word.strip(_AROUND) for word in beside]
    word = _most(one.lower() for one in bare)
    same = [one for one in bare if one.lower() == word]
    belongs = len(same) >= max(LEAST_USES, MOST_USES * len(beside)) and word not in STOP_WORDS
    return _most(same) if belongs and word.isalpha() else ""


def _most(written: Iterable[str]) -> str:
    """What there is most of; of equals, small letters go before large ones."""
    counts = Counter(written)
    return max(counts, key=lambda one: (counts[one], one), default="")


def _plain(text: str) -> str:
    """The text with what is in brackets set apart: "Kullback-Leibler (KL) divergence" has "KL divergence"."""
    return text.replace("(", ", ").replace(")", "").replace("—", ", ").replace("–", "-").replace("/", " / ")
