"""One request at a time and host, over all processes, killed ones too."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from tests.sources.clocks import NOON
from tests.sources.local_server import Reply, serving

from broadsheet.sources.live.fetching import turns
from broadsheet.sources.live.fetching.fetcher import FetchError

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://oaipmh.arxiv.org/oai", "arxiv.org"),
        ("https://export.arxiv.org./api/query", "arxiv.org"),
        ("https://RSS.arXiv.org:443/rss", "arxiv.org"),
        ("http://arxiv.org", "arxiv.org"),
        ("https://notarxiv.org", "notarxiv.org"),
        ("https://huggingface.co/api", "huggingface.co"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        (f"http://{'a' * 300}", "a" * 255),
    ],
)
def test_all_hosts_of_arxiv_share_a_turn_and_any_other_host_has_its_own(url, name):
    assert turns.name_of(httpx2.URL(url)) == name


@pytest.mark.django_db
def test_a_turn_is_given_to_one_and_then_to_nobody_for_the_interval():
    turn = turns.claim("papers.example", now=NOON)
    with pytest.raises(turns.NotYetError, match="another process is asking papers"):
        turns.claim("papers.example", now=NOON)
    turns.release(turn, free_at=NOON + timedelta(seconds=3))
    with pytest.raises(turns.NotYetError, match="was asked just now") as problem:
        turns.claim("papers.example", now=NOON + timedelta(seconds=2))
    assert problem.value.until == NOON + timedelta(seconds=3)
    turns.claim("papers.example", now=problem.value.until)


@pytest.mark.django_db
def test_who_holds_a_turn_for_too_long_loses_it_and_takes_nothing_from_the_next(fetcher, clock, configure):
    with serving(lambda _: Reply(b"answer")) as server:
        configure(hf_url=server.url)
        name = turns.name_of(httpx2.URL(server.url))
        killed = turns.claim(name, now=NOON)
        with pytest.raises(FetchError, match=f"another process is asking {name}"):
            fetcher.get(server.url)
        clock.now = NOON + turns.HELD_FOR
        next_turn = turns.claim(name, now=clock.now)
        turns.release(killed, free_at=clock.now)
        with pytest.raises(turns.NotYetError, match="another process"):
            turns.claim(name, now=clock.now)
        turns.release(next_turn, free_at=clock.now)
        assert fetcher.get(server.url).body == b"answer"


@pytest.mark.django_db(transaction=True)
def test_nobody_asks_while_a_transaction_of_theirs_keeps_others_waiting(fetcher):
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        fetcher.get("http://papers.example")


@pytest.fixture
def start(tmp_path) -> Callable[..., subprocess.Popen[str]]:
    """Start the program that asks, over a database of its own: `start(url, times, interval, patience)`."""

    def start(*arguments: object, hf_url: str = "http://127.0.0.1") -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "BROADSHEET_DATA": str(tmp_path),
            "BROADSHEET_HF_URL": hf_url,
            "BROADSHEET_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-m", "tests.sources.live.fetching.asking", *map(str, arguments)]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)

    assert start("migrate").communicate()[0] == ""
    return start


@pytest.mark.thorough
def test_processes_that_ask_at_once_ask_one_after_the_other_and_so_far_apart(start):
    """Each answer takes a tenth of a second, and so does the interval that follows it."""
    with serving(lambda _: Reply(b"answer", pause=0.02)) as server:
        programs = [start(server.url, 4, 0.1, 60, hf_url=server.url) for _ in range(3)]
        said = [program.communicate()[0].split() for program in programs]
    assert said == [["answer"] * 4] * 3
    times = [request.at for request in server.requests]
    assert min(after - before for before, after in pairwise(times)) >= 0.2


@pytest.mark.thorough
def test_a_killed_process_keeps_its_turn_until_it_lapses(start):
    is_asked, may_go_on = threading.Event(), threading.Event()

    def respond(_):
        if not is_asked.is_set():
            is_asked.set()
            may_go_on.wait(60)
        return Reply(b"answer")

    with serving(respond) as server:
        killed = start(server.url, 1, 0.1, 0, hf_url=server.url)
        assert is_asked.wait(60)
        killed.kill()
        assert killed.communicate()[0] == ""
        early = start(server.url, 1, 0.1, 0, hf_url=server.url)
        assert early.communicate()[0].startswith("another process is asking 127.0.0.1:")
        late = start(server.url, 1, 0.1, 0, turns.HELD_FOR.total_seconds(), hf_url=server.url)
        assert late.communicate()[0] == "answer\n"
        may_go_on.set()
