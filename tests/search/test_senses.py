"""Senses: what a query can mean, told apart and named by the results themselves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search import senses
from broadsheet.search.embedding import DEFAULT
from broadsheet.search.runtimes import all_threads, runtime
from broadsheet.sources import demo as demonstration

DIMENSION = 384
KINDS = {
    "loss": "Attention {n} keeps the loss of large networks from spiking, on GPU clusters.",
    "eyes": "Attention {n} of monkeys moves their eyes to a stimulus in the visual cortex.",
    "law": "Attention {n} that courts pay to patent law grows with each ruling of the judges.",
}


def about(kinds: list[str], *, apart: float = 1.0) -> tuple[list[int], np.ndarray, list[tuple[str, str]]]:
    """Papers of those kinds, in that order, their vectors as far from those of other kinds as said."""
    rng = np.random.default_rng(7)
    cone, middles = rng.normal(size=DIMENSION), dict(zip(KINDS, rng.normal(size=(3, DIMENSION)), strict=True))
    rows = [2 * cone + apart * middles[kind] + rng.normal(size=DIMENSION) for kind in kinds]
    vectors = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
    texts = [(f"Title {n}", KINDS[kind].format(n=n)) for n, kind in enumerate(kinds)]
    return list(range(100, 100 + len(kinds))), vectors, texts


MIXED = ["loss", "eyes", "law"] * 12


def test_results_about_different_things_are_told_apart_and_named_in_their_own_words():
    papers, vectors, texts = about(MIXED)
    found = senses.find(papers, vectors, texts, query="attention")
    assert sorted(one.papers for one in found) == [tuple(papers[first::3]) for first in range(3)]
    assert [one.name for one in found] == [
        "GPU clusters, keeps, loss",
        "visual cortex, eyes, monkeys moves",
        "courts pay, law grows, judges",
    ]


def test_two_chips_never_share_a_word_and_none_has_a_word_of_the_query():
    papers, vectors, texts = about(MIXED)
    texts = [(f"{title}: attentive attention", abstract) for title, abstract in texts]
    found = senses.find(papers, vectors, texts, query="Attention")
    words = [word.lower() for one in found for term in one.name.split(", ") for word in term.split()]
    assert len(found) == 3
    assert len(set(words)) == len(words)
    assert not [word for word in words if word.startswith("attent")]


def test_results_about_one_thing_have_no_senses():
    assert senses.find(*about(["eyes"] * 36), query="attention") == ()


def test_results_that_hardly_differ_in_meaning_have_no_senses():
    assert senses.find(*about(MIXED, apart=0.05), query="attention") == ()


def test_groups_without_words_of_their_own_are_no_senses():
    papers, vectors, _ = about(MIXED)
    texts = [("Attention", "This paper studies attention.")] * len(papers)
    assert senses.find(papers, vectors, texts, query="attention") == ()


def test_a_few_strays_are_no_sense():
    papers, vectors, texts = about(["loss", "eyes"] * 18 + ["law"] * 2)
    found = senses.find(papers, vectors, texts, query="attention")
    assert len(found) == 2
    assert "law" not in " ".join(one.name for one in found)


def test_what_only_stands_far_down_the_list_is_no_sense():
    papers, vectors, texts = about(["loss", "eyes"] * 15 + ["law"] * 12)
    found = senses.find(papers, vectors, texts, query="attention")
    assert len(found) == 2
    assert not any(set(one.papers) & set(papers[30:]) for one in found)


@pytest.mark.parametrize("query", ["", "attention loss spikes", "quarks", '"((', "x" * 10_000])
def test_a_query_that_is_narrow_or_asks_for_nothing_has_no_senses(query):
    assert senses.find(*about(MIXED), query=query) == ()


@pytest.mark.parametrize("count", [0, 1, 23])
def test_a_few_results_have_no_senses(count):
    papers, vectors, texts = about(MIXED)
    assert senses.find(papers[:count], vectors[:count], texts[:count], query="attention") == ()


def test_the_same_results_have_the_same_senses():
    first, second = (senses.find(*about(MIXED, apart=0.5), query="attention") for _ in range(2))
    assert first == second


def test_equal_vectors_and_empty_texts_do_no_harm():
    vectors = np.tile(np.float32(DIMENSION**-0.5), (30, DIMENSION))
    assert senses.find(list(range(30)), vectors, [("attention", "")] * 30, query="attention") == ()


def test_real_papers_are_told_apart_where_a_word_has_several_senses():
    """The demonstration papers: learning by neural networks, and learning from reward."""
    lines = Path(demonstration.__file__).with_name("demo.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [(one["title"], one["abstract"]) for one in map(json.loads, lines)]
    model = runtime(DEFAULT, threads=all_threads())
    vectors = model.embed_documents([f"{title} {abstract}" for title, abstract in texts])

    def named(query: str) -> list[str]:
        best = np.argsort(-(vectors @ model.embed_query(query)))[:100].tolist()
        return [one.name for one in senses.find(best, vectors[best], [texts[i] for i in best], query=query)]

    assert named("learning") == ["neural networks", "reinforcement, policy, games"]
    assert named("protein structure") == named("model") == []
