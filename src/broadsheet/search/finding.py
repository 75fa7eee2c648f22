"""Finding papers: by words and by meaning, fused into one list; papers similar to one.

Nothing a person types makes it fail. What cannot be searched at the moment is left out, and the result
says so in its notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
from django.db.models import F

from broadsheet.papers import reading
from broadsheet.papers.models import Paper
from broadsheet.search.conditions import Condition, Phrase
from broadsheet.search.embedding import EmbeddingModel, ModelError
from broadsheet.search.folder import index_folder, model_in_use, vectors_file
from broadsheet.search.fusion import Found, Hit, fuse
from broadsheet.search.language import Part, Query, parse
from broadsheet.search.lexical import WordIndex, WordIndexError, word_index
from broadsheet.search.runtimes import runtime
from broadsheet.search.vectors import Vectors, vectors

__all__ = ["Found", "Hit", "SearchResult", "find", "similar"]

# Papers that each engine hands over: more of them change the first pages of no query (docs/search.md).
CANDIDATES = 300

NO_WORD_INDEX = "The word index is missing or damaged and will be built anew; words are not searched."

Ranking = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found, of `total` papers in all; `by_words` of them have words of the query.

    `notes` are sentences for the reader: what could not be searched, or how the result came about.
    `coverage` is the part of the papers, from 0 to 1, that can be found by meaning.
    """

    hits: tuple[Hit, ...]
    total: int
    by_words: int = 0
    notes: tuple[str, ...] = ()
    coverage: float = 0.0


@dataclass(slots=True)
class _Engines:
    """The two engines as they are now, and what is to be told about them."""

    words: WordIndex
    meaning: Vectors
    model: EmbeddingModel
    notes: list[str] = field(default_factory=list)

    @property
    def coverage(self) -> float:
        embedded = self.meaning.count()
        try:
            papers = self.words.count()
        except WordIndexError:
            papers = embedded
        return min(1.0, embedded / papers) if papers else 1.0


def find(query: str, *, limit: int, offset: int = 0) -> SearchResult:
    """The papers for a query, best first, `limit` of them after the first `offset`.

    An identifier or the address of a paper finds that paper, then those that mention it. A query that
    asks for nothing gives the newest papers. Equal papers keep their order, so pages never overlap.
    """
    asked = parse(query)
    if asked.is_empty:
        return _newest(limit=limit, offset=offset)
    engines = _engines()
    if not asked.text:
        return _listed(asked, engines, limit=limit, offset=offset)
    known = reading.resolve(asked.text)
    hits = _known(known[0], asked, engines) if known else _fused(asked, engines)
    return SearchResult(
        hits=tuple(hits[offset : offset + limit]),
        total=len(hits),
        by_words=sum(hit.words is not None for hit in hits),
        notes=(*asked.notes, *engines.notes),
        coverage=engines.coverage,
    )


def similar(paper_pk: int, *, limit: int) -> list[Hit]:
    """The papers closest to this one by meaning; by the words of its title while it is not embedded."""
    engines = _engines()
    vector = engines.meaning.vector(paper_pk)
    if vector is not None:
        return fuse([], _others(engines.meaning.nearest(vector, limit=limit + 1), paper_pk)[:limit])
    title = Paper.objects.filter(pk=paper_pk).values_list("title", flat=True).first() or ""
    return fuse(_others(_words(_asking(title), engines), paper_pk)[:limit], [])


def _engines() -> _Engines:
    folder = index_folder()
    model = model_in_use(folder)
    return _Engines(word_index(folder), vectors(vectors_file(folder, model.identity), model.dimension), model)


def _newest(*, limit: int, offset: int) -> SearchResult:
    papers = Paper.objects.order_by(F("published_at").desc(nulls_last=True), "-pk").values_list(
        "pk", flat=True
    )
    hits = tuple(Hit(paper, 0.0) for paper in papers[offset : offset + limit])
    return SearchResult(hits, papers.count(), coverage=_engines().coverage)


def _listed(asked: Query, engines: _Engines, *, limit: int, offset: int) -> SearchResult:
    """The newest papers that satisfy the conditions of a query that asks for nothing else."""
    try:
        papers, total = engines.words.listed(asked.condition, sort="date", limit=limit, offset=offset)
    except WordIndexError:
        papers, total = [], 0
        engines.notes.append(NO_WORD_INDEX)
    hits = tuple(Hit(paper, 0.0) for paper in papers)
    return SearchResult(hits, total, notes=(*asked.notes, *engines.notes), coverage=engines.coverage)


def _asking(text: str, condition: Condition | None = None) -> Query:
    return Query((Part(text, text, condition),))


def _known(paper: int, asked: Query, engines: _Engines) -> list[Hit]:
    """The paper that was named, then those whose text has its name."""
    mentions = _words(_asking(asked.text, Phrase("text", asked.text)), engines)
    return [Hit(paper, 1.0), *fuse(_others(mentions, paper), [])]


def _fused(asked: Query, engines: _Engines) -> list[Hit]:
    words = _words(asked, engines)
    meaning = _meaning(asked, engines)
    if meaning and not words and not engines.notes:
        engines.notes.append("No paper has these words; these are the closest by meaning.")
    return fuse(words, meaning, unembedded=_unembedded(words, engines) if meaning else frozenset())


def _unembedded(found: Ranking, engines: _Engines) -> AbstractSet[int]:
    """The papers found that have no embedding yet."""
    if engines.coverage == 1:
        return frozenset()
    papers = [paper for paper, _ in found]
    return set(papers) - engines.meaning.digests(papers).keys()


def _words(asked: Query, engines: _Engines) -> Ranking:
    try:
        return engines.words.search(asked, limit=CANDIDATES)
    except WordIndexError:
        engines.notes.append(NO_WORD_INDEX)
        return []


def _meaning(asked: Query, engines: _Engines) -> Ranking:
    coverage = engines.coverage
    if not engines.meaning.count():
        if not coverage:
            engines.notes.append("No paper is embedded yet, so this is a search by words alone.")
        return []
    try:
        vector = runtime(engines.model).embed_query(asked.text)
    except ModelError as problem:
        engines.notes.append(f"Search by meaning is not available: {problem}.")
        return []
    if coverage < 1:
        engines.notes.append(f"Search by meaning covers {int(coverage * 100)} % of the papers so far.")
    return _allowed(engines.meaning.nearest(vector, limit=CANDIDATES), asked, engines)


def _allowed(found: Ranking, asked: Query, engines: _Engines) -> Ranking:
    """Without the papers that fail what the query asks of every result."""
    if asked.condition is None:
        return found
    try:
        allowed = engines.words.allowed(asked.condition)
    except WordIndexError:
        return []
    kept = np.isin([paper for paper, _ in found], allowed)
    return [one for one, is_kept in zip(found, kept, strict=True) if is_kept]


def _others(found: Sequence[tuple[int, float]], paper: int) -> Ranking:
    return [one for one in found if one[0] != paper]
