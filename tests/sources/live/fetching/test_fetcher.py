"""Asking a host: what is sent, what comes back, and how long it is left alone when it refuses."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version

import pytest
from structlog.testing import capture_logs
from tests.sources.clocks import NOON
from tests.sources.local_server import Reply, serving

from broadsheet.sources.live.fetching.fetcher import Fetcher, FetchError, Validators
from broadsheet.sources.models import Host

pytestmark = pytest.mark.django_db


@contextmanager
def host(configure, *replies):
    """A host of our own that gives these replies in turn, the last one again and again."""
    waiting = list(replies)
    with serving(lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]) as server:
        configure(hf_url=server.url)
        yield server


def refusal(fetcher, server) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(server.url)
    return caught.value


def waited(fetcher, server) -> timedelta:
    return refusal(fetcher, server).until - NOON


def test_an_answer_is_given_whole_with_what_it_says_of_its_version(fetcher, configure):
    said = {"ETag": '"1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    with host(configure, Reply(b"<feed/>", headers=said)) as server:
        answer = fetcher.get(f"{server.url}/rss?a=b", {"token": "x+y z", "é": ""})
    assert (answer.status, answer.body, answer.content_type) == (200, b"<feed/>", "application/xml")
    assert answer.validators == Validators('"1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    assert not answer.is_unchanged
    assert [(r.method, r.path, r.query) for r in server.requests] == [
        ("GET", "/rss", {"a": "b", "token": "x+y z", "é": ""})
    ]


def test_a_host_is_told_who_asks_and_how_to_reach_them(fetcher, configure):
    configure(contact="papers@example.org")
    with host(configure, Reply(headers={"Set-Cookie": "id=1"})) as server:
        fetcher.get(server.url)
        configure(contact="Zoë, papers@example.org")
        fetcher.get(server.url)
        configure(contact="")
        fetcher.get(server.url)
    agents = [request.headers["user-agent"] for request in server.requests]
    name = f"Broadsheet/{version('broadsheet')}"
    assert agents == [f"{name} (papers@example.org)", f"{name} (Zo?, papers@example.org)", name]
    assert not any("cookie" in request.headers for request in server.requests)


def test_what_has_not_changed_is_not_sent_again(fetcher, configure):
    with host(configure, Reply(headers={"ETag": '"é"'}), Reply(status=304)) as server:
        assert fetcher.get(server.url).validators == Validators()
        seen = Validators('"1"', "Sun, 22 Nov 2026 10:00:00 GMT")
        answer = fetcher.get(server.url, seen=seen)
    assert (answer.status, answer.body, answer.is_unchanged) == (304, b"", True)
    first, second = (request.headers for request in server.requests)
    assert "if-none-match" not in first
    assert (second["if-none-match"], second["if-modified-since"]) == (seen.etag, seen.last_modified)


@pytest.mark.parametrize("status", [200, 400, 404, 409])
def test_what_a_source_can_read_comes_back(fetcher, configure, status):
    with host(configure, Reply(b"said", status=status)) as server:
        answer = fetcher.get(server.url)
    assert (answer.status, answer.body) == (status, b"said")


def test_an_empty_body_is_an_answer(fetcher, configure):
    with host(configure, Reply(headers={"Content-Encoding": "gzip"})) as server:
        assert fetcher.get(server.url).body == b""


@pytest.mark.parametrize("status", [204, 206, 300, 401, 403, 410, 500, 503, 520])
def test_any_other_status_is_a_refusal_and_the_host_is_left_alone_for_a_minute_or_two(
    fetcher, configure, status
):
    with host(configure, Reply(b"no", status=status)) as server:
        problem = refusal(fetcher, server)
        assert timedelta(minutes=1) <= problem.until - NOON <= timedelta(minutes=2)
        assert refusal(fetcher, server).until == problem.until
    assert len(server.requests) == 1
    assert f"answered {status} (" in str(problem)


@pytest.mark.parametrize(
    ("retry_after", "minutes"),
    [
        (None, 10),
        ("5", 10),
        ("1800", 30),
        ("Sun, 22 Nov 2026 13:00:00 GMT", 60),
        ("Sat, 21 Nov 2026 13:00:00 GMT", 10),
        ("nonsense", 10),
        ("-1800", 10),
        ("1e9", 10),
        ("9" * 5000, 24 * 60),
        ("Sun, 29 Nov 2026 13:00:00 GMT", 24 * 60),
    ],
)
def test_after_too_many_requests_a_host_is_left_alone_for_ten_minutes_or_as_long_as_it_says(
    fetcher, configure, retry_after, minutes
):
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    with host(configure, Reply(status=429, headers=headers)) as server:
        problem = refusal(fetcher, server)
    assert problem.until == NOON + timedelta(minutes=minutes)
    name = server.url.removeprefix("http://")
    until = f"{problem.until:%Y-%m-%d %H:%M} UTC"
    assert str(problem) == f"{name} answered 429 (too many requests); {name} is left alone until {until}"


def test_a_host_that_asks_for_a_pause_gets_it(fetcher, configure):
    with host(configure, Reply(status=503, headers={"Retry-After": "7200"})) as server:
        assert waited(fetcher, server) == timedelta(hours=2)


def test_the_third_429_in_a_row_stops_all_requests_for_half_a_day(fetcher, configure, clock):
    with host(configure, Reply(status=503), *[Reply(status=429)] * 4, Reply(), Reply(status=429)) as server:
        for _ in range(3):
            clock.now = refusal(fetcher, server).until
        problem = refusal(fetcher, server)
        assert "answered 429 (too many requests), 3 times in a row; " in str(problem)
        assert problem.until - clock.now == timedelta(hours=12)
        clock.now = problem.until
        problem = refusal(fetcher, server)
        assert "4 times in a row" in str(problem)
        clock.now = problem.until
        fetcher.get(server.url)
        clock.turn_on(minutes=1)
        assert refusal(fetcher, server).until - clock.now == timedelta(minutes=10)


def test_a_host_that_keeps_failing_is_asked_less_and_less_often_and_forgiven_at_once(
    fetcher, configure, clock
):
    with host(configure, *[Reply(status=503)] * 9, Reply(), Reply(status=503)) as server:
        waits = []
        for _ in range(9):
            until = refusal(fetcher, server).until
            waits.append((until - clock.now) / timedelta(minutes=1))
            clock.now = until
        for wait, least in zip(waits, [1, 2, 4, 8, 16, 30, 30, 30, 30], strict=True):
            assert least <= wait <= 2 * least
        fetcher.get(server.url)
        clock.turn_on(minutes=1)
        assert refusal(fetcher, server).until - clock.now <= timedelta(minutes=2)


def test_answers_that_cannot_be_used_count_as_refusals_in_a_row(fetcher, configure, clock):
    with host(configure, Reply(b"<html>")) as server:
        for least in (1, 2, 4):
            problem = fetcher.unusable(fetcher.get(server.url), "sent HTML where XML was promised")
            assert least <= (problem.until - clock.now) / timedelta(minutes=1) <= 2 * least
            assert refusal(fetcher, server).until == problem.until
            clock.now = problem.until
    assert "sent HTML where XML was promised; " in str(problem)


def test_a_connection_that_is_reset_is_a_refusal_and_never_half_an_answer(fetcher, configure):
    with host(configure, Reply(b"<feed>" * 10_000, cut_after=3000)) as server:
        assert "broke off its answer (" in str(refusal(fetcher, server))


def test_a_host_that_is_not_there_is_a_refusal(fetcher, configure):
    with host(configure, Reply()) as server:
        pass
    assert "cannot be reached (" in str(refusal(fetcher, server))
    assert Host.objects.get().refusals == 1


def test_requests_to_a_host_are_a_second_apart_and_to_arxiv_three(fetcher, configure, clock):
    with host(configure, Reply()) as server, serving(lambda _: Reply()) as arxiv:
        configure(arxiv_rss_url=arxiv.url)
        for url in (server.url, arxiv.url, arxiv.url, server.url, server.url):
            fetcher.get(url)
    assert clock.slept == [3.0, 1.0]


def test_who_has_no_patience_is_told_when_it_is_their_turn(configure, clock):
    with (
        Fetcher(clock=clock.as_clock, patience=timedelta(seconds=2)) as hasty,
        host(configure, Reply()) as server,
    ):
        configure(arxiv_oai_url=server.url)
        hasty.get(server.url)
        assert refusal(hasty, server).until == NOON + timedelta(seconds=3)
    assert len(server.requests) == 1
    assert clock.slept == []


def test_logs_and_messages_have_no_passwords_and_no_queries(fetcher, configure):
    with host(configure, Reply(), Reply(status=503)) as server:
        secret = server.url.replace("http://", "http://me:hidden@")
        configure(hf_url=secret)
        with capture_logs() as events:
            answer = fetcher.get(f"{secret}/a", {"token": "hidden"})
            problem = refusal(fetcher, server)
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "hidden" not in f"{events} {problem} {answer.url.partition('?')[0]} {Host.objects.get().reason}"
    assert [event["event"] for event in events] == ["asking", "answered", "asking", "refused"]
    assert events[1] | {"seconds": 0} == {
        "event": "answered",
        "host": server.url.removeprefix("http://"),
        "status": 200,
        "bytes": 0,
        "seconds": 0,
        "log_level": "debug",
    }
