"""Sentences are found in running text of any script, and the point among them."""

from __future__ import annotations

import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.sentences import sentences
from broadsheet.papers.texts import LONGEST_POINT, NO_SUMMARY, Original, made

WHOLE = [
    "Sails of tin, e.g. those of Orm et al. (2019), bend.",
    "Sails bend by 1.25 mm at 3.5 m/s, i.e. hardly.",
    "See Fig. 3, Eq. (4) and Sec. 5 for tin.",
    "J. R. Orm and Dr. Holt weighed tin.",
    "The U.S. Navy counted sails, cf. Holt.",
    "Tin vs. zinc, resp. brass, w.r.t. Bend, is approx. ten.",
    "Version 2.0.1 of tin.js runs at 3 a.m. daily.",
    "Is tin (really?) light, and does it matter!",
    'They say "sails of tin."',
    "No. 7 bends less than No. 8 does.",
    "Tin was weighed from Jan. 3 to Sept. 30, as Phys. Rev. D has it in vols. 2 and 3.",
    "Max. Bend and avg. Bend are those of Gen. Holt, est. 1990.",
    "Segel, z. B. Leinen, d. h. Tuch, biegen sich.",
    "Работа И. И. Вале о парусах хороша.",
    "Let it bend, as in group G. Lie bent it.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_full_stop_that_ends_nothing_parts_nothing(text):
    following = "We weigh it anew."
    both = f"{text} {following}"
    assert [both[slice(*one)] for one in sentences(both)] == [text, following]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("锡帆很轻。我们提出一种新方法！它好吗？", 3),
        ("錫の帆は軽い。本研究では新しい方法を提案する。", 2),
        ("टिन हल्का है। हम इसे तौलते हैं।", 2),
        ("Олово легко. Мы предлагаем весы.", 2),
        ("Tin is light et al. We weigh it.", 2),
        ("We weigh tin, brass, etc. The rest is left.", 2),
        ("Tin sails bend.We show how.", 2),
        ("Tin is known as vitamin C. We deny it.", 2),
        ("Tin is of group G. Let it bend.", 2),
        ("The least bend is the min. Each sail has it.", 2),
        ("კალა მსუბუქია. ჩვენ ვწონით მას.", 2),
        ("Nothing stops", 1),
        (" . ", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_readers_of_their_script_end_them(text, count):
    assert len(list(sentences(text))) == count


@given(st.text(alphabet="aA1 .!?。\"')(e.g", max_size=60))
def test_no_letter_is_lost_between_sentences(text):
    spans = list(sentences(text))
    assert "".join("".join(text[slice(*one)].split()) for one in spans) == "".join(text.split())
    assert spans == sorted(spans)


@pytest.mark.parametrize(
    "text",
    ["." * 50_000, "e.g. " * 10_000, "a. " * 20_000, "x" * 99_000, "this paper " * 9_000, "(" * 50_000],
)
def test_a_strange_text_takes_no_time(text):
    started = time.process_time()
    made(Original("Tin", text, NO_SUMMARY))
    assert time.process_time() - started < 5


FIRST = "Sails have been made of cloth for long."
LAST = "Tin bends less in all of 12 trials."


@pytest.mark.parametrize(
    "point",
    [
        "We propose TinSail, a sail of tin.",
        "To this end, we then carefully build a sail of tin.",
        "In this paper, sails of tin are weighed.",
        "This study asks why tin bends.",
        "Here we show that tin bends.",
        "The paper presents a sail of tin.",
        "A sail of tin is proposed.",
        "The aim of this work is a sail of tin.",
        "Our method makes sails of tin.",
        "It is shown that tin bends.",
        "Dans cet article, on pèse une voile.",
        "In dieser Arbeit wiegen Leute ein Segel.",
    ],
)
def test_the_point_is_the_sentence_in_which_a_paper_says_what_it_does(point):
    abstract = f"{FIRST} {point} {LAST}"
    texts = made(Original("Sails", abstract, NO_SUMMARY))
    assert (texts.point.text, texts.point.is_said) == (point, True)
    assert abstract[texts.point.start : texts.point.end] == point


def test_what_a_paper_makes_comes_before_what_it_found():
    abstract = f"{FIRST} We find that they tear. We propose sails of tin."
    assert made(Original("Sails", abstract, NO_SUMMARY)).point.text == "We propose sails of tin."


def test_where_no_sentence_says_it_the_first_one_stands_and_is_marked():
    point = made(Original("Sails", f"{FIRST} {LAST}", NO_SUMMARY)).point
    assert (point.text, point.start, point.is_said) == (FIRST, 0, False)


def test_a_sentence_that_is_too_long_is_no_point():
    long = f"We propose {'very ' * 60}light sails."
    point = made(Original("Sails", f"{long} {LAST} We show that tin bends.", NO_SUMMARY)).point
    assert point.text == "We show that tin bends."
    point = made(Original("Sails", long, NO_SUMMARY)).point
    assert (point.text[-5:], len(point.text) <= LONGEST_POINT, point.is_said) == ("very…", True, False)


def test_maths_and_emphasis_of_the_point_are_shown_and_nothing_is_left_open():
    abstract = r"\emph{Tin bends. We propose $x_1. Y$ of} order $\ell_2$. Sails\n\nbend."
    texts = made(Original("Tin", abstract, NO_SUMMARY))
    assert texts.point.text.startswith("We propose")
    assert texts.point.text in texts.abstract
    assert "<math>" in texts.point_html
    assert texts.point_html.count("<em>") == texts.point_html.count("</em>")


def test_a_long_sentence_without_blanks_is_cut_where_it_is_long_enough():
    point = made(Original("帆", f"锡帆 {'很轻，' * 200}", NO_SUMMARY)).point
    assert (len(point.text), point.end) == (LONGEST_POINT, LONGEST_POINT - 1)


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    r"\emph{We show that tin bends. Tin is light.} ",
                    r"\textit{a. \textbf{b. c.} d.} ",
                    r"$x^2$ ",
                ),
                *(
                    "We propose tin. ",
                    "In this paper, ",
                    r"\emph{unclosed. We build ",
                    "} ",
                    "\n\n",
                    "<b>We find</b> ",
                ),
            ]
        ),
        max_size=8,
    )
)
def test_whatever_is_emphasised_all_that_is_opened_in_a_point_is_closed_in_it(parts):
    texts = made.__wrapped__(Original("Tin", "".join(parts), NO_SUMMARY))
    ET.fromstring(f"<p>{texts.point_html}</p>")


@given(st.text(max_size=400))
def test_whatever_an_abstract_is_its_point_is_a_part_of_it(abstract):
    texts = made(Original("Tin", abstract, NO_SUMMARY))
    if texts.point is None:
        assert not texts.abstract
    else:
        assert texts.abstract[texts.point.start : texts.point.end] == texts.point.text.removesuffix("…") or (
            texts.point.text.endswith("…")
        )
        assert 0 < len(texts.point.text) <= LONGEST_POINT
