"""Organizations, authors, categories, sources and the state of the instance."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.api.v1.test_papers import ids, walked
from tests.web.press import FRIDAY, paper, publish

pytestmark = pytest.mark.django_db


def test_organizations_come_with_the_most_papers_first(edition, ask):
    assert ask("organizations", limit=1)["organizations"] == [
        {"slug": "cavendish", "name": "Cavendish Laboratory", "papers": 3}
    ]


def test_the_papers_of_an_organization_are_newest_first(edition, ask):
    answer = ask("organizations/mira")
    assert (answer["name"], answer["total"]) == ("mira", 3)
    assert "Mira & Sons" in answer["title"]
    assert ids(answer) == ["2611.00004", "2611.00001", "2611.00007"]
    assert walked(ask, "organizations/mira", limit=2) == ids(answer)


def test_the_slug_of_an_author_leads_to_all_papers_of_that_name(edition, ask):
    (first, *_) = ask("papers/2611.00001")["authors"]
    assert ids(ask(f"authors/{first['slug']}")) == ["2611.00001", "2611.00008"]


@pytest.mark.parametrize("address", ["organizations/mira", "categories/stat.ML", "authors/author-a-of-1"])
def test_papers_that_are_added_while_somebody_reads_are_neither_lost_nor_twice(edition, ask, address):
    everything, first = walked(ask, address), ask(address, limit=1)
    undated = replace(paper(22, listed=None), published_at=None)
    publish(paper(29, listed=None, published=FRIDAY), undated)
    rest = walked(ask, address, limit=1, cursor=first["next"])
    assert set(everything[1:]) <= set(rest)
    assert len({*ids(first), *rest}) == 1 + len(rest)
    assert rest[-1] == "2611.00022"


def test_categories_are_named_and_counted(edition, ask):
    categories = {one["code"]: one for one in ask("categories")["categories"]}
    assert categories["cs.LG"] == {"code": "cs.LG", "name": "Machine Learning", "papers": 9}
    assert ask("categories/cs.LG", limit=1)["total"] == 9
    assert ask("categories/cs.CL")["papers"] == []


@pytest.mark.parametrize(
    "address", ["organizations/nobody", "authors/nobody", "categories/cs.ZZ", "sources/nobody/days"]
)
def test_what_nothing_has_as_its_name_is_not_found(ask, address):
    assert ask(address, status=404)["title"] == "Not Found"


def test_the_days_of_a_source_say_how_complete_they_are(ask, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "huggingface"})
    (family,) = ask("sources")["families"]
    assert (family["family"], family["is_on"], family["last_good_at"]) == ("huggingface", True, None)
    days = ask("sources/huggingface/days")["days"]
    assert (len(days), days[-1]["day"], days[-1]["state"]) == (90, "2026-11-22", "pending")


def test_the_status_counts_what_the_catalogue_holds(edition, ask):
    status = ask("status")
    assert (status["papers"], status["organizations"], status["by_source"]) == (9, 3, {"huggingface": 9})
    assert status["index"]["words"] is None
