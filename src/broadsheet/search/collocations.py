"""Collocations: the words that stand beside those of a query in texts, and how people write both together.

"You shall know a word by the company it keeps" (Firth, "A Synopsis of Linguistic Theory", 1957).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
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


# What stands between two texts: "words" that end any phrase, one of them in no text.
_END = "\0"
_BETWEEN = f" . {_END} . "
# Blanks of every kind, as `str.split` knows them, but for the plain one.
_BLANKS = [sign for sign in map(chr, range(0x3001)) if sign.isspace() and sign != " "]

# A phrase within a text: the text's number, and where in the row of all texts the phrase starts and ends.
Use: TypeAlias = tuple[int, int, int]


class Texts:
    """Texts as one row of words, to see what stands beside the words of the stems `asked`."""

    def __init__(self, texts: Sequence[str], asked: AbstractSet[str]) -> None:
        self._asked = asked
        self._row = _in_a_row(texts)
        # A stem is the beginning of its words, but for a last letter.
        alike = _words_with(self._row, {stem.removesuffix("i") for stem in asked})
        found = {word: asked & set(_stem(word).split("-")) for _, word in alike}
        self._having = {word: having for word, having in found.items() if having}
        self._compounds = {word: self._rest(word) for word in self._having if "-" in word}
        self._places = list(_numbered(self._row, (one for one in alike if one[1] in self._having)))

    def complete(self) -> int:
        """How many of the texts have all that is asked for."""
        having: dict[int, set[str]] = defaultdict(set)
        for text, _, word in self._places:
            having[text] |= self._having[word]
        return sum(stems == self._asked for stems in having.values())

    def beside(self) -> list[list[Use]]:
        """For each word that stands beside one asked for, whatever its form: the phrases of both."""
        left_out = _SAYS_NOTHING | self._having.keys() | {""}
        by_word: dict[str, list[Use]] = defaultdict(list)
        for text, start, word in self._places:
            end = start + len(word)
            before, behind = _before(self._row, start), _behind(self._row, end)
            if before not in left_out:
                by_word[before].append((text, self._row.rindex(before, 0, start), end))
            if behind not in left_out:
                by_word[behind].append((text, start, self._row.index(behind, end) + len(behind)))
            if word in self._compounds and self._compounds[word] not in left_out:
                by_word[self._compounds[word]].append((text, start, end))
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
        before = _usual([_before(self._row, start) for _, start, _ in same])
        behind = _usual([_behind(self._row, end) for _, _, end in same])
        return f"{before} {_most(map(self._written, same))} {behind}".strip()

    def _rest(self, compound: str) -> str:
        """What is in the compound besides what is asked for: "self" in "self-attention"."""
        return "-".join(part for part in compound.split("-") if self._asked.isdisjoint(stems(part)))

    def _written(self, use: Use) -> str:
        _, start, end = use
        return " ".join(word.strip(_AROUND) for word in self._row[start:end].split())


def _in_a_row(texts: Sequence[str]) -> str:
    """The texts one behind the other, with _BETWEEN before, between and behind them; all blanks are alike."""
    row = _plain(_BETWEEN.join(["", *(text.replace(_END, "") for text in texts), ""]))
    for blank in _BLANKS:
        row = row.replace(blank, " ")
    return row


def _words_with(row: str, parts: Iterable[str]) -> list[tuple[int, str]]:
    """The words that have one of the parts in them, whatever their case, and where each starts, in order."""
    # The only letter that becomes two in small letters: each has to stay at its place.
    small, found = row.replace("\u0130", "I").lower(), {}
    for part in parts:
        at = small.find(part)
        # A part may be empty, which is found everywhere; the row ends with a blank.
        while 0 <= at < len(row):
            start, end = row.rfind(" ", 0, at) + 1, row.find(" ", at)
            found[start] = row[start:end]
            at = small.find(part, end + 1)
    return sorted(found.items())


def _numbered(row: str, words: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """The words in their order, with the number of the text of each."""
    text, looked_at = -1, 0
    for start, word in words:
        text, looked_at = text + row.count(_END, looked_at, start), start
        yield text, start, word


@lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    return "-".join(stems(word))


def _before(row: str, start: int) -> str:
    """The word before that place, "" if there is a mark between."""
    end = start - 1
    while row[end - 1] == " ":
        end -= 1
    return "" if row[end - 1] in _MARKS else row[row.rfind(" ", 0, end) + 1 : end]


def _behind(row: str, end: int) -> str:
    """The word that starts where others end, "" if there is a mark between."""
    if row[end - 1] in _MARKS:
        return ""
    start = end + 1
    while row[start] == " ":
        start += 1
    return row[start : row.find(" ", start)]


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
