"""How the papers found are spread over years, categories, organizations and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tantivy import Query, Searcher

# The field of the language that narrows to a value, and where the index keeps it.
FIELDS = {"year": "year", "cat": "category", "org": "organization", "source": "source", "has": "has"}
# More are no help to choose from; years are all shown.
MOST_VALUES = 20
MOST_YEARS = 200


@dataclass(frozen=True, slots=True)
class FacetValue:
    """How many of the papers have the value: a year, a code, a short name."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field: the most frequent first, years from the newest."""

    field: str
    values: tuple[FacetValue, ...]


def count(searcher: Searcher, among: Query) -> tuple[Facet, ...]:
    """The facets of the papers that the query finds; a field that none of them has is left out."""
    asked = {field: {"terms": {"field": name, "size": MOST_YEARS}} for field, name in FIELDS.items()}
    counted = searcher.aggregate(among, asked)
    facets = (Facet(field, _values(field, counted[field])) for field in FIELDS)
    return tuple(facet for facet in facets if facet.values)


def _values(field: str, counted: Mapping[str, Any]) -> tuple[FacetValue, ...]:
    buckets = ((one["key"], one["doc_count"]) for one in counted["buckets"])
    if field == "year":
        return tuple(FacetValue(str(int(year)), count) for year, count in sorted(buckets, reverse=True))
    values = (FacetValue(value, count) for value, count in buckets)
    return tuple(sorted(values, key=lambda one: (-one.count, one.value))[:MOST_VALUES])
