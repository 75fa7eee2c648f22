"""The worker as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.sources.inputs import item
from tests.sources.local_server import Reply, Request, serving

ROOT = Path(__file__).resolve().parents[2]
BROADSHEET = [sys.executable, "-m", "broadsheet.cli.main", "--data"]
STORE = """
import django; django.setup()
from broadsheet.jobs.wake import wake
from broadsheet.papers.catalogue import store
from tests.search.shelf import MORNING, records
store(records(), now=MORNING)
wake("index")
"""


def run(data: Path, *command: str) -> str:
    environment = {**os.environ, "BROADSHEET_DATA": str(data)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout


def is_everything_found(data: Path) -> bool:
    found = json.loads(run(data, *BROADSHEET, str(data), "search", "soup", "--json"))
    return found["coverage"] == 1 and bool(found["papers"])


@pytest.fixture
def slow_host():
    """A host whose answer takes as long as the test wants: its address, its requests, and how to end the wait."""
    answers = threading.Event()

    def respond(_: Request) -> Reply:
        answers.wait(60)
        return Reply(json.dumps([item()]).encode(), content_type="application/json")

    with serving(respond) as host:
        yield host, answers
        answers.set()


@pytest.mark.thorough
def test_papers_are_indexed_while_a_slow_host_is_asked_and_a_stop_does_not_wait_for_it(data, slow_host):
    host, answers = slow_host
    run(data, *BROADSHEET, str(data), "migrate")
    environment = {**os.environ, "BROADSHEET_SOURCES": "huggingface", "BROADSHEET_HF_URL": host.url}
    with subprocess.Popen([*BROADSHEET, str(data), "work"], cwd=ROOT, env=environment) as worker:
        try:
            run(data, sys.executable, "-c", STORE)
            assert any(is_everything_found(data) and host.requests for _ in range(60))
            assert not answers.is_set()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(30) == 0
        finally:
            worker.kill()
    assert len(host.requests) == 1


@pytest.mark.thorough
def test_a_worker_for_one_kind_of_work_does_that_and_stops_when_told(data):
    run(data, *BROADSHEET, str(data), "migrate")
    run(data, sys.executable, "-c", STORE)
    environment = {**os.environ, "BROADSHEET_SOURCES": ""}
    with subprocess.Popen(
        [*BROADSHEET, str(data), "work", "--no-index"], cwd=ROOT, env=environment
    ) as others:
        try:
            with subprocess.Popen(
                [*BROADSHEET, str(data), "work", "--only", "index"], cwd=ROOT, env=environment
            ) as indexer:
                try:
                    assert any(is_everything_found(data) for _ in range(60))
                    indexer.send_signal(signal.SIGTERM)
                    assert indexer.wait(30) == 0
                finally:
                    indexer.kill()
            assert others.poll() is None
            others.send_signal(signal.SIGTERM)
            assert others.wait(30) == 0
        finally:
            others.kill()
