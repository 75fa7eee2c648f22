"""Editions and what trends, with the reasons for each place."""

from __future__ import annotations

import pytest
from tests.api.v1.test_papers import walked

pytestmark = pytest.mark.django_db


def test_a_day_has_its_papers_with_the_numbers_behind_each_place(edition, ask):
    friday = ask("editions/day/2026-11-20", limit=1)
    assert (friday["first"], friday["last"], friday["total"], friday["curated"]) == (
        "2026-11-20",
        "2026-11-20",
        6,
        6,
    )
    (best,) = friday["papers"]
    assert (best["place"], best["paper"]["id"], best["score"], best["submitter"]) == (
        1,
        "2611.00006",
        7,
        "Mira",
    )
    assert best["parts"] == {"upvotes": 7, "comments": 2, "position": 6}
    assert set(best["parts"]) == set(friday["ranking"]["parts"])
    assert friday["before"] == "2026-11-13"


def test_every_page_of_an_edition_goes_on_where_the_one_before_ended(edition, ask):
    everything = walked(ask, "editions/month/2026-11", limit=50)
    assert len(everything) == 9
    assert walked(ask, "editions/month/2026-11", limit=2) == everything


def test_papers_that_no_list_had_have_no_score(edition, ask):
    *_, last = ask("editions/week/2026-W46")["papers"]
    assert (last["score"], last["day"], last["parts"]) == (None, None, {})


def test_an_edition_without_papers_says_why_and_where_there_are_some(edition, ask):
    saturday = ask("editions/day/2026-11-21")
    assert (saturday["papers"], saturday["quiet"], saturday["before"]) == ([], "weekend", "2026-11-20")


@pytest.mark.parametrize("name", ["2026-13-40", "2026-W47", "friday"])
def test_a_day_that_is_none_is_refused_by_name(ask, name):
    (problem,) = ask(f"editions/day/{name}", status=400)["errors"]
    assert problem == {"parameter": "name", "detail": "There is no such day; it is written 2026-11-20"}


def test_a_kind_of_edition_that_is_none_is_refused_by_name(ask):
    (problem,) = ask("editions/year/2026", status=400)["errors"]
    assert problem["parameter"] == "kind"


def test_what_trends_says_of_what_its_score_is_made(edition, ask):
    trending = ask("trending", limit=2)
    best = trending["papers"][0]
    parts = best["parts"]
    assert best["score"] == pytest.approx(parts["size"] - parts["faded"])
    assert set(parts) == set(trending["ranking"]["parts"])
    assert (trending["as_of"], parts["age"], trending["total"]) == ("2026-11-22", 2, 6)
    assert walked(ask, "trending", limit=4) == [f"2611.{number:05}" for number in (6, 5, 4, 3, 2, 1)]


def test_the_days_that_have_an_edition_are_listed(edition, ask):
    answer = ask("editions")
    assert answer["latest"] == "2026-11-20"
    assert answer["days"][-1] == {"day": "2026-11-20", "papers": 6}
    assert ask("editions", since="2026-11-12", until="2026-11-13")["days"] == [
        {"day": "2026-11-12", "papers": 1},
        {"day": "2026-11-13", "papers": 1},
    ]


@pytest.mark.parametrize("span", [("2026-11-20", "2026-11-19"), ("2025-01-01", "2026-11-19")])
def test_days_that_are_too_many_or_turned_round_are_refused(ask, span):
    assert ask("editions", since=span[0], until=span[1], status=400)["errors"][0]["parameter"] == "since"
