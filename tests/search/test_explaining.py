"""Why a paper was found: matched words and excerpts."""

from __future__ import annotations

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from broadsheet.papers import text
from broadsheet.search.explaining import EXCERPT_LENGTH, Matcher, excerpt
from broadsheet.search.query.language import parse

TAG = re.compile(r"<[^>]*>")


def marked(typed: str, shown: str) -> list[str]:
    """The marked words of a title or abstract, without the tags within them."""
    html = Matcher(parse(typed)).mark(text.block(shown))
    return [unescape(TAG.sub("", one)) for one in re.findall("<mark>(.*?)</mark>", html)]


FORMS = [
    "dying",
    "dies",
    "die",
    "lying",
    "skies",
    "sky",
    "hoping",
    "hopes",
    "theory",
    "Theories",
    "theoretical",
    "relation",
    "relational",
    "valency",
    "GENERATION",
    "generates",
    "H2O",
    "GPT4",
    "a",
    "I",
    "digitizing",
    "news",
    "happily",
    "&lt;",
    "<i>loss</i>",
    "(losses),",
    "under_score",
    "x-ray",
]


def _found(matcher: Matcher, text: str) -> set[str]:
    return matcher.found_in(text, [(0, len(text))])[0]


@given(st.lists(st.sampled_from(FORMS)), st.lists(st.sampled_from(FORMS[:-6]), min_size=1, max_size=4))
def test_the_same_is_found_in_a_plain_text_and_in_one_with_other_letters(shown, typed):
    matcher, plain = Matcher(parse(" ".join(typed))), " ".join(shown)
    assert matcher.mark(Markup(f"{plain} é")) == matcher.mark(Markup(plain)) + " é"
    assert _found(matcher, f"{plain} é") == _found(matcher, plain)


@pytest.mark.parametrize("word", [one for one in FORMS if one.isalnum() and len(one) > 1])
def test_every_word_is_found_in_its_own_form_whatever_its_stem(word):
    assert _found(Matcher(parse(word.lower())), f"Then {word} again") != set()


@pytest.mark.parametrize(
    ("typed", "shown", "words"),
    [
        ("networks", "A network of Networks, networked.", ["network", "Networks", "networked"]),
        ("how does attention work", "How attention works", ["attention works"]),
        ("to be", "To be or not", ["To be"]),
        ("Erdős", "Erdos and Erdős and Erdo\u030bs", ["Erdos", "Erdős", "Erdo\u030bs"]),
        ("l1 loss", r"The $\ell_1$ loss", ["loss"]),
        ("R0", "An R_0 of 2, or R0", ["R0", "R0"]),
        ("beta-VAE", "A β-VAE", ["β-VAE"]),
        ("GPT-4", "GPT-4 has 4 parts; gpt‑4, too (GPT-4).", ["GPT-4", "4", "gpt‑4", "GPT-4"]),
        ("C++", "C++, not C", ["C++"]),
        (".NET", "The .NET of C", ["NET"]),
        ("GPT4 kNN", "GPT-4 with k-NN", ["GPT-4", "k-NN"]),
        ("k-NN", "A kNN search", ["kNN"]),
        ("Q-learning", "Q-learning is learning", ["Q-learning", "learning"]),
        ('"loss spike"', "loss spikes, and a loss", ["loss spikes"]),
        ("loss -spike", "loss spike", ["loss"]),
        ("-spike", "loss spike", []),
        ("amp lt x27", "R&D <lt> 'x'", ["lt"]),
        ("href example", "see https://example.com/href", ["example", "href"]),
        ("", "anything", []),
    ],
)
def test_what_matched_is_marked(typed, shown, words):
    assert marked(typed, shown) == words


@pytest.mark.parametrize(
    ("typed", "name", "is_it"),
    [
        ("Kaiming He", "Kaiming He", True),
        ("he", "Kaiming He", True),
        ("erdos", "Pál Erdős", True),
        ("He training", "Kaiming He", False),
        ("networks author:he", "Kaiming He", True),
        ('networks (org:"Mira & Sons" OR author:Ruiz)', "Mira & Sons", True),
        ("networks -author:he", "Kaiming He", False),
        ("", "Kaiming He", False),
        ("a very long question about he", "Kaiming He", False),
    ],
)
def test_who_is_asked_for_is_known_by_name(typed, name, is_it):
    assert Matcher(parse(typed)).is_name(name) == is_it


def test_formulas_and_tags_stay_as_they_are():
    html = text.block(r"We show $\mathrm{loss} = x^2$ \emph{loss} at https://loss.example/loss.")
    shown = Matcher(parse("loss math em href")).mark(html)
    assert TAG.sub("", shown) == TAG.sub("", html)
    assert "<em><mark>loss</mark></em>" in shown
    assert shown.count("<math") == 1
    assert "<mark" not in re.search("<math>.*?</math>", shown)[0]
    assert 'href="https://loss.example/loss' in shown


@given(st.text(max_size=80), st.text(max_size=200))
def test_marking_adds_nothing_but_marks(typed, foreign):
    html = escape(foreign)
    shown = Matcher(parse(typed)).mark(html)
    assert isinstance(shown, Markup)
    assert shown.replace("<mark>", "").replace("</mark>", "") == html


@given(st.text("ab-+.<>&;_/ 1", max_size=60), st.text("ab-+.<>&;_/ 1", max_size=120))
def test_whatever_stands_between_the_words_what_is_found_is_marked(typed, foreign):
    matcher = Matcher(parse(typed))
    if "&" not in foreign and "<" not in foreign:
        assert bool(_found(matcher, foreign)) == ("<mark>" in matcher.mark(escape(foreign)))


BEGINNING = "The first sentence says what everybody knows. " * 6
TELLING = "Here the training diverges, and the loss spikes."
END = " And then it goes on for a while, as abstracts do." * 6


def test_an_excerpt_has_the_sentences_that_say_why():
    why = excerpt(BEGINNING + TELLING + END, Matcher(parse("training divergence loss")))
    assert why.startswith("… ")
    assert TELLING in why
    assert why.endswith(" …")
    assert len(why) <= EXCERPT_LENGTH + 4


def test_an_excerpt_without_matches_is_the_beginning():
    assert excerpt(BEGINNING + END, Matcher(parse("nothing"))).startswith("The first sentence")


def test_of_a_short_abstract_nothing_is_left_out():
    assert excerpt(TELLING, Matcher(parse("loss"))) == TELLING


def test_a_long_sentence_is_cut_between_words():
    words = "many words without any end " * 60
    why = excerpt(f"{words}divergence {words}", Matcher(parse("divergence")))
    assert "divergence" in why
    assert set(why.split()) == {"…", "divergence", *words.split()}
    assert len(why) <= EXCERPT_LENGTH + 4


def test_initials_and_et_al_end_no_sentence():
    shown = f"Smith et al. Have shown it. {END}"
    assert excerpt(shown, Matcher(parse("smith"))).startswith("Smith et al. Have shown it. And")


@given(st.text(max_size=30), st.text(max_size=900))
def test_an_excerpt_is_made_of_the_text_and_fits(typed, foreign):
    why = excerpt(text.plain(foreign), Matcher(parse(typed)))
    assert set(why.removeprefix("… ").removesuffix(" …")) <= set(text.plain(foreign)) | {" "}
    assert len(why) <= EXCERPT_LENGTH + 4


@pytest.mark.parametrize("piece", ["a", "a-", "<math>", "é", "a<sub>1", "a.. ", ". A", "&", "a&amp;", "_a"])
def test_no_text_takes_long(piece):
    matcher = Matcher(parse("a-b a c++"))
    started = time.process_time()
    matcher.mark(Markup(piece * 20_000))
    excerpt(piece * 20_000, matcher)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("piece", ["x", "x1", "aB", "a-", "a+", "é", "_", "$"])
def test_no_query_takes_long(piece):
    started = time.process_time()
    Matcher(parse((piece * 10_000)[:10_000]))
    assert time.process_time() - started < 0.5
