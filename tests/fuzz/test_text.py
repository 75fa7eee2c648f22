"""Clean text survives whatever TeX-like noise it is given, in linear time and without markup of others."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.papers.text import block, fingerprint_words, inline, plain, title_key

SIGNS = r"\ $ { } ~ ^ _ % & # < > ' ` - ( ) [ ] 1 a é β 中"
TEXT = (
    r"\emph{ \textbf{ {\em \href{ \url{ \cite[ \footnote{ \color{ \textsuperscript{ \unicode{ \model \begin{"
)
MATHS = (
    r"\frac{ \sqrt[ \left( \right) \mathcal{ \text{ \mathbb \over \def\a{ \\ \( \) \[ \] $$ \' \" \c \b{ \hat"
)
REMAINS = (
    "https://a.bc/ github.com/ arXiv:2401.01234 64times sim2 ell_ leq x^{ _{ `` '' -- --- &lt; &#60; <script>"
)
UNSEEN = ["\n", "\n\n", "\n  ", "\u202e", "\x00", "\U000f0000", "\ud800", " "]
PIECES = [*f"{SIGNS} {TEXT} {MATHS} {REMAINS}".split(), *UNSEEN]
NOISE = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join) | st.text(
    max_size=60
)
TAGS = {"p", "em", "strong", "code", "sup", "sub", "a", "span"}
ELEMENTS = (
    "math mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mstyle mpadded "
    "mphantom mtable mtr mtd"
)
MATHML = set(ELEMENTS.split())


class Balanced(HTMLParser):
    """Fails on a tag or attribute that is not ours, or that is not closed in its turn."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(shown)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS | MATHML, tag
        for name, value in attrs:
            assert tag in MATHML or (tag, name) in (("a", "href"), ("a", "rel"), ("span", "class")), name
            assert name != "href" or re.match(r"https?://", value)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@given(NOISE)
@example("$" + r"\sqrt" * 150 + "$")
@example("$" + "^_" * 400 + "$")
@example(r"{\em a \textbf{b {\em c}} d")
@example(r"\href{https://a.bc}{\href{https://a.bc}{x}}")
def test_html_is_well_formed_and_only_ours(text):
    Balanced(inline(text))
    Balanced(block(text))


@given(NOISE)
def test_plain_text_is_one_printable_line(text):
    shown = plain(text)
    assert shown == shown.strip()
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\U000f0000-\U0010ffff]|  ", shown)


@given(st.text(alphabet="abcXYZ äé 中0123456789,.:;!?()'\"", max_size=80))
def test_ordinary_text_is_not_touched(text):
    assert plain(text) == " ".join(text.split())


@given(NOISE)
def test_a_title_that_is_not_blank_has_a_key(text):
    key = title_key(text)
    assert bool(key) == bool(text.strip())
    assert title_key(key)[:5] == key[:5] or not key.isalnum()
    fingerprint_words(text)


@pytest.mark.parametrize(
    "piece", [*PIECES, "$a", "{{}", r"\href{u}{", "http://a.", "https://a.bc/((", "a)", "x leq "]
)
@pytest.mark.parametrize(
    ("size", "seconds"), [(33_000, 0.8), pytest.param(99_000, 4, marks=pytest.mark.thorough)]
)
def test_a_hundred_kilobytes_take_less_than_a_second(piece, size, seconds):
    """What takes time with the square of the length takes a ninth of it for a third: the bound goes down, too."""
    text = (piece * size)[:size]
    begun = time.process_time()
    plain(text)
    block(f"https://a.bc/{text}")
    title_key(text)
    fingerprint_words(text)
    assert time.process_time() - begun < seconds  # for all of them, on a busy machine
