"""Programs search as people do, and get the numbers behind each place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client: Client, tmp_path: Path, settings):
    """The answer of the API to a search: `ask(q="soup")`."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})

    def answer(*, status: int = 200, **asked: object):
        response = client.get("/api/v1/search", asked)
        assert response.status_code == status, response.content
        assert response["Content-Type"].startswith("application/json")
        return response.json()

    return answer


@pytest.fixture
def shelf(ask):
    """Nine papers, found by words and by meaning."""
    from tests.search.shelf import MORNING, records

    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    store(records(), now=MORNING)
    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()


def test_an_answer_has_the_numbers_that_brought_each_paper_to_its_place(shelf, ask):
    answer = ask(q="soup", limit=2)
    assert (answer["query"], answer["total"], answer["by_words"], answer["coverage"]) == ("soup", 9, 1, 1.0)
    first, second = answer["papers"]
    assert (first["id"], first["title"], first["published"]) == (
        "2603.00009",
        "Cooking for Robots",
        "2026-03-11",
    )
    assert first["words"]["rank"] == first["meaning"]["rank"] == 1
    assert first["words"]["share"] + first["meaning"]["share"] == pytest.approx(1)
    assert "soup" in first["excerpt"]
    assert second["words"] is None
    assert first["score"] > second["score"]


def test_a_paper_that_was_taken_back_is_found_and_marked(ask):
    from tests.search.shelf import MORNING, record

    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    gone = {"withdrawn": {"withdrawn": True}, "retracted": {"retracted": True, "withdrawn": True}, "": {}}
    papers = [record(n, f"Soup {name}", "On soup.") for n, name in enumerate(gone)]
    store([replace(one, **said) for one, said in zip(papers, gone.values(), strict=True)], now=MORNING)
    indexing.catch_up()
    found = ask(q="soup")["papers"]
    assert {paper["title"]: paper["standing"] for paper in found} == {
        f"Soup {name}".strip(): name for name in gone
    }


def test_pages_sorting_and_facets_are_those_of_the_search_page(shelf, ask):
    newest = [paper["id"] for paper in ask(q="learning", sort="date")["papers"]]
    assert newest == [f"2603.{number:05}" for number in range(9, 0, -1)]
    assert [one["id"] for one in ask(q="learning", sort="date", offset=7)["papers"]] == newest[7:]
    assert ask(q="year:2026")["facets"]["year"] == {"2026": 9}


def test_where_nothing_is_found_the_answer_says_what_else_to_ask(shelf, ask):
    answer = ask(q="epidemcs year:1850")
    assert (answer["papers"], answer["spelled"]) == ([], "epidemics year:1850")
    assert ask(q="soup foo:bar")["notes"]


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"sort": "price"}, {"limit": "many"}]
)
def test_what_is_out_of_bounds_is_refused_by_name(ask, asked):
    (name,) = asked
    (problem,) = ask(q="soup", status=422, **asked)["detail"]
    assert problem["loc"][-1] == name


def test_the_api_describes_itself(client):
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {one["name"] for one in described["paths"]["/api/v1/search"]["get"]["parameters"]} == {
        "q",
        "sort",
        "sense",
        "limit",
        "offset",
    }
