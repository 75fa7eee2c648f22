"""The worker as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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


@pytest.fixture
def worker(data):
    run(data, *BROADSHEET, str(data), "migrate")
    with subprocess.Popen([*BROADSHEET, str(data), "work"], cwd=ROOT) as process:
        yield process
        process.kill()


def is_everything_found(data: Path) -> bool:
    found = json.loads(run(data, *BROADSHEET, str(data), "search", "soup", "--json"))
    return found["coverage"] == 1 and bool(found["papers"])


def test_what_another_process_imports_is_found_and_the_worker_stops_when_asked(data, worker):
    run(data, sys.executable, "-c", STORE)
    for _ in range(60):
        if is_everything_found(data):
            break
    else:
        pytest.fail("the worker has not indexed anything")
    asked = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert time.monotonic() - asked < 15
