"""The two engines of this instance, words and meaning, and what they say together.

Nothing here reads the database: what is measured on a test set is what readers get.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from broadsheet.search.embedding_models.embedding import EmbeddingModel, ModelError
from broadsheet.search.embedding_models.runtimes import runtime
from broadsheet.search.folder import model_in_use
from broadsheet.search.fusion import SAME_SCORE, Candidates, Flags, Floats, Fused, Numbers, fuse
from broadsheet.search.query.conditions import AllOf, Among, Condition
from broadsheet.search.query.language import Part, Query, plain
from broadsheet.search.question import Question
from broadsheet.search.vectors import Vectors, vectors_of
from broadsheet.search.word_index.facets import Facet
from broadsheet.search.word_index.filtering import counts_in
from broadsheet.search.word_index.lexical import WordIndex, WordIndexError, word_index

# Papers that each engine hands over: more of them change the first pages of no query (docs/search.md).
CANDIDATES = 300

# Words are looked for while the question is embedded: neither holds the interpreter.
BESIDE = ThreadPoolExecutor(thread_name_prefix="words")

# Of what the words of a question tell, the part that a paper must have which has not all of them and is not
# embedded yet: half of the words, where all are as rare.
ENOUGH = 0.5
# Signs as wide as Chinese ones, and what a model has read in their place; the word index knows both.
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# How far the floor sinks for a paper that has the more of them, and rises where no paper has any: what is
# made up means nothing to a model, but is close to something. Chosen on scifact: docs/search.md.
SINKING = 0.2
RISING = 0.03

Ranking = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Rankings:
    """What each engine handed over, papers and scores, best first; and both fused.

    `total` is how many papers match, wherever they stand; `matching` of them are in the fused ranking, and
    `close` others; where the ranking `is_cut`, further papers that nobody looked at may be close, too.
    """

    words: Ranking
    meaning: Ranking
    fused: Fused
    total: int
    matching: int
    close: int
    is_cut: bool


class ByWords(NamedTuple):
    """What the word index finds: the best of those with any of the words, the best matches, and how many
    papers match in all.
    """

    some: Ranking
    matches: Ranking
    total: int


@dataclass(slots=True)
class Engines:
    """The engines over one index folder; `notes` tell the reader, in sentences, what they could not do."""

    words: WordIndex
    meaning: Vectors
    model: EmbeddingModel
    notes: list[str] = field(default_factory=list)
    _known: dict[Question, AllOf] = field(default_factory=dict)

    @staticmethod
    def of(folder: Path) -> Engines:
        """The engines of that index folder, as they are now."""
        model = model_in_use(folder)
        return Engines(word_index(folder).held(), vectors_of(folder, model), model)

    def state(self, condition: Condition | None) -> Hashable | None:
        """What all answers depend on where that condition is asked for; None where no word can be found."""
        words = self.words.state(condition)
        return (words, self.meaning.state(), self.model) if words else None

    def coverage(self) -> float:
        """The part of the papers, from 0 to 1, that can be found by meaning."""
        embedded = self.meaning.count()
        try:
            papers = self.words.count()
        except WordIndexError:
            papers = embedded
        return min(1.0, embedded / papers) if papers else 1.0

    def rank(self, question: Question) -> Rankings:
        """The papers that answer the question: its best matches, and what is close to it.

        What is no match is kept only where its embedding lies above the model's floor, which sinks as it has
        more of the words; where it has none yet, if it has ENOUGH of them.
        """
        asked = question.asked
        if question.within is None:
            finding_words = self._begin(question)
            embedded = self._embedded(asked.text)
            meaning = self._by_meaning(embedded, self._allowed(asked.condition))
            words = finding_words()
        else:
            embedded = self._embedded(asked.text)
            allowed = self._within(question, question.asked.condition)
            meaning = self._by_meaning(embedded, allowed)
            words = self._by_words_within(question, [paper for paper, _ in meaning] or allowed.tolist())
        candidates = self._candidates(embedded, words, meaning)
        moved = candidates.moved()
        told = self._look_at(question, candidates, moved.best, words)
        near = self._are_close(candidates, asked, told)
        fused = fuse(moved, told[moved.best], candidates.matching | near)
        return Rankings(
            words=words.some,
            meaning=meaning,
            fused=fused,
            total=words.total,
            matching=int(np.count_nonzero(candidates.matching)),
            close=int(np.count_nonzero(near & ~candidates.matching)),
            is_cut=self._is_cut(question, candidates, words.some, meaning, near),
        )

    def _candidates(self, embedded: Floats, words: ByWords, meaning: Ranking) -> Candidates:
        found, said = _columns([*words.matches, *words.some])
        papers = np.unique(np.concatenate([found, _columns(meaning)[0]]))
        rows, scores = np.searchsorted(papers, found), np.zeros(len(papers))
        scores[rows] = said
        matching = np.zeros(len(papers), np.bool_)
        matching[rows[: len(words.matches)]] = True
        return Candidates(
            papers=papers,
            words=scores,
            matching=matching,
            vectors=self._vectors(papers),
            question=embedded,
            aim=embedded,
            centre=self.meaning.centre(),
        )

    def _look_at(self, question: Question, candidates: Candidates, best: Numbers, words: ByWords) -> Floats:
        """How much the words of the question tell that candidates have, as far as that counts: the best ones,
        and those of which words decide whether they are close. Further ones that match are marked.
        """
        told = np.zeros(len(candidates.papers))
        may_match = _may_match(candidates, words)
        rows = np.union1d(best, np.flatnonzero(self._is_unsure(candidates) | may_match))
        try:
            told[rows], matching = self.words.present(
                question.asked.text,
                candidates.papers[rows].tolist(),
                # Where all matches were handed over, there is nothing to be asked.
                self._wanted(question) if may_match.any() else None,
            )
        except WordIndexError:
            return told
        candidates.matching[rows] |= matching
        return told

    def _begin(self, question: Question) -> Callable[[], ByWords]:
        """What waits for the words, which a thread looks for meanwhile.

        Votes and comments stand in the database, and a thread has no connection to it.
        """
        if question.asked.condition and counts_in(question.asked.condition):
            found = self._by_words(question)
            return lambda: found
        return BESIDE.submit(self._by_words, question).result

    def by_words(self, asked: Query) -> Ranking:
        """The papers with any of the words; nothing where the index cannot be read."""
        try:
            return self.words.search(asked, limit=CANDIDATES)
        except WordIndexError:
            return []

    def further(self, question: Question, start: int, stop: int, *, without: Fused) -> list[int]:
        """The matches that are not in the ranking, from one place to another, those with most words first."""
        papers = without.numbers[without.rows].tolist()
        try:
            wanted: Condition = self._wanted(question)
            if question.within is not None:
                wanted = Among(tuple(self.matches_within(question).tolist()))
            text = question.asked.text
            found, _ = self.words.scored(wanted, text=text, limit=stop - start, offset=start, without=papers)
        except WordIndexError:
            return []
        return [paper for paper, _ in found]

    def matches_within(self, question: Question) -> Numbers:
        """Those of the papers asked about that match; none where words cannot be searched."""
        try:
            wanted = self._wanted(question)
        except WordIndexError:
            return np.empty(0, np.int64)
        return self._within(question, wanted)

    def facets(self, question: Question) -> tuple[Facet, ...]:
        """How the matches are spread."""
        try:
            return self.words.facets(self._wanted(question))
        except WordIndexError:
            return ()

    def matching(self, question: Question, papers: Sequence[int]) -> frozenset[int]:
        """Those of the papers that match."""
        try:
            return frozenset(self.words.among(papers, self._wanted(question)))
        except WordIndexError:
            return frozenset()

    def _by_words(self, question: Question) -> ByWords:
        """What the word index finds; nothing where it cannot be read."""
        asked = question.asked
        try:
            matches, total = self.words.scored(self._wanted(question), text=asked.text, limit=CANDIDATES)
            # Without plain words, whatever has any of the words asked for and satisfies the query matches.
            some = self.words.search(asked, limit=CANDIDATES) if question.words else []
        except WordIndexError:
            return ByWords([], [], 0)
        return ByWords(some, matches, total)

    def _by_words_within(self, question: Question, near: Sequence[int]) -> ByWords:
        """What the word index finds of the papers that are asked about: the best matches, and what the words
        say of those that are near in meaning.
        """
        text, matching = question.asked.text, self.matches_within(question)
        of_near = Query((*plain(text).parts, Part("", "", Among(tuple(near)))))
        try:
            matches, _ = self.words.scored(Among(tuple(matching.tolist())), text=text, limit=CANDIDATES)
            some = self.words.search(of_near, limit=CANDIDATES) if question.words else []
        except WordIndexError:
            return ByWords([], [], 0)
        return ByWords(some, matches, len(matching))

    def _within(self, question: Question, condition: Condition | None) -> Numbers:
        """Of the papers that are asked about those that satisfy the condition, in order."""
        papers = np.array(question.within or (), np.int64)
        try:
            return papers if condition is None else self.words.within(papers, condition)
        except WordIndexError:
            return papers[:0]

    def _wanted(self, question: Question) -> AllOf:
        """What the matches of the question satisfy, worked out once. Raises WordIndexError."""
        if question not in self._known:
            self._known[question] = question.wanted(self.words)
        return self._known[question]

    def _floor(self, candidates: Candidates) -> float:
        return self.model.floor if candidates.words.any() else self.model.floor + RISING

    def _is_near(self, candidates: Candidates, floor: Floats | float) -> Flags:
        """Which of the candidates have an embedding no further from the question."""
        known = candidates.embedded & candidates.question.any()
        return known & (candidates.cosines >= floor)

    def _is_unsure(self, candidates: Candidates) -> Flags:
        """Which of the candidates are no matches, and close only with enough of the words."""
        floor = self._floor(candidates)
        known = candidates.embedded & candidates.question.any()
        may_be = np.where(known, self._is_near(candidates, floor - SINKING), np.True_)
        return (candidates.words > 0) & may_be & ~self._is_near(candidates, floor) & ~candidates.matching

    def _are_close(self, candidates: Candidates, asked: Query, told: Floats) -> Flags:
        """Which of the candidates are close enough; `told` is what the words tell that each has."""
        part = told * (candidates.words > 0) / (self._telling(asked) or 1)
        near = self._is_near(candidates, self._floor(candidates) - SINKING * part)
        known = candidates.embedded & candidates.question.any()
        return near | ~known & (part >= ENOUGH)

    def _is_cut(
        self, question: Question, candidates: Candidates, some: Ranking, meaning: Ranking, near: Flags
    ) -> bool:
        """Whether papers behind the last that an engine handed over may be close enough, too."""
        if len(meaning) == CANDIDATES and meaning[-1][1] >= self._floor(candidates):
            return True
        # What has the only word of a question matches it.
        if len(some) < CANDIDATES or len(question.words) == 1:
            return False
        last = np.searchsorted(candidates.papers, some[-1][0])
        return bool(near[last] or candidates.matching[last])

    def _telling(self, asked: Query) -> float:
        """How much all words of the question tell."""
        try:
            return self.words.telling(asked.text)
        except WordIndexError:
            return 0.0

    def _allowed(self, condition: Condition | None) -> Numbers | None:
        """The papers that satisfy the condition; None where there is none, and so all do."""
        try:
            return None if condition is None else self.words.allowed(condition)
        except WordIndexError:
            return np.empty(0, np.int64)

    def _embedded(self, text: str) -> Floats:
        """The embedding of the question; zeros, and a note, where it cannot be had."""
        coverage = self.coverage()
        nothing = np.zeros(self.model.dimension, np.float32)
        if not self.meaning.count():
            if not coverage:
                self.notes.append("Search by meaning is not ready yet, so this is a search by words alone.")
            return nothing
        try:
            question = _question(self.model, text.translate(FULL_WIDTH))
        except ModelError as problem:
            self.notes.append(f"Search by meaning is not available: {problem}.")
            return nothing
        if coverage < 1:
            self.notes.append(f"Search by meaning covers {int(coverage * 100)} % of the papers so far.")
        return question

    def _by_meaning(self, question: Floats, allowed: Numbers | None) -> Ranking:
        return self.meaning.nearest(question, limit=CANDIDATES, allowed=allowed) if question.any() else []

    def _vectors(self, papers: Numbers) -> Floats:
        """The embedding of each paper, a row each; zeros where it has none."""
        found, known = self.meaning.of(papers)
        if len(found) == len(papers):
            return known
        rows = np.zeros((len(papers), self.model.dimension), np.float32)
        rows[np.searchsorted(papers, found)] = known
        return rows


# Other pages of a search, other filters and other orders ask for the same text again.
@lru_cache(maxsize=256)
def _question(model: EmbeddingModel, text: str) -> Floats:
    """The embedding of a question. Raises ModelError."""
    return runtime(model).embed_query(text)


def _may_match(candidates: Candidates, words: ByWords) -> Flags:
    """Which of the candidates may be matches beyond those that were handed over: none of more words."""
    if words.total <= len(words.matches):
        return np.zeros(len(candidates.papers), np.bool_)
    lowest = min(score for _, score in words.matches)
    return (candidates.words <= lowest * (1 + SAME_SCORE)) & ~candidates.matching


def _columns(found: Ranking) -> tuple[Numbers, Floats]:
    """The papers of a ranking, and their scores."""
    papers, scores = zip(*found, strict=True) if found else ((), ())
    return np.array(papers, np.int64), np.array(scores, np.float64)
