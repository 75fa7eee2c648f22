"""Which papers of a list a reader leaves out: by what `library.ignoring` knows of them, what they hide, and
what they have seen, where they chose so.

Words are compared as the search compares them, in all their forms: "diffusion model" leaves out a paper on
diffusion models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from broadsheet.accounts.access import Viewer
from broadsheet.library import following, hiding, ignoring, seeing
from broadsheet.library.models import IgnoredKind
from broadsheet.papers import reading, tables
from broadsheet.papers.categories import canonical
from broadsheet.papers.portions import portions
from broadsheet.papers.texts import Texts
from broadsheet.search.word_index.words import compound_words, fold, is_more_than_its_parts, stems

TABLES: Mapping[str, str] = {
    IgnoredKind.AUTHOR: tables.AUTHORS,
    IgnoredKind.ORGANIZATION: tables.ORGANIZATIONS,
    IgnoredKind.CATEGORY: tables.CATEGORIES,
}
# So many papers are looked at in one question.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Spelled:
    """A text as it is compared: the stems of its words with a blank around each, and the words with signs."""

    stems: str
    signed: frozenset[str]

    def has(self, words: Spelled) -> bool:
        """Whether the words stand in the text, one behind the other."""
        return words.stems in self.stems and words.signed <= self.signed


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader leaves out: words, by kind the names of now, and whether what they hide or have seen."""

    person: int
    words: tuple[Spelled, ...]
    names: Mapping[str, Collection[str]]
    hides: bool = False
    is_seen_left_out: bool = False


def left_out(viewer: Viewer | None, papers: Collection[int], *, with_seen: bool = True) -> set[int]:
    """Those of the papers that the viewer leaves out: nobody leaves out anything. What they have seen is left
    out where they chose so, but not of lists that are asked for by what they search.
    """
    if viewer is None or viewer.pk is None or not papers:
        return set()
    rules = rules_of([viewer.pk]).get(viewer.pk)
    return among(rules, papers, with_seen=with_seen) if rules else set()


def rules_of(people: Collection[int]) -> dict[int, Rules]:
    """What these people leave out; people who leave out nothing are not there."""
    return {person: _rules(person, own) for person, own in ignoring.of_people(people).items()}


def among(rules: Rules, papers: Collection[int], *, with_seen: bool = True) -> set[int]:
    """Those of the papers that are left out by the rules."""
    found = hiding.hidden_among(rules.person, papers) if rules.hides else set()
    if rules.is_seen_left_out and with_seen:
        found |= seeing.seen_among(rules.person, papers)
    every = [pk for pk in papers if pk not in found]
    for some in portions(every, AT_ONCE):
        found.update(_named(rules, some))
        found.update(_worded(rules, [pk for pk in some if pk not in found]))
    return found


def _rules(person: int, own: Mapping[str, Sequence[str]]) -> Rules:
    names = {kind: {*following.pages_of(kind, own[kind])} for kind in TABLES if kind in own}
    words = tuple(map(spelled, own.get(IgnoredKind.WORD, ())))
    return Rules(person, words, names, ignoring.HIDDEN in own, ignoring.SEEN in own)


def _named(rules: Rules, papers: Sequence[int]) -> Iterator[int]:
    """The papers of authors and organizations, and in categories, that are left out.

    To read all names of a page of papers is quick; an author or a category may have any number of papers.
    """
    asked = [TABLES[kind] for kind in rules.names]
    for pk, kind, _, name, _ in tables.rows(papers, *asked) if asked else ():
        if (canonical(name) if kind == IgnoredKind.CATEGORY else name) in rules.names[kind]:
            yield pk


def _worded(rules: Rules, papers: Sequence[int]) -> Iterator[int]:
    """The papers that have words which are left out."""
    for row in reading.bare_rows(papers) if rules.words else ():
        texts = [_spelled(text) for text in _texts(row.text) if text]
        if any(text.has(words) for text in texts for words in rules.words):
            yield row.pk


def _texts(text: Texts) -> tuple[str, ...]:
    """What is read of a paper in a list: its point is a part of its abstract, or what a source says of it."""
    return text.title, text.abstract, text.summary.text


def spelled(text: str) -> Spelled:
    """The text as it is compared."""
    folded = fold(text)
    signed = filter(is_more_than_its_parts, compound_words(folded))
    return Spelled(f" {' '.join(stems(folded))} ", frozenset(signed))


# The papers of today are asked for by every reader.
_spelled = lru_cache(maxsize=4096)(spelled)
