"""Conditions of a query, as the word index checks them.

A condition without a word in it (`title:"?!"`) asks for nothing, and holds for every paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tantivy import Occur, Query

from broadsheet.papers import authors
from broadsheet.papers.names import name_slug
from broadsheet.search.counts import Count
from broadsheet.search.query.conditions import (
    AllOf,
    Among,
    AnyOf,
    Condition,
    Not,
    Phrase,
    Range,
    Term,
    Words,
)
from broadsheet.search.word_index.entries import HIGHEST, MOST, packed
from broadsheet.search.word_index.opened import Opened, all_of, any_of
from broadsheet.search.word_index.words import (
    LONGEST_WORD,
    NAME_SLOP,
    compound_words,
    fold,
    is_more_than_its_parts,
    is_pair,
    names,
    stems,
)

# The fields of the index that hold what a field of the language speaks of.
STEMMED = ("text", "title", "comment", "journal")
# The same word by word as it is written.
WRITTEN: dict[str, tuple[str, ...]] = {
    "text": ("title_words", "abstract_words"),
    "title": ("title_words",),
    "abstract": ("abstract_words",),
}
NAMES = {"author": "authors", "org": "organizations"}
TERMS: dict[str, tuple[str, ...]] = {
    "cat": ("category", "archive"),
    "category": ("category",),
    "id": ("identifier",),
    "scheme": ("scheme",),
    "source": ("source",),
    "has": ("has",),
}
NUMBERS = {
    "date": "day",
    "submitted": "submitted",
    "updated": "updated",
}
COUNTED: dict[str, Count] = {"votes": "votes", "comments": "comments"}
# Papers without a date have day and second 0, and are of no date.
LOWEST = {"date": 1, "submitted": 1, "updated": 1}

# Two letters and an asterisk are rather a name, such as that of the search "A*".
LEAST_LETTERS = 3
_NO_LETTER = re.compile(r"[\W_]")
# Words of which hardly a letter is left in their stem, which is one of these: "dying", "lying", "tying".
_CHANGED = frozenset({"die", "lie", "tie"})
# What else than the letter has a stem of one letter ("oed").
_ENDS_OF_A_LETTER = ("", "ed", "ing", "edly", "ingly")
# What a page of text has; the rest of a longer query would only cost time.
MOST_WORDS = 400
# More words of one stem are damage.
MOST_FORMS = 100_000


def satisfying(condition: Condition, opened: Opened) -> Query:
    """What finds the papers that satisfy the condition; all of them count the same."""
    return Query.const_score_query(_Filter(opened).query(condition) or Query.all_query(), 0.0)


def failing(condition: Condition, opened: Opened) -> Query:
    """What finds the papers that do not satisfy the condition."""
    asks = _Filter(opened).query(condition) is not None
    return satisfying(Not(condition), opened) if asks else Query.empty_query()


def counts_in(condition: Condition) -> bool:
    """True if it depends on what is counted of papers."""
    match condition:
        case Range(field):
            return field in COUNTED
        case Not(inner):
            return counts_in(inner)
        case AllOf(several) | AnyOf(several):
            return any(map(counts_in, several))
    return False


def beginning(word: str) -> tuple[str, str] | None:
    """Of a folded "neur*" the beginning of a word, and what stands before it without a blank."""
    if not word.endswith("*"):
        return None
    start = _NO_LETTER.split(word[:-1])[-1]
    return (start, word[: -1 - len(start)]) if len(start) >= LEAST_LETTERS else None


class _Filter:
    """Conditions as tantivy takes them; None where a condition asks for nothing."""

    def __init__(self, opened: Opened) -> None:
        self._in = opened

    def query(self, condition: Condition) -> Query | None:
        match condition:
            case Words() | Phrase():
                # What is typed and no paper can have is TeX that only looks like a word, or longer than any.
                is_something = any(map(str.isalnum, condition.text))
                return self._text(condition) or (Query.empty_query() if is_something else None)
            case Term(field, value):
                return self._term(field, value)
            case Range() | Among():
                return self._numbered(condition)
            case Not(inner):
                return self._without(inner)
            case AllOf(conditions):
                return self._together(conditions)
            case AnyOf(conditions):
                return any_of(map(self.query, conditions))

    def _text(self, condition: Words | Phrase) -> Query | None:
        match condition:
            case Words("author" | "org") | Phrase("author" | "org") if _is_too_long(condition.text):
                # The index keeps no such word, and would look for the others alone.
                return Query.empty_query()
            case Words("author" | "org" as field, text):
                return self._named(field, fold(text))
            case Words(field, text):
                return all_of(self._word(field, word) for word in fold(text).split()[:MOST_WORDS])
            case Phrase("author" | "org" as field, text):
                return self._in.phrase(NAMES[field], names(fold(text))[:MOST_WORDS])
            case Phrase(field, text):
                return self._phrase(field, stems(fold(text)))

    def _without(self, condition: Condition) -> Query | None:
        if isinstance(condition, Not):
            return self.query(condition.condition)
        if isinstance(condition, AllOf):
            return any_of(self.query(Not(one)) for one in condition.conditions)
        return self._together((Not(condition),))

    def _together(self, conditions: Sequence[Condition]) -> Query | None:
        """What all conditions hold for. Exclusions are made at once: each alone goes through all papers."""
        wanted = all_of(self.query(one) for one in conditions if not isinstance(one, Not))
        excluded = any_of(self.query(one.condition) for one in conditions if isinstance(one, Not))
        if excluded is None:
            return wanted
        # An exclusion alone finds nothing in tantivy: it has to be told from what.
        among = wanted or Query.all_query()
        return Query.boolean_query([(Occur.Must, among), (Occur.MustNot, excluded)])

    def _word(self, field: str, word: str) -> Query | None:
        """A word as it is typed: "gpt-4" is its parts in order, "c++" not every "c", "neur*" a beginning."""
        if start := beginning(word):
            return self._starting(field, *start)
        parts = stems(word)
        if not parts and any(map(str.isalnum, word)):
            return Query.empty_query()  # a word so long that none like it is indexed
        whole = (
            self._in.term("compounds", one) for one in compound_words(word) if is_more_than_its_parts(one)
        )
        return all_of([self._phrase(field, parts), *whole])

    def _phrase(self, field: str, words: Sequence[str]) -> Query | None:
        if len(words) == 1 and len(words[0]) == 1 and is_pair(words[0]):
            # A sign that stands beside others of its kind is a part of pairs only.
            return any_of(self._in.like(one, f".?{words[0]}.?") for one in WRITTEN.get(field, (field,)))
        if field in STEMMED:
            return self._in.phrase(field, words[:MOST_WORDS])
        forms = [self._forms(WRITTEN[field][0], stem) for stem in words[:MOST_WORDS]]
        if not all(forms):
            return Query.empty_query()
        if len(forms) == 1:
            return any_of(self._in.term(WRITTEN[field][0], form) for form in forms[0])
        patterns = ["|".join(map(re.escape, some)) for some in forms]
        return self._in.like(WRITTEN[field][0], *patterns) if patterns else None

    def _forms(self, field: str, stem: str) -> list[str]:
        """All words of an unstemmed field that have this stem."""
        start = stem[:1] if stem in _CHANGED else stem[: max(2, len(stem) - 1)]
        # All words that begin with a letter are a tenth of the dictionary.
        words = (
            [f"{stem}{end}" for end in _ENDS_OF_A_LETTER]
            if len(stem) == 1
            else list(self._in.words_from(start, field, limit=MOST_FORMS))
        )
        return [word for word, one in zip(words, stems(" ".join(words)), strict=True) if one == stem]

    def _starting(self, field: str, start: str, before: str) -> Query | None:
        word = "".join(names(start))
        if field in WRITTEN:
            return self._in.starting(WRITTEN[field], word, names(before))
        # "optimiz" is longer than the stem of its words, and only lacks an "e" to have it.
        whole = (self._in.phrase(field, stems(start + end)) for end in ("", "e"))
        started = any_of([self._in.starting((field,), word), *whole])
        return all_of([self._in.phrase(field, stems(before)), started])

    def _named(self, field: str, text: str) -> Query | None:
        """Who or what has all these names."""
        if start := beginning(text):
            return self._in.starting((NAMES[field],), "".join(names(start[0])), names(start[1]))
        if field == "author":
            return self._author(text)
        short = self._in.term("organization", name_slug(text))
        return any_of([self._in.phrase(NAMES[field], names(text)[:MOST_WORDS], slop=NAME_SLOP), short])

    def _term(self, field: str, value: str) -> Query | None:
        if field == "organization":
            return self._organization(value)
        return any_of(self._in.term(one, value) for one in TERMS[field])

    def _organization(self, slug: str) -> Query | None:
        """The organization that has this page, or, where no paper has it, to whose page it leads on."""
        if not self._in.papers_with("organization", slug) and (there := authors.organization(slug)):
            slug = there.slug
        return self._in.term("organization", slug)

    def _author(self, text: str) -> Query | None:
        """Somebody with all these names, in any order."""
        words = names(text)[:MOST_WORDS]
        # "J. Doe" and "Doe, J" are whoever has that initial and that family name.
        whole = [word for word in words if len(word) > 1] or words
        initials = (self._in.term("initials", word + whole[-1]) for word in words if word not in whole)
        return all_of([self._in.phrase(NAMES["author"], whole, slop=NAME_SLOP), *initials])

    def _counted(self, field: str, low: int, high: int) -> Query:
        papers, are_excluded = self._in.counts().between(COUNTED[field], low, high)
        found = self._in.these(papers.tolist())
        if not are_excluded:
            return found
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, found)])

    def _numbered(self, condition: Range | Among) -> Query:
        if isinstance(condition, Range):
            return self._range(condition)
        return self._in.these(condition.papers) if condition.papers else Query.empty_query()

    def _range(self, condition: Range) -> Query:
        low = max(LOWEST.get(condition.field, 0), condition.low or 0)
        high = HIGHEST if condition.high is None else condition.high
        if high < low:
            return Query.empty_query()
        if condition.field in COUNTED:
            return self._counted(condition.field, low, high)
        if condition.field != "date" or condition.low is None:
            return self._in.between(NUMBERS[condition.field], packed(low, 0), packed(high, HIGHEST))
        # A paper of which only the year or month is known is of every day of it.
        since = self._in.between("until", packed(low, 0), MOST)
        if condition.high is None:
            return since
        until = self._in.between("day", packed(1, 0), packed(high, HIGHEST))
        return Query.boolean_query([(Occur.Must, since), (Occur.Must, until)])


def _is_too_long(text: str) -> bool:
    """True if a word of the text is longer than those that the index keeps."""
    return any(len(word.encode()) >= LONGEST_WORD for word in fold(text).split())
