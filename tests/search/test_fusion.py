"""Two engines' scores become one ranking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from broadsheet.search import fusion
from broadsheet.search.fusion import Candidates, Evidence, Hit, fuse

QUESTION = np.array([1.0, 0, 0, 0])


def towards(cosine: float, axis: int = 1) -> list[float]:
    """A unit vector with that cosine to the question."""
    vector = [cosine, 0.0, 0.0, 0.0]
    vector[axis] = (1 - cosine**2) ** 0.5
    return vector


NOT_EMBEDDED = [0.0] * 4


def ranked(given: Candidates) -> list[Hit]:
    return every_hit(given, np.zeros(len(given.best)))


def every_hit(given: Candidates, present: np.ndarray) -> list[Hit]:
    return fuse(given, present, np.ones(len(given.papers), np.bool_)).hits(slice(None))


def candidates(*rows: tuple[int, float, list[float]]) -> Candidates:
    papers, words, vectors = zip(*rows, strict=True)
    return gathered(np.array(papers), np.array(words), np.array(vectors))


def gathered(papers: np.ndarray, words: np.ndarray, vectors: np.ndarray) -> Candidates:
    return Candidates(papers, words, words > 0, vectors, QUESTION, QUESTION, np.zeros(4))


def order(*rows: tuple[int, float, list[float]]) -> list[int]:
    return [hit.paper_pk for hit in ranked(candidates(*rows))]


def test_the_score_adds_both_engines_shares_by_their_weights():
    """Both engines spread the three alike: 12, 6, 0 and 0.6, 0.4, 0.2 are as many standard deviations."""
    first, second, third = ranked(
        candidates((7, 12.0, towards(0.2)), (8, 6.0, towards(0.6)), (9, 0.0, towards(0.4)))
    )
    highest = 0.45 / 2 + 0.55
    assert first.paper_pk == 8
    assert first.words == Evidence(6.0, 2, pytest.approx(0.45 / 2 / highest))
    assert first.meaning == Evidence(pytest.approx(0.6), 1, pytest.approx(0.55 / highest))
    assert first.score == pytest.approx(1.0)
    assert (second.paper_pk, second.score) == (7, pytest.approx(0.45 / highest))
    assert (third.paper_pk, third.words, third.score) == (9, None, pytest.approx(0.55 / 2 / highest))


def test_what_stands_out_by_words_comes_before_what_is_the_last_of_even_steps_by_meaning(monkeypatch):
    """Both lead by as much of the range; but that of words is many times what words differ by else."""
    monkeypatch.setattr(fusion, "TAKEN_OVER", 0)
    rows = [
        (number, 9.0 if number == 1 else 0.1, towards(0.3 + number / 100, number % 3 + 1))
        for number in range(1, 31)
    ]
    assert order(*rows)[:2] == [1, 30]


@given(st.floats(0.5, 20), st.floats(0, 50))
def test_in_what_units_an_engine_counts_changes_nothing(times, more):
    rows = [(number, 1.0 + number % 5, towards(number / 13)) for number in range(1, 13)]
    counted = [(number, words * times + more, vector) for number, words, vector in rows]
    assert order(*counted) == order(*rows)


def test_equal_papers_stand_in_the_order_of_their_numbers():
    assert order((3, 1.0, towards(0.5, 1)), (5, 1.0, towards(0.5, 2)), (9, 1.0, towards(0.5, 3))) == [3, 5, 9]


def test_one_engine_alone_keeps_its_order():
    assert order((2, 1.0, NOT_EMBEDDED), (4, 2.0, NOT_EMBEDDED)) == [4, 2]
    assert order((2, 0.0, towards(0.3)), (4, 0.0, towards(0.8))) == [4, 2]


def test_a_paper_without_embedding_is_not_punished_for_it():
    first, *_ = ranked(candidates((7, 9.0, NOT_EMBEDDED), (8, 8.0, towards(0.7)), (9, 1.0, towards(0.1))))
    assert first.paper_pk == 7
    assert first.meaning is None
    assert first.score == pytest.approx(1.0)


def test_papers_like_the_best_ones_rise(monkeypatch):
    """Two papers say the same to the question; one of them lies among good papers, the other alone."""
    monkeypatch.setattr(fusion, "NEIGHBOURS", 2)
    good = [(number, 9.0, towards(0.8 + number / 100, 1)) for number in (1, 2)]
    alike, alone = (3, 0.5, towards(0.5, 1)), (4, 0.5, towards(0.5, 2))
    poor = [(number, 0.1, towards(0.2 + number / 100, 2)) for number in (5, 6)]
    hits = {hit.paper_pk: hit for hit in ranked(candidates(*good, alike, alone, *poor))}
    assert hits[3].words == hits[4].words._replace(rank=hits[3].words.rank)
    assert hits[3].neighbours > hits[4].neighbours
    assert hits[3].score > hits[4].score


def test_a_paper_with_more_of_the_words_rises_however_long_it_is():
    rows = candidates((1, 2.0, towards(0.5, 1)), (2, 1.9, towards(0.5, 2)))
    assert [hit.paper_pk for hit in ranked(rows)] == [1, 2]
    first, second = every_hit(rows, np.array([0.0, 3.0]))
    assert (first.paper_pk, second.paper_pk) == (2, 1)
    assert first.words[:2] == (pytest.approx(4.9), 1)


def test_near_duplicates_stand_under_the_better_one():
    hits = ranked(
        candidates(
            (1, 1.0, towards(0.5)),
            (2, 3.0, towards(0.501)),
            (3, 2.0, towards(0.1)),
            (4, 2.0, towards(0.9, 3)),
        )
    )
    assert {hit.paper_pk: hit.folded for hit in hits} == {4: (), 2: (1,), 3: ()}


def test_nothing_to_rank_is_an_empty_ranking():
    assert ranked(gathered(np.array([], np.int64), np.array([]), np.empty((0, 4)))) == []


@st.composite
def many(draw) -> Candidates:
    count = draw(st.integers(1, 260))
    papers = np.array(sorted(draw(st.sets(st.integers(1, 10_000), min_size=count, max_size=count))))
    words = draw(arrays.arrays(np.float64, count, elements=st.sampled_from([0, 0.5, 3, 7.25])))
    seed = draw(st.integers(0, 99))
    vectors = np.random.default_rng(seed).normal(size=(count, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[draw(arrays.arrays(np.bool_, count))] = 0
    return gathered(papers, words, vectors)


@given(many())
def test_every_candidate_is_there_once_and_the_best_comes_first(given_):
    hits = ranked(given_)
    shown = [paper for hit in hits for paper in (hit.paper_pk, *hit.folded)]
    assert sorted(shown) == given_.papers.tolist()
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(-1e-9 <= hit.score <= 1 + 1e-9 for hit in hits)
    assert ranked(given_) == hits


def test_the_question_moves_towards_the_best_papers():
    """Of two papers equally close to the question, the one that lies near the best comes first."""
    rows = candidates(
        (1, 0.0, towards(0.3, 2)), (2, 0.0, towards(0.3, 1)), *((n, 5.0, towards(0.9)) for n in (5, 6, 7))
    )
    by_number = [hit.paper_pk for hit in ranked(rows)]
    moved = [hit.paper_pk for hit in ranked(rows.moved())]
    assert by_number[-2:] == [1, 2]
    assert moved[-2:] == [2, 1]


def test_a_question_without_an_embedding_stays_where_it_is():
    rows = replace(candidates((1, 1.0, NOT_EMBEDDED)), question=np.zeros(4))
    assert rows.moved() is rows


@given(many(), st.randoms())
def test_what_is_not_kept_changes_no_score_and_folds_nothing(given_, chance):
    kept = np.array([chance.random() < 0.5 for _ in given_.papers], np.bool_)
    every = fuse(given_, np.zeros(len(given_.best)), np.ones(len(given_.papers), np.bool_))
    some = fuse(given_, np.zeros(len(given_.best)), kept)
    assert sorted(given_.papers[some.rows].tolist()) == given_.papers[kept].tolist()
    assert (some.scores == every.scores).all()
    assert [hit.is_match for hit in some.hits(slice(None))] == [
        hit.words is not None for hit in some.hits(slice(None))
    ]


@pytest.mark.parametrize(
    ("words", "cosine", "said"),
    [
        (True, 0.7, "close in meaning"),
        (False, 0.7, "close in meaning"),
        (False, 0.6, "close in meaning"),
        (True, 0.6, "some of the words"),
        (True, None, "some of the words"),
    ],
)
def test_what_stands_below_the_floor_of_meaning_is_said_to_have_some_of_the_words(words, cosine, said):
    by_words = Evidence(3.0, 1, 0.4) if words else None
    by_meaning = Evidence(cosine, 1, 0.3) if cosine else None
    assert Hit(1, 0.5, by_words, by_meaning).closeness(0.66) == said
