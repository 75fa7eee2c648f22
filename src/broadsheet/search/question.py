"""A question read once: the plain words that count in it, and what a paper must satisfy to be a match of it.

A paper matches a query if it satisfies its conditions and has all its plain words, those outside of
conditions, in its title or abstract. Function words count only where there are no other plain words.
"""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.search.query.conditions import AllOf, AnyOf, Condition, Phrase, Words
from broadsheet.search.query.language import Query
from broadsheet.search.word_index.lexical import WordIndex
from broadsheet.search.word_index.ranking import LONGEST_NAME
from broadsheet.search.word_index.words import STOP_WORDS, WORDS, fold

# "Adam" is somebody's name in many papers, and an optimizer in hardly fewer.
NAMED = 5
# What stands in the names of things, and never in those of people and organizations.
_NEVER_IN_NAMES = frozenset("0123456789+#*_/\\$^{}<>=@")


@dataclass(frozen=True, slots=True)
class Question:
    """A query, and its plain words as they were typed, without those that do not count; where it asks only
    of some papers, these are `within`, in order.
    """

    asked: Query
    words: tuple[str, ...]
    within: tuple[int, ...] | None = None

    @staticmethod
    def of(asked: Query, within: tuple[int, ...] | None = None) -> Question:
        typed = [part.text for part in asked.parts if not part.condition]
        telling = [word for word in typed if not _is_function_word(word)]
        return Question(asked, tuple(telling or typed), within)

    def wanted(self, index: WordIndex) -> AllOf:
        """What exactly its matches satisfy; every paper does where nothing is asked. Raises WordIndexError.

        Words that are the name of an author or organization of NAMED times as many papers as have them in
        their texts are asked for as a name, too: so "Ada Lund" has the papers by her as matches.
        """
        strict = self.asked.condition
        if not self.words:
            return strict or AllOf(())
        text = Words("text", " ".join(self.words))
        named = [(name, papers) for name in self._names() if (papers := index.having(name))]
        names = [name for name, papers in named if papers > NAMED * index.having(text)]
        plain = AnyOf((text, *names)) if names else text
        return AllOf((*strict.conditions, plain)) if strict else AllOf((plain,))

    def _names(self) -> tuple[Condition, ...]:
        """The plain words as the name of somebody, and of an organization, if they can be a name at all."""
        text = " ".join(self.words)
        letters = [word for word in WORDS.analyze(fold(text)) if len(word) > 1]
        is_name = len(self.words) <= LONGEST_NAME and letters and not set(text) & _NEVER_IN_NAMES
        return (Words("author", text), Phrase("org", text)) if is_name else ()


def _is_function_word(typed: str) -> bool:
    """True for "the" and "how", which say nothing about a topic; not for "state-of-the-art"."""
    words = WORDS.analyze(fold(typed))
    return bool(words) and STOP_WORDS.issuperset(words)
