"""The measures against figures worked out by hand, and what a confidence interval promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.evaluating.measures import MEASURES, differences, estimates, figures

LOG3 = math.log2(3)


def test_all_measures_of_a_small_ranking_are_what_a_pencil_gives():
    # Relevant at places 1 and 3 of three found, and one never found.
    found = figures(["a", "x", "b", "y"], {"a": 1, "b": 1, "c": 1})
    assert found["nDCG@10"] == pytest.approx((1 + 1 / 2) / (1 + 1 / LOG3 + 1 / 2))
    assert found["MAP"] == pytest.approx((1 / 1 + 2 / 3) / 3)
    assert found["MRR"] == 1
    assert found["recall@100"] == pytest.approx(2 / 3)


def test_grades_weigh_in_ndcg_as_they_are_and_elsewhere_only_as_relevant():
    found = figures(["good", "best"], {"best": 2, "good": 1, "bad": 0})
    assert found["nDCG@10"] == pytest.approx((1 + 2 / LOG3) / (2 + 1 / LOG3))
    assert (found["MAP"], found["MRR"], found["recall@100"]) == (1, 1, 1)


def test_a_ranking_without_anything_relevant_is_worth_nothing():
    assert set(figures(["x", "y"], {"a": 1, "x": 0}).values()) == {0}
    assert set(figures([], {"a": 1}).values()) == {0}


def test_a_document_below_zero_is_as_good_as_not_judged():
    grades = {"a": 1.0, "spam": -2.0}
    assert figures(["spam", "a"], grades) == figures(["unjudged", "a"], grades)


def test_each_measure_looks_as_far_as_its_name_says():
    filler = [f"x{place}" for place in range(200)]
    tenth, eleventh = (figures([*filler[:rank], "a"], {"a": 1}) for rank in (9, 10))
    assert tenth["nDCG@10"] == pytest.approx(1 / math.log2(11))
    assert eleventh["nDCG@10"] == 0
    assert eleventh["MRR"] == eleventh["MAP"] == 1 / 11
    hundredth, beyond = (figures([*filler[:rank], "a"], {"a": 1}) for rank in (99, 100))
    assert (hundredth["recall@100"], beyond["recall@100"]) == (1, 0)
    assert beyond["MRR"] == 1 / 101


def test_the_ideal_of_ndcg_has_all_that_was_judged_even_if_more_than_ten():
    grades = {f"d{number}": 1.0 for number in range(30)}
    found = figures(list(grades)[:10], grades)
    assert found["nDCG@10"] == 1
    assert found["recall@100"] == pytest.approx(10 / 30)


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-1, 3)),
)
def test_a_measure_is_from_0_to_1_and_the_best_ranking_has_1(ranking, grades):
    grades["a"] = 1
    assert all(0 <= value <= 1 + 1e-12 for value in figures(ranking, grades).values())
    best = sorted(grades, key=lambda document: -grades[document])
    assert figures(best, grades) == pytest.approx(dict.fromkeys(MEASURES, 1))


def test_the_interval_of_a_coin_is_the_one_of_the_binomial_distribution():
    coin = np.array([[0.0, 1.0] * 50])
    (found,) = estimates(coin)
    assert found.mean == 0.5
    assert found.low == pytest.approx(0.5 - 1.96 * 0.05, abs=0.011)
    assert found.high == pytest.approx(0.5 + 1.96 * 0.05, abs=0.011)


def test_an_interval_is_the_same_each_time_and_narrows_with_more_queries():
    few = np.random.default_rng(1).random((1, 20))
    many = np.tile(few, 9)
    assert estimates(few) == estimates(few)
    assert estimates(many)[0].high - estimates(many)[0].low < 0.5 * (
        estimates(few)[0].high - estimates(few)[0].low
    )


def test_a_difference_that_is_the_same_for_all_queries_is_certain():
    first = np.array([[0.1, 0.5, 0.9]])
    (found,) = differences(first + 0.1 - first)
    assert (found.better, found.worse, found.equal) == (3, 0, 0)
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


def test_queries_that_gain_lose_and_stay_are_counted():
    (found,) = differences(np.array([[0.5, -0.25, 0.0, 1e-16, 0.75]]))
    assert (found.better, found.worse, found.equal) == (2, 1, 2)
    assert found.mean == pytest.approx(0.2)
