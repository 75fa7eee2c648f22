"""The server that tests fetch from does what they tell it to, wrong things too."""

from __future__ import annotations

import httpx2
import pytest
from tests.sources.local_server import Reply, serving


def test_says_what_was_asked_and_answers_as_told():
    def respond(request):
        return Reply(request.query["name"].encode(), headers={"ETag": '"1"'}, content_type="text/plain")

    with serving(respond) as server:
        answer = httpx2.get(f"{server.url}/a%20b", params={"name": "é+"}, headers={"X-Asked": "yes"})
        httpx2.get(f"{server.url}/?name=1&name=2&empty=")
    assert (answer.text, answer.headers["etag"], answer.headers["content-type"]) == (
        "é+",
        '"1"',
        "text/plain",
    )
    first, second = server.requests
    assert (first.method, first.path, first.query, first.headers["x-asked"]) == (
        "GET",
        "/a b",
        {"name": "é+"},
        "yes",
    )
    assert (first.repeated, second.repeated, second.query) == (False, True, {"name": "1", "empty": ""})


def test_hundreds_of_requests_over_one_connection_are_quick_and_leave_nothing_open():
    with serving(lambda _: Reply(b"x" * 1000)) as server, httpx2.Client() as client:
        assert {len(client.get(server.url).content) for _ in range(300)} == {1000}
    assert len(server.requests) == 300


@pytest.mark.parametrize("cut_after", [0, 10])
def test_a_cut_answer_ends_in_a_reset(cut_after):
    with (
        serving(lambda _: Reply(b"x" * 1000, cut_after=cut_after)) as server,
        pytest.raises(httpx2.ReadError),
    ):
        httpx2.get(server.url)


def test_an_answer_shorter_than_it_says_ends_early():
    with (
        serving(lambda _: Reply(b"half", headers={"Content-Length": "8"})) as server,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        httpx2.get(server.url)


def test_an_answer_without_a_body_has_none():
    with serving(lambda _: Reply(b"ignored", status=304)) as server, httpx2.Client() as client:
        assert [client.get(server.url).content for _ in range(2)] == [b"", b""]


def test_what_the_test_could_not_answer_is_raised_in_the_test():
    def respond(_):
        raise AssertionError("asked for something else")

    with (
        pytest.raises(AssertionError, match="asked for something else"),
        serving(respond) as server,
        pytest.raises(httpx2.RemoteProtocolError),
    ):
        httpx2.get(server.url)
