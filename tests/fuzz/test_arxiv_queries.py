"""Whatever is sent to the API in arXiv's form is read, or refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tantivy import Index

from broadsheet.api.arxiv import asking, feed, query, views
from broadsheet.search.word_index.entries import SCHEMA
from broadsheet.search.word_index.filtering import satisfying
from broadsheet.search.word_index.opened import Opened

EMPTY = Opened(Index(SCHEMA).searcher(), SCHEMA)
# Pieces that mean something, and what stands around them.
PIECES = st.sampled_from(
    [*(f"{field}:" for field in query.FIELDS), *query.OPERATORS, *'()[]":+_*?', " TO ", "202401010000"]
)
QUERIES = st.lists(
    PIECES | st.text(max_size=6) | st.sampled_from([" ", "soup", "cs.LG", "2603.00001v2"])
).map("".join)
PARAMS = st.dictionaries(
    st.sampled_from(["search_query", "id_list", "start", "max_results", "sortBy", "sortOrder", "other"]),
    QUERIES | st.text(max_size=9) | st.integers().map(str),
)


def refusal(read: Callable[[Any], object], asked: Any) -> str:
    """What it is refused with; empty where it is read."""
    try:
        read(asked)
    except query.QueryError as problem:
        return str(problem)
    return ""


@given(QUERIES)
def test_any_text_is_a_query_that_the_index_takes_or_is_refused(typed):
    if not refusal(query.parse, typed):
        satisfying(query.parse(typed).condition, EMPTY)


@given(st.sampled_from(["NOT ", "(", "ti:(", "ANDNOT (", "a OR ("]), st.integers(min_value=20, max_value=900))
def test_depth_is_refused_before_it_costs_anything(piece, times):
    assert refusal(query.parse, piece * times + "a" + ")" * (times if "(" in piece else 0))


@given(PARAMS)
def test_parameters_are_within_the_limits_or_what_is_wrong_is_a_whole_feed(params):
    if not refusal(asking.read, params):
        asked = asking.read(params)
        assert 0 <= asked.start <= asked.start + asked.max_results <= asking.MOST_IN_ALL
        return
    response = views.query(RequestFactory(headers={"host": "localhost"}).get("/api/query", params))
    assert response.status_code == 400
    entry = etree.fromstring(response.content).find(f"{{{feed.ATOM}}}entry")
    assert entry.findtext(f"{{{feed.ATOM}}}title") == "Error"


@pytest.mark.parametrize(
    ("end", "is_time"), [("0000", False), ("000101010000", True), ("99991231235959", True), ("9999", True)]
)
def test_the_ends_of_time_are_times(end, is_time):
    assert bool(refusal(query.parse, f"submittedDate:[{end} TO *]")) is not is_time
