"""The search page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from tests.web.press import paper, publish

from broadsheet.search import indexing

pytestmark = pytest.mark.django_db


@pytest.fixture
def indexed():
    """Publish papers and index their words."""

    def run(*records):
        publish(*records)
        while indexing.catch_up():
            pass

    return run


def headlines(html: str) -> list[str]:
    return re.findall(r'class="headline"><a[^>]*>(.*?)</a>', html)


def test_a_search_finds_words_and_says_what_it_could_not_do(read, indexed):
    indexed(paper(1, title="Grasping with soft hands"), paper(2, title="Reading old books"))
    html = read("/papers?q=grasping")
    assert headlines(html) == ["Grasping with soft hands"]
    assert "1 paper, best first" in html
    assert 'value="grasping"' in html
    assert 'class="note"' in html


def test_a_search_tells_words_from_meaning(read, indexed):
    indexed(paper(1, title="Grasping with soft hands"), paper(2, title="Reading old books"))
    indexing.embed_due()
    html = " ".join(read("/papers?q=grasping").split())
    assert "2 papers, best first: 1 with words of the question, the others close to its meaning" in html


def test_an_identifier_finds_its_paper(read, indexed):
    indexed(*(paper(number) for number in range(1, 5)))
    assert headlines(read("/papers?q=arXiv:2611.00003v2"))[0] == "Paper number 3"


def test_the_pages_of_a_search_carry_the_question_with_them(client, read, indexed):
    indexed(*(paper(number, title=f"Paper {number} on salt & pepper") for number in range(60)))
    html = read("/papers?q=salt+%26+%22pepper%22")
    following = unescape(re.search(r'rel="next"\s+href="([^"]+)"', html)[1])
    second = read(following)
    assert (len(headlines(html)), len(headlines(second))) == (50, 10)
    assert not set(headlines(html)) & set(headlines(second))
    assert client.get("/papers?q=salt&page=3").status_code == 404


def test_a_search_without_result_is_no_dead_end(read, indexed):
    indexed(paper(1))
    html = read("/papers?q=%22no+such+words%22")
    assert "No paper was found" in html
    for onward in ('href="/"', 'href="/papers/trending"', "teaching%20robots"):
        assert onward in html


def test_without_a_question_all_papers_are_there_the_newest_first(read):
    publish(paper(1, listed=None), paper(2), paper(3))
    assert (
        headlines(read("/papers"))
        == headlines(read("/papers?q=+"))
        == [f"Paper number {n}" for n in (3, 2, 1)]
    )
    assert "3 papers, newest first" in read("/papers")


def test_an_index_that_is_not_there_is_told_not_fatal(read):
    publish(paper(1))
    assert "word index is missing" in read("/papers?q=paper")


def test_similar_papers_are_found_by_their_words_until_they_are_embedded(read, indexed):
    indexed(paper(1, title="Soft hands"), paper(2, title="Hands that are soft"), paper(3, title="Stars"))
    assert headlines(read("/papers/2611.00001")) == ["Hands that are soft"]
    assert headlines(read("/papers/2611.00001/similar")) == ["Hands that are soft"]
    assert "has not read this paper" in read("/papers/2611.00003/similar")


def test_a_search_costs_the_same_queries_for_10_and_for_40_papers(client, count_queries, indexed):
    indexed(*(paper(number) for number in range(10)))
    few = count_queries(client.get, "/papers?q=paper")
    indexed(*(paper(number) for number in range(10, 40)))
    assert count_queries(client.get, "/papers?q=paper") == few <= 10
