"""Senses: what a query can mean, told apart and named by the results themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search import senses
from broadsheet.search.embedding_models.embedding import DEFAULT
from broadsheet.search.embedding_models.runtimes import all_threads, runtime
from broadsheet.sources import demo as demonstration

DIMENSION = 384
KINDS = {
    "loss": "The loss of network {n} with its linear attention does not spike.",
    "eyes": "Monkey {n} moves its eyes when it is at visual attention to a stimulus.",
    "law": "Case {n} at court is under public attention, and the law grows.",
}
MIXED = ["loss", "eyes", "law"] * 12


def about(kinds: list[str], *, apart: float = 1.0) -> tuple[list[int], np.ndarray, list[tuple[str, str]]]:
    """Papers of those kinds, in that order, their vectors as far from those of other kinds as said."""
    rng = np.random.default_rng(7)
    cone, middles = rng.normal(size=DIMENSION), dict(zip(KINDS, rng.normal(size=(3, DIMENSION)), strict=True))
    rows = [2 * cone + apart * middles[kind] + rng.normal(size=DIMENSION) for kind in kinds]
    vectors = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
    texts = [(f"Title {n}", KINDS[kind].format(n=n)) for n, kind in enumerate(kinds)]
    return list(range(100, 100 + len(kinds))), vectors, texts


def named(kinds: list[str], query: str = "attention", **written: str) -> list[str]:
    """The names of the senses among papers of those kinds, which say what is `written` for their kind."""
    papers, vectors, texts = about(kinds)
    texts = [(title, written.get(kind, text)) for kind, (title, text) in zip(kinds, texts, strict=True)]
    return [one.name for one in senses.find(papers, vectors, texts, query=query)]


def test_results_about_different_things_are_told_apart_and_named_in_their_own_words():
    papers, vectors, texts = about(MIXED)
    found = senses.find(papers, vectors, texts, query="attention")
    assert {one.name: one.papers for one in found} == {
        "linear attention": tuple(papers[0::3]),
        "visual attention": tuple(papers[1::3]),
        "public attention": tuple(papers[2::3]),
    }


def test_the_largest_sense_comes_first():
    assert named(["eyes"] * 8 + ["loss"] * 16 + ["law"] * 12) == [
        "linear attention",
        "public attention",
        "visual attention",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Attention heads are pruned.", "Attention heads"),
        ("This is self-attention.", "self-attention"),
        ("All that is of attentive readers", "attentive readers"),
        ("Kullback–Leibler (KL) attention is measured.", "KL attention"),
        ("Attention neural networks are graphs.", "Attention neural networks"),
        ("A “Monte Carlo” attention: fast!", "Monte Carlo attention"),
        ("Sparse/linear attention is cheap.", "linear attention"),
    ],
)
def test_a_sense_is_named_by_a_phrase_as_the_papers_write_it(written, name):
    assert name in named(MIXED, loss=written)


def test_words_that_stand_beyond_a_mark_or_say_nothing_are_no_name():
    assert named(MIXED, loss="Of eyes, attention: loss.", eyes="A novel attention model.") == []


def test_papers_alike_are_one_sense_whichever_words_they_use():
    papers, vectors, texts = about(MIXED)
    texts[1::6] = [("Where we look", "The spatial attention of monkeys.")] * len(texts[1::6])
    found = senses.find(papers, vectors, texts, query="attention")
    assert {one.name: one.papers for one in found}["visual attention, spatial attention"] == tuple(
        papers[1::3]
    )


def test_a_paper_without_such_words_joins_those_it_is_close_to():
    papers, vectors, texts = about(MIXED)
    texts[4] = ("Where we look", "On attention.")
    found = senses.find(papers, vectors, texts, query="attention")
    assert [one.name for one in found if papers[4] in one.papers] == ["visual attention"]


def test_a_paper_unlike_all_others_has_no_sense():
    papers, vectors, texts = about(MIXED)
    vectors[4] = np.random.default_rng(1).normal(size=DIMENSION) / DIMENSION**0.5
    texts[4] = ("Where we look", "On attention.")
    found = senses.find(papers, vectors, texts, query="attention")
    assert len(found) == 3
    assert not [one for one in found if papers[4] in one.papers]


def test_the_words_of_a_query_need_not_stand_together():
    written = {
        "loss": "A training with KL divergence.",
        "eyes": "Divergence of the training: it is a stable training.",
        "law": "Legal divergence after training.",
    }
    assert named(MIXED, "training divergence", **written) == [
        "KL divergence",
        "Legal divergence",
        "stable training",
    ]


def test_results_about_one_thing_have_no_senses():
    assert named(["eyes"] * 36) == []


def test_what_nearly_all_results_say_tells_none_apart():
    assert named(["eyes"] * 30 + ["loss"] * 6) == []


def test_words_whose_papers_are_as_different_as_any_mark_no_sense():
    assert senses.find(*about(MIXED, apart=0), query="attention") == ()


def test_a_few_strays_are_no_sense():
    assert named(["loss", "eyes"] * 18 + ["law"] * 3) == ["linear attention", "visual attention"]


def test_senses_that_few_of_the_results_have_are_none():
    papers, vectors, texts = about(["loss"] * 4 + ["eyes"] * 4 + ["law"] * 40)
    texts[8:] = [("Law", "This paper is about attention.")] * 40
    assert senses.find(papers, vectors, texts, query="attention") == ()


@pytest.mark.parametrize("query", ["", "attention loss spikes", "quarks", '"((', "x" * 10_000])
def test_a_query_that_is_narrow_or_asks_for_nothing_has_no_senses(query):
    assert senses.find(*about(MIXED), query=query) == ()


@pytest.mark.parametrize("count", [0, 1, 23])
def test_a_few_results_have_no_senses(count):
    papers, vectors, texts = about(MIXED)
    assert senses.find(papers[:count], vectors[:count], texts[:count], query="attention") == ()


@pytest.mark.thorough
def test_the_same_results_have_the_same_senses_in_every_process():
    program = "from tests.search import test_senses as t; print(t.senses.find(*t.about(t.MIXED), query='attention'))"
    first, second = (
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert b"visual attention" in first
    assert first == second


def test_equal_vectors_and_empty_texts_do_no_harm():
    vectors = np.tile(np.float32(DIMENSION**-0.5), (30, DIMENSION))
    for text in ("attention", "linear attention"):
        assert senses.find(list(range(30)), vectors, [(text, "")] * 30, query="attention") == ()
    assert senses.find(list(range(30)), vectors, [("", "")] * 30, query="attention") == ()


@pytest.mark.thorough
def test_real_papers_are_told_apart_where_a_word_has_several_senses():
    """The demonstration papers: models of language, and models that draw by diffusion."""
    lines = Path(demonstration.__file__).with_name("demo.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [(one["title"], one["abstract"]) for one in map(json.loads, lines)]
    model = runtime(DEFAULT, threads=all_threads())
    vectors = model.embed_documents([f"{title} {abstract}" for title, abstract in texts])

    def chips(query: str) -> list[str]:
        best = np.argsort(-(vectors @ model.embed_query(query)))[:100].tolist()
        found = senses.find(best, vectors[best], [texts[place] for place in best], query=query)
        return [one.name.lower() for one in found]

    assert chips("model") == ["language models", "diffusion models"]
    assert chips("protein structure") == chips("game") == []


def test_a_question_of_the_one_letter_whose_stem_is_cut_to_nothing_has_its_senses_too():
    written = {kind: text.replace("attention", "I") for kind, text in KINDS.items()}
    assert named(MIXED, query="I", **written) == ["linear I", "public I", "visual I"]
