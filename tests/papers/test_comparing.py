"""What differs between two texts, word by word."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.comparing import MOST_WORDS, Piece, compared

TEX = st.lists(
    st.sampled_from(
        ["the", "loss", "$", "$x^2$", "\\emph{", "}", "{", "\\", "-", ",", " ", "\n", "ü", "[", "]"]
    ),
    max_size=30,
).map("".join)


def changed(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text.strip()) for piece in compared(before, after) if piece.kind != "same"]


def one_line(text: str) -> str:
    return " ".join(("", *text.split()))


def test_equal_texts_are_one_piece_whatever_their_line_breaks():
    assert compared("We bound\nthe loss.", "We  bound the loss.") == (Piece("same", " We bound the loss."),)
    assert compared("", "") == ()


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("We bound the loss.", "We bound the whole loss.", [("added", "whole")]),
        ("We bound the whole loss.", "We bound the loss.", [("removed", "whole")]),
        ("We bound the loss.", "We bound the gain.", [("removed", "loss"), ("added", "gain")]),
        ("", "New.", [("added", "New.")]),
        ("It takes 5\\% less.", "It takes 15\\% less.", [("removed", "5\\%"), ("added", "15\\%")]),
        ("Fast k-means", "Fast k-medians", [("removed", "k-means"), ("added", "k-medians")]),
    ],
)
def test_only_the_words_that_changed_are_marked(before, after, changes):
    assert changed(before, after) == changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("$O(n^2)$", "$O(n \\log n)$"),
        ("$$a + b$$", "$$a + c$$"),
        ("\\emph{large nets}", "\\emph{small nets}"),
        ("\\href[x]{a}{b c}", "\\href[x]{a}{b d}"),
        ("{\\bf wide {and} deep}", "{\\bf wide {or} deep}"),
        ('Schr\\"odinger', 'Schr\\"{o}dinger'),
    ],
)
def test_formulas_and_commands_are_never_cut(before, after):
    texts = [f"We study {one} and more of it." for one in (before, after)]
    assert changed(*texts) == [("removed", before), ("added", after)]


def test_a_single_word_in_common_does_not_part_a_change():
    assert changed("We fit all nets at once.", "We fit no trees at once.") == [
        ("removed", "all nets"),
        ("added", "no trees"),
    ]
    assert changed("They saw red and blue now.", "They saw green and black now.") == [
        ("removed", "red and blue"),
        ("added", "green and black"),
    ]


@given(TEX | st.text(), TEX | st.text())
def test_the_pieces_make_up_both_texts(before, after):
    pieces = compared(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == one_line(before).rstrip()
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == one_line(after).rstrip()
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize("part", ["a b ", "{", "$ a", "\\a[", "{a", "{}", "a-", "\\x{", "${"])
def test_hostile_texts_are_compared_quickly(part):
    text = part * 30_000
    started = time.process_time()
    compared(text, text[::-1])
    compared(text[: 2 * MOST_WORDS], text[: 2 * MOST_WORDS][::-1])
    assert time.process_time() - started < 2


def test_a_text_too_long_to_compare_is_replaced_between_what_agrees():
    before, after = (" ".join(f"{letter}{n}" for n in range(MOST_WORDS + 1)) for letter in "ab")
    kinds = [piece.kind for piece in compared(f"It says {before} at last", f"It says {after} at last")]
    assert kinds == ["same", "removed", "added", "same"]
