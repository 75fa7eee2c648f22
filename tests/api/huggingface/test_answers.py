"""The answers as they stand on the wire: what clients in other languages rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.api.huggingface.recorded import SUNDAY, complete, listed, publish
from tests.web.press import paper
from tests.web.press import publish as store

pytestmark = pytest.mark.django_db
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ID = re.compile(r"[0-9a-f]{24}")


@pytest.fixture(autouse=True)
def _sunday() -> Iterator[None]:
    with time_machine.travel(SUNDAY, tick=False):
        yield


def values(answer: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Each value in an answer with its name."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from values(value, key)
    elif isinstance(answer, list):
        for value in answer:
            yield from values(value, name)
    else:
        yield name, answer


def test_dates_and_ids_have_one_form_and_nothing_is_null(ask):
    publish(complete(), listed(1, "2026-11-20"))
    store(paper(5, listed=None), paper(6, organizations=()))
    answers = [ask("/api/daily_papers"), ask("/api/papers"), ask("/api/papers/2611.04242")]
    for name, value in values(answers):
        assert value is not None, name
        if name.endswith(("At", "lastModified")):
            assert DATE.fullmatch(value), name
        if name in {"_id", "discussionId"}:
            assert ID.fullmatch(value), name


def test_an_item_has_outside_what_the_client_reads_there_and_nothing_that_confuses_it(ask):
    publish(complete())
    [item] = ask("/api/daily_papers")
    assert item["publishedAt"] == item["paper"]["submittedOnDailyAt"] == "2026-11-09T00:00:00.000Z"
    for name in ("upvotes", "ai_summary", "ai_keywords", "projectPage", "githubRepo", "githubStars"):
        assert item[name] == item["paper"][name], name
    assert not {"authors", "comments", "id"} & set(item)
    for user in (item["submittedBy"], item["paper"]["authors"][1]["user"]):
        assert user["user"] == user["name"]
        assert "orgs" not in user
    assert item["organization"]["avatar"] == item["organization"]["avatarUrl"]
    hidden = {author["name"]: author["hidden"] for author in item["paper"]["authors"]}
    assert hidden == {"Ines Vale": False, "Tomas Birk": False, "Nobody Else": True}


@pytest.mark.parametrize(
    ("inside", "outside", "read"),
    [
        ("2026-11-09T08:30:00.5Z", "2026-11-05T12:42:10.000Z", "2026-11-09T08:30:00.500Z"),
        ("2026-11-09T08:30:00+02:00", None, "2026-11-09T06:30:00.000Z"),
        (None, "2026-11-09T03:50:58.348Z", "2026-11-09T03:50:58.348Z"),
        (None, "2026-11-08T21:30:00.000Z", "2026-11-09T00:00:00.000Z"),
    ],
)
def test_an_item_tells_when_it_came_onto_the_list_of_the_day(ask, inside, outside, read):
    plain = listed(1, "2026-11-09")
    plain["paper"]["submittedOnDailyAt"] = inside
    publish(plain | {"publishedAt": outside})
    [item] = ask("/api/daily_papers", date="2026-11-09")
    assert item["publishedAt"] == item["paper"]["submittedOnDailyAt"] == read
    assert ask("/api/papers/2611.00001")["submittedOnDailyAt"] == read


def test_a_paper_that_two_days_listed_is_on_both_lists_and_once_among_the_newest(ask):
    publish(listed(1, "2026-11-18"), listed(2, "2026-11-19"), listed(1, "2026-11-20"))
    for day in ("2026-11-18", "2026-11-20"):
        [item] = ask("/api/daily_papers", date=day)
        assert (item["paper"]["id"], item["publishedAt"]) == ("2611.00001", f"{day}T00:00:00.000Z")
    for asked in ({}, {"week": "2026-W47", "sort": "publishedAt"}, {"submitter": "akhaliq"}):
        pages = [ask("/api/daily_papers", limit=1, p=p, **asked) for p in range(3)]
        told = [(item["paper"]["id"], item["publishedAt"][:10]) for page in pages for item in page]
        assert told == [("2611.00001", "2026-11-20"), ("2611.00002", "2026-11-19")]


def test_what_a_source_left_unsaid_is_said_by_the_site(ask, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_name": "The Papers"})
    store(paper(5, listed=None, signals=()))
    [item] = ask("/api/daily_papers", date="2026-11-18")
    assert (item["submittedBy"]["user"], item["submittedBy"]["fullname"]) == ("broadsheet", "The Papers")
    assert item["thumbnail"] == item["organization"]["avatar"] == "http://testserver/static/icon.svg"
    assert item["publishedAt"] == "2026-11-18T00:00:00.000Z"
    assert (item["paper"]["upvotes"], item["numComments"]) == (0, 0)
    assert len(item["paper"]["authors"]) == 7
    assert ask("/api/daily_papers", date="2026-11-18") == [item]


def test_authors_of_one_name_are_told_apart(ask):
    publish(listed(1, "2026-11-20", authors=[{"name": "Wei Wang"}, {"name": "Wei Wang"}]))
    ids = [author["_id"] for author in ask("/api/papers/2611.00001")["authors"]]
    assert len(set(ids)) == 2
    assert all(ID.fullmatch(one) for one in ids)


def test_pages_are_linked(client: Client):
    publish(*(listed(n, "2026-11-20") for n in range(3)))
    first = client.get("/api/daily_papers", {"limit": 2, "date": "2026-11-20"})
    assert first["Link"] == '<http://testserver/api/daily_papers?limit=2&date=2026-11-20&p=1>; rel="next"'
    last = client.get("/api/daily_papers", {"limit": 2, "date": "2026-11-20", "p": 1})
    assert len(last.json()) == 1
    assert "Link" not in last


def test_all_papers_are_read_by_following_links(client: Client):
    store(*(paper(n) for n in range(5)), paper(7, listed=None, published=SUNDAY.date()))
    found, address = [], "/api/papers?limit=2"
    while address:
        answer = client.get(address)
        found += [item["paper"]["id"] for item in answer.json()]
        link = re.match(r'<http://testserver(\S+)>; rel="next"', answer.get("Link", ""))
        address = link[1] if link else ""
    assert found == ["2611.00007", *(f"2611.{n:05}" for n in (4, 3, 2, 1, 0))]


@pytest.mark.parametrize(
    "cursor", ["x", "_x", "2026-11-20_1", "2026-11-20T00:00:00Z_-1", f"_{10**30}", "\0_1"]
)
def test_a_cursor_that_was_not_given_is_refused(ask, cursor):
    assert ask("/api/papers", cursor=cursor, status=400) == {
        "error": "cursor must be one that this list gave."
    }


def test_linked_repositories_are_told_by_kind(ask):
    publish(complete(), listed(1, "2026-11-20"))
    repositories = ask("/api/arxiv/2611.04242v2/repos")
    assert {kind: [one["id"] for one in some] for kind, some in repositories.items()} == {
        "models": ["northlab/tides-8h"],
        "datasets": ["northlab/queue-traces"],
        "spaces": ["northlab/tides-demo"],
    }
    assert ask("/api/arxiv/2611.00001/repos") == {"models": [], "datasets": [], "spaces": []}


def test_a_withdrawn_paper_is_on_no_list_and_says_so(ask):
    publish(listed(1, "2026-11-20", withdrawnAt="2026-11-21T10:00:00Z"))
    store(paper(5, withdrawn=True))
    assert ask("/api/daily_papers") == ask("/api/daily_papers", submitter="akhaliq") == []
    assert ask("/api/papers/2611.00001")["withdrawnAt"] == "2026-11-21T10:00:00.000Z"
    assert DATE.fullmatch(ask("/api/papers/2611.00005")["withdrawnAt"])


def test_the_command_may_remember_that_there_are_no_harnesses(ask):
    assert ask("/api/agent-harnesses") == {"standardEnvVars": [], "harnesses": {}}


@pytest.mark.parametrize(
    "address", ["", "nothing", "papers/1234.56789", "papers/a%00b", "arxiv/1234.56789/repos", "daily_papers/"]
)
def test_whatever_is_not_there_is_not_found_in_json(client: Client, address):
    answer = client.get(f"/api/{address}")
    assert (answer.status_code, answer.json()) == (404, {"error": answer["X-Error-Message"]})


@pytest.mark.parametrize("address", ["daily_papers", "papers", "papers/2611.00001", "nothing"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(client: Client, address, method):
    answer = client.generic(method, f"/api/{address}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"error": "This address can only be read."}


def test_our_faults_are_told_in_json_too(client: Client):
    client.raise_request_exception = False
    from django.db import OperationalError, connection

    def fail(*_: object) -> None:
        raise OperationalError("the disk is gone")

    with connection.execute_wrapper(fail):
        answer = client.get("/api/daily_papers")
    assert (answer.status_code, answer.json()) == (
        500,
        {"error": "This went wrong here; it has been logged."},
    )
    assert client.get("/api/daily_papers", headers={"host": "evil.example"}).json().keys() == {"error"}


def test_a_list_takes_as_many_queries_however_long_it_is(client: Client, count_queries):
    publish(*(listed(n, "2026-11-20") for n in range(30)))
    # How many papers there are is counted once.
    client.get("/api/daily_papers?date=2026-11-20&limit=2")
    short = count_queries(client.get, "/api/daily_papers?date=2026-11-20&limit=1")
    assert count_queries(client.get, "/api/daily_papers?date=2026-11-20") == short
    assert count_queries(client.get, "/api/daily_papers?date=2026-11-20") == 0  # it has been kept
