"""The order of papers, from the outside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.daily.ranking import (
    Counts,
    Listed,
    rank_discussed,
    rank_edition,
    rank_trending,
    rank_undiscovered,
    top_quarter,
)
from broadsheet.papers.heat import CHANGES, HOURS, VERSION, elsewhere, heat, interest, score

TODAY = date(2026, 11, 20)


def listed(pk: int, *, days_ago: int = 0, position: int = 0, has_code: bool = False, **counts: int) -> Listed:
    return Listed(pk, TODAY - timedelta(days=days_ago), Counts(**counts), position, has_code=has_code)


def order(ranked) -> list[int]:
    return [one.pk for one in ranked]


def test_an_edition_is_ordered_by_votes_then_interest_elsewhere_then_people_then_as_listed():
    papers = [
        listed(1, position=1, upvotes=3),
        listed(2, position=3, upvotes=9),
        listed(3, position=2, upvotes=3, talkers=2),
        listed(4, position=4, counted=1),
        listed(5, position=5, upvotes=3, stars=5),
    ]
    assert order(rank_edition(papers)) == [4, 2, 5, 3, 1]
    assert order(rank_edition([listed(2, position=2), listed(1, position=1)])) == [1, 2]


def test_votes_that_do_not_count_move_nothing():
    papers = [listed(1, counted=2, cast=2), listed(2, counted=1, cast=400)]
    for rank in (rank_edition, lambda some: rank_trending(some, as_of=TODAY)):
        assert order(rank(papers)) == [1, 2]


@pytest.mark.parametrize(("over", "days"), [("day", 1), ("week", 3), ("month", 10)])
def test_twice_the_interest_is_worth_a_day_three_or_ten(over, days):
    assert HOURS[over] == 24 * days
    old, new = listed(1, days_ago=days, counted=199), listed(2, counted=99)
    scores = {one.pk: one.score for one in rank_trending([old, new], as_of=TODAY, over=over)}
    assert scores[1] == pytest.approx(scores[2])


def test_papers_nobody_cares_about_and_papers_of_the_future_do_not_trend():
    assert rank_trending([listed(1), listed(2, days_ago=-1, upvotes=5)], as_of=TODAY) == []


def test_to_be_listed_again_makes_no_paper_new():
    again = Listed(1, TODAY, Counts(counted=9), first=TODAY - timedelta(days=6))
    assert order(rank_trending([again, listed(2, days_ago=1, counted=9)], as_of=TODAY)) == [2, 1]


def test_a_quarrel_or_a_famous_repository_alone_does_not_lift_a_paper():
    assert interest(0, elsewhere(0, 90_000), 500) == 0
    assert elsewhere(10, 90_000) == 20
    assert interest(10, elsewhere(10, 90_000), 500) == 10 + 5 + 5
    assert interest(10, 0, 8) == 12


def test_the_order_by_the_stored_heat_is_that_of_the_scores_on_every_day():
    papers = [(60.0, 9), (5.0, 0), (30.0, 4), (30.0, 3)]
    for over in HOURS:
        hot = [heat(cared, TODAY - timedelta(days=days), over) for cared, days in papers]
        scores = [score(cared, 24 * days, over) for cared, days in papers]
        assert [h - hot[0] for h in hot] == pytest.approx([s - scores[0] for s in scores])


def test_two_who_quarrel_are_discussed_less_than_many_who_talk():
    ranked = rank_discussed({1: [30, 30], 2: [1] * 12, 3: [2, 3]}, dict.fromkeys((1, 2, 3), TODAY))
    assert order(ranked) == [2, 1, 3]


def test_what_is_undiscovered_has_few_votes_and_most_stars_five_of_a_day():
    voted = [listed(pk, days_ago=2, counted=5, stars=10**4) for pk in range(1, 9)]
    few = [listed(pk, days_ago=2, counted=1, stars=pk) for pk in range(20, 30)]
    assert order(rank_undiscovered(voted + few, today=TODAY)) == [29, 28, 27, 26, 25]
    assert rank_undiscovered([listed(1, stars=9), listed(2, days_ago=15, stars=9)], today=TODAY) == []
    coded = [listed(1, days_ago=1, has_code=True), listed(2, days_ago=1)]
    assert order(rank_undiscovered(coded, today=TODAY)) == [1]


def test_each_version_of_the_formulas_says_what_it_changed():
    assert [change.version for change in CHANGES] == list(range(VERSION, 0, -1))


counts = st.builds(
    Counts,
    counted=st.integers(0, 500),
    upvotes=st.integers(-5, 10**6),
    stars=st.integers(-5, 10**6),
    talkers=st.integers(0, 500),
)
papers = st.builds(
    Listed,
    pk=st.integers(1, 10**6),
    day=st.dates(date(2026, 10, 1), TODAY),
    counts=counts,
    position=st.integers(0, 50),
)
several_papers = st.lists(papers, unique_by=lambda one: one.pk)


@given(several_papers)
def test_the_order_does_not_depend_on_the_order_of_the_input(several):
    trends = [lambda some, over=over: rank_trending(some, as_of=TODAY, over=over) for over in HOURS]
    for rank in (rank_edition, lambda some: rank_undiscovered(some, today=TODAY), *trends):
        assert order(rank(several)) == order(rank(several[::-1]))


@given(several_papers)
def test_the_parts_of_a_trend_add_up_to_its_score(several):
    for one in rank_trending(several, as_of=TODAY):
        parts = dict(one.parts)
        assert one.score == pytest.approx(parts["size"] - parts["faded"])


def places(papers: list[Listed], over: str) -> dict[int, int]:
    return {one.pk: place for place, one in enumerate(rank_trending(papers, as_of=TODAY, over=over))}


# Votes as a day of 28 papers may have them.
VOTES = (
    150,
    90,
    70,
    55,
    44,
    38,
    33,
    29,
    26,
    23,
    21,
    19,
    17,
    15,
    13,
    12,
    11,
    10,
    9,
    8,
    7,
    6,
    5,
    4,
    3,
    2,
    1,
    1,
)


@pytest.mark.parametrize("over", HOURS)
def test_a_quarrel_of_four_people_moves_no_paper_by_more_than_a_place(over):
    honest = [listed(pk, counted=votes) for pk, votes in enumerate(VOTES, 1)]
    quiet = [*honest, listed(99, counted=3)]
    loud = [*honest, listed(99, counted=3, talkers=4)]
    for before, after in ((places(quiet, over), places(loud, over)), (edition(quiet), edition(loud))):
        assert all(abs(before[pk] - after[pk]) <= 1 for pk in before)


def edition(papers: list[Listed]) -> dict[int, int]:
    return {one.pk: place for place, one in enumerate(rank_edition(papers))}


def test_the_top_quarter_of_a_day_is_that_of_its_edition_as_far_as_anybody_cared():
    papers = [listed(pk, counted=pk) for pk in range(1, 9)]
    assert top_quarter(papers) == {7, 8}
    assert top_quarter(papers[:1]) == {1}
    assert top_quarter([listed(1), listed(2)]) == top_quarter([]) == set()
