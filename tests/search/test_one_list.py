"""One query in one order is one list, by whatever way it is read; what a facet says, its link finds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from click.testing import CliRunner
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.shelf import MORNING, record

from broadsheet.api.mcp.tools import search_papers
from broadsheet.cli.main import main
from broadsheet.papers.catalogue import store
from broadsheet.papers.record import AuthorName, Link, OrganizationName, Record, Signal
from broadsheet.search import engines, finding

pytestmark = pytest.mark.django_db

COUNT = 60
WORDS = ["soup", "soups", "robot", "kettle", "tide", "moon", "learning", "the", "how"]
# A code, its other name, the archive alone, and what no taxonomy knows.
CODES = [
    "cs.LG",
    "math.ST",
    "stat.TH",
    "math",
    "cs",
    "hep-th",
    "econ.XX",
    "Sea Science",
    "astro-ph",
    "astro-ph.CO",
]
NAMES = ["Tidal", "Tidal Research", "Research", "Bay & Tidal", "潮汐研究所", "O'Brien Lab"]
SOURCES = ["arxiv", "huggingface", "saved_page", "HF", "bibtex"]
CONDITIONS = [
    "year:2025",
    "-moon",
    "(kettle OR tide)",
    "cat:math",
    "cat:=math",
    "org:Tidal",
    "org:=tidal",
    "votes:>1",
    '"robot soup"',
    "author:Lund",
]
ORDERS = ["relevance", "date", "votes", "comments"]
# An example asks for a page, and for a page behind each number of it.
EXAMPLES = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 4,
)
QUERIES = st.builds(
    lambda words, conditions: " ".join([*words, *conditions]),
    st.lists(st.sampled_from(WORDS), max_size=2),
    st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True),
)


def brewed(number: int) -> Record:
    """A paper of random words, somewhere on each facet."""
    chance = Random(number)
    title, abstract = (" ".join(chance.choices(WORDS, k=k)) for k in (2, 4))
    names = chance.sample(NAMES, chance.randrange(3))
    return replace(
        record(number, f"{title} {number}", abstract),
        source=chance.choice(SOURCES),
        authors=(AuthorName(chance.choice(["Ada Lund", "Bo Kettle"])),),
        organizations=tuple(OrganizationName(name.lower().replace(" ", "-"), name) for name in names),
        categories=tuple(chance.sample(CODES, chance.randrange(4))),
        links=(Link("code", f"https://code.example/{number}"),) if chance.randrange(2) else (),
        published_at=datetime(chance.choice([2024, 2025, 2026]), 3, 1, tzinfo=UTC)
        + timedelta(seconds=number),
        signals=(Signal("upvotes", chance.randrange(4)), Signal("comments", chance.randrange(4))),
    )


@pytest.fixture
def kitchen(db, catch_up) -> None:
    store([brewed(number) for number in range(1, COUNT + 1)], now=MORNING)
    catch_up()


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def total(html: str) -> int:
    """What a page of results says of how many papers there are."""
    found = re.search(
        r'class="tally">\s*<p>\s*(?:<a [^>]*>)?([\d,]+) (?:matching )?papers?(?! close| with some| with most)\b',
        html,
    )
    return int(found[1].replace(",", "")) if found else 0


def clicked(html: str) -> list[tuple[str, int]]:
    """The facets of a page: the addresses that its values lead to, with the number beside each."""
    aside = html[html.find('class="facets"') : html.find('class="found"')]
    values = re.findall(r'<a href="([^"]*)"([^>]*)>.*?class="number">([\d,]+)<', aside, re.DOTALL)
    return [
        (unescape(to), int(number.replace(",", "")))
        for to, told, number in values
        if "aria-current" not in told
    ]


@given(QUERIES, st.sampled_from(ORDERS))
@EXAMPLES
def test_each_number_of_a_facet_is_the_total_behind_its_link(kitchen, query, order):
    html = page(f"/papers?q={quote(query)}&sort={order}")
    for address, number in clicked(html):
        assert total(page(address)) == number, address


def test_every_value_of_a_facet_can_be_clicked(kitchen):
    labels = {parse_qs(urlsplit(address).query)["q"][0] for address, _ in clicked(page("/papers?q="))}
    assert {"cat:=math", "cat:math.ST", "cat:=stat.TH", 'cat:="Sea Science"', "cat:hep-th"} <= labels
    assert {"org:=tidal", "source:arxiv", "source:=HF", "has:code", "year:2025"} <= labels


def ids_of_page(query: str, order: str) -> tuple[list[str], int]:
    html = page(f"/papers?q={quote(query)}&sort={order}")
    listed = html.partition('class="found"')[2]
    return re.findall(r'class="headline"><a href="/papers/([^"]*)"', listed), total(html)


def ids_of_v1(query: str, order: str) -> tuple[list[str], int]:
    answer = Client().get("/api/v1/search", {"q": query, "sort": order, "limit": 25}).json()
    return [paper["id"] for paper in answer["papers"]], answer["total"]


def ids_of_mcp(query: str, order: str) -> tuple[list[str], int]:
    found = search_papers(query, limit=25, sort=order)
    return [paper.id for paper in found.papers], found.total


def ids_of_command(query: str, order: str) -> tuple[list[str], int]:
    done = CliRunner().invoke(main, ["search", "--json", "--limit", "25", "--sort", order, "--", query])
    answer = json.loads(done.stdout)
    return [paper["id"] for paper in answer["papers"]], answer["total"]


@pytest.mark.anywhere
@given(QUERIES, st.sampled_from(ORDERS))
@EXAMPLES
def test_every_way_to_read_a_search_gives_the_same_papers(kitchen, query, order):
    first, *others = (read(query, order) for read in (ids_of_page, ids_of_v1, ids_of_mcp, ids_of_command))
    assert all(other == first for other in others)
    if order == "date":
        feed = Client().get("/papers.json", {"q": query, "limit": 25}).json()
        assert [item["url"].rpartition("/papers/")[2] for item in feed["items"]] == first[0]


def test_values_of_one_name_are_told_apart(kitchen):
    html = page("/papers?q=")
    assert html.count('Hugging Face&nbsp;<span class="code">') == 2
    assert ">arXiv</a>" in re.sub(r"\s", "", html)


@pytest.mark.anywhere
@pytest.mark.parametrize("query", ["soup", "soup kettle", "soup -moon", "title:soup"])
def test_by_relevance_every_match_is_on_one_page_wherever_the_ranking_ends(kitchen, monkeypatch, query):
    expected = finding.matches(query, limit=COUNT)
    monkeypatch.setattr(engines, "CANDIDATES", 5)
    whole = finding.find(query, limit=COUNT)
    assert (whole.total, len(whole.hits)) == (expected.total, whole.shown)
    assert {hit.paper_pk for hit in whole.hits if hit.is_match} == set(expected.papers)
    assert sum(not hit.is_match for hit in whole.hits) == whole.close
    pages = [finding.find(query, limit=3, offset=start) for start in range(0, whole.shown, 3)]
    walked = [hit.paper_pk for page in pages for hit in page.hits]
    assert walked == [hit.paper_pk for hit in whole.hits]
    assert len(set(walked)) == len(walked)


FILES = [f"papers.{form}" for form in ("atom", "rss", "json", "bib", "ris", "csl.json")]


@pytest.mark.anywhere
@pytest.mark.parametrize("address", [*FILES, "api/papers/search"])
@pytest.mark.parametrize("query", ["soup", "soup year:2025", "year:2025"])
def test_what_cannot_say_that_words_are_not_searched_gives_no_list_then(kitchen, data, address, query):
    for file in (data / "index").glob("words-*/*.idx"):
        # The file that is mapped already stays as it is: what reads a page beyond its end would be killed.
        file.unlink()
        file.write_bytes(b"")
    answer = Client().get(f"/{address}", {"q": query})
    assert answer.status_code == 503
    assert b"word index is missing or damaged" in answer.content
    assert Client().get(f"/{address}").status_code == 200
