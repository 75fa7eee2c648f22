"""While papers wait to be indexed, whoever asks is told so, and sees what can be shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from broadsheet.papers.models import Paper
from broadsheet.search import finding, folder, indexing
from broadsheet.search.word_index import lexical

# Every address that needs the word index and cannot say in a note what it lacks.
LISTS = [f"papers.{form}" for form in ("atom", "rss", "json", "bib", "ris", "csl.json")]
PROGRAMS = [*LISTS, "api/papers/search"]


@pytest.fixture
def index_some(shelf, monkeypatch):
    """Index so many of the nine papers; with 0 there is an index that has none of them."""

    def index(papers: int) -> None:
        if papers:
            monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", papers)
            assert indexing.catch_up() == papers
            return
        with folder.writing(wait=0) as root:
            words = folder.beside(root)
            lexical.create(words)
            folder.switch(words)

    return index


def shown(address: str, status: int = 200) -> str:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.content.decode())


def note(indexed: int) -> str:
    return f"The papers are being indexed: {indexed} of 9 can be found by words so far."


@pytest.mark.parametrize("query", ["soup", "title:soup", "cat:cs.RO", "soup -moon", '"pot of soup"'])
@pytest.mark.parametrize("sort", finding.ORDERS)
def test_a_search_says_how_many_papers_are_indexed(index_some, query, sort):
    for indexed in (0, 4):
        index_some(indexed)
        page = shown(f"/papers?q={query}&sort={sort}")
        assert note(indexed) in page
        assert "No paper was found so far." in page
        told = Client().get("/api/v1/search", {"q": query, "sort": sort}).json()
        assert told["notes"][0] == note(indexed)


def test_before_the_first_paper_is_indexed_nothing_is_called_damaged(shelf):
    page = shown("/papers?q=soup")
    assert note(0) in page
    assert "damaged" not in page


@pytest.mark.parametrize("indexed", [0, 4])
def test_all_papers_are_shown_and_counted_before_they_are_indexed(index_some, settings, indexed):
    index_some(indexed)
    page = shown("/papers")
    assert note(indexed) in page
    assert "9 papers" in page
    assert page.count('<article class="') == 9


def test_a_page_that_is_not_indexed_yet_is_to_be_asked_for_again(index_some):
    for indexed in (0, 4):
        index_some(indexed)
        answer = Client().get("/papers?q=learning&page=3")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"
        assert note(indexed) in answer.content.decode()


def test_a_page_of_a_damaged_index_is_to_be_asked_for_again(shelf, bring_up_to_date, data):
    bring_up_to_date()
    assert shown("/papers?q=soup&page=2", status=404)
    for file in (data / "index").glob("words-*/*.idx"):
        file.unlink()
        file.write_bytes(b"")
    assert "missing or damaged" in shown("/papers?q=title:soup&page=2", status=503)


@pytest.mark.parametrize("address", [*PROGRAMS, "api/query"])
def test_a_list_without_notes_is_refused_while_no_paper_is_indexed(index_some, address):
    asked = {"search_query": "all:soup"} if address == "api/query" else {"q": "soup"}
    index_some(0)
    answer = Client().get(f"/{address}", asked)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert b"0 of 9 can be found" in answer.content
    index_some(4)
    assert Client().get(f"/{address}", asked).status_code == 200


def test_nothing_is_said_when_all_are_indexed(shelf, catch_up, count_queries):
    catch_up()
    assert finding.find("soup", limit=5).waiting is None
    assert "being indexed" not in shown("/papers?q=soup")
    Paper.objects.all().delete()
    assert finding.find("soup", limit=5).waiting is None


def test_an_empty_catalogue_lacks_nothing(db):
    assert finding.find("soup", limit=5).waiting is None
    assert "being indexed" not in shown("/papers")
