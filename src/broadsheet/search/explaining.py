"""Why a paper was found: the words of it that matched, and the part of its abstract that has most of them."""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from markupsafe import Markup

from broadsheet.search.fusion import Hit
from broadsheet.search.phrases import of_phrases, taken_apart
from broadsheet.search.query.conditions import AllOf, AnyOf, Phrase, Words
from broadsheet.search.query.language import Query
from broadsheet.search.word_index.ranking import LONGEST_NAME, beginnings
from broadsheet.search.word_index.words import (
    APOSTROPHES,
    CJK,
    behind_apostrophes,
    compound_words,
    content_stems,
    fold,
    hyphenated,
    is_more_than_its_parts,
    is_pair,
    joined,
    names,
    spellings,
    stems,
)

EXCERPT_LENGTH = 300
EXCERPT_SENTENCES = 3

# What follows the "<" or "&" of tags, entities and formulas, which are passed over.
_PASSED_OVER = r"(?<=<)(?:math>(?:[^<]|<(?!/math>))*|(?!/?su[bp]>)[^>]*>)|(?<=&)[#\w]+;"
_PLAIN = frozenset(map(chr, range(128)))
_LETTER = "(?:[^\\W_]|[\u0300-\u036f])"
# An index is part of its word, "R<sub>0</sub>" is found as "R0", and so is what stands behind an apostrophe.
_APOSTROPHE = "&#39;"
_REST_OF_WORD = (
    f"{_LETTER}*(?:(?:[{APOSTROPHES}]|{_APOSTROPHE}){_LETTER}+)*(?:<su[bp]>{_LETTER}{{1,2}}</su[bp]>)?"
)
_SIGNS = r"(?:[^\w\s<>&/]|_)"
_REST_OF_COMPOUND = rf"(?:{_SIGNS}+[^\W_]{_REST_OF_WORD})*{_SIGNS}*"
_WORD = re.compile(rf"[^\W_]{_REST_OF_WORD}")
_ANY = re.compile(".")
_PLAIN_WORD = re.compile("[0-9A-Za-z]+")
# What may belong to a word that is spelled in another way than it is looked for, or begin what is no word.
_SPECIAL = re.compile(r"[^\x00-%(-;=-\x7f]")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_INDEX = re.compile("</?su[bp]>")
# A name that is split as it stands; two hyphens are a dash of TeX.
_PLAIN_NAME = re.compile("(?!.*--)[A-Za-z .-]{0,50}")
_WORD_OR_NOT = re.compile(rf"[<&](?:{_PASSED_OVER})|{_WORD.pattern}")
_RUN = re.compile(f"([{CJK}]+)")
_WITHIN_MARK = frozenset({"", " ", "-"})
_BETWEEN_MARKS = re.compile("</mark>([ -]?|\N{HYPHEN}|\N{NON-BREAKING HYPHEN})<mark>")
_NEXT_SENTENCE = r"(\s+)(?=[\"“(]?[A-Z])"
# A pattern that begins with one sign is looked for several times as fast, and few texts ask or call out.
_STOP = re.compile(rf"\.(?<!\b(?:al|cf|vs)\.){_NEXT_SENTENCE}")
_SENTENCE_END = re.compile(rf"[.!?](?<!\b(?:al|cf|vs)\.){_NEXT_SENTENCE}")


# Where a piece of a text begins and ends.
Span = tuple[int, int]


class Shares(NamedTuple):
    """What words and meaning have in a paper's score, from 0 to 1; both 0 where neither was asked."""

    words: float
    meaning: float


class Matcher:
    """What a query looks for in texts: words in all their forms, beginnings of words, compounds, and phrases,
    of which a word alone is nothing; never what it excludes.
    """

    def __init__(self, asked: Query) -> None:
        typed, self._phrases = taken_apart(asked)
        starts, folded = beginnings(fold(typed))
        self._starts = tuple("".join(names(start)) for start in starts)
        self._compounds = frozenset(compound_words(folded) + hyphenated(folded))
        # "C++" does not mean "C"; the dot of ".NET" is not looked for, so that "NET" has to do.
        whole = " ".join(one for one in self._compounds if one[0].isalnum() and is_more_than_its_parts(one))
        self._stems = frozenset(content_stems(folded) + joined(folded)) - set(stems(whole))
        self._names = frozenset(filter(None, map(_words_of_name, _names(asked))))
        self._sought_for = {*self._stems, *self._compounds, *self._starts, *chain(*self._phrases)}
        self._is_of_words = not (self._compounds or self._phrases or any(map(is_pair, self._sought_for)))
        # The same few words begin like those that are looked for, in one text after the other.
        self._found = cache(self._look_up)

    def found_in(self, text: str, pieces: Sequence[Span]) -> list[set[str]]:
        """What is looked for and stands in each piece of a plain text: stems, compounds, phrases.

        No word goes on from one piece into the next.
        """
        found = [set(self._phrases_in(text[slice(*piece)])) if self._phrases else set() for piece in pieces]
        begins, look_up = [begin for begin, _ in pieces], self._found
        if self._is_of_words and _is_plain(text):
            for start, _, here in self._plain_words(text):
                found[bisect_right(begins, start) - 1] |= here
            return found
        for candidate in self._candidates(text, in_html=False):
            if here := look_up(candidate[0]):
                found[bisect_right(begins, candidate.start()) - 1] |= here
        return found

    def _plain_words(self, text: str) -> list[tuple[int, int, frozenset[str]]]:
        """The words of a text that `_is_plain` which are looked for: where each stands, and what it is.

        Nearly all texts are plain, and nearly all questions are of words alone.
        """
        whole, look_up = _PLAIN_WORD.match, self._found
        return [
            (place, word.end(), here)
            for place in self._beginning_at(text.lower())
            if (word := whole(text, place)) and (here := look_up(word[0]))
        ]

    def _beginning_at(self, small: str) -> list[int]:
        """Where words of a text in small letters begin like those that are looked for, in order."""
        # To find a string in a text takes a tenth of what a pattern does that has several of them.
        places = set()
        for beginning in self._beginnings:
            at = small.find(beginning)
            while at >= 0:
                if not at or not small[at - 1].isalnum():
                    places.add(at)
                at = small.find(beginning, at + 1)
        return sorted(places)

    def _phrases_in(self, text: str) -> list[str]:
        """The whole phrases that stand in the plain text."""
        words = [_stems(word) for word in _WORD.findall(text)]
        return [" ".join(one) for one in self._phrases if any(of_phrases(words, [one]))]

    def is_name(self, name: str) -> bool:
        """Whether the query asks for the person or organization of that name."""
        if not self._names:
            return False
        words = _words_of_name(name)
        return any(wanted <= words for wanted in self._names)

    def mark(self, html: Markup) -> Markup:
        """HTML of `papers.text` with all that is looked for in `<mark>`; formulas stay as they are."""
        if self._is_of_words and _is_plain(html):
            return _marked_plain(str(html), self._plain_words(html))
        within = self._within_phrases(html)
        parts: list[str] = []
        end = 0
        for found in self._candidates(text := str(html), in_html=True):
            parts += text[end : found.start()], self._marked(found, within)
            end = found.end()
        marked = "".join((*parts, text[end:]))
        if "<mark>" in marked:
            marked = _BETWEEN_MARKS.sub(r"\1", marked)
        # Nothing but <mark> around words was added to HTML that was safe.
        return Markup(marked)  # noqa: S704

    def _candidates(self, text: str, *, in_html: bool) -> Iterator[re.Match[str]]:
        """What may be looked for, and what HTML has to be passed over, in order."""
        whole = _candidate(in_html=in_html, with_signs=bool(self._compounds)).match
        at = 0
        for place in self._places(text) if self._is_of_words else self._firsts(text):
            if place >= at and (found := whole(text, place)):
                yield found
                at = found.end()

    def _firsts(self, text: str) -> Iterator[int]:
        """Where a sign stands that anything looked for may begin with."""
        # Patterns that differ from query to query take longer to compile than to look with: only what words
        # begin with is such a pattern, and a short one.
        return (begun.start() for begun in self._first.finditer(text))

    def _places(self, text: str) -> list[int]:
        """Where words begin like those that are looked for, and where there is a word that may be written in
        another way, or something else than a word.
        """
        small = _small(text)
        places = self._beginning_at(small)
        if _is_plain(text):
            return places
        for special in _SPECIAL.finditer(text):
            start = _begin(text, special.start())
            if small[start] in self._first_letters or not small[start].isascii():
                places.append(start)
            places.append(special.start())
        return sorted(set(places))

    @cached_property
    def _first_letters(self) -> frozenset[str]:
        return frozenset(beginning[0] for beginning in self._beginnings)

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """What plain words that are looked for begin with, in small letters: stemming changes no more than
        the last letter of a stem, as in "happily", but for "dying", which has "die".
        """
        kept = {stem: len(stem) - (2 if stem.endswith("ie") else 1) for stem in self._stems}
        return frozenset({stem[: max(1, length)] for stem, length in kept.items()} | {*self._starts})

    @cached_property
    def _first(self) -> re.Pattern[str]:
        """What anything looked for begins with: stemming and folding leave the first letter, if it is a plain
        one. A pattern that begins with a set of characters is looked for several times as fast.
        """
        if any(map(is_pair, self._sought_for)):
            return _ANY  # these may follow a letter in one word
        first = {one[0] for one in self._sought_for}
        one_of = _none_of(_PLAIN - first - {letter.upper() for letter in first} - {*"<&"})
        return re.compile(rf"{one_of}(?:(?<=[<&])|(?<![^\W_].))", re.DOTALL)

    def _within_phrases(self, html: str) -> frozenset[int]:
        """Where the words of whole phrases begin."""
        if not self._phrases:
            return frozenset()
        found = [
            one for one in _WORD_OR_NOT.finditer(html) if one[0][0] not in "<&" or one[0][:6] == "<math>"
        ]
        words = [() if one[0][0] == "<" else _stems(one[0]) for one in found]
        return frozenset(found[place].start() for place in of_phrases(words, self._phrases))

    def _look_up(self, candidate: str) -> frozenset[str]:
        if compound := self._compound(candidate):
            return frozenset([compound])
        if candidate.isalnum() and candidate.isascii():
            return self._sought(candidate)
        return frozenset[str]().union(*map(self._sought, _WORD.findall(candidate)))

    def _sought(self, word: str) -> frozenset[str]:
        """What is looked for and this word is."""
        stems = self._stems & _told(word)
        if not self._starts:
            return stems
        written = _written(word)
        return stems.union(start for start in self._starts if any(one.startswith(start) for one in written))

    def _marked(self, found: re.Match[str], within: frozenset[int]) -> str:
        candidate = found[0]
        if candidate[0] in "<&":
            return candidate
        if self._is_of_words and candidate.isascii() and candidate.isalnum():
            return f"<mark>{candidate}</mark>" if self._found(candidate) else candidate
        if compound := self._compound(candidate):
            return f"<mark>{candidate[: len(compound)]}</mark>{candidate[len(compound) :]}"
        return _WORD.sub(
            lambda word: (
                f"<mark>{word[0]}</mark>"
                if found.start() + word.start() in within
                else self._marked_word(word[0])
            ),
            candidate,
        )

    def _marked_word(self, word: str) -> str:
        pieces = [piece for piece in _RUN.split(word) if piece]
        if len(pieces) == 1 and not is_pair(word):
            return f"<mark>{word}</mark>" if self._sought(word) else word
        return "".join(self._marked_run(one) if is_pair(one) else self._marked_word(one) for one in pieces)

    def _marked_run(self, signs: str) -> str:
        """Of signs of Chinese and the like, those that stand as they are looked for, alone or in pairs."""
        found = {
            place
            for size in (1, 2)
            for start in range(len(signs) - size + 1)
            if not self._stems.isdisjoint(_stems(signs[start : start + size]))
            for place in range(start, start + size)
        }
        parts = groupby(range(len(signs)), found.__contains__)
        shown = ((is_found, "".join(signs[place] for place in places)) for is_found, places in parts)
        return "".join(f"<mark>{part}</mark>" if is_found else part for is_found, part in shown)

    def _compound(self, candidate: str) -> str:
        compound = _compound(candidate) if self._compounds else ""
        return compound if compound in self._compounds else ""


@cache
def _candidate(*, in_html: bool, with_signs: bool) -> re.Pattern[str]:
    """A whole word that begins here, whatever it begins with, or what is passed over."""
    word = rf"(?<=[^\W_])(?<![^\W_].){_REST_OF_WORD}{_REST_OF_COMPOUND if with_signs else ''}"
    return re.compile(f".(?:{_PASSED_OVER}|{word})" if in_html else f".{word}", re.DOTALL)


def _marked_plain(text: str, words: Sequence[tuple[int, int, object]]) -> Markup:
    """A plain text with these words in `<mark>`, those that stand together in one."""
    parts: list[str] = []
    end, is_open = 0, False
    for start, stop, _ in words:
        between = text[end:start]
        if is_open and between not in _WITHIN_MARK:
            parts.append("</mark>")
            is_open = False
        parts.append(between)
        if not is_open:
            parts.append("<mark>")
        parts.append(text[start:stop])
        end, is_open = stop, True
    if not is_open:
        return Markup(text)  # noqa: S704 (it was HTML before)
    return Markup("".join((*parts, "</mark>", text[end:])))  # noqa: S704 (nothing but <mark> was added)


def _is_plain(text: str) -> bool:
    """True where words are runs of plain letters, and there is no markup."""
    return text.isascii() and "'" not in text and "<" not in text and "&" not in text


def _small(text: str) -> str:
    """The text in small letters, each where it was: a few letters become two."""
    small = text.lower()
    return small if len(small) == len(text) else text.translate(_SMALL)


def _begin(text: str, place: int) -> int:
    """Where the letters begin that stand up to that place."""
    while place and text[place - 1].isalnum():
        place -= 1
    return place


def _none_of(characters: frozenset[str]) -> str:
    """Any other character. A set that named all that is not ASCII would take milliseconds to compile."""
    return f"[^{re.escape(''.join(sorted(characters)))}]"


def shares(hit: Hit) -> Shares:
    """How much of the paper's score comes from each engine."""
    words, meaning = (found.part if found else 0.0 for found in (hit.words, hit.meaning))
    total = words + meaning
    return Shares(words / total, meaning / total) if total else Shares(0.0, 0.0)


def excerpt(text: str, matcher: Matcher) -> str:
    """The sentences of the plain text, up to three and about 300 characters, in which most is found.

    Of several with as much, and where nothing is found, it is the first. An ellipsis tells what is left out.
    """
    if len(text) <= EXCERPT_LENGTH:
        return text
    pieces = _pieces(text)
    start, end = _window(pieces, matcher.found_in(text, pieces))
    before, after = "… " if start else "", " …" if end < len(pieces) else ""
    shown = " ".join([text[slice(*piece)] for piece in pieces[start:end]])
    return f"{before}{shown}{after}"


def _pieces(text: str) -> list[Span]:
    """Where the sentences of the text stand, those that are longer than an excerpt in parts."""
    ends = (_SENTENCE_END if "!" in text or "?" in text else _STOP).finditer(text)
    pieces: list[Span] = []
    begin = 0
    for end, further in [*(found.span(1) for found in ends), (len(text), 0)]:
        if end - begin > EXCERPT_LENGTH:
            pieces += _parts(text, begin, end)
        else:
            pieces.append((begin, end))
        begin = further
    return pieces


def _parts(text: str, begin: int, end: int) -> Iterator[Span]:
    """A sentence in parts that are no longer than an excerpt: whole words, where these are no longer."""
    while end - begin > EXCERPT_LENGTH:
        blank = text.rfind(" ", begin + 1, begin + EXCERPT_LENGTH + 1)
        cut = blank if blank >= 0 else begin + EXCERPT_LENGTH
        yield begin, cut
        begin = cut + (blank >= 0)
    yield begin, end


def _window(pieces: Sequence[Span], found: Sequence[set[str]]) -> Span:
    """The first and the last but one of the pieces in which most is found: the first of several such."""
    lengths = [end - begin for begin, end in pieces]
    best, most, all_found = 0, 0, len(set[str]().union(*found))
    for start in range(len(pieces)) if all_found else ():
        many = len(set[str]().union(*found[start : _end(lengths, start)]))
        if many > most:
            best, most = start, many
        if most == all_found:
            break
    return best, _end(lengths, best)


def _end(lengths: Sequence[int], start: int) -> int:
    """Where an excerpt that begins with that piece ends."""
    length, end, last = lengths[start], start + 1, start + EXCERPT_SENTENCES
    for further in lengths[end:last]:
        if length + further >= EXCERPT_LENGTH:
            break
        length, end = length + further + 1, end + 1
    return end


def _names(asked: Query) -> Iterator[str]:
    """What the query may name: all of it, and what its fields for names are followed by."""
    if len(asked.text.split()) <= LONGEST_NAME:
        yield asked.text
    conditions = [part.condition for part in asked.parts]
    while conditions:
        match conditions.pop():
            case Words("author" | "org", text) | Phrase("author" | "org", text):
                yield text
            case AllOf(inner) | AnyOf(inner):
                conditions += inner


@lru_cache(maxsize=32_768)
def _words_of_name(name: str) -> frozenset[str]:
    if _PLAIN_NAME.fullmatch(name):
        return frozenset(name.lower().replace(".", " ").replace("-", " ").split())
    return frozenset(names(spellings([name])))


@lru_cache(maxsize=32_768)
def _stems(word: str) -> tuple[str, ...]:
    """The stems of one word as it stands on a page."""
    return tuple(stems(fold(_plain(word))))


@lru_cache(maxsize=32_768)
def _told(word: str) -> frozenset[str]:
    """The stems that a word stands for: none where it folds to several words, but for signs of Chinese and
    the like, which stand for themselves, too, and what is behind an apostrophe.
    """
    told: set[str] = set()
    for piece in filter(None, _RUN.split(word)):
        found = _stems(piece)
        told.update(found if is_pair(piece) or len(found) == 1 else (), piece if is_pair(piece) else ())
        told.update(stems(behind_apostrophes(_plain(piece))))
    return frozenset(told)


def _written(word: str) -> list[str]:
    """The words that it is split into, as they are written."""
    return names(f"{fold(_plain(word))} {behind_apostrophes(_plain(word))}")


def _plain(word: str) -> str:
    return _INDEX.sub("", word).replace(_APOSTROPHE, "'")


@lru_cache(maxsize=8192)
def _compound(candidate: str) -> str:
    """The compound that the word with signs begins with."""
    folded = fold(candidate)
    first = next(iter(compound_words(folded)), "")
    return first if folded.lower().startswith(first) else ""
