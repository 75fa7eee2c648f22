"""Where the sentences of a running text begin and end, in any script.

A full stop ends a sentence only where nothing says otherwise: it also shortens words and names and parts
numbers. The text is on one line; formulas in it are single characters, so none is cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.papers.patterns import lazy_pattern

_CLOSING = "\"'\u2019\u201d\u00bb)\\]}\u3009\u300b\u300d\u300f\u3011\uff09"
_OPENING = "\"'`\u2018\u201c\u201e\u00ab(\\[{\u3008\u300a\u300c\u300e\u3010\uff08\u00bf\u00a1"
# Stops that need a blank after them: Latin, Greek and Cyrillic; Arabic, Urdu, Armenian.
_STOPS = ".!?\u061f\u06d4\u0589\u2026"
# Stops that need none: Chinese and Japanese, Devanagari, Ethiopic, Khmer, Burmese.
_FULL_STOPS = "\u3002\uff01\uff1f\uff61\uff0e\u0964\u0965\u1362\u17d4\u104b"
_END = lazy_pattern(
    rf"(?<![{_STOPS}])(?P<stop>[{_STOPS}]++)[{_CLOSING}]*+(?=\s)|[{_FULL_STOPS}]++[{_CLOSING}]*+"
    # A blank was forgotten: "the results.We show".
    r"|(?<=[a-z]{2})\.(?=(?:We|Our|This|These|The|In|Here|To|However|It)\s)"
)
_QUOTES = "\"'`\u2018\u201c\u201e\u00ab([{"
_WORD = lazy_pattern(r"\w+")
_NEXT = lazy_pattern(rf"\s*[{_OPENING}]*(?P<word>[^\s]+)")
_BLANKS = lazy_pattern(r"\s*")
_LETTERS_WITH_STOPS = lazy_pattern(r"(?:[^\W\d_]\.)+[^\W\d_]|[A-Z][a-z]?\.-[A-Z]|[^\W\d_]")
# To Python its letters are small, but nobody writes its capitals.
_GEORGIAN = lazy_pattern(r"[\u10d0-\u10ff]")
_WORD_AT_MOST = 40
LONGEST_NUMBER = 3

# What these shorten goes on after them, whatever follows.
_SHORTENED = (
    "e.g i.e cf vs fig figs eq eqs eqn eqns sec secs sect ref refs tab thm lem prop def cor ch chap vol pp p "
    "dr prof mr mrs ms st mt no nos nr resp approx ca viz aka a.k.a w.r.t s.t incl esp ie eg dept univ ed "
    "eds bzw z.b d.h u.a vgl p.ex c.-à-d т.е т.д т.н см рис ex figg vols suppl ext abs avg max min est gov "
    "gen lt messrs mme mlle jan feb mar apr jun jul aug sep sept oct nov dec phys rev lett comm trans "
    "proc ann astron astrophys appl math int natl acad sci wrt núm pág págs cap bd hrsg"
)
_GOING_ON = frozenset(_SHORTENED.split())
# Those of them that are words as well.
_WORDS = "no st ed ex prop def p ch ca abs est ext gen int lt mar math max min sep"
_ALSO_WORDS = frozenset(_WORDS.split())
# After these a sentence may end as well: it does where one of the words that begin sentences follows.
_LAST_WORDS = "al etc inc ltd co corp jr sr i.i.d u.s u.k e.u ph.d m.sc b.sc a.m p.m et.al т.п др"
_MAYBE = frozenset(_LAST_WORDS.split())
_FIRST_WORDS = (
    "we our this these those the that in here to however it its a an as by for from with when while where "
    "although but and then thus hence therefore moreover furthermore finally there they both recent recently "
    "such using given on at if despite unlike specifically results experiments i extensive motivated "
    "let suppose assume next first second third since because after during under between among each "
    "every all any most many several some no not one two three only still yet so instead overall data "
    "code various different"
)
_BEGINNINGS = frozenset(_FIRST_WORDS.split())


class Span(NamedTuple):
    """Where a sentence begins in its text, and where it has ended."""

    start: int
    end: int


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text of one line, in order; what stands behind the last stop is one, too."""
    start = _after_blanks(text, 0)
    for end in _END.finditer(text):
        if end.end() > start and _ends(text, start, end):
            yield Span(start, end.end())
            start = _after_blanks(text, end.end())
    if last := text[start:].rstrip():
        yield Span(start, start + len(last))


def _after_blanks(text: str, place: int) -> int:
    found = _BLANKS.match(text, place)
    return found.end() if found else place


def _ends(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether a sentence ends with this stop."""
    following = _NEXT.match(text, end.end())
    if end["stop"] is None or following is None:
        return True
    word = following["word"]
    if not _may_begin(word):
        return False
    before = text[max(start, end.start() - _WORD_AT_MOST) : end.start()]
    return end["stop"] != "." or not (_is_number(text, start, end) or _is_shortened(before, word))


def _may_begin(word: str) -> bool:
    """Whether a sentence may begin with the word: not in small letters, but for names such as "mBERT"."""
    return not word[0].islower() or bool(_GEORGIAN.match(word)) or any(map(str.isupper, word))


def _is_number(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether the stop only parts a number from what it numbers: "1. Introduction"."""
    return end.start() - start <= LONGEST_NUMBER and text[start : end.start()].isdigit()


def _is_shortened(before: str, following: str) -> bool:
    """Whether the stop behind `before`, the end of the sentence up to there, only shortens its last word."""
    word = "".join(before.rsplit(maxsplit=1)[-1:]).lstrip(_QUOTES)
    begins = _WORD.match(following)
    is_beginning = bool(begins and begins[0].casefold() in _BEGINNINGS)
    shape = word.casefold()
    if shape in _GOING_ON:
        return not (shape in _ALSO_WORDS and is_beginning)
    return bool(shape in _MAYBE or _LETTERS_WITH_STOPS.fullmatch(word)) and not is_beginning
