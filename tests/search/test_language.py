"""A query is taken apart as the person meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.language import Query, parse


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("training divergence", Query("training divergence")),
        ('the "loss spike" of runs', Query("the loss spike of runs", phrases=("loss spike",))),
        ("“loss spike” of runs", Query("loss spike of runs", phrases=("loss spike",))),
        ("transformer -vision", Query("transformer", excluded=("vision",))),
        ('transformer -"vision model" large', Query("transformer large", excluded=("vision model",))),
        ("Q-learning - a survey", Query("Q-learning - a survey")),
        ('an open "quote', Query("an open quote")),
        ('""', Query("")),
        ('"keep -this inside"', Query("keep -this inside", phrases=("keep -this inside",))),
        ("GPT-4 -GPT-3", Query("GPT-4", excluded=("GPT-3",))),
        ("tab\tand\nline", Query("tab and line")),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(typed, meant):
    assert parse(typed) == meant


@pytest.mark.parametrize("typed", ["", "   ", "-only", '-"only this"', "?!…", '"', "---"])
def test_a_query_that_asks_for_nothing_says_so(typed):
    assert parse(typed).is_empty


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_can_make_it_fail_and_the_result_is_always_valid_unicode(typed):
    parsed = parse(typed)
    for text in (parsed.text, *parsed.phrases, *parsed.excluded):
        text.encode()
