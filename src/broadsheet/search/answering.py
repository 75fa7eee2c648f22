"""The answer to a search as plain values: what the API sends, and what the command prints as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from broadsheet.papers import reading
from broadsheet.papers.reading import PaperRow, Standing
from broadsheet.search import explaining
from broadsheet.search.explaining import Matcher
from broadsheet.search.finding import SearchResult
from broadsheet.search.fusion import Evidence, Hit


@dataclass(frozen=True, slots=True)
class Part:
    """How one engine found a paper: its score there, its rank from 1, its share of the place from 0 to 1."""

    score: float
    rank: int
    share: float


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper and why it stands where it stands: it matches the query, or is only close to it in meaning.

    `neighbours` is the mean score of the papers most like it, `nearly_the_same` are the addresses of its
    near-duplicates. `standing` says that it was withdrawn or retracted. In any order but relevance, with a
    query that only filters, and behind the first hundreds of matches, `score` is 0, and `words` and `meaning`
    are null.
    """

    id: str
    title: str
    standing: Standing
    published: str | None
    excerpt: str
    is_match: bool
    score: float
    words: Part | None
    meaning: Part | None
    neighbours: float | None
    nearly_the_same: list[str]


@dataclass(frozen=True, slots=True)
class Offered:
    """Another question, and how many papers answer it."""

    query: str
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of what a search found: of `total` papers that match the query, and of `close` others that are
    only close to it in meaning: with a cosine of at least `floor`, while they are embedded.

    `query` is the query as it was read. `senses` are groups that the best papers fall into, with how many;
    `spelled` and `loosened` are what else to ask where little was found, and `closest` some papers where none
    satisfies the whole query. `named` is the paper that the query is an identifier of. So many papers of the
    page are `hidden`, since whoever asks leaves them out.
    """

    query: str
    total: int
    close: int
    coverage: float
    floor: float
    notes: list[str]
    papers: list[FoundPaper]
    facets: dict[str, dict[str, int]]
    senses: dict[str, int]
    spelled: str
    loosened: list[Offered]
    closest: list[FoundPaper]
    named: str
    hidden: int


def answer(result: SearchResult, hidden: int = 0) -> Answer:
    """The result, of which so many papers are hidden, with what is to be said of its papers, in a fixed
    number of queries.
    """
    matcher = Matcher(result.asked)
    return Answer(
        query=result.asked.typed,
        total=result.total,
        close=result.close,
        coverage=round(result.coverage, 4),
        floor=result.floor,
        notes=list(result.notes),
        papers=papers(result.hits, matcher),
        facets={facet.field: {one.value: one.count for one in facet.values} for facet in result.facets},
        senses={sense.name: len(sense.papers) for sense in result.senses},
        spelled=result.help.spelled,
        loosened=[Offered(one.query, one.total) for one in result.help.loosened],
        closest=papers(result.help.closest, matcher),
        named=result.named,
        hidden=hidden,
    )


def rows_of(hits: Iterable[Hit]) -> dict[int, PaperRow]:
    """The papers found and their near-duplicates, by their keys, without those deleted meanwhile, and without
    their signals.
    """
    return {row.pk: row for row in reading.rows(_keys(hits), counted=False)}


def papers(hits: Sequence[Hit], matcher: Matcher) -> list[FoundPaper]:
    """What is to be said of each paper found; one that was deleted meanwhile is left out."""
    known = {row.pk: row for row in reading.bare_rows(_keys(hits))} if hits else {}
    return [_paper(hit, known, matcher) for hit in hits if hit.paper_pk in known]


def _keys(hits: Iterable[Hit]) -> list[int]:
    return [paper for hit in hits for paper in (hit.paper_pk, *hit.folded)]


def _paper(hit: Hit, known: dict[int, PaperRow], matcher: Matcher) -> FoundPaper:
    row, shares = known[hit.paper_pk], explaining.shares(hit)
    return FoundPaper(
        id=row.public_id,
        title=row.text.title,
        standing=row.standing,
        published=str(row.published) if row.published else None,
        excerpt=explaining.excerpt(row.text.abstract, matcher),
        is_match=hit.is_match,
        score=hit.score,
        words=_part(hit.words, shares.words),
        meaning=_part(hit.meaning, shares.meaning),
        neighbours=hit.neighbours,
        nearly_the_same=[known[paper].public_id for paper in hit.folded if paper in known],
    )


def _part(found: Evidence | None, share: float) -> Part | None:
    return Part(found.score, found.rank, share) if found else None
