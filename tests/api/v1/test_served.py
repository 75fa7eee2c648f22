"""The API over real HTTP, where headers, methods and long addresses matter."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from tests.web.press import paper, publish


@pytest.fixture
def served(live_server) -> Iterator[httpx2.Client]:
    """A client of a site with thirty papers."""
    publish(*(paper(number, listed=None, signals=()) for number in range(30)))
    with httpx2.Client(base_url=f"{live_server.url}/api/v1/") as client:
        yield client


def test_a_thousand_identifiers_fit_into_an_address_and_into_a_body(served):
    ids = [f"2611.{number:05}" for number in range(1000)]
    asked = served.get("papers", params={"ids": ",".join(ids), "fields": "id"})
    assert [one["id"] for one in asked.json()["papers"]] == ids[:30]
    assert asked.json()["unknown"] == ids[30:]
    assert served.post("papers/batch?fields=id", json=ids).json() == asked.json()


def test_a_compressed_answer_is_not_sent_again_while_nothing_changed(served):
    first = served.get("papers")
    assert first.headers["Content-Encoding"] == "gzip"
    again = served.get("papers", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_head_gives_the_headers_alone(served):
    answer = served.head("papers?limit=9")
    assert (answer.status_code, answer.content) == (200, b"")
    assert 'rel="next"' in answer.headers["Link"]


def test_all_papers_are_read_by_following_the_links(served):
    found, address = [], "papers?limit=7&fields=id"
    while address:
        answer = served.get(address)
        found += [one["id"] for one in answer.json()["papers"]]
        address = answer.links.get("next", {}).get("url")
    assert sorted(found) == [f"2611.{number:05}" for number in range(30)]
