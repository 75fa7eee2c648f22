"""Papers like one, like several, and unlike some."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.web.press import paper, publish

from broadsheet.search import indexing

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """Three papers about hands and three about stars, found by words and by meaning."""
    hands = ("Soft robot hands", "Grasping with robot hands", "Hands for robots that grasp softly")
    stars = ("Stars in distant galaxies", "The light of distant stars", "Galaxies and their stars")
    publish(
        *(
            paper(n, title=title, abstract=f"About {title.lower()}.")
            for n, title in enumerate(hands + stars, 1)
        )
    )
    while indexing.catch_up():
        pass
    while indexing.embed_due():
        pass


def headlines(html: str) -> list[str]:
    return re.findall(r'class="headline"><a[^>]*>(.*?)</a>', html)


def test_similar_papers_are_found_by_their_words_until_they_are_embedded(read):
    publish(paper(1, title="Soft hands"), paper(2, title="Hands that are soft"), paper(3, title="Stars"))
    while indexing.catch_up():
        pass
    assert headlines(read("/papers/2611.00001")) == ["Hands that are soft"]
    assert headlines(read("/papers/2611.00001/similar")) == ["Hands that are soft"]
    assert "has not read this paper" in read("/papers/2611.00003/similar")


def test_one_click_asks_for_more_or_less_of_the_same(read, shelf):
    html = read("/papers/2611.00001/similar")
    assert all("ands" in title for title in headlines(html)[:2])
    assert "/papers/2611.00001/similar?and=2611.00005" in html
    assert "/papers/2611.00001/similar?not=2611.00005" in html
    both = read("/papers/2611.00001/similar?and=2611.00005")
    assert "The light of distant stars" not in headlines(both)
    assert {"Soft robot hands", "The light of distant stars"} <= set(
        re.findall(r'<a href="/papers/[\d.]+">([^<]+)</a>', both)
    )


def test_unlike_papers_go_down(read, shelf):
    liked = headlines(read("/papers/2611.00001/similar?and=2611.00004"))
    unlike = headlines(read("/papers/2611.00001/similar?not=2611.00004"))
    assert set(unlike[:2]) == {"Grasping with robot hands", "Hands for robots that grasp softly"}
    assert "Stars in distant galaxies" not in liked + unlike


def test_an_example_is_taken_away_again(read, shelf):
    html = read("/papers/2611.00001/similar?and=2611.00002&not=2611.00004")
    removed = [unescape(one) for one in re.findall(r'href="([^"]+)"\s+rel="nofollow">Remove', html)]
    assert removed == [
        "/papers/2611.00001/similar?not=2611.00004",
        "/papers/2611.00001/similar?and=2611.00002",
    ]
    assert "and=2611.00002&amp;and=2611.00003" in html.replace("&#38;", "&amp;")


def test_a_paper_that_is_named_twice_counts_once(read, shelf):
    once = read("/papers/2611.00001/similar?and=2611.00002")
    assert headlines(
        read("/papers/2611.00001/similar?and=2611.00002&and=2611.00002&and=2611.00001")
    ) == headlines(once)


@pytest.mark.parametrize(
    "examples",
    [
        "and=2611.99999",
        "not=nothing",
        "not=2611.00001",
        "and=2611.00002&not=2611.00002",
        "&".join(f"and=2611.{number:05}" for number in range(2, 13)),
        "and=%00",
    ],
)
def test_examples_that_make_no_sense_are_not_found_and_told(read, shelf, examples):
    html = read(f"/papers/2611.00001/similar?{examples}", status=404)
    assert re.search(r"<p[^>]*>\s*(?:No |A paper )", html)


def test_another_name_of_the_paper_leads_on_with_the_examples(client, shelf):
    response = client.get("/papers/arXiv:2611.00001/similar?and=2611.00002")
    assert response.headers["Location"] == "/papers/2611.00001/similar?and=2611.00002"


def test_similar_papers_cost_the_same_queries_however_many_examples(client, count_queries, shelf):
    one = count_queries(client.get, "/papers/2611.00001/similar?and=2611.00002")
    several = "and=2611.00002&and=2611.00003&not=2611.00004&not=2611.00005"
    assert count_queries(client.get, f"/papers/2611.00001/similar?{several}") == one <= 10
