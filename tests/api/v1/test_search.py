"""Programs search as people do, and get the numbers behind each place."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(db):
    """Nine papers, found by words and by meaning."""
    from tests.search.shelf import MORNING, records

    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    store(records(), now=MORNING)
    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()


def test_an_answer_has_the_numbers_that_brought_each_paper_to_its_place(shelf, ask):
    answer = ask("search", q="soup", limit=2)
    assert (answer["query"], answer["total"], answer["close"], answer["coverage"]) == ("soup", 1, 0, 1.0)
    (second,) = ask("search", q="compressed sensing with few measurements", limit=1)["papers"]
    assert (second["is_match"], second["meaning"]["score"] > answer["floor"]) == (False, True)
    (first,) = answer["papers"]
    assert (first["id"], first["title"], first["published"]) == (
        "2603.00009",
        "Cooking for Robots",
        "2026-03-11",
    )
    assert first["words"]["rank"] == first["meaning"]["rank"] == 1
    assert first["words"]["share"] + first["meaning"]["share"] == pytest.approx(1)
    assert "soup" in first["excerpt"]
    assert first["is_match"]


def test_a_paper_that_was_taken_back_is_found_and_marked(ask):
    from tests.search.shelf import MORNING, record

    from broadsheet.papers.catalogue import store
    from broadsheet.search import indexing

    gone = {"withdrawn": {"withdrawn": True}, "retracted": {"retracted": True, "withdrawn": True}, "": {}}
    papers = [record(n, f"Soup {name}", "On soup.") for n, name in enumerate(gone)]
    store([replace(one, **said) for one, said in zip(papers, gone.values(), strict=True)], now=MORNING)
    indexing.catch_up()
    found = ask("search", q="soup")["papers"]
    assert {paper["title"]: paper["standing"] for paper in found} == {
        f"Soup {name}".strip(): name for name in gone
    }


def test_pages_sorting_and_facets_are_those_of_the_search_page(shelf, ask):
    newest = [paper["id"] for paper in ask("search", q="loss OR learning", sort="date")["papers"]]
    assert newest == ["2603.00007", "2603.00001"]
    one = ask("search", q="loss OR learning", sort="date", offset=1)
    assert [paper["id"] for paper in one["papers"]] == newest[1:]
    assert one["facets"]["year"] == {"2026": 2}
    assert ask("search", q="year:2026")["facets"]["year"] == {"2026": 9}


def test_every_page_of_an_answer_leads_to_the_next(shelf, ask, client):
    found, address = [], "/api/v1/search?q=year:2026&sort=date&limit=4&fields=id"
    while address:
        answer = client.get(address)
        found += [paper["id"] for paper in answer.json()["papers"]]
        address = answer.get("Link", "").partition(">")[0].removeprefix("<")
    assert found == [f"2603.{number:05}" for number in range(9, 0, -1)]


def test_where_nothing_is_found_the_answer_says_what_else_to_ask(shelf, ask):
    answer = ask("search", q="epidemcs year:1850")
    assert (answer["papers"], answer["spelled"]) == ([], "epidemics year:1850")
    assert ask("search", q="soup foo:bar")["notes"]


def test_a_search_that_nothing_satisfies_offers_the_closest_papers(shelf, ask):
    answer = ask("search", q="soup year:1850")
    assert (answer["total"], answer["papers"]) == (0, [])
    assert answer["closest"][0]["title"] == "Cooking for Robots"


def test_an_identifier_names_its_paper(shelf, ask):
    answer = ask("search", q="arXiv:2603.00009")
    assert (answer["named"], answer["papers"][0]["id"]) == ("2603.00009", "2603.00009")
    assert ask("search", q="soup")["named"] == ""


def test_only_the_fields_that_were_asked_for_are_sent(shelf, ask):
    answer = ask("search", q="soup", limit=1, fields="title,score")
    (paper,) = answer["papers"]
    assert set(paper) == {"id", "title", "score"}
    assert answer["total"] == 1
    (known,) = ask("search", q="soup", limit=1, fields="score,authors,links,identifiers")["papers"]
    assert known["authors"] == ask(f"papers/{known['id']}")["authors"]
    assert set(known) == {"id", "score", "authors", "links", "identifiers"}
    assert set(ask("search", q="soup year:1850", fields="categories")["closest"][0]) == {"id", "categories"}
    assert "There is no field 'price'" in ask("search", q="soup", fields="id,price", status=400)["detail"]


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"sort": "price"}, {"limit": "many"}]
)
def test_what_is_out_of_bounds_is_refused_by_name(ask, asked):
    (name,) = asked
    (problem,) = ask("search", q="soup", status=400, **asked)["errors"]
    assert problem["parameter"] == name
