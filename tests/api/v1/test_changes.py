"""Whoever follows the catalogue by its changes has all of it, however often the reading is broken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.web.press import SUNDAY, paper, publish

from broadsheet.papers.identifiers import Identifier

pytestmark = pytest.mark.django_db


def followed(ask, since: str = "0", *, limit: int) -> tuple[list[dict], str]:
    """All changes since a cursor, and the cursor to go on with."""
    found = []
    while True:
        answer = ask("changes", since=since, limit=limit)
        found += answer["changes"]
        since = answer["next"]
        if not answer["more"]:
            return found, since


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_the_whole_catalogue_comes_once_and_then_only_what_changes(edition, ask, limit):
    everything, cursor = followed(ask, limit=limit)
    assert sorted(one["id"] for one in everything) == [f"2611.{number:05}" for number in range(1, 10)]
    assert followed(ask, cursor, limit=limit) == ([], cursor)
    publish(replace(paper(3, title="Another title"), observed_at=SUNDAY + timedelta(hours=1)), paper(30))
    news, _ = followed(ask, cursor, limit=limit)
    assert sorted(one["id"] for one in news) == ["2611.00003", "2611.00030"]


def test_a_change_has_what_the_sources_said_word_for_word(ask):
    publish(paper(3, title=r"On $\ell_1$ norms"))
    (change,) = ask("changes")["changes"]
    (record,) = change["records"]
    assert (record["source"], record["title"]) == ("huggingface", r"On $\ell_1$ norms")
    assert not change["gone"]


def test_a_paper_that_became_part_of_another_is_gone(ask):
    doi = Identifier("doi", "10.1000/1")
    publish(replace(paper(3), identifiers=(doi,)), paper(4, title="Another one", abstract=""))
    _, cursor = followed(ask, limit=9)
    publish(replace(paper(5), identifiers=(doi, Identifier("arxiv", "2611.00004"))))
    gone = [one["id"] for one in followed(ask, cursor, limit=9)[0] if one["gone"]]
    assert len(gone) == 1


@pytest.mark.parametrize(
    ("since", "status"), [("yesterday", 400), ("-1", 400), ("", 400), ("9" * 40, 400), ("9" * 18, 409)]
)
def test_a_cursor_of_another_catalogue_is_refused(edition, ask, since, status):
    assert ask("changes", since=since, status=status)["errors"][0]["parameter"] == "since"
