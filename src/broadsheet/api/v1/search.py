"""Search, with everything that the page of results has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.parameters import FIELDS_DESCRIPTION, MOST_FIELDS, WITHOUT_NUL, Number
from broadsheet.api.v1.schemas import SentPaper
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.search import answering
from broadsheet.search.answering import Answer, FoundPaper
from broadsheet.search.finding import Order

MOST = 100
# As deep as results can be read; whoever wants all takes `changes`.
LAST = 100_000
LONGEST_QUERY = 2000
_FOUND = tuple(one.name for one in fields(FoundPaper))
# What else is known of a paper comes where it is asked for: it takes longer to read than a search.
_MORE = tuple(name for name in schemas.FIELDS if name not in _FOUND)

router = Router(tags=["search"])


class Asked(Schema):
    """What a search may ask for."""

    q: str = Field(
        "",
        max_length=LONGEST_QUERY,
        pattern=WITHOUT_NUL,
        description="The query, in the language of the search page; none means all papers.",
        examples=["graph neural networks year:2026", 'author:"Ada van der Berg"'],
    )
    sort: Order = Field("relevance", description="The order of the papers.")
    sense: str = Field(
        "",
        max_length=LONGEST_QUERY,
        pattern=WITHOUT_NUL,
        description="One of the senses of an answer, to see only its papers.",
    )
    limit: Number = Field(20, ge=1, le=MOST, description=f"How many papers, {MOST} at most.")
    offset: Number = Field(0, ge=0, le=LAST, description=f"How many are passed over, {LAST:,} at most.")
    fields: list[Annotated[str, Field(json_schema_extra={"enum": [*_FOUND, *_MORE]})]] = Field(
        [],
        min_length=1,
        max_length=MOST_FIELDS,
        description=f"{FIELDS_DESCRIPTION.format('FoundPaper')} Those of a `Paper` come only so.",
        examples=[["id", "title", "authors"]],
    )


@router.get("search", response=Answer, summary="Search the papers by words and by meaning")
def search(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Any text is a query. Each paper comes with the numbers that brought it to its place."""
    names = schemas.chosen(asked.fields, (*_FOUND, *_MORE), otherwise=_FOUND)
    wanted = ListName("search", asked.q, asked.sort, sense=asked.sense)
    part = Part(asked.limit, asked.offset)
    found, hidden = lists.answers(wanted, listing.reader(request), part, today=timezone.now().date())
    answer = answering.answer(found, hidden)
    following = asked.offset + asked.limit
    offset = following if following < min(found.shown, LAST) else None
    if names == _FOUND:
        return answers.json(request, answer, offset=offset)
    hits = [hit.paper_pk for hit in (*found.hits, *found.help.closest)]
    more = _more(hits, [name for name in names if name in _MORE])
    chosen = {
        part: [_chosen(paper, names, more) for paper in getattr(answer, part)]
        for part in ("papers", "closest")
    }
    whole = {one.name: getattr(answer, one.name) for one in fields(Answer)}
    return answers.json(request, whole | chosen, offset=offset)


def _more(pks: Sequence[int], names: Sequence[str]) -> dict[str, SentPaper]:
    """What is asked for of each paper beyond what a search says, by its id."""
    return {one["id"]: one for one in schemas.sent(pks, ["id", *names]).values()} if names else {}


def _chosen(paper: FoundPaper, names: Sequence[str], more: Mapping[str, SentPaper]) -> SentPaper:
    return {name: getattr(paper, name) for name in names if name in _FOUND} | more.get(paper.id, {})
