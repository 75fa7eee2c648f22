"""Our own JSON API, version 1: what the search page shows, for programs."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from broadsheet.search import answering, finding
from broadsheet.search.answering import Answer
from broadsheet.search.finding import Order

MOST, LAST = 100, 100_000

api = NinjaAPI(
    title="Broadsheet",
    version="1",
    description="Everything may be read without an account.",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api",
)


class Asked(Schema):
    """What a search may ask for."""

    q: str = Field("", description="The query, in the language of the search page.")
    sort: Order = Field("relevance", description="The order of the papers.")
    sense: str = Field("", description="One of the senses of an answer, to see only its papers.")
    limit: int = Field(20, ge=1, le=MOST, description="How many papers.")
    offset: int = Field(0, ge=0, le=LAST, description="How many are passed over.")


@api.get("search", response=Answer, summary="Search the papers by words and by meaning")
def search(request: HttpRequest, asked: Query[Asked]) -> Answer:
    """Any text is a query. Each paper comes with the numbers that brought it to its place."""
    del request
    return answering.answer(
        finding.find(asked.q, limit=asked.limit, offset=asked.offset, sort=asked.sort, sense=asked.sense)
    )
