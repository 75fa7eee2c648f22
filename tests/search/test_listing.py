"""Lists of exactly the papers that satisfy a query, in every order and page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.search.shelf import MORNING, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.search import listing
from broadsheet.search.query.conditions import Term, Words
from broadsheet.search.query.language import Part, Query
from broadsheet.search.word_index.lexical import WordIndexError

pytestmark = pytest.mark.django_db

SOUP = Query((Part("soup", "soup", Words("text", "soup")),))
COUNT = 23


@pytest.fixture
def pot(db, catch_up) -> None:
    """Papers of one afternoon, all on soup, some more than others; the later ones were revised first."""
    papers = [
        replace(
            record(number, f"Recipe {number}", "soup " * (number % 5 + 1) + "and salt"),
            published_at=MORNING + timedelta(seconds=number),
            updated_at=MORNING + timedelta(days=9, seconds=-number),
        )
        for number in range(1, COUNT + 1)
    ]
    store([*papers, record(99, "Bread", "No soup at all, but bread.")], now=MORNING + timedelta(days=100))
    catch_up()


def listed(query: Query = SOUP, **asked) -> list[int]:
    """The last figures of the identifiers of all papers, read five at a time."""
    found: list[int] = []
    total = COUNT + 1
    while len(found) < total:
        page, total = listing.listed(query, limit=5, offset=len(found), **asked)
        assert len(page) == min(5, total - len(found))
        found += page
    ids = dict(Paper.objects.values_list("pk", "public_id"))
    return [int(ids[paper][-2:]) for paper in found]


@pytest.mark.parametrize("ascending", [False, True])
def test_papers_of_one_day_are_in_the_order_of_their_seconds(pot, ascending):
    expected = sorted([*range(1, COUNT + 1), 99], reverse=not ascending)
    assert listed(sort="submitted", ascending=ascending) == expected
    assert listed(Query(), sort="relevance", ascending=ascending) == expected


def test_revisions_have_an_order_of_their_own(pot):
    assert listed(sort="updated") == [99, *range(1, COUNT + 1)]


def test_relevance_goes_by_words_and_backwards_is_the_same_list_backwards(pot):
    found = listed(sort="relevance")
    assert sorted(found) == [*range(1, COUNT + 1), 99]
    assert [number % 5 for number in found[:4]] == [4, 4, 4, 4]
    assert listed(sort="relevance", ascending=True) == found[::-1]


def test_what_satisfies_the_conditions_needs_no_word_of_the_question(pot):
    asked = Query((Part("", "salt"), Part("", "", Term("scheme", "arxiv"))))
    assert listed(asked, sort="relevance")[-1] == 99


def test_behind_the_last_page_is_nothing_but_the_count(pot):
    for ascending in (False, True):
        for sort in ("relevance", "submitted"):
            assert listing.listed(SOUP, sort=sort, ascending=ascending, limit=5, offset=500) == (
                [],
                COUNT + 1,
            )


def test_without_an_index_there_is_no_exact_list(db):
    with pytest.raises(WordIndexError):
        listing.listed(SOUP, sort="submitted", limit=5)
