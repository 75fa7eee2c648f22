"""The word index: which papers contain the words of a query, and how much that says (BM25, by tantivy).

Three fields score a paper. `text`, title and abstract together, counts most; `title` counts again a
little, since few words carry it; `compounds` holds what loses its sense in parts ("gpt-4", "c++").
A query that is somebody's name finds that person's papers through `names`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock

from tantivy import Document as Entry
from tantivy import Index, IndexWriter, Occur, Query, Schema, SchemaBuilder, Searcher

from broadsheet.search import checking, folder
from broadsheet.search.documents import Document
from broadsheet.search.language import Query as Asked
from broadsheet.search.words import ANALYZERS, compound_words, compounds, content_stems, fold, names, stems

# Chosen on scifact, the same on all sets: docs/search.md.
TITLE_WEIGHT = 0.3
COMPOUND_WEIGHT = 0.3
NAME_WEIGHT = 3.0
# A person has few names; a longer query is never one.
LONGEST_NAME = 5
# What a page of text has; the rest of a longer query would only cost time.
MOST_WORDS = 400

HEAP_A_THREAD = 64_000_000
# Below this, starting another thread costs more than it brings, and leaves one more small file set.
PAPERS_FOR_ALL_CORES = 2_000

# The word index in use, and its last commit.
State = tuple[Path | None, checking.Stamp | None]
UNSEEN: State = (Path(), None)


class WordIndexError(Exception):
    """There is no word index, or it cannot be read."""


def _schema() -> Schema:
    builder = SchemaBuilder().add_unsigned_field("paper", indexed=True, fast=True)
    # Phrases are looked for in the text alone, so only there the places of words are kept.
    builder = builder.add_text_field("text", tokenizer_name="stems", index_option="position")
    for field, analyzer in (("title", "stems"), ("compounds", "compounds"), ("names", "names")):
        builder = builder.add_text_field(field, tokenizer_name=analyzer, index_option="freq")
    return builder.build()


SCHEMA = _schema()


class WordIndex:
    """The word index of a folder, open for searching; it follows every commit and every switch."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._index: Index | None = None
        self._state = self._broken = UNSEEN
        self._reason = ""
        self._files: dict[Path, checking.Stamp | None] = {}

    def search(self, asked: Asked, *, limit: int) -> list[tuple[int, float]]:
        """The papers with the words asked for, and their scores, best first; ties by the paper's number.

        Raises WordIndexError.
        """
        query = _query(asked)
        return self._found(query, limit) if query else []

    def keeps(self, papers: Sequence[int], asked: Asked) -> set[int]:
        """Those of the papers with every phrase asked for and nothing excluded. Raises WordIndexError."""
        if not papers or not (asked.phrases or asked.excluded):
            return set(papers)
        among = Query.term_set_query(SCHEMA, "paper", list(papers))
        query = Query.boolean_query([(Occur.Must, among), *_conditions(asked)])
        return {paper for paper, _ in self._found(query, len(papers))}

    def count(self) -> int:
        """How many papers are indexed. Raises WordIndexError."""
        return int(self._searcher().num_docs)

    def _found(self, query: Query, limit: int) -> list[tuple[int, float]]:
        searcher = self._searcher()
        hits = searcher.search(query, limit, count=False).hits
        papers = searcher.fast_field_values("paper", [address for _, address in hits])
        found = [(int(paper), float(score)) for paper, (score, _) in zip(papers, hits, strict=True)]  # type: ignore[arg-type]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _searcher(self) -> Searcher:
        with self._lock:
            return self._newest_searcher()

    def _newest_searcher(self) -> Searcher:
        state = self._on_disk()
        while state != self._broken:
            try:
                return self._fresh(*state).searcher()
            except (OSError, ValueError) as problem:
                self._index, before, state = None, state, self._on_disk()
                # A commit or a switch meanwhile takes files away; then another look tells.
                if state == before:
                    self._broken, self._reason = state, str(problem)
        raise WordIndexError(f"the word index in {self._root} cannot be read: {self._reason}")

    def _on_disk(self) -> State:
        words = folder.current(self._root)
        return words, checking.stamp(words / "meta.json") if words else None

    def _fresh(self, words: Path | None, commit: checking.Stamp | None) -> Index:
        """The index as it is on disk now. Raises ValueError and OSError where it cannot be read."""
        if words is None:
            raise FileNotFoundError("there is none of the present form")
        if self._index is None or words != self._state[0] or checking.have_changed(self._files):
            index = _open(words)
            checking.verify(words)
            self._index, self._state = index, UNSEEN
        if (words, commit) != self._state:
            self._index.reload()
            self._state, self._files = (words, commit), checking.stamps(words)
        return self._index


@cache
def word_index(root: Path) -> WordIndex:
    """The word index of that folder, opened once in this process."""
    return WordIndex(root)


def write(words: Path, papers: Sequence[int], documents: Iterable[Document]) -> None:
    """Put the documents in place of all that the index has of the papers, and commit.

    After a kill the index is as before or as after, never between. Raises ValueError where it is damaged.
    """
    threads = (os.cpu_count() or 1) if len(papers) >= PAPERS_FOR_ALL_CORES else 1
    writer = _open(words).writer(HEAP_A_THREAD * threads, threads)
    try:
        # By a query, since deleting by a term leaves unsigned numbers where they are (tantivy-py 0.27).
        writer.delete_documents_by_query(Query.term_set_query(SCHEMA, "paper", list(papers)))
        for document in documents:
            _add(writer, document)
        writer.commit()
    finally:
        # Lets go of the index; what was not committed is dropped.
        writer.wait_merging_threads()


def create(words: Path) -> None:
    """Make an empty word index in the empty folder."""
    Index(SCHEMA, path=str(words))


def _add(writer: IndexWriter, document: Document) -> None:
    title, abstract = fold(document.title), fold(document.abstract)
    entry = Entry()
    entry.add_unsigned("paper", document.paper)
    entry.add_text("title", title)
    for text in (title, abstract):
        entry.add_text("text", text)
        entry.add_text("compounds", compounds(text))
    entry.add_text("names", fold("\n".join(document.names)))
    writer.add_document(entry)


def _open(words: Path) -> Index:
    index = Index.open(str(words))
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    index.config_reader("manual")
    return index


def _query(asked: Asked) -> Query | None:
    """What is wanted, word by word; None if there is no word in it."""
    wanted = list(_wanted(asked.text))
    return Query.boolean_query([*wanted, *_conditions(asked)]) if wanted else None


def _wanted(text: str) -> Iterator[tuple[Occur, Query]]:
    text = fold(text)
    # A word said twice counts twice: in long questions, that tells what they are about.
    for stem, times in Counter(content_stems(text)[:MOST_WORDS]).items():
        yield _should("text", stem, times)
        yield _should("title", stem, times * TITLE_WEIGHT)
    for compound, times in Counter(compound_words(text)[:MOST_WORDS]).items():
        yield _should("compounds", compound, times * COMPOUND_WEIGHT)
    name = names(text)
    if 0 < len(name) <= LONGEST_NAME:
        whole = Query.boolean_query([(Occur.Must, _term("names", word)) for word in name])
        yield Occur.Should, Query.boost_query(whole, NAME_WEIGHT)


def _conditions(asked: Asked) -> Iterator[tuple[Occur, Query]]:
    for phrase in asked.phrases:
        if words := stems(fold(phrase))[:MOST_WORDS]:
            yield Occur.Must, _in_order(words)
    for phrase in asked.excluded:
        if words := stems(fold(phrase))[:MOST_WORDS]:
            yield Occur.MustNot, _in_order(words)


def _in_order(words: list[str]) -> Query:
    return Query.phrase_query(SCHEMA, "text", list(words)) if len(words) > 1 else _term("text", words[0])


def _should(field: str, word: str, weight: float) -> tuple[Occur, Query]:
    return Occur.Should, Query.boost_query(_term(field, word), weight)


def _term(field: str, word: str) -> Query:
    return Query.term_query(SCHEMA, field, word, "freq")
