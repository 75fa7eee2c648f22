"""Never a dead end: what else could be asked where a query finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from broadsheet.search.fusion import Hit
from broadsheet.search.query.conditions import AllOf, AnyOf, Condition, Phrase, Words
from broadsheet.search.query.language import Part, Query, parse, write
from broadsheet.search.query.tokens import plain_words
from broadsheet.search.question import Question
from broadsheet.search.word_index.lexical import WordIndex
from broadsheet.search.word_index.words import STOP_WORDS, fold, names, stems

# Where the index looks for a word of a field, and where it finds how the word is spelt.
KNOWN = {
    "text": ("text", "authors", "organizations"),
    "title": ("title",),
    "abstract": ("text",),
    "author": ("authors",),
    "org": ("organizations",),
}
# Titles have the words that people look for, and few misprints.
SPELLED = {
    "text": ("title_words", "authors"),
    "title": ("title_words",),
    "abstract": ("title_words",),
    "author": ("authors",),
    "org": ("organizations",),
}
STEMMED = ("text", "title")
# Where it finds the words of texts as they are spelt, whatever their stem.
SEEN = {
    "text": ("title_words", "abstract_words", "authors", "organizations"),
    "title": ("title_words",),
    "abstract": ("abstract_words",),
}
# What forms of one word end with; "reinforcment" and "reinforcement" have one stem, and are no forms.
_ENDINGS = "s es ed d e er ers r rs or ors ing ings ion ions al ly y ies ied ive led ler lers ling"
ENDINGS = frozenset(["", *_ENDINGS.split()])

# Runs of letters; what has signs or digits in it, TeX, and the beginning of a word are left as they are.
_WORD = re.compile(r"(?<![\w\\/$])[^\W\d_]{4,}(?![\w$*])")
# A slip in six letters and two in more are slips; more make another word.
LONG_WORD = 6
# Of the words with the same first letter, as many of the most frequent are compared.
COMPARED = 5_000
# A word one slip further away is meant where it is so many times as frequent.
FURTHER = 50
# A word that some papers have may be a slip where the one near it is so many times as frequent; of two
# slips, so many times that again.
MEANT = 100
# A query may have thousands of words and dozens of conditions; help with so many of them is enough.
MOST_LOOKED_AT = 40
MOST_LIKELY = 10
MOST_RESPELLED = 3
MOST_LOOSENED = 4
# The most conditions and the most words of a question that are left out one by one: with each, all others
# are looked for once more.
FEW_CONDITIONS = 8
FEW_WORDS = 6


@dataclass(frozen=True, slots=True)
class Loosened:
    """A query that asks for less, and how many papers match it."""

    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Help:
    """What to try instead of a query: the query with misspelt words replaced (empty if nothing is near),
    the query loosened, best first, and the papers closest in meaning.
    """

    spelled: str = ""
    loosened: tuple[Loosened, ...] = ()
    closest: tuple[Hit, ...] = ()


def spelled(asked: Query, index: WordIndex) -> str:
    """The query with words that no paper has replaced by the nearest that some have, and words that few have
    by a near one that very many have, each by itself; empty if there are none. Raises WordIndexError.
    """
    speller = _Speller(index)
    typed = " ".join(
        write(speller.condition(part.condition or Words("text", part.text))) for part in asked.parts
    )
    return "" if typed == asked.typed else typed


def loosened(asked: Query, index: WordIndex) -> tuple[Loosened, ...]:
    """The query with one part less, where it has matches then; or else with its conditions as mere words, or
    without some. That with most matches comes first. Raises WordIndexError.

    Of many conditions none is left out alone: hardly any other is the last that keeps papers away.
    """
    conditions = [part for part in asked.parts if part.condition]
    strict = conditions if len(conditions) <= FEW_CONDITIONS else []
    bare = _without(asked, conditions)
    attempts = (
        [*(_without(asked, [part]) for part in strict), *_one_word_less(asked)],
        [bare, *map(asked.without, strict)],
        _one_word_less(bare),
    )
    found = next(
        filter(
            None,
            (_counted(dict.fromkeys(one for one in queries if one != asked), index) for queries in attempts),
        ),
        [],
    )
    return tuple(sorted(found, key=lambda one: (-one.total, one.query))[:MOST_LOOSENED])


def _one_word_less(asked: Query) -> list[Query]:
    """The query without each of its plain words; of a long question, all stay."""
    words = [part for part in asked.parts if not part.condition and part.text.lower() not in STOP_WORDS]
    return [asked.without(word) for word in words] if len(words) <= FEW_WORDS else []


def _without(asked: Query, dropped: list[Part]) -> Query:
    """The query, of those parts only the words that they ask for."""
    kept = ((part,) if part not in dropped else parse(_words(part)).parts for part in asked.parts)
    return Query(tuple(chain.from_iterable(kept)))


def _words(part: Part) -> str:
    return part.text if parse(part.text).condition is None else " ".join(plain_words(part.text))


def _counted(queries: Iterable[Query], index: WordIndex) -> list[Loosened]:
    """Those that ask for something and have matches."""
    totals = ((asked, index.having(Question.of(asked).wanted(index))) for asked in queries if asked.parts)
    return [Loosened(asked.typed, total) for asked, total in totals if total]


class _Word(NamedTuple):
    """A word of a query, how many papers have it as it is spelt, and how many in any form."""

    field: str
    text: str
    seen: int
    known: int


class _Speller:
    """Corrects a few words: for each, all that begin with the same letter are looked through."""

    def __init__(self, index: WordIndex) -> None:
        self._index = index
        self._looked_at: dict[tuple[str, str], str] = {}
        self._left = MOST_RESPELLED

    def condition(self, condition: Condition) -> Condition:
        """The condition with its words corrected, but for those that are excluded."""
        match condition:
            case Words(field, text):
                return Words(field, self._text(field, text))
            case Phrase(field, text):
                return Phrase(field, self._text(field, text))
            case AllOf(conditions):
                return AllOf(tuple(map(self.condition, conditions)))
            case AnyOf(conditions):
                return AnyOf(tuple(map(self.condition, conditions)))
        return condition

    def _text(self, field: str, text: str) -> str:
        return _WORD.sub(lambda found: self._word(field, found[0]), text)

    def _word(self, field: str, typed: str) -> str:
        if (field, typed) not in self._looked_at and len(self._looked_at) < MOST_LOOKED_AT:
            self._looked_at[field, typed] = self._meant(field, typed)
        return self._looked_at.get((field, typed), typed)

    def _meant(self, field: str, typed: str) -> str:
        word = fold(typed).lower()
        if word in STOP_WORDS or names(word) != [word]:
            return typed
        if not self._left:
            return typed
        papers = self._index.count()
        seen = known = self._seen(field, word)
        if known * MEANT <= papers:
            known = max(seen, self._known(field, word))
        if seen and known * MEANT > papers:
            return typed
        self._left -= 1
        nearest = self._nearest(_Word(field, word, seen, known))
        return nearest.capitalize() if typed[0].isupper() and nearest else nearest or typed

    def _known(self, field: str, word: str) -> int:
        """How many papers have the word, in any form, where it is looked for."""
        stem = stems(word)[0]
        return self._index.most_with((one, stem if one in STEMMED else word) for one in KNOWN[field])

    def _seen(self, field: str, word: str) -> int:
        """How many papers have the word as it is spelt."""
        return self._index.most_with((one, word) for one in SEEN.get(field, KNOWN[field]))

    def _nearest(self, word: _Word) -> str:
        """The word most likely meant; empty where none is near, or none that is so much more frequent."""
        slips = 1 if len(word.text) < LONG_WORD else 2
        for one in SPELLED[word.field]:
            papers = self._index.words_from(word.text[0], one, limit=COMPARED)
            near = process.extract(
                word.text, papers.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            likeliest = sorted(
                ((papers[other] / FURTHER**slip, other, slip) for other, slip, _ in near if slip)
            )
            for _, other, slip in reversed(likeliest[-MOST_LIKELY:]):
                if self._is_meant(word, other, slip):
                    return other
        return ""

    def _is_meant(self, word: _Word, other: str, slip: int) -> bool:
        """Whether the other word is so much more frequent, and not merely another form of the word."""
        enough = word.known * (MEANT if slip == 1 else MEANT * MEANT)
        is_frequent = enough < self._index.count() and self._seen(word.field, other) > enough
        if word.seen and not is_frequent:
            return False
        if word.field in SEEN and stems(word.text) == stems(other):
            return not word.seen and not _is_another_form(word.text, other)
        return is_frequent


def _is_another_form(word: str, other: str) -> bool:
    letters = enumerate(zip(word, other, strict=False))
    shared = next((place for place, (one, two) in letters if one != two), min(len(word), len(other)))
    return {word[shared:], other[shared:]} <= ENDINGS
