"""Lists show what a paper does, in whose words, and read no TeX for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.web.press import paper, publish

from broadsheet.papers import text
from broadsheet.papers.record import Record

pytestmark = pytest.mark.django_db
DAY = "/papers/date/2026-11-20"
OPENING = "Sails have been made of cloth for as long as anybody can remember, and they tear. "
POINT = "We propose sails of tin of weight $x_1$."


def told(record: Record, sentence: str) -> Record:
    return replace(record, source="huggingface", said={"paper": {"ai_summary": sentence}})


def test_a_card_shows_the_point_and_keeps_the_abstract_behind_it(read):
    publish(paper(1, abstract=OPENING + POINT), paper(9))
    html = read(DAY)
    assert '<p class="excerpt">We propose sails of tin of ' in html
    assert html.count("Sails have been made") == 1
    # Both are one paragraph to whoever reads: a blank parts what is said from what opens the rest.
    assert '</p> <details class="whole-abstract">' in html


def test_a_summary_of_a_source_stands_where_no_sentence_says_it_and_is_named(read):
    publish(
        told(paper(1, abstract=OPENING * 3), "Tin <sails> hold."),
        told(paper(2, abstract=OPENING + POINT), "No."),
    )
    html = read(DAY)
    assert '<p class="excerpt">Tin &lt;sails&gt; hold.</p>' in html
    assert html.count("Summary by Hugging Face") == 1


def test_no_page_reads_tex_that_was_read_when_the_paper_came(read, monkeypatch):
    publish(paper(1, abstract=OPENING + POINT), paper(2, title="On $x_1$"))
    text.plain.cache_clear()
    cleaned, asked = text.cleaned, []
    monkeypatch.setattr(text, "cleaned", lambda said: asked.append(said) or cleaned(said))
    for page in (DAY, f"{DAY}.atom", "/api/v1/editions/day/2026-11-20", "/papers/trending"):
        read(page)
    # The names of authors are short, and read again.
    assert not [said for said in asked if "$" in said]


def test_the_api_gives_the_point_with_its_place(client):
    publish(paper(1, abstract=OPENING + POINT))
    said = client.get("/api/v1/papers/2611.00001").json()
    point = said["point"]
    assert point["is_said"]
    assert said["abstract"][point["start"] : point["end"]] == point["text"]
    assert said["summary"] is None
