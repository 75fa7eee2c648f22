"""What is worked out for a question is kept for its other pages, and no longer than it is true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.search.shelf import MORNING, record
from tests.search.test_counts import vote

from broadsheet.papers.catalogue import store
from broadsheet.search import finding

pytestmark = pytest.mark.django_db

LATER = MORNING + timedelta(hours=1)


def test_the_pages_of_a_question_are_parts_of_one_ranking_that_is_made_once(shelf, bring_up_to_date):
    bring_up_to_date()
    first, second = (finding.find("a robot learns", limit=1, offset=start) for start in (0, 1))
    assert second.facets is first.facets
    assert (*first.hits, *second.hits) == finding.find("a robot learns", limit=2).hits


def test_a_question_asked_before_finds_what_came_in_and_what_was_embedded(
    shelf, catch_up, bring_up_to_date, titles
):
    bring_up_to_date()
    assert titles("soup") == ["Cooking for Robots"]
    store([record(10, "Soup Kitchens", "Where soup is given away.")], now=LATER)
    catch_up()
    assert set(titles("soup")) == {"Cooking for Robots", "Soup Kitchens"}
    assert finding.find("soup", limit=9).notes
    bring_up_to_date()
    assert not finding.find("soup", limit=9).notes


def test_what_is_said_while_something_is_missing_is_not_kept(shelf, catch_up):
    catch_up()
    first, second = (finding.find("soup", limit=9) for _ in range(2))
    assert first.notes == second.notes != ()


def test_a_question_of_votes_knows_those_that_came_since_it_was_asked(shelf, bring_up_to_date):
    bring_up_to_date()
    assert finding.find("soup votes:>50", limit=9).total == 0
    vote(9, minutes=5, upvotes=99)
    assert finding.find("soup votes:>50", limit=9).total == 1
