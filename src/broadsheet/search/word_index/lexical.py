"""The word index: which papers have the words of a query and satisfy its conditions (by tantivy)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from copy import copy
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Literal, TypeGuard, TypeVar

import numpy as np
from numpy.typing import NDArray
from tantivy import Index, Occur, Order, Query

from broadsheet.search import folder
from broadsheet.search.counts import Count, Counts, Ordered, counts
from broadsheet.search.documents import Document
from broadsheet.search.query.conditions import AllOf, Condition
from broadsheet.search.query.language import Query as Asked
from broadsheet.search.word_index import checking, facets, presence
from broadsheet.search.word_index.entries import HIGHEST, MOST, PAPER_BITS, SCHEMA, Place, entry
from broadsheet.search.word_index.facets import Facet
from broadsheet.search.word_index.filtering import COUNTED, counts_in, failing, satisfying
from broadsheet.search.word_index.opened import Opened, all_of, these
from broadsheet.search.word_index.presence import Presence
from broadsheet.search.word_index.ranking import ranking
from broadsheet.search.word_index.words import ANALYZERS

HEAP_A_THREAD = 64_000_000
# Below this, starting another thread costs more than it brings, and leaves one more small file set.
PAPERS_FOR_ALL_CORES = 2_000
# What reads the papers and prepares them is one thread, which keeps no more busy.
MOST_THREADS = 4

# Sets of papers kept for the next page of the same query; one of a million papers has 8 MB.
SETS_KEPT = 8
# So many papers of the catalogue are read in the time in which a given one is looked for.
SATISFYING_PER_PAPER = 4
DICTIONARIES_KEPT = 64  # the words with one first letter, some 100 kB
EVERY_PAPER = AllOf(())

# The word index in use, and its last commit.
State = tuple[Path | None, checking.Stamp | None]
UNSEEN: State = (Path(), None)
Mark = tuple[State, int]

Papers = NDArray[np.int64]
Sort = Literal["date", "votes", "comments", "submitted", "updated", "added"]
SORTS: dict[Sort, str] = {
    "date": "day",
    "submitted": "submitted",
    "updated": "updated",
    "added": "paper",
}
Answer = TypeVar("Answer")


class WordIndexError(Exception):
    """There is no word index, or it cannot be read."""


class WordIndex:
    """The word index of a folder, open for searching; it follows every commit and every switch.

    Every question raises WordIndexError where there is no index, or a damaged one.
    """

    def __init__(self, root: Path, counts: Callable[[], Counts] = counts) -> None:
        self._root, self._counts = root, counts
        self._lock = Lock()
        self._index: Index | None = None
        self._schema = SCHEMA
        self._state = self._broken = UNSEEN
        self._reason = ""
        self._held: Opened | None = None
        self._files: dict[Path, checking.Stamp | None] = {}
        self._sets = lru_cache(SETS_KEPT)(self._set)
        self._dictionary = lru_cache(DICTIONARIES_KEPT)(self._words_from)

    def held(self) -> WordIndex:
        """The index as it is now, for all questions of one request: its files are looked at once."""
        opened = self._held
        # Copied when it has been looked at: what it keeps is kept for the commit that it sees.
        with self._lock:
            with suppress(WordIndexError):
                opened = opened or self._newest()
            held = copy(self)
        held._held = opened  # noqa: SLF001 - of the same class
        return held

    def state(self, condition: Condition | None) -> Mark | None:
        """What its answers depend on where that condition is asked for; None where it cannot be read, and
        unless it is `held`.
        """
        return self._mark(condition or EVERY_PAPER) if self._held else None

    def search(self, asked: Asked, *, limit: int) -> list[tuple[int, float]]:
        """The papers with words of the question that satisfy its condition, and their scores, best first."""
        return self._ask(lambda opened: _best(opened, asked, limit))

    def present(self, text: str, papers: Sequence[int], condition: Condition | None) -> Presence:
        """What the words of the text tell that each paper has, and which of them satisfy the condition."""

        def answer(opened: Opened) -> Presence:
            wanted = None if condition is None else satisfying(condition, opened)
            return presence.present(opened, text, papers, wanted)

        return self._ask(answer)

    def telling(self, text: str) -> float:
        """How much all words of the text tell together."""
        return self._ask(lambda opened: presence.telling(opened, text))

    def allowed(self, condition: Condition) -> Papers:
        """The numbers of all papers that satisfy the condition, in order; not to be written to."""
        return self._ask(lambda _: self._sets(self._mark(condition), condition))

    def listed(
        self,
        condition: Condition | None,
        *,
        sort: Sort,
        limit: int,
        offset: int = 0,
        order: Order = Order.Desc,
        after: Place | None = None,
        since: Place | None = None,
    ) -> tuple[list[Place], int]:
        """One page of all papers that satisfy the condition, highest first, and how many they all are; of
        equal ones the one added last stands first. The ascending order is the same backwards.

        With `since` they are all only those that stand above that place, and the page is of what stands
        below `after`.
        """
        page = slice(offset, offset + limit)
        if is_counted(sort):
            counted = self._by_count(condition or EVERY_PAPER, sort, after=after, since=since)
            return [Place.of(one) for one in counted.page(page, ascending=order == Order.Asc)], counted.total
        field = SORTS[sort]

        def answer(opened: Opened) -> tuple[list[Place], int]:
            wanted = _above(opened, satisfying(condition or EVERY_PAPER, opened), field, since)
            if after is None:
                return _page(opened, wanted, field, page, order)
            places, _ = _page(opened, _below(opened, wanted, field, after), field, page, order)
            return places, _counted(opened, wanted)

        return self._ask(answer)

    def _by_count(
        self, condition: Condition, count: Count, *, after: Place | None, since: Place | None
    ) -> Ordered:
        """The papers that satisfy the condition, as they are sorted by a count."""
        papers = self.allowed(condition)
        counts = np.clip(self._counts().of(count, papers), 0, HIGHEST)
        keys = counts.astype(np.uint64) << np.uint64(PAPER_BITS) | papers.astype(np.uint64)
        if since is not None:
            keys = keys[keys > np.uint64(since.packed)]
        shown = keys if after is None else keys[keys < np.uint64(after.packed)]
        return Ordered(shown, len(keys))

    def having(self, condition: Condition) -> int:
        """How many papers satisfy the condition."""
        return self._ask(lambda opened: _counted(opened, satisfying(condition, opened)))

    def scored(
        self, condition: Condition, *, text: str, limit: int, offset: int = 0, without: Sequence[int] = ()
    ) -> tuple[list[tuple[int, float]], int]:
        """One page of the papers that satisfy the condition, with their scores by the words of the text, the
        highest first, and how many they all are; some may be left out.
        """
        page = slice(offset, offset + limit)
        return self._ask(lambda opened: _scored(opened, condition, text, page, without))

    def among(self, papers: Sequence[int], condition: Condition) -> list[int]:
        """Those of the papers that satisfy the condition, in order."""

        def answer(opened: Opened) -> Papers:
            wanted = all_of([opened.these(papers), satisfying(condition, opened)]) or opened.these(papers)
            return _all(opened, wanted, len(papers))

        return list(map(int, self._ask(answer))) if papers else []

    def within(self, papers: Papers, condition: Condition) -> Papers:
        """The same for many papers, numbers in order."""
        if not len(papers):
            return papers
        # All that satisfy it are kept for the next page, and found sooner than many papers are looked for.
        if self.having(condition) <= SATISFYING_PER_PAPER * len(papers):
            return np.intersect1d(papers, self.allowed(condition), assume_unique=True)
        return np.array(self.among(papers.tolist(), condition), np.int64)

    def facets(self, condition: Condition) -> tuple[Facet, ...]:
        """How the papers that satisfy the condition are spread."""
        return self._ask(lambda opened: facets.count(opened.searcher, satisfying(condition, opened)))

    def values(self, papers: Sequence[int], sort: Sort) -> NDArray[np.int64]:
        """What each of the papers is sorted by; 0 where it is not indexed."""
        if is_counted(sort):
            return self._counts().of(sort, np.array(papers, np.int64))
        places = {paper: place for place, paper in enumerate(papers)}
        values = np.zeros(len(papers), np.int64)

        def fill(opened: Opened) -> None:
            found = opened.searcher.search(opened.these(papers), len(papers), count=False)
            addresses = [address for _, address in found.hits]
            for value in map(int, opened.searcher.fast_field_values(SORTS[sort], addresses)):  # type: ignore[arg-type]
                values[places[value & HIGHEST]] = value >> PAPER_BITS

        if papers:
            self._ask(fill)
        return values

    def most_with(self, words: Iterable[tuple[str, str]]) -> int:
        """Of several words, each in a field of the index, how many papers have that which most have."""
        return self._ask(lambda opened: max(opened.papers_with(field, word) for field, word in words))

    def words_from(self, beginning: str, field: str, *, limit: int) -> dict[str, int]:
        """The most frequent words of that field that begin so, with how many papers have each; read only."""
        return self._ask(lambda _: self._dictionary(self._state, beginning, field, limit))

    def count(self) -> int:
        """How many papers are indexed."""
        return self._ask(lambda opened: opened.papers)

    def was_begun(self) -> bool:
        """Whether there ever was an index, be it damaged or gone by now."""
        return folder.was_begun(self._root)

    def _mark(self, condition: Condition) -> Mark:
        """What a set of papers depends on: the commit, and the counts where they are asked for."""
        return self._state, self._counts().stamp if counts_in(condition) else 0

    def _set(self, mark: Mark, condition: Condition) -> Papers:
        opened = self._opened()
        if condition == EVERY_PAPER:
            papers = _every(opened)
        elif 2 * _counted(opened, satisfying(condition, opened)) <= opened.papers:
            papers = _all(opened, satisfying(condition, opened), opened.papers)
        else:
            others = _all(opened, failing(condition, opened), opened.papers)
            papers = _without(self._sets((mark[0], 0), EVERY_PAPER), others)
        papers.setflags(write=False)
        return papers

    def _words_from(self, _state: State, beginning: str, field: str, limit: int) -> dict[str, int]:
        return self._opened().words_from(beginning, field, limit=limit)

    def _ask(self, question: Callable[[Opened], Answer]) -> Answer:
        opened = self._opened()
        try:
            return question(opened)
        except _damages() as problem:
            with self._lock:
                # What is held is of no use for a further question either.
                self._held, self._broken, self._reason = None, self._state, str(problem)
            raise self._error() from problem

    def _opened(self) -> Opened:
        if self._held:
            return self._held
        with self._lock:
            return self._newest()

    def _newest(self) -> Opened:
        state = self._on_disk()
        while state != self._broken:
            try:
                index = self._fresh(*state)
                return Opened(index.searcher(), self._schema, self._counts)
            except _damages() as problem:
                self._index, before, state = None, state, self._on_disk()
                # A commit or a switch meanwhile takes files away; then another look tells.
                if state == before:
                    self._broken, self._reason = state, str(problem)
        raise self._error()

    def _error(self) -> WordIndexError:
        return WordIndexError(f"the word index in {self._root} cannot be read: {self._reason}")

    def _on_disk(self) -> State:
        return last_commit(self._root)

    def _fresh(self, words: Path | None, commit: checking.Stamp | None) -> Index:
        """The index as it is on disk now. Raises ValueError and OSError where it cannot be read."""
        if words is None:
            raise FileNotFoundError("there is none of this form or the one before")
        if self._index is None or words != self._state[0] or checking.have_changed(self._files):
            index = _open(words)
            checking.verify(words)
            self._index, self._state = index, UNSEEN
            # Whether the fields are the present ones is asked of each query.
            self._schema = SCHEMA if folder.is_present(words) else index.schema
        if (words, commit) != self._state:
            self._index.reload()
            self._state, self._files = (words, commit), checking.stamps(words)
        return self._index


def is_counted(sort: Sort) -> TypeGuard[Count]:
    """True for what is sorted by in the counts beside the index."""
    return sort in COUNTED


def last_commit(root: Path) -> State:
    """The word index in use and the mark of its last commit: with them changes what is found."""
    words = folder.answering(root)
    return words, checking.stamp(words / "meta.json") if words else None


@cache
def word_index(root: Path) -> WordIndex:
    """The word index of that folder, opened once in this process."""
    return WordIndex(root)


def write(words: Path, papers: Sequence[int], documents: Iterable[Document]) -> None:
    """Put the documents in place of all that the index has of the papers, and commit.

    After a kill the index is as before or as after, never between. Raises ValueError where it is damaged.
    """
    threads = min(_cores(), MOST_THREADS) if len(papers) >= PAPERS_FOR_ALL_CORES else 1
    index = _open(words)
    writer = index.writer(HEAP_A_THREAD * threads, threads)
    try:
        if index.searcher().num_docs:
            # By a query, since deleting by a term leaves unsigned numbers where they are (tantivy-py 0.27).
            writer.delete_documents_by_query(these(SCHEMA, papers))
        for document in documents:
            writer.add_json(entry(document))
        writer.commit()
    finally:
        # Lets go of the index; what was not committed is dropped.
        writer.wait_merging_threads()


def _cores() -> int:
    """How many processors this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def create(words: Path) -> None:
    """Make an empty word index in the empty folder."""
    Index(SCHEMA, path=str(words))


def _open(words: Path) -> Index:
    index = Index.open(str(words))
    if folder.is_present(words) and index.schema != SCHEMA:
        raise ValueError("its fields are not those of this version")
    for name, analyzer in ANALYZERS.items():
        index.register_tokenizer(name, analyzer)
    index.config_reader("manual")
    return index


def _damages() -> tuple[type[BaseException], ...]:
    """What comes of files that make no sense; tantivy panics with a class that nobody can import."""
    panics = (kind for kind in BaseException.__subclasses__() if kind.__name__ == "PanicException")
    return (OSError, ValueError, LookupError, *panics)


def _best(opened: Opened, asked: Asked, limit: int) -> list[tuple[int, float]]:
    wanted = ranking(asked.text, opened)
    if wanted is None:
        return []
    if asked.condition is not None:
        among = satisfying(asked.condition, opened)
        wanted = Query.boolean_query([(Occur.Must, wanted), (Occur.Must, among)])
    hits = opened.searcher.search(wanted, limit, count=False).hits
    papers = opened.searcher.fast_field_values("paper", [address for _, address in hits])
    found = [(int(paper), float(score)) for paper, (score, _) in zip(papers, hits, strict=True)]  # type: ignore[arg-type]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _page(opened: Opened, wanted: Query, field: str, page: slice, order: Order) -> tuple[list[Place], int]:
    start, length = _room(opened, page)
    found = opened.searcher.search(wanted, max(length, 1), offset=start, order_by_field=field, order=order)
    return [Place.of(int(value)) for value, _ in found.hits[:length]], found.count  # type: ignore[attr-defined]


def _above(opened: Opened, wanted: Query, field: str, place: Place | None) -> Query:
    return (
        wanted if place is None else all_of([wanted, opened.between(field, place.packed + 1, MOST)]) or wanted
    )


def _below(opened: Opened, wanted: Query, field: str, place: Place) -> Query:
    return all_of([wanted, opened.between(field, 0, place.packed - 1)]) or wanted


def _scored(
    opened: Opened, condition: Condition, text: str, page: slice, without: Sequence[int]
) -> tuple[list[tuple[int, float]], int]:
    parts, words = [(Occur.Must, satisfying(condition, opened))], ranking(text, opened)
    if words is not None:
        parts.append((Occur.Should, words))
    if without:
        parts.append((Occur.MustNot, opened.these(without)))
    start, length = _room(opened, page)
    found = opened.searcher.search(Query.boolean_query(parts), max(length, 1), offset=start)
    hits = found.hits[:length]
    papers = opened.searcher.fast_field_values("paper", [address for _, address in hits])
    scored = [(int(paper), float(score)) for paper, (score, _) in zip(papers, hits, strict=True)]  # type: ignore[arg-type]
    return scored, found.count  # type: ignore[attr-defined]


def _room(opened: Opened, page: slice) -> tuple[int, int]:
    """Where the page starts, and its length: tantivy makes room for all that is asked for, found or not."""
    start, stop = (min(place, opened.papers) for place in (page.start, page.stop))
    return start, stop - start


def _counted(opened: Opened, wanted: Query) -> int:
    return int(opened.searcher.search(wanted, 1).count)  # type: ignore[attr-defined]


def _all(opened: Opened, wanted: Query, limit: int) -> Papers:
    hits = opened.searcher.search(
        wanted, max(limit, 1), count=False, order_by_field="paper", order=Order.Asc
    ).hits
    return np.fromiter((paper for paper, _ in hits), np.int64, len(hits))


def _without(papers: Papers, others: Papers) -> Papers:
    """What np.setdiff1d gives for two sets in order, several times as fast: nothing has to be sorted."""
    kept = np.zeros(int(papers[-1]) + 1, np.bool_)
    kept[papers] = True
    kept[others] = False
    return np.flatnonzero(kept)


def _every(opened: Opened) -> Papers:
    everything = Query.all_query()
    ends = opened.searcher.aggregate(everything, {"papers": {"stats": {"field": "paper"}}})["papers"]
    if ends["count"] and ends["max"] - ends["min"] + 1 == ends["count"]:
        return np.arange(int(ends["min"]), int(ends["max"]) + 1)  # no gap: nothing to look through
    return _all(opened, everything, opened.papers)
