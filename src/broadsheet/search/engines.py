"""The two engines of this instance, words and meaning, and what they say together.

Nothing here reads the database: what is measured on a test set is what readers get.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from broadsheet.search.embedding_models.embedding import EmbeddingModel, ModelError
from broadsheet.search.embedding_models.runtimes import runtime
from broadsheet.search.folder import model_in_use
from broadsheet.search.fusion import Candidates, Floats, Hit, Numbers, fuse
from broadsheet.search.query.conditions import Condition
from broadsheet.search.query.language import Query
from broadsheet.search.question import Question
from broadsheet.search.vectors import Vectors, vectors_of
from broadsheet.search.word_index.facets import Facet
from broadsheet.search.word_index.lexical import WordIndex, WordIndexError, word_index

# Papers that each engine hands over: more of them change the first pages of no query (docs/search.md).
CANDIDATES = 300

# Words are looked for while the question is embedded: neither holds the interpreter.
BESIDE = ThreadPoolExecutor(thread_name_prefix="words")

WITHOUT_WORDS = "The word index is missing or damaged and will be built anew; words are not searched."

Ranking = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Rankings:
    """What each engine handed over, papers and scores, best first; and both together."""

    words: Ranking
    meaning: Ranking
    hits: list[Hit]


@dataclass(slots=True)
class Engines:
    """The engines over one index folder; `notes` tell the reader, in sentences, what they could not do."""

    words: WordIndex
    meaning: Vectors
    model: EmbeddingModel
    notes: list[str] = field(default_factory=list)

    @staticmethod
    def of(folder: Path) -> Engines:
        """The engines of that index folder, as they are now."""
        model = model_in_use(folder)
        return Engines(word_index(folder), vectors_of(folder, model), model)

    def coverage(self) -> float:
        """The part of the papers, from 0 to 1, that can be found by meaning."""
        embedded = self.meaning.count()
        try:
            papers = self.words.count()
        except WordIndexError:
            papers = embedded
        return min(1.0, embedded / papers) if papers else 1.0

    def rank(self, asked: Query) -> Rankings:
        """The papers that answer the question, of those that satisfy the query's condition."""
        finding_words = BESIDE.submit(self.by_words, asked)
        question = self._embedded(asked.text)
        meaning = self._by_meaning(question, self._allowed(asked.condition))
        words = finding_words.result()
        if meaning and not words and not self.notes:
            self.notes.append("No paper has these words; these are the closest by meaning.")
        papers = np.array(sorted({paper for paper, _ in (*words, *meaning)}), np.int64)
        candidates = Candidates(
            papers=papers,
            words=_aligned(papers, words),
            vectors=self._vectors(papers),
            question=question,
            centre=self.meaning.centre(),
        ).moved()
        best = candidates.best()
        present = self._present(asked, papers[best]) if words else np.zeros(len(best))
        return Rankings(words, meaning, fuse(candidates, best, present))

    def by_words(self, asked: Query) -> Ranking:
        """What the word index finds; nothing, and a note, where it cannot be read."""
        try:
            return self.words.search(asked, limit=CANDIDATES)
        except WordIndexError:
            self.notes.append(WITHOUT_WORDS)
            return []

    def facets(self, question: Question) -> tuple[Facet, ...]:
        """How the matches are spread."""
        try:
            return self.words.facets(question.wanted(self.words))
        except WordIndexError:
            return ()

    def matching(self, question: Question, papers: Sequence[int]) -> frozenset[int]:
        """Those of the papers that match."""
        try:
            return frozenset(self.words.among(papers, question.wanted(self.words)))
        except WordIndexError:
            return frozenset()

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
                self.notes.append("No paper is embedded yet, so this is a search by words alone.")
            return nothing
        try:
            question = _question(self.model, text)
        except ModelError as problem:
            self.notes.append(f"Search by meaning is not available: {problem}.")
            return nothing
        if coverage < 1:
            self.notes.append(f"Search by meaning covers {int(coverage * 100)} % of the papers so far.")
        return question

    def _by_meaning(self, question: Floats, allowed: Numbers | None) -> Ranking:
        return self.meaning.nearest(question, limit=CANDIDATES, allowed=allowed) if question.any() else []

    def _present(self, asked: Query, papers: Numbers) -> Floats:
        """How much the words of the question tell that each paper has."""
        try:
            return self.words.present(asked.text, papers.tolist())
        except WordIndexError:
            return np.zeros(len(papers))

    def _vectors(self, papers: Numbers) -> Floats:
        """The embedding of each paper, a row each; zeros where it has none."""
        found, known = self.meaning.of(papers)
        rows = np.zeros((len(papers), self.model.dimension), np.float32)
        rows[np.searchsorted(papers, found)] = known
        return rows


# Other pages of a search, other filters and other orders ask for the same text again.
@lru_cache(maxsize=256)
def _question(model: EmbeddingModel, text: str) -> Floats:
    """The embedding of a question. Raises ModelError."""
    return runtime(model).embed_query(text)


def _aligned(papers: Numbers, found: Ranking) -> Floats:
    """The score of each paper; 0 where it was not found."""
    scores = dict(found)
    return np.array([scores.get(paper, 0.0) for paper in papers.tolist()])
