"""Hugging Face's client in its newest version, pointed at us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from huggingface_hub.errors import BadRequestError, HfHubHTTPError
from huggingface_hub.hf_api import PaperInfo
from tests.api.huggingface.recorded import AK, MIRA, SUNDAY, complete, listed, publish

pytestmark = pytest.mark.django_db(transaction=True)
# What only the details of a paper have, and what nobody has ever seen.
OF_DETAILS = {"linked_models", "linked_datasets", "linked_spaces", "num_total_models", "num_total_datasets"}
NEVER = {"source"}
NONSENSE = (
    {"date": "2025-13-40"},
    {"date": "2026-11-24"},
    {"date": "20 November"},
    {"week": "2026-W54"},
    {"week": "2026-W50"},
    {"month": "2026-13"},
    {"month": "2027-01"},
    {"date": "2026-11-20", "week": "2026-W47"},
    {"sort": "upvotes"},
    {"p": -1},
    {"p": "first"},
    {"p": 10**30},
    {"limit": 0},
    {"limit": 101},
    {"submitter": "a\0b"},
)


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with time_machine.travel(SUNDAY):
        yield


@pytest.fixture
def ids(hub) -> Callable[..., list[str]]:
    """The ids of the papers on a list: `ids(week="2026-W46")`."""
    return lambda **asked: [one.id for one in hub.list_daily_papers(**asked)]


def midnight(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC)


def test_nothing_of_a_complete_paper_is_lost(hub):
    publish(complete())
    [listed_] = hub.list_daily_papers(date="2026-11-09")
    alone = hub.paper_info("2611.04242")
    names = {field.name for field in fields(PaperInfo)} - NEVER
    assert {name for name in names - OF_DETAILS if getattr(listed_, name) is None} == set()
    # A list tells of code and summaries outside the paper too; a paper alone has no outside.
    assert {name for name in names if getattr(alone, name) is None} == set()
    for info in (listed_, alone):
        assert [author.name for author in info.authors] == ["Ines Vale", "Tomas Birk", "Nobody Else"]
        assert info.authors[2].hidden
        assert info.authors[1].user.username == "tbirk"
        assert (info.upvotes, info.comments, info.github_stars) == (7, 2, 31)
        assert info.published_at == datetime(2026, 11, 5, 17, 42, 10, tzinfo=UTC)
        assert info.submitted_at == midnight(9)
        assert (info.submitted_by.username, info.submitted_by.name) == ("mkoren", "mkoren")
        assert info.organization.avatar_url == info.organization.avatar
        assert info.isAuthorParticipating
    assert alone.linked_models[0].last_modified == datetime(2026, 11, 6, 9, tzinfo=UTC)
    assert (alone.num_total_models, alone.num_total_datasets, alone.numTotalSpaces) == (3, 1, 1)
    assert alone.linked_spaces[0].id == "northlab/tides-demo"


def test_what_makes_no_sense_is_a_bad_request_that_says_why(hub):
    for asked in NONSENSE:
        with pytest.raises(BadRequestError) as refused:
            list(hub.list_daily_papers(**asked))
        assert next(iter(asked)) in refused.value.server_message


def test_a_paper_that_is_not_here_is_not_found(hub):
    for ask in (hub.paper_info, hub.read_paper):
        with pytest.raises(HfHubHTTPError) as refused:
            ask("1234.56789")
        assert refused.value.response.status_code == 404
        assert "No paper here is known by that name." in str(refused.value)


def test_tomorrow_has_no_papers_yet_and_neither_has_a_quiet_day(ids):
    assert ids(date="2026-11-23") == ids(date="2026-11-15") == ids(date="0999-01-01") == []


def test_a_paper_is_found_by_all_its_names(hub):
    publish(
        listed(1, "2026-11-20"),
        listed(2, "2026-11-20") | {"paper": listed(2, "2026-11-20", id="hep-th/9901001")["paper"]},
    )
    assert hub.paper_info("2611.00001v3").id == hub.paper_info("arXiv:2611.00001").id == "2611.00001"
    assert hub.paper_info("hep-th/9901001v2").id == "hep-th/9901001"
    assert hub.read_paper("hep-th/9901001v2").startswith("# Paper number 2\n")


def test_pages_have_as_many_papers_as_were_asked_for_and_end(ids):
    publish(*(listed(n, f"2026-11-{10 + n % 7}", upvotes=n) for n in range(60)))
    newest = ids()
    assert len(newest) == 50
    assert ids(limit=10) == newest[:10]
    assert ids(limit=20, p=2) == newest[40:] + ids(p=1)
    assert len(set(newest + ids(p=1))) == 60
    assert ids(p=100) == []
    assert [int(one[-5:]) % 7 for one in newest] == sorted(
        (int(one[-5:]) % 7 for one in newest), reverse=True
    )
    day = ids(date="2026-11-16")
    assert day == [f"2611.{n:05}" for n in (55, 48, 41, 34, 27, 20, 13, 6)]
    assert ids(date="2026-11-16", limit=3, p=2) == day[6:]


def test_papers_come_from_the_days_of_the_week_or_month(hub):
    publish(*(listed(n, f"2026-{10 + n % 2}-{n + 1:02}") for n in range(28)))
    for info in hub.list_daily_papers(week="2026-W46"):
        assert midnight(9) - timedelta(days=3) <= info.submitted_at < midnight(16)
    assert len(list(hub.list_daily_papers(week="2026-W46"))) == 3
    months = {info.submitted_at.month for info in hub.list_daily_papers(month="2026-10")}
    assert months == {10}


def test_a_submitter_is_asked_for_by_username(hub, ids):
    publish(*(listed(n, f"2026-11-{10 + n}", upvotes=n, sender=AK if n % 2 else MIRA) for n in range(6)))
    assert {one.submitted_by.fullname for one in hub.list_daily_papers(submitter="akhaliq")} == {"AK"}
    assert ids(submitter="akhaliq") == ["2611.00005", "2611.00003", "2611.00001"]
    assert ids(submitter="akhaliq", limit=1, p=1) == ["2611.00003"]
    assert ids(submitter="akhaliq", week="2026-W46") == ids(submitter="akhaliq", sort="trending")
    assert ids(submitter="mkoren", date="2026-11-12") == ["2611.00002"]
    assert ids(submitter="nobody") == []


def test_the_order_is_by_day_or_by_what_people_talk_about(ids):
    publish(
        listed(1, "2026-11-18", upvotes=100),
        listed(2, "2026-11-19", upvotes=90),
        listed(3, "2026-11-20", upvotes=1),
    )
    newest = ["2611.00003", "2611.00002", "2611.00001"]
    assert ids() == ids(sort="publishedAt") == ids(week="2026-W47", sort="publishedAt") == newest
    trending = ["2611.00002", "2611.00001", "2611.00003"]
    assert ids(sort="trending") == ids(week="2026-W47", sort="trending") == trending
    assert ids(week="2026-W47") == ["2611.00001", "2611.00002", "2611.00003"]


def test_a_search_finds_papers_by_their_words(hub):
    publish(complete(), listed(1, "2026-11-20"))
    [first, *_] = hub.list_papers(query="tide tables")
    assert (first.id, first.title) == ("2611.04242", "Tide Tables for Schedulers")
    assert len(list(hub.list_papers(query="tide tables", limit=1))) == 1
    assert {one.id for one in hub.list_papers()} == {"2611.04242", "2611.00001"}
    for asked in ({"query": "x" * 251}, {"query": "soup", "limit": 121}, {"query": "a\0"}):
        with pytest.raises(BadRequestError):
            list(hub.list_papers(**asked))


def test_a_token_is_neither_needed_nor_minded(hub, ids):
    publish(complete())
    assert ids(token="hf_of_somebody_else") == ["2611.04242"]
