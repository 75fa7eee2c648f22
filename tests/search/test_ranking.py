"""Short tokens find what has them, and first what has them exactly as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.search import folder
from broadsheet.search.documents import Document
from broadsheet.search.query.language import parse
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndex

TEXTS = [
    ("C compilers and C programs", "We compare C, C and C for programs in C."),
    ("Templates of C++", "Programs in C++ are long."),
    ("Net gains", "The net effect on net profit of nets."),
    ("Services on .NET", "The runtime of .NET is studied."),
    ("Score of one", "The F1 score of R0 models."),
    ("F-1 visas", "Students with F-1 visas."),
    ("k-NN search", "Graphs for k-NN."),
    ("kNN again", "A kNN classifier."),
    ("Masks", "The pandemic of COVID-19."),
    ("Processors", "Code for x86-64."),
    ("GPT4", "Big (GPT4, GPT-4o)."),
    ("GPT-4", "Bigger."),
    ("F# and C#", "Functional."),
    ("A* search", "Shortest paths."),
    ("A search", "A star is born."),
    (r"$\ell_1$ norms", "Sparse."),
    ("R&D spending", "Money of firms."),
    ("Segmentation", "A 3D U-Net."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> WordIndex:
    root: Path = tmp_path_factory.mktemp("index")
    words = folder.beside(root)
    lexical.create(words)
    lexical.write(words, [], [Document(number, *text) for number, text in enumerate(TEXTS)])
    folder.switch(words)
    return WordIndex(root)


def found(index: WordIndex, typed: str) -> list[str]:
    return [TEXTS[paper][0] for paper, _ in index.search(parse(typed), limit=20)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("C", "C compilers and C programs"),
        ("C++", "Templates of C++"),
        ("programs in c++", "Templates of C++"),
        (".NET", "Services on .NET"),
        ("C#", "F# and C#"),
        ("A*", "A* search"),
        ("F1", "Score of one"),
        ("F-1", "F-1 visas"),
        ("R0", "Score of one"),
        ("k-NN", "k-NN search"),
        ("kNN", "kNN again"),
        ("GPT-4", "GPT-4"),
        ("GPT4", "GPT4"),
        ("x86", "Processors"),
        ("ℓ1", r"$\ell_1$ norms"),
        ("ℓ_1", r"$\ell_1$ norms"),
        (r"\ell_1", r"$\ell_1$ norms"),
        ("R&D", "R&D spending"),
    ],
)
def test_what_has_a_short_token_exactly_comes_first(index, typed, first):
    assert found(index, typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("kNN", "k-NN search"),
        ("k-NN", "kNN again"),
        ("GPT-4", "GPT4"),
        ("GPT4", "GPT-4"),
        ("F1", "F-1 visas"),
        ("COVID19", "Masks"),
        ("UNet", "Segmentation"),
        ("L1", r"$\ell_1$ norms"),
    ],
)
def test_a_hyphen_may_be_left_out_or_put_in(index, typed, other):
    assert other in found(index, typed)


def test_a_word_in_more_places_counts_more_and_one_in_the_title_most(index):
    assert found(index, "programs") == ["C compilers and C programs", "Templates of C++"]


def test_function_words_are_no_question_beside_others(index):
    assert found(index, "what are the visas of") == ["F-1 visas"]
    assert "A star is born." in [TEXTS[paper][1] for paper, _ in index.search(parse("is a"), limit=3)]


def test_a_question_without_words_finds_nothing(index):
    assert index.search(parse("?! …"), limit=3) == []
