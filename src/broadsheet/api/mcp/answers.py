"""What the tools answer: typed, so that programs get it as structured content, and bounded in size."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Field

from broadsheet.configured import instance
from broadsheet.daily.editions import Quiet
from broadsheet.daily.entries import Entry
from broadsheet.daily.kinds.topic import NUMBER
from broadsheet.papers.places import links
from broadsheet.papers.reading import PaperDetail, PaperRow, Standing
from broadsheet.papers.text import plain
from broadsheet.search import explaining
from broadsheet.search.answering import Offered, Part
from broadsheet.search.explaining import Matcher
from broadsheet.search.fusion import Hit
from broadsheet.search.query.language import Query

MOST_AUTHORS = 100
_ANYTHING = Matcher(Query())
HIDDEN: int = Field(
    description="So many papers of this part are not given, since the person of the token leaves them out."
)


class PaperFacts(BaseModel):
    """What every answer says of a paper."""

    id: str = Field(description="Its name in the other tools.")
    title: str
    page: str = Field(description="Its page on this site; a path where the site has no public address.")
    published: str | None
    standing: Standing = Field(description="Empty, unless the paper was withdrawn or retracted.")
    authors: list[str] = Field(description="The first five in a list; read_paper has up to a hundred.")
    author_count: int | None
    organizations: list[str]
    categories: list[str]
    signals: dict[str, int] = Field(description="What was counted elsewhere, such as upvotes.")


class ListedPaper(PaperFacts):
    """A paper in a list."""

    excerpt: str = Field(
        description="What of its abstract answers the query, or its point; read_paper has all."
    )


class Why(BaseModel):
    """How a search came to put a paper in its place."""

    score: float
    words: Part | None = Field(description="How it was found by words; null where it was not.")
    meaning: Part | None = Field(description="How it was found by meaning; null where it was not.")
    neighbours: float | None = Field(description="The mean score of the papers most like it.")


class FoundPaper(ListedPaper):
    """A paper that a search found."""

    is_match: bool = Field(description="Whether it matches the query; else it is only close in meaning.")
    nearly_the_same: list[str] = Field(description="Ids of near-duplicates, which the list leaves out.")
    why: Why | None = Field(description="Only where `explain` was asked for.")


class Found(BaseModel):
    """A part of what a search found."""

    hidden: int = HIDDEN
    total: int = Field(description="How many papers match the query: all have its words.")
    close: int = Field(description="How many others are listed, which are only close in meaning.")
    notes: list[str] = Field(description="How the query was read, and what could not be searched.")
    papers: list[FoundPaper]
    spelled: str = Field(description="A likelier spelling of the query, or empty.")
    loosened: list[Offered] = Field(description="Queries that find more, where this one found nothing.")


class ReadPaper(PaperFacts):
    """One paper."""

    identifiers: list[str]
    versions: list[datetime | None] = Field(description="The dates of its versions, the first one first.")
    listed_on: list[date] = Field(description="The days on whose lists it was.")
    links: dict[str, str] = Field(description="Where else it is: what is there, by address.")
    sources: list[str]
    markdown: str = Field(description="The paper with its whole abstract, as Markdown.")


class EditionAnswer(BaseModel):
    """A part of the papers of a day, a week or a month."""

    hidden: int = HIDDEN
    kind: str = Field(description="day, week or month.")
    name: str = Field(description="The name of the edition, such as 2026-11-20.")
    first: date
    last: date
    total: int
    listed: int = Field(description="How many of them a source listed: these come first.")
    papers: list[ListedPaper]
    before: str | None = Field(description="The name of the nearest edition before this one.")
    after: str | None
    quiet: Quiet | None = Field(description="Why there are no papers, where there are none.")


class TrendingPaper(ListedPaper):
    """A paper that trends, and the numbers that make its score."""

    listed_on: date
    score: float
    parts: dict[str, float]


class Trends(BaseModel):
    """The first papers that trend."""

    hidden: int = HIDDEN
    as_of: date
    total: int
    papers: list[TrendingPaper]


class NumberedPaper(ListedPaper):
    """A paper that came to a topic."""

    number: int = Field(description="The number with which it came.")
    came_on: date


class TopicAnswer(BaseModel):
    """What came to a topic, the last first."""

    hidden: int = HIDDEN
    slug: str
    name: str
    total: int = Field(description="How many papers came, after the number that was asked for.")
    last: int | None = Field(
        description="The `since` of what comes later; null where papers are passed over."
    )
    papers: list[NumberedPaper]


class TopicLine(BaseModel):
    """A topic."""

    slug: str = Field(description="Its name in the tool `topic`.")
    name: str
    definition: str = Field(description="What it has, in words.")
    visibility: str = Field(description="public, unlisted or private.")
    last: int = Field(description="The number of the paper that came last.")


class Topics(BaseModel):
    """Topics that there are."""

    total: int = Field(description="How many there are for everybody.")
    topics: list[TopicLine]


class SimilarPaper(ListedPaper):
    """A paper like others."""

    score: float = Field(description="How close it is: a cosine, or a score of words where `by_words`.")


class Similar(BaseModel):
    """The papers most like the examples."""

    hidden: int = HIDDEN
    by_words: bool = Field(description="True while the examples can only be compared by their titles' words.")
    papers: list[SimilarPaper]


class SourceAnswer(BaseModel):
    """How up to date the papers of a source are."""

    name: str
    is_on: bool = Field(description="Whether it is asked for new papers regularly.")
    last_good_at: datetime | None
    next_due_at: datetime | None
    gap_days: int = Field(description="Days of the last 90 of which papers are, or may be, missing.")


class Sources(BaseModel):
    """Where the papers come from."""

    sources: list[SourceAnswer]


def listed(row: PaperRow) -> ListedPaper:
    """A paper of a list."""
    return ListedPaper(**_in_list(row, _ANYTHING))


def found(hit: Hit, rows: dict[int, PaperRow], matcher: Matcher, *, explain: bool) -> FoundPaper:
    """A paper that was found; `rows` has it and its near-duplicates, by key."""
    return FoundPaper(
        **_in_list(rows[hit.paper_pk], matcher),
        is_match=hit.is_match,
        nearly_the_same=[rows[paper].public_id for paper in hit.folded if paper in rows],
        why=_why(hit) if explain else None,
    )


def trending(one: Entry, row: PaperRow) -> TrendingPaper:
    """A paper that trends."""
    return TrendingPaper(
        **_in_list(row, _ANYTHING) | {"listed_on": one.day, "score": one.score, "parts": one.reasons}
    )


def came(one: Entry, row: PaperRow) -> NumberedPaper:
    """A paper that came to a topic."""
    return NumberedPaper(
        **_in_list(row, _ANYTHING) | {"number": int(one.reasons[NUMBER]), "came_on": one.day}
    )


def similar(one: Entry, row: PaperRow) -> SimilarPaper:
    """A paper like others."""
    return SimilarPaper(**_in_list(row, _ANYTHING) | {"score": one.score})


def read(detail: PaperDetail, markdown: str) -> ReadPaper:
    """One paper with all that is known about it."""
    return ReadPaper(
        **facts(detail.row),
        identifiers=[one.public_id for one in detail.identifiers],
        versions=[version.created_at for version in detail.versions],
        listed_on=sorted({listing.day for listing in detail.listings}),
        links={address: label for label, address in links(detail)},
        sources=list(detail.sources),
        markdown=markdown,
    )


def by_key(rows: Collection[PaperRow]) -> dict[int, PaperRow]:
    """The rows by their keys."""
    return {row.pk: row for row in rows}


def _in_list(row: PaperRow, matcher: Matcher) -> dict[str, Any]:
    return {**facts(row), "excerpt": _excerpt(row, matcher)}


def _excerpt(row: PaperRow, matcher: Matcher) -> str:
    """What answers the question; where there is none, the point."""
    text = row.text
    if matcher is not _ANYTHING:
        return explaining.excerpt(text.abstract, matcher)
    return text.point.text if text.point else ""


def facts(row: PaperRow) -> dict[str, Any]:
    """What every answer says of a paper."""
    return {
        "id": row.public_id,
        "title": row.text.title,
        "page": instance().site_url + reverse("paper", args=[row.public_id]),
        "published": str(row.published) if row.published else None,
        "standing": row.standing,
        "authors": [plain(author.name) for author in row.authors[:MOST_AUTHORS]],
        "author_count": row.author_count,
        "organizations": [plain(organization.name) for organization in row.organizations],
        "categories": list(row.categories),
        "signals": {name: signal.value for name, signal in row.signals.items()},
    }


def _why(hit: Hit) -> Why:
    shares = explaining.shares(hit)
    return Why(
        score=hit.score,
        words=Part(hit.words.score, hit.words.rank, shares.words) if hit.words else None,
        meaning=Part(hit.meaning.score, hit.meaning.rank, shares.meaning) if hit.meaning else None,
        neighbours=hit.neighbours,
    )
