"""Finding papers: by words and by meaning, fused into one list; papers like others.

Nothing a person types makes it fail. What cannot be searched at the moment is left out, and the result
says so in its notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, get_args

import numpy as np

from broadsheet.papers import identifiers, reading, tables
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.search import senses, suggesting, worked_out
from broadsheet.search.engines import Engines, Ranking, Rankings
from broadsheet.search.folder import index_folder, model_in_use
from broadsheet.search.fusion import SAME_WORK, Evidence, Fused, Hit
from broadsheet.search.query.conditions import Term
from broadsheet.search.query.language import Part, Query, parse, plain
from broadsheet.search.question import Question
from broadsheet.search.senses import Sense, is_short
from broadsheet.search.suggesting import Help
from broadsheet.search.vectors import vectors_of
from broadsheet.search.waiting import Waiting, waiting
from broadsheet.search.word_index.entries import Place
from broadsheet.search.word_index.facets import Facet
from broadsheet.search.word_index.lexical import Sort, WordIndexError, word_index
from broadsheet.search.worked_out import Worked

Order = Literal["relevance", "date", "votes", "comments"]
ORDERS: tuple[Order, ...] = get_args(Order)

# Papers that may be examples of what is wanted, and as many of what is not.
MOST_EXAMPLES = 10
# How much an example of what is not wanted counts against one of what is.
UNLIKE = 0.5
# Papers looked at besides those wanted, for near-duplicates of the examples fall out.
MOST_COPIES = 50
# Less like the only example, a paper lies further away than near-duplicates do, whatever is rounded.
MAY_BE_A_COPY = SAME_WORK - 0.02
# The best results, among which senses are looked for.
SENSED = 100
# Papers offered where none satisfies the whole query.
CLOSEST = 10
NO_HELP = Help()

# A paper that was named: its key and its address.
Known = tuple[int, str]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found: of `total` papers that match and of `close` others that are only close in
    meaning, the closest of more where the list `is_cut`. `shown` tells how long all pages are together, for
    near-duplicates stand under one another.

    `notes` are sentences for the reader: how the query was read, what could not be searched. `coverage` is
    the part of the papers, from 0 to 1, that can be found by meaning; whatever is only close has at least
    the cosine `floor` to the question, less a little where it has some of the words. `senses` are the groups
    that the best results fall into, and `help` says what else to try where no paper has the words asked for.
    `named` is the address of the paper that the query is an identifier of, `unknown` that identifier where
    the catalogue does not have it. Where papers are `waiting` to be found by words, there may be more.
    """

    asked: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    close: int = 0
    is_cut: bool = False
    shown: int = 0
    notes: tuple[str, ...] = ()
    coverage: float = 0.0
    floor: float = 0.0
    facets: tuple[Facet, ...] = ()
    senses: tuple[Sense, ...] = ()
    help: Help = NO_HELP
    named: str = ""
    unknown: Identifier | None = None
    waiting: Waiting | None = None

    @property
    def close_are(self) -> str:
        """What those that are only close are, in words."""
        if self.coverage:
            return "closest in meaning" if self.is_cut else "close in meaning"
        return "with most of the words" if self.is_cut else "with some of the words"


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of the matches of a query, of `total` in all; papers may be `waiting` where none can be found.

    `places` are the papers with what they are sorted by, and `after` is where the next page begins, None at
    the end. The first place of a list, kept until later, is the `since` of what has come in meanwhile.
    """

    places: tuple[Place, ...] = ()
    total: int = 0
    after: Place | None = None
    waiting: Waiting | None = None

    @property
    def papers(self) -> tuple[int, ...]:
        return tuple(place.paper for place in self.places)


def find(
    query: str, *, limit: int, offset: int = 0, sort: Order = "relevance", sense: str = ""
) -> SearchResult:
    """The papers for a query, `limit` of them after the first `offset`.

    By relevance, what asks something gives matches and what is close in meaning, by one score. Every other
    order is of the matches alone, as `matches` gives them; so is a query that only filters, the newest first,
    and one that is the name of a paper. Only papers of a `sense` are given if one is named. Equal papers keep
    their order, so that pages never overlap.
    """
    asked, known = parse(query), reading.resolve(query, of_any_version=True)
    engines, page = Engines.of(index_folder()), slice(offset, offset + limit)
    engines.notes += asked.notes
    if not asked.text or known:
        found = _matching(asked, known, engines, order="date" if sort == "relevance" else sort, page=page)
    else:
        found = _answers(asked, engines, order=sort, sense=sense, page=page)
    return replace(
        _with_notes(found, engines),
        named=known[1] if known else "",
        unknown=None if known else identifiers.parse(query),
    )


def best(query: str, *, limit: int, offset: int = 0) -> SearchResult:
    """The papers that `find` gives in the order of relevance, for whoever wants to know no more of them."""
    asked, known = parse(query), reading.resolve(query, of_any_version=True)
    engines, page = Engines.of(index_folder()), slice(offset, offset + limit)
    if not asked.text or known:
        matching = _matches(asked, known, limit=limit, offset=offset)
        hits = tuple(Hit(paper, 0.0, is_match=True) for paper in matching.papers)
        return SearchResult(asked, hits, matching.total, shown=matching.total, waiting=matching.waiting)
    question = Question.of(asked)
    found = _best(question, engines.rank(question), engines, page)
    return replace(found, waiting=waiting(engines.words))


def within(asked: Query, papers: Sequence[int], *, limit: int, offset: int = 0) -> SearchResult:
    """What answers a query among these papers, best first: those that match and those close in meaning."""
    engines = Engines.of(index_folder())
    engines.notes += asked.notes
    question = Question.of(asked, tuple(sorted(papers)))
    found = _best(question, engines.rank(question), engines, slice(offset, offset + limit))
    return _with_notes(found, engines)


def matches_within(asked: Query, papers: Sequence[int]) -> tuple[frozenset[int], SearchResult]:
    """Those of the papers that match a query, and what is to be said of that, without any paper."""
    engines = Engines.of(index_folder())
    engines.notes += asked.notes
    matching = engines.matches_within(Question.of(asked, tuple(sorted(papers))))
    return frozenset(matching.tolist()), _with_notes(SearchResult(asked), engines)


def _with_notes(found: SearchResult, engines: Engines) -> SearchResult:
    # Asked last: a file may turn out to be damaged when it is read.
    lacking = waiting(engines.words)
    return replace(
        found,
        notes=(*([lacking.note] if lacking else ()), *dict.fromkeys(engines.notes)),
        coverage=engines.coverage(),
        floor=engines.model.floor,
        waiting=lacking,
    )


def matches(
    query: str,
    order: Sort = "date",
    *,
    limit: int,
    offset: int = 0,
    after: Place | None = None,
    since: Place | None = None,
) -> Matches:
    """A page of exactly the papers that match a query, highest first: `limit` of them after the first
    `offset`, or after a place, so that papers which come in meanwhile shift nothing.

    A match satisfies the conditions and has all plain words (see `search.question`); the name of a paper has
    that paper alone, and nothing asked has every paper. With `since`, only those that stand above that place
    are counted and given. While the word index has no paper, those are told that wait for it.
    """
    known = reading.resolve(query, of_any_version=True)
    return _matches(parse(query), known, order, limit=limit, offset=offset, after=after, since=since)


def _matches(
    asked: Query,
    known: Known | None,
    order: Sort = "date",
    *,
    limit: int,
    offset: int = 0,
    after: Place | None = None,
    since: Place | None = None,
) -> Matches:
    """The same for a query that was read; `known` is the paper that it names."""
    if known and since is None:
        return Matches(places=() if after or offset or not limit else (Place(0, known[0]),), total=1)
    question = Question.of(Query((Part("", "", Term("id", known[1])),)) if known else asked)
    words = word_index(index_folder()).held()
    try:
        places, total = words.listed(
            question.wanted(words),
            sort=order,
            limit=limit + 1,
            offset=offset,
            after=after,
            since=since,
        )
    except WordIndexError:
        places, total = [], 0
    if not total and (lacking := waiting(words)) and not lacking.indexed:
        is_all = not (question.asked.parts or after or since)
        return (
            _whole_catalogue(slice(offset, offset + limit), lacking) if is_all else Matches(waiting=lacking)
        )
    page = places[:limit]
    return Matches(tuple(page), total, after=page[-1] if page and len(places) > limit else None)


def _whole_catalogue(page: slice, lacking: Waiting) -> Matches:
    """One page of all papers, by the catalogue alone; of no place another page could begin at."""
    newest = reading.newest_first(Paper.objects.all())
    places = tuple(Place(0, paper) for paper in newest.values_list("pk", flat=True)[page])
    return Matches(places, lacking.papers, waiting=lacking)


def similar(like: Sequence[int], *, unlike: Sequence[int] = (), limit: int) -> list[Hit]:
    """The papers closest in meaning to those `like`, and far from those `unlike`; never one of them.

    The examples' vectors are averaged and UNLIKE times the mean of the others is taken away (Rocchio,
    "Relevance feedback in information retrieval", 1971). Near-duplicates of an example are left out. While
    no example is embedded, papers are found by the words of their titles.
    """
    folder = index_folder()
    meaning = vectors_of(folder, model_in_use(folder))
    _, near = meaning.of(like)
    if not len(near):
        return _by_titles(like, Engines.of(folder))[:limit]
    _, far = meaning.of(unlike)
    wanted = near.mean(axis=0) - (UNLIKE * far.mean(axis=0) if len(far) else 0)
    found = meaning.nearest(wanted / np.linalg.norm(wanted), limit=limit + MOST_COPIES)
    # What is far from the only example is no copy of it.
    furthest = MAY_BE_A_COPY if len(near) == 1 and not len(far) else -1
    papers, vectors = meaning.of([paper for paper, cosine in found if cosine >= furthest])
    left_out = {*papers[(vectors @ near.T > SAME_WORK).any(axis=1)].tolist(), *like, *unlike}
    hits = (
        Hit(paper, cosine, None, Evidence(cosine, rank, cosine))
        for rank, (paper, cosine) in enumerate(found, start=1)
        if paper not in left_out
    )
    return [*islice(hits, limit)]


def _matching(
    asked: Query, known: Known | None, engines: Engines, *, order: Sort, page: slice
) -> SearchResult:
    """One page of the matches, and what is to be said of all of them."""
    found = _matches(asked, known, order, limit=page.stop - page.start, offset=page.start)
    return SearchResult(
        asked=asked,
        hits=tuple(Hit(paper, 0.0, is_match=True) for paper in found.papers),
        total=found.total,
        shown=found.total,
        help=NO_HELP if known else _help(asked, engines, found.total),
        # Nothing is to be narrowed where one paper was named.
        facets=engines.facets(Question.of(asked)) if found.total and not known else (),
    )


def _answers(asked: Query, engines: Engines, *, order: Order, sense: str, page: slice) -> SearchResult:
    """One page of what answers a question, and what is to be said of all of it."""
    question = Question.of(asked)
    if order != "relevance":
        groups = _senses(asked.text, engines.rank(question).fused, engines) if is_short(asked.text) else ()
        return _sorted(question, engines, groups, order=order, sense=sense, page=page)
    ranked, groups, help_, facets = worked_out.of(question, engines, lambda: _worked_out(question, engines))
    found = _best(question, ranked, engines, page)
    if chosen := _chosen(sense, groups, engines):
        found = _of_sense(question, ranked.fused.among(chosen.papers), page)
    if not ranked.total and found.shown and question.words:
        lacking = "all of these words" if len(question.words) > 1 else "this word"
        have = "are close in meaning" if engines.coverage() else "have some of them"
        engines.notes.append(f"No paper has {lacking}; these {have}.")
    return replace(found, help=help_, facets=facets, senses=groups)


def _worked_out(question: Question, engines: Engines) -> Worked:
    """What is the same on all pages of a question."""
    ranked = engines.rank(question)
    return Worked(
        ranked,
        _senses(question.asked.text, ranked.fused, engines),
        _help(question.asked, engines, ranked.total),
        engines.facets(question) if ranked.total else (),
    )


def _best(question: Question, ranked: Rankings, engines: Engines, page: slice) -> SearchResult:
    """One page of the fused ranking, and of the matches that it has no room for, by their words alone."""
    fused = ranked.fused
    start, stop = (max(place - len(fused.order), 0) for place in (page.start, page.stop))
    rest = (
        engines.further(question, start, stop, without=fused)
        if stop and ranked.total > ranked.matching
        else []
    )
    return SearchResult(
        asked=question.asked,
        hits=(*fused.hits(page), *(Hit(paper, 0.0, is_match=True) for paper in rest)),
        total=ranked.total,
        close=ranked.close,
        is_cut=ranked.is_cut,
        shown=len(fused.order) + ranked.total - ranked.matching,
    )


def _of_sense(question: Question, fused: Fused, page: slice) -> SearchResult:
    """One page of the papers of one sense."""
    hits = fused.hits(slice(None))
    matching = sum(hit.is_match for hit in hits)
    return SearchResult(question.asked, tuple(hits[page]), matching, len(hits) - matching, shown=len(hits))


def _sorted(
    question: Question, engines: Engines, groups: Sequence[Sense], *, order: Sort, sense: str, page: slice
) -> SearchResult:
    """One page of the matches in another order than by relevance, of all or of those that have a sense."""
    matching = engines.matching(question, [paper for group in groups for paper in group.papers])
    groups = [replace(one, papers=tuple(p for p in one.papers if p in matching)) for one in groups]
    found = _matching(question.asked, None, engines, order=order, page=page)
    if chosen := _chosen(sense, groups, engines):
        values = engines.words.values(chosen.papers, order).tolist()
        papers = [paper for _, paper in sorted(zip(values, chosen.papers, strict=True), reverse=True)]
        hits = tuple(Hit(paper, 0.0, is_match=True) for paper in papers[page])
        found = replace(found, hits=hits, total=len(papers), shown=len(papers))
    return replace(found, senses=tuple(one for one in groups if one.papers))


def _by_titles(papers: Sequence[int], engines: Engines) -> list[Hit]:
    """Other papers with words of these papers' titles."""
    titles = Paper.objects.filter(pk__in=papers).values_list("title", flat=True)
    found = engines.by_words(plain(" ".join(titles)))
    return _by_words([one for one in found if one[0] not in papers])


def _by_words(found: Ranking) -> list[Hit]:
    ranked = enumerate(found, start=1)
    return [Hit(paper, score, words=Evidence(score, rank, score)) for rank, (paper, score) in ranked]


def _senses(text: str, ranked: Fused, engines: Engines) -> tuple[Sense, ...]:
    """The senses of the question among its best results, as far as these are embedded."""
    if not is_short(text):
        return ()
    best, vectors = engines.meaning.of(ranked.papers[:SENSED])
    columns = tables.papers(best.tolist(), ("title", "abstract"))
    texts = {paper: (title, abstract) for paper, title, abstract in columns}
    rows = [row for row, paper in enumerate(best.tolist()) if paper in texts]
    papers = best[rows].tolist()
    return senses.find(papers, vectors[rows], [texts[paper] for paper in papers], query=text)


def _chosen(sense: str, groups: Sequence[Sense], engines: Engines) -> Sense | None:
    """The sense of that name; without it everything is shown, and a note says so."""
    chosen = next((group for group in groups if group.name == sense), None)
    if sense and not chosen:
        engines.notes.append("The results no longer have the sense that was chosen, so all are shown.")
    return chosen


def _help(asked: Query, engines: Engines, total: int) -> Help:
    """How a word may have been meant; and where nothing matches, what else to try, and what is close without
    the conditions.
    """
    try:
        spelled = suggesting.spelled(asked, engines.words)
        loosened = () if total else suggesting.loosened(asked, engines.words)
    except WordIndexError:
        spelled, loosened = "", ()
    closest = (
        engines.rank(Question.of(plain(asked.text))).fused
        if asked.text and asked.condition and not total
        else None
    )
    hits = closest.hits(slice(CLOSEST)) if closest else []
    return Help(spelled, loosened, tuple(Hit(*hit[:-1], is_match=False) for hit in hits))
