"""Editions and what trends, with the reasons for each place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.api.v1.test_papers import walked
from tests.people import person, said
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.papers.record import Signal

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
        0,
        "Mira",
    )
    assert best["parts"] == {"votes": 0, "cast": 0, "elsewhere": 7, "people": 0, "position": 6}
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
def test_a_day_that_is_none_is_nowhere(ask, name):
    said = f"There is no day called {name}; it is written 2026-11-20."
    assert ask(f"editions/day/{name}", status=404)["detail"] == said


def test_a_kind_of_edition_that_is_none_is_refused_by_name(ask):
    (problem,) = ask("editions/year/2026", status=400)["errors"]
    assert problem["parameter"] == "kind"


def test_what_trends_says_of_what_its_score_is_made(edition, ask):
    trending = ask("trending", limit=2)
    best = trending["papers"][0]
    parts = best["parts"]
    assert best["score"] == pytest.approx(parts["size"] - parts["faded"])
    assert set(parts) == set(trending["ranking"]["parts"])
    assert (trending["as_of"], parts["hours"], trending["total"]) == ("2026-11-22", 48, 6)
    assert walked(ask, "trending", limit=4) == [f"2611.{number:05}" for number in (6, 5, 4, 3, 2, 1)]


def test_what_people_write_about_and_what_few_found_are_lists_like_others(edition, ask):
    said("Look at that.", by=person("ada"), paper="2611.00002")
    said("Yes.", by=person("bo"), paper="2611.00002")
    discussed = ask("discussed")
    (first,) = discussed["papers"]
    assert (first["paper"]["id"], first["score"]) == ("2611.00002", 2)
    assert set(first["parts"]) == set(discussed["ranking"]["parts"])
    undiscovered = ask("undiscovered")
    assert undiscovered["fared"] == {"over": 0, "at_top": 0}
    assert [one["paper"]["id"] for one in undiscovered["papers"]] == walked(ask, "undiscovered", limit=1)
    for one in undiscovered["papers"]:
        assert set(one["parts"]) == set(undiscovered["ranking"]["parts"])


def test_the_days_that_have_an_edition_are_listed(edition, ask):
    answer = ask("editions")
    assert answer["latest"] == "2026-11-20"
    assert answer["days"][-1] == {"day": "2026-11-20", "papers": 6}
    assert ask("editions", since="2026-11-12", until="2026-11-13")["days"] == [
        {"day": "2026-11-12", "papers": 1},
        {"day": "2026-11-13", "papers": 1},
    ]


def test_all_days_of_the_catalogue_come_at_once_and_none_where_the_first_is_after_the_last(edition, ask):
    assert len(ask("editions", since="1990-01-01")["days"]) == 4
    assert ask("editions", since="2026-11-20", until="2026-11-19")["days"] == []


@pytest.mark.parametrize("day", ["0", "1763596800", "20261120", "2026-02-30", "", "today"])
def test_what_is_no_day_is_refused_by_name(ask, day):
    assert ask("editions", since=day, status=400)["errors"][0]["parameter"] == "since"


def test_papers_that_are_added_while_somebody_reads_shift_nothing(edition, ask):
    first = ask("editions/month/2026-11", limit=4)
    before = ["2611.00006", "2611.00005", "2611.00004", "2611.00003"]
    assert [one["paper"]["id"] for one in first["papers"]] == before
    publish(paper(60), paper(61, signals=()), paper(62, listed=None, published=FRIDAY))
    rest = walked(ask, "editions/month/2026-11", limit=4, cursor=first["next"])
    assert rest[:3] == ["2611.00002", "2611.00001", "2611.00061"]
    assert sorted(rest) == [f"2611.{number:05}" for number in (1, 2, 7, 8, 9, 61, 62)]


def test_a_paper_that_rises_while_somebody_reads_brings_back_none(edition, ask):
    first = ask("editions/day/2026-11-20", limit=4)
    risen = paper(3, signals=(Signal("upvotes", 99),))
    publish(replace(risen, observed_at=SUNDAY + timedelta(hours=1)))
    assert walked(ask, "editions/day/2026-11-20", limit=4, cursor=first["next"]) == [
        "2611.00002",
        "2611.00001",
    ]


def test_a_paper_that_is_withdrawn_while_somebody_reads_loses_no_other(edition, ask):
    first = ask("trending", limit=3)
    assert [one["paper"]["id"] for one in first["papers"]][-1] == "2611.00004"
    publish(replace(paper(4, withdrawn=True), observed_at=SUNDAY + timedelta(hours=1)))
    assert walked(ask, "trending", limit=3, cursor=first["next"]) == [
        "2611.00003",
        "2611.00002",
        "2611.00001",
    ]
