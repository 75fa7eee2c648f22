"""Categories: all of them, and the papers of each."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from tests.web.press import paper, publish

pytestmark = pytest.mark.django_db


def headlines(html: str) -> list[str]:
    return re.findall(r'class="headline"><a[^>]*>(.*?)</a>', html)


def card(html: str) -> str:
    return html.partition("<article")[2].partition("</article>")[0]


def categories_of(html: str) -> tuple[str, list[str]]:
    """What stands above the title of the first paper, and the categories below it."""
    above, _, below = card(html).partition("headline")
    shown = re.findall(r'<a class="field"[^>]*>([^<]*)</a>', below)
    return re.findall(r'<a class="field"[^>]*>([^<]*)</a>', above)[0], shown


def counts(html: str) -> dict[str, int]:
    found = re.findall(r'href="/categories/([^"]+)">.*?<span class="number">([\d,]+)', html)
    return {code: int(number.replace(",", "")) for code, number in found}


def test_a_category_has_a_page_with_the_newest_papers_first(read):
    publish(*(paper(number, listed=None) for number in (1, 2)), paper(3, categories=("cs.CV",)))
    publish(paper(4, categories=("cs.CV", "cs.LG")))
    html = read("/categories/cs.LG")
    assert "<h1>Machine Learning</h1>" in html
    assert "3 papers, newest first" in re.sub(r"\s+", " ", html)
    assert headlines(html) == ["Paper number 4", "Paper number 2", "Paper number 1"]


def test_a_paper_in_a_category_shows_the_category_that_brought_it_there(read):
    mine = ("cs.AI", "cs.CL", "cs.SY", "stat.ML")
    publish(paper(1, organizations=(), categories=mine))
    assert categories_of(read("/categories/stat.ML")) == ("Artificial Intelligence", ["cs.AI", "stat.ML"])
    assert categories_of(read("/categories/eess.SY")) == ("Artificial Intelligence", ["cs.AI", "cs.SY"])
    assert categories_of(read("/categories/cs.AI")) == ("Computation and Language", ["cs.AI", "cs.CL"])
    assert categories_of(read("/")) == ("Artificial Intelligence", ["cs.AI", "cs.CL"])


def test_the_only_category_of_a_paper_is_not_said_twice_on_its_page(read):
    publish(paper(1, organizations=(), categories=("cs.AI",)))
    assert 'class="kicker"' not in card(read("/categories/cs.AI"))


def test_a_long_category_has_pages(read):
    publish(*(paper(number) for number in range(60)))
    both = headlines(read("/categories/cs.LG")) + headlines(read("/categories/cs.LG?page=2"))
    assert len(both) == len(set(both)) == 60
    read("/categories/cs.LG?page=3", status=404)


def test_categories_are_listed_with_how_many_papers_each_has(read):
    publish(paper(1), paper(2, categories=("cs.SY", "eess.SY")), paper(3, categories=("cs.SY", "cmp-lg")))
    html = read("/categories")
    found = counts(html)
    assert found["cs.LG"] == found["stat.ML"] == found["cmp-lg"] == 1
    assert found["eess.SY"] == 2
    assert "cs.SY" not in found
    assert html.index("Computer Science") < html.index("Statistics") < html.index("Others")


def test_a_category_that_the_site_follows_is_listed_before_it_has_papers(read):
    assert counts(read("/categories")) == dict.fromkeys(("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML"), 0)
    shown = read("/categories/cs.AI").partition("<main")[2]
    assert "No paper that we have is in this category" in shown
    assert "newest first" not in shown


def test_without_any_category_the_page_says_so(read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"categories": ""})
    assert "No paper that we have is in a category" in read("/categories")


def test_another_name_of_a_category_leads_on(client):
    response = client.get("/categories/cs.SY")
    assert (response.status_code, response.headers["Location"]) == (301, "/categories/eess.SY")


@pytest.mark.parametrize(
    "code", ["cs.XX", "nothing", "%00", "%F0%9F", "cs.LG/x", "x" * 3000, "%0A", "cs%20LG"]
)
def test_what_is_no_category_is_not_found(read, code):
    read(f"/categories/{code}", status=404)


def test_papers_lead_to_their_categories(read):
    publish(paper(1, organizations=()))
    for address in ("/", "/papers/2611.00001"):
        assert 'href="/categories/cs.LG">Machine Learning</a>' in read(address)
    assert 'href="/categories/stat.ML">stat.ML</a>' in read("/")
    assert 'href="/categories"' in read("/")


@pytest.mark.parametrize("code", ["", "a\nb", "cs/LG", "../status", "05C15 & <more>", " "])
def test_a_paper_with_any_text_for_a_category_has_its_pages(read, code):
    publish(paper(1, organizations=(), categories=(code, "cs.LG")))
    for address in (
        "/",
        "/papers/2611.00001",
        "/categories",
        "/categories/cs.LG",
        "/feed.atom",
        "/categories.opml",
    ):
        read(address)


@pytest.mark.parametrize("address", ["/categories", "/categories/cs.LG"])
def test_categories_cost_the_same_queries_for_10_and_for_40_papers(client, count_queries, address):
    publish(*(paper(number) for number in range(10)))
    few = count_queries(client.get, address)
    publish(*(paper(number) for number in range(10, 40)))
    assert count_queries(client.get, address) == few <= 10


def test_the_papers_of_a_common_category_are_those_of_a_rare_one(read, monkeypatch):
    publish(*(paper(number, listed=None) for number in range(4)), paper(9, categories=("cs.SY", "eess.SY")))
    pages = ["/categories/cs.LG", "/categories/eess.SY"]
    gathered = [headlines(read(page)) for page in pages]
    monkeypatch.setattr("broadsheet.papers.categories.COMMON", 0)
    caches["memory"].clear()
    assert [headlines(read(page)) for page in pages] == gathered
    assert [len(papers) for papers in gathered] == [4, 1]


@pytest.mark.parametrize(
    ("number", "ways"),
    [
        (1, ["Next page", "Last page"]),
        (2, ["Previous page", "Next page", "Last page"]),
        (3, ["First page", "Previous page", "Next page", "Last page"]),
        (4, ["First page", "Previous page", "Next page"]),
        (5, ["First page", "Previous page"]),
    ],
)
def test_a_long_list_leads_to_its_ends_and_to_the_pages_beside(read, settings, number, ways):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"page_size": 10})
    publish(*(paper(one) for one in range(45)))
    html = read(f"/categories/cs.LG?page={number}")
    pager = html[html.index('class="pager"') :].partition("</nav>")[0]
    pages = {"First": 1, "Previous": number - 1, "Next": number + 1, "Last": 5}
    found = re.findall(r'href="/categories/cs.LG\?page=(\d)">\s*([^<]+?)\s*<', pager)
    assert found == [(str(pages[way.split()[0]]), way) for way in ways]
