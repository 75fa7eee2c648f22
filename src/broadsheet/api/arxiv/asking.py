"""What a request to arXiv's API asks for, read from its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from broadsheet.api.arxiv.query import QueryError, parse
from broadsheet.papers import identifiers
from broadsheet.search.listing import ListOrder
from broadsheet.search.query.language import Query

DEFAULT, MOST, MOST_IN_ALL = 10, 2000, 30_000
MOST_IDS = 2000
SORTS: dict[str, ListOrder] = {
    "relevance": "relevance",
    "lastUpdatedDate": "updated",
    "submittedDate": "submitted",
}
ORDERS = ("descending", "ascending")

_VERSION = re.compile(r"[0-9]v(?P<number>[1-9][0-9]{0,3})(?:\.pdf)?\W*$", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,9}")


class AskedId(NamedTuple):
    """A paper by arXiv's number for it, and the version if one is named."""

    value: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its query if it has one, the papers it names, and which part of them in which order.

    `typed` are the parameters as they stand in the title of the answer.
    """

    typed: str
    query: Query | None
    ids: tuple[AskedId, ...]
    start: int
    max_results: int
    sort: ListOrder
    ascending: bool


def read(params: Mapping[str, str]) -> Asked:
    """What these parameters ask for; an empty one is none. Raises QueryError."""
    given = {name: value.strip() for name, value in params.items() if value.strip()}
    search_query, id_list = given.get("search_query", ""), given.get("id_list", "")
    if not (search_query or id_list):
        raise QueryError("a request needs a search_query or an id_list")
    start, max_results = _number(given, "start", 0), _number(given, "max_results", DEFAULT)
    if max_results > MOST:
        raise QueryError(f"max_results must not be more than {MOST}; ask for the rest with start")
    if start + max_results > MOST_IN_ALL:
        raise QueryError(f"start and max_results together must not be more than {MOST_IN_ALL}")
    return Asked(
        typed=f"search_query={search_query}&id_list={id_list}&start={start}&max_results={max_results}",
        query=parse(search_query) if search_query else None,
        ids=_ids(id_list),
        start=start,
        max_results=max_results,
        sort=SORTS[_choice(given, "sortBy", tuple(SORTS))],
        ascending=_choice(given, "sortOrder", ORDERS) == "ascending",
    )


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    typed = given.get(name, str(default))
    if not _NUMBER.fullmatch(typed):
        raise QueryError(f"{name} must be an integer")
    if int(typed) < 0:
        raise QueryError(f"{name} must be non-negative")
    return int(typed)


def _choice(given: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    typed = given.get(name, known[0])
    if typed not in known:
        raise QueryError(f"{name} must be in: {', '.join(known)}")
    return typed


def _ids(typed: str) -> tuple[AskedId, ...]:
    ids = tuple(_id(one) for one in map(str.strip, typed.split(",")) if one)
    if len(ids) > MOST_IDS:
        raise QueryError(f"id_list has more than {MOST_IDS} ids")
    return ids


def _id(typed: str) -> AskedId:
    known, version = identifiers.arxiv_id(typed), _VERSION.search(typed)
    if known is None:
        raise QueryError(f"incorrect id format for {typed}")
    return AskedId(known.value, int(version["number"]) if version else None)
