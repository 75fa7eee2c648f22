"""Two rankings become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.fusion import Found, Hit, fuse


def test_the_score_is_the_sum_of_one_over_sixty_plus_rank():
    fused = fuse([(7, 12.5), (8, 3.0)], [(8, 0.9), (9, 0.8)])
    assert [hit.paper_pk for hit in fused] == [8, 7, 9]
    assert fused[0] == Hit(8, pytest.approx(1 / 62 + 1 / 61), words=Found(3.0, 2), meaning=Found(0.9, 1))
    assert fused[2] == Hit(9, pytest.approx(1 / 62), meaning=Found(0.8, 2))


def test_equal_papers_stand_in_the_order_of_their_numbers():
    assert [hit.paper_pk for hit in fuse([(5, 1.0)], [(3, 1.0)])] == [3, 5]


def test_one_ranking_alone_keeps_its_order():
    assert [hit.paper_pk for hit in fuse([(4, 2.0), (2, 1.0)], [])] == [4, 2]


def test_a_paper_without_embedding_is_not_punished_for_it():
    words, meaning = [(7, 9.0), (8, 3.0)], [(8, 0.9)]
    assert [hit.paper_pk for hit in fuse(words, meaning)] == [8, 7]
    fused = fuse(words, meaning, unembedded={7})
    assert [hit.paper_pk for hit in fused] == [7, 8]
    assert fused[0] == Hit(7, pytest.approx(2 / 61), words=Found(9.0, 1))


rankings = st.lists(st.integers(1, 50), unique=True).map(lambda papers: [(paper, 0.5) for paper in papers])


@given(rankings, rankings)
def test_every_paper_of_either_ranking_is_there_once_and_the_best_comes_first(words, meaning):
    fused = fuse(words, meaning)
    assert sorted(hit.paper_pk for hit in fused) == sorted({paper for paper, _ in words + meaning})
    assert [hit.score for hit in fused] == sorted((hit.score for hit in fused), reverse=True)
