"""Finding papers: by words and by meaning, fused into one list; papers like others.

Nothing a person types makes it fail. What cannot be searched at the moment is left out, and the result
says so in its notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from tantivy import Order as Direction

from broadsheet.papers import identifiers, reading
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.search import senses, suggesting
from broadsheet.search.engines import WITHOUT_WORDS, Engines, Ranking
from broadsheet.search.folder import index_folder
from broadsheet.search.fusion import SAME_WORK, Hit, Match
from broadsheet.search.query.conditions import Phrase, Term
from broadsheet.search.query.language import Part, Query, parse, plain
from broadsheet.search.question import Question
from broadsheet.search.senses import Sense
from broadsheet.search.suggesting import Help
from broadsheet.search.word_index.entries import SORTED, Place
from broadsheet.search.word_index.facets import Facet
from broadsheet.search.word_index.lexical import EVERY_PAPER, SORTS, Sort, WordIndexError, word_index
from broadsheet.search.word_index.words import fold

Order = Literal["relevance", "date", "votes", "comments"]
ORDERS: tuple[Order, ...] = get_args(Order)
ListOrder = Literal["relevance", "submitted", "updated"]

# Papers that may be examples of what is wanted, and as many of what is not.
MOST_EXAMPLES = 10
# How much an example of what is not wanted counts against one of what is.
UNLIKE = 0.5
# Papers looked at besides those wanted, for near-duplicates of the examples fall out.
MOST_COPIES = 50
# The best results, among which senses are looked for.
SENSED = 100
# Papers offered where none satisfies the whole query.
CLOSEST = 10
NO_HELP = Help()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what was found, of `total` papers in all, near-duplicates not counted.

    `by_words` of them have words of the question. `notes` are sentences for the reader: how the query was
    read, what could not be searched. `coverage` is the part of the papers, from 0 to 1, that can be found
    by meaning. `senses` are the groups that the best results fall into, and `help` says what else to try
    where no paper has the words asked for. `named` is the address of the paper that the query is an
    identifier of, `unknown` that identifier where the catalogue does not have it.
    """

    asked: Query
    hits: tuple[Hit, ...] = ()
    total: int = 0
    by_words: int = 0
    notes: tuple[str, ...] = ()
    coverage: float = 0.0
    facets: tuple[Facet, ...] = ()
    senses: tuple[Sense, ...] = ()
    help: Help = NO_HELP
    named: str = ""
    unknown: Identifier | None = None


@dataclass(frozen=True, slots=True)
class Matches:
    """One page of the matches of a query, of `total` in all; a note says what kept others from being found.

    `places` are the papers with what they are sorted by, and `after` is where the next page begins, None at
    the end. The first place of a list, kept until later, is the `since` of what has come in meanwhile.
    """

    places: tuple[Place, ...] = ()
    total: int = 0
    after: Place | None = None
    notes: tuple[str, ...] = ()

    @property
    def papers(self) -> tuple[int, ...]:
        return tuple(place.paper for place in self.places)


def find(
    query: str, *, limit: int, offset: int = 0, sort: Order = "relevance", sense: str = ""
) -> SearchResult:
    """The papers for a query, `limit` of them after the first `offset`.

    A query that only filters gives every paper that satisfies it, the newest first unless sorted otherwise.
    One that asks something gives the best answers, in the order of `sort`, and only those of a `sense` if
    one is named; an identifier or the address of a paper gives that paper, then those that mention it.
    Equal papers keep their order, so that pages never overlap.
    """
    asked = parse(query)
    engines = Engines.of(index_folder())
    engines.notes += asked.notes
    if not asked.text:
        return _listed(asked, engines, sort=sort, page=slice(offset, offset + limit))
    known = reading.resolve(query, of_any_version=True)
    hits = _best(query, asked, known, engines)
    groups = _senses(asked.text, hits, engines)
    hits = _sorted(_within(sense, groups, hits, engines), sort, engines)
    by_words = sum(hit.words is not None for hit in hits)
    return SearchResult(
        asked=asked,
        hits=tuple(hits[offset : offset + limit]),
        total=len(hits),
        by_words=by_words,
        help=NO_HELP if by_words else _help(asked, hits, engines),
        notes=tuple(dict.fromkeys(engines.notes)),
        coverage=engines.coverage(),
        facets=engines.facets([hit.paper_pk for hit in hits]),
        senses=groups,
        named=known[1] if known else "",
        unknown=None if known else identifiers.parse(query),
    )


def best(query: str, *, limit: int) -> list[int]:
    """The papers that `find` gives first, for whoever wants to know no more about them."""
    asked, engines = parse(query), Engines.of(index_folder())
    if not asked.text:
        return _page(asked, engines, sort="relevance", page=slice(0, limit))[0]
    hits = _best(query, asked, reading.resolve(query, of_any_version=True), engines)
    return [hit.paper_pk for hit in hits[:limit]]


def listed(
    asked: Query, *, sort: ListOrder, ascending: bool = False, limit: int, offset: int = 0
) -> tuple[list[int], int]:
    """One page of exactly the papers that satisfy the query's conditions, and how many they all are.

    "relevance" is by the words of its question, or by the time of submission where it has none. The highest
    stand first unless `ascending`. Raises WordIndexError where words cannot be searched.
    """
    words, condition = word_index(index_folder()), asked.condition or EVERY_PAPER
    if sort != "relevance" or not asked.text:
        places, total = words.listed(
            condition,
            sort="submitted" if sort == "relevance" else sort,
            limit=limit,
            offset=offset,
            order=Direction.Asc if ascending else Direction.Desc,
        )
        return [place.paper for place in places], total
    if not ascending:
        return words.scored(condition, text=asked.text, limit=limit, offset=offset)
    _, total = words.scored(condition, text=asked.text, limit=0)
    stop = max(total - offset, 0)
    start = max(stop - limit, 0)
    papers, _ = words.scored(condition, text=asked.text, limit=stop - start, offset=start)
    return papers[::-1], total


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
    are counted and given. Where the word index cannot be read, a note says so.
    """
    known = reading.resolve(query, of_any_version=True)
    if known and since is None:
        return Matches(places=() if after or offset or not limit else (Place(0, known[0]),), total=1)
    question = Question.of(Query((Part("", "", Term("id", known[1])),)) if known else parse(query))
    words = word_index(index_folder())
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
        is_all = not (question.asked.parts or after or since)
        return _whole_catalogue(slice(offset, offset + limit)) if is_all else Matches(notes=(WITHOUT_WORDS,))
    page = places[:limit]
    return Matches(tuple(page), total, after=page[-1] if page and len(places) > limit else None)


def _whole_catalogue(page: slice) -> Matches:
    """One page of all papers, by the catalogue alone; of no place another page could begin at."""
    papers, total = _newest(page)
    return Matches(tuple(Place(0, paper) for paper in papers), total, notes=(WITHOUT_WORDS,))


def similar(like: Sequence[int], *, unlike: Sequence[int] = (), limit: int) -> list[Hit]:
    """The papers closest in meaning to those `like`, and far from those `unlike`; never one of them.

    The examples' vectors are averaged and UNLIKE times the mean of the others is taken away (Rocchio,
    "Relevance feedback in information retrieval", 1971). Near-duplicates of an example are left out. While
    no example is embedded, papers are found by the words of their titles.
    """
    engines = Engines.of(index_folder())
    _, near = engines.meaning.of(like)
    if not len(near):
        return _by_titles(like, engines)[:limit]
    _, far = engines.meaning.of(unlike)
    wanted = near.mean(axis=0) - (UNLIKE * far.mean(axis=0) if len(far) else 0)
    found = engines.meaning.nearest(wanted / np.linalg.norm(wanted), limit=limit + MOST_COPIES)
    papers, vectors = engines.meaning.of([paper for paper, _ in found])
    copies = set(papers[(vectors @ near.T > SAME_WORK).any(axis=1)].tolist())
    hits = [
        Hit(paper, cosine, meaning=Match(cosine, rank, cosine))
        for rank, (paper, cosine) in enumerate(found, start=1)
        if paper not in copies and paper not in {*like, *unlike}
    ]
    return hits[:limit]


def _listed(asked: Query, engines: Engines, *, sort: Order, page: slice) -> SearchResult:
    """One page of all papers that satisfy the query's condition, and what is to be said of them."""
    papers, total = _page(asked, engines, sort=sort, page=page)
    return SearchResult(
        asked=asked,
        hits=tuple(Hit(paper, 0.0) for paper in papers),
        total=total,
        help=NO_HELP if total else _help(asked, (), engines),
        notes=tuple(dict.fromkeys(engines.notes)),
        coverage=engines.coverage(),
        facets=engines.facets(asked.condition) if total else (),
    )


def _page(asked: Query, engines: Engines, *, sort: Order, page: slice) -> tuple[list[int], int]:
    """One page of all papers that satisfy the query's condition, and how many they all are."""
    offset, limit = page.start, page.stop - page.start
    try:
        places, total = engines.words.listed(
            asked.condition, sort="date" if sort == "relevance" else sort, limit=limit, offset=offset
        )
    except WordIndexError:
        if not asked.condition:
            return _newest(page)
        engines.notes.append(WITHOUT_WORDS)
        return [], 0
    return [place.paper for place in places], total


def _best(query: str, asked: Query, known: tuple[int, str] | None, engines: Engines) -> list[Hit]:
    """The best answers to a question, or the paper that it names and those that mention it."""
    return _named(known[0], query, engines) if known else engines.rank(asked).hits


def _newest(page: slice) -> tuple[list[int], int]:
    """One page of all papers, and how many these are, by the catalogue alone."""
    newest = reading.newest_first(Paper.objects.all())
    return list(newest.values_list("pk", flat=True)[page]), newest.count()


def _named(paper: int, name: str, engines: Engines) -> list[Hit]:
    """The paper that was named, then those whose text has its name."""
    mentions = engines.by_words(Query((Part(name, name, Phrase("text", name)),)))
    return [Hit(paper, 1.0), *_by_words([one for one in mentions if one[0] != paper])]


def _by_titles(papers: Sequence[int], engines: Engines) -> list[Hit]:
    """Other papers with words of these papers' titles."""
    titles = Paper.objects.filter(pk__in=papers).values_list("title", flat=True)
    found = engines.by_words(plain(" ".join(titles)))
    return _by_words([one for one in found if one[0] not in papers])


def _by_words(found: Ranking) -> list[Hit]:
    ranked = enumerate(found, start=1)
    return [Hit(paper, score, words=Match(score, rank, score)) for rank, (paper, score) in ranked]


def _senses(question: str, hits: Sequence[Hit], engines: Engines) -> tuple[Sense, ...]:
    """The senses of the question among its best results, as far as these are embedded."""
    if not senses.is_short(question):
        return ()
    best, vectors = engines.meaning.of([hit.paper_pk for hit in hits[:SENSED]])
    columns = Paper.objects.filter(pk__in=best.tolist()).values_list("pk", "title", "abstract")
    texts = {paper: (fold(title), fold(abstract)) for paper, title, abstract in columns}
    rows = [row for row, paper in enumerate(best.tolist()) if paper in texts]
    papers = best[rows].tolist()
    return senses.find(papers, vectors[rows], [texts[paper] for paper in papers], query=question)


def _within(sense: str, groups: Sequence[Sense], hits: list[Hit], engines: Engines) -> list[Hit]:
    """The hits that have the sense of that name; all of them if none is named."""
    chosen = {paper for group in groups if group.name == sense for paper in group.papers}
    if sense and not chosen:
        engines.notes.append("The results no longer have the sense that was chosen, so all are shown.")
    return [hit for hit in hits if hit.paper_pk in chosen] if chosen else hits


def _help(asked: Query, hits: Sequence[Hit], engines: Engines) -> Help:
    """What else to try. Where something was found by meaning, only another spelling."""
    try:
        spelled = suggesting.spelled(asked, engines.words)
        loosened = () if hits else suggesting.loosened(asked, engines.words)
    except WordIndexError:
        spelled, loosened = "", ()
    closest = [] if hits or not asked.text else engines.rank(plain(asked.text)).hits[:CLOSEST]
    return Help(spelled, loosened, tuple(closest))


def _sorted(hits: list[Hit], sort: Order, engines: Engines) -> list[Hit]:
    """The hits in that order, the highest first; equal ones as they were."""
    if sort == "relevance" or not hits:
        return hits
    try:
        values = engines.words.values([hit.paper_pk for hit in hits])
    except WordIndexError:
        return hits
    order = np.argsort(-values[:, SORTED.index(SORTS[sort])], kind="stable")
    return [hits[place] for place in order]
