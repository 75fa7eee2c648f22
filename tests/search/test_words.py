"""Texts and queries meet in one spelling."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.word_index.words import compound_words, compounds, content_stems, fold, names, stems


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        (r"$\ell_1$", "ℓ1"),
        (r"$\ell_1$", "ℓ₁"),
        ("ell_1", "l1"),
        (r"$R_0$", "R0"),
        ("R_0", "R₀"),
        (r"$\mathcal{O}(n^2)$", "O(n²)"),
        (r"Erd\H{o}s", "Erdős"),
        (r"Schr\"odinger", "Schrödinger"),
        (r"Schr\"{o}dinger", "Schrodinger"),
        (r"\'{E}cole", "École"),
        (r"$\alpha$-helix", "α-helix"),
        ("Kullback--Leibler", "Kullback–Leibler"),
        ("networks", "network"),
        ("ﬁne-tuning", "fine-tuning"),
        (r"\emph{sparse} coding", "sparse coding"),
        ("３D", "3D"),
    ],
)
def test_what_is_written_in_many_ways_is_one_word(written, typed):
    assert stems(fold(written)) == stems(fold(typed))


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Programs in (C++), C# and A*.", ["c++", "c#", "a*"]),
        ("GPT-4o, GPT-3.5 and Q-learning", ["gpt-4o", "gpt-3.5", "q-learning"]),
        ("CIFAR-10/100 images", ["cifar-10"]),
        ("the authors' code isn't here -- it's lost...", []),
        ("$k$-means", ["k-means"]),
    ],
)
def test_compounds_are_kept_whole_without_the_signs_around_them(text, whole):
    assert compound_words(fold(text)) == whole


def test_function_words_are_dropped_from_a_query_unless_it_has_no_others():
    assert content_stems("how does the attention of a transformer work") == ["attent", "transform", "work"]
    assert content_stems("to be or not to be") == ["to", "be", "or", "not", "to", "be"]


def test_names_are_not_stemmed_and_lose_their_accents():
    assert names(fold("José Hastings")) == ["jose", "hastings"]


@given(st.text())
def test_any_text_can_be_split_and_folding_again_changes_no_word(text):
    once = fold(text)
    assert stems(fold(once)) == stems(once)
    assert isinstance(compound_words(once), list)


@given(st.text(alphabet="aB1é学 .-+:&@#*_()\"',\n", max_size=30))
def test_no_compound_is_lost_by_looking_for_signs_first(text):
    letters = r"[^\W_]+"
    compound = rf"{letters}(?:[-+.:&@#*_]+{letters})+[+#*]*|{letters}[+#*]+|\.[^\W\d_]+"
    assert compounds(text).split() == re.findall(compound, text)
