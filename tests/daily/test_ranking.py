"""The order of papers, from the outside."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.daily.ranking import Listed, rank_edition, rank_trending
from broadsheet.papers.tallies import FADE_DAYS, interest

TODAY = date(2026, 11, 20)


def listed(pk: int, *, days_ago: int = 0, position: int = 0, **signals: int) -> Listed:
    return Listed(pk, TODAY - timedelta(days=days_ago), position, signals)


def order(ranked) -> list[int]:
    return [one.pk for one in ranked]


def test_an_edition_is_ordered_by_upvotes_then_comments_then_as_listed():
    papers = [
        listed(1, position=1, upvotes=3),
        listed(2, position=3, upvotes=9),
        listed(3, position=2, upvotes=3, comments=2),
    ]
    assert order(rank_edition(papers)) == [2, 3, 1]
    assert order(rank_edition([listed(2, position=2), listed(1, position=1)])) == [1, 2]


def test_a_trend_fades_by_one_order_of_magnitude_in_fade_days():
    old, new = listed(1, days_ago=int(FADE_DAYS), upvotes=999), listed(2, upvotes=99)
    scores = {one.pk: one.score for one in rank_trending([old, new], as_of=TODAY)}
    assert abs(scores[1] - scores[2]) < 1e-9


def test_papers_nobody_cares_about_and_papers_of_the_future_do_not_trend():
    assert rank_trending([listed(1), listed(2, days_ago=-1, upvotes=5)], as_of=TODAY) == []


def test_a_quarrel_or_a_famous_repository_alone_does_not_lift_a_paper():
    assert interest(0, 500, 90_000) == 0
    assert interest(10, 500, 90_000) == 30


papers = st.builds(
    Listed,
    pk=st.integers(1, 10**6),
    day=st.dates(date(2026, 10, 1), TODAY),
    position=st.integers(0, 50),
    signals=st.dictionaries(st.sampled_from(["upvotes", "comments", "github_stars"]), st.integers(-5, 10**6)),
)


@given(st.lists(papers, unique_by=lambda one: one.pk))
def test_the_order_does_not_depend_on_the_order_of_the_input(several):
    for rank in (rank_edition, lambda some: rank_trending(some, as_of=TODAY)):
        assert order(rank(several)) == order(rank(several[::-1]))


@given(st.lists(papers, unique_by=lambda one: one.pk))
def test_the_parts_of_a_trend_add_up_to_its_score(several):
    for one in rank_trending(several, as_of=TODAY):
        parts = dict(one.parts)
        assert one.score == parts["size"] - parts["faded"]
