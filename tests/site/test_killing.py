"""A site whose processes are killed while people post: it keeps what it acknowledged, and comes back."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from queue import Queue
from xml.etree import ElementTree as ET

import httpx2
import psutil
import pytest
from tests.cli.test_serving import serving
from tests.site.test_storing import ARXIV, DATABASE

LIVES, KILLS_OF_A_LIFE, POSTERS = 5, 3, 3
# No more than 200 papers may wait for arXiv.
MOST_BETWEEN = 8


class Crowd:
    """People who post forms and read feeds, again and again, whatever becomes of the site."""

    def __init__(self) -> None:
        self.address = ""
        self.tried: set[str] = set()
        self.acknowledged: set[str] = set()
        self.news: Queue[str] = Queue()
        self.is_over = threading.Event()

    def post(self, year: int) -> None:
        numbers = count(1)
        wanted = ""
        while not self.is_over.is_set():
            # Whoever hears nothing sends the same form again.
            wanted = wanted or f"{year:02}01.{next(numbers):05}"
            self.tried.add(wanted)
            headers = {"Origin": self.address.rstrip("/")}
            answer = self._answered("POST", "papers/ask", data={"id": wanted}, headers=headers)
            if answer is not None:
                assert answer.status_code in {303, 503}, answer.text
                if answer.status_code == 303:
                    self.acknowledged.add(wanted)
                    self.news.put(wanted)
                    wanted = ""

    def read(self) -> None:
        while not self.is_over.is_set():
            answer = self._answered("GET", "papers.atom")
            if answer is not None and answer.status_code == 200:
                assert ET.fromstring(answer.content).tag.endswith("feed")

    def go_on(self, number: int) -> None:
        """Wait for so many acknowledgements from now on; while the site is away there are none."""
        while not self.news.empty():
            self.news.get()
        for _ in range(number):
            self.news.get(timeout=60)

    def _answered(self, method: str, path: str, **sent: object) -> httpx2.Response | None:
        try:
            return httpx2.request(method, f"{self.address}{path}", timeout=30, trust_env=False, **sent)
        except httpx2.TransportError:
            return None


@contextmanager
def crowding(address: str) -> Iterator[Crowd]:
    crowd = Crowd()
    crowd.address = address
    with ThreadPoolExecutor(POSTERS + 1) as pool:
        busy = [pool.submit(crowd.post, 15 + number) for number in range(POSTERS)]
        busy.append(pool.submit(crowd.read))
        try:
            yield crowd
        finally:
            crowd.is_over.set()
            for one in busy:
                one.result()


@pytest.mark.thorough
def test_what_was_acknowledged_outlives_every_kill_once_and_a_killed_process_comes_back_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, value in (ARXIV | {"LIMITS": "post=1000000/day;ask=1000000/day"}).items():
        monkeypatch.setenv(f"BROADSHEET_{name}", value)
    chance = random.Random(11)
    with serving(tmp_path, "--no-worker") as (_, address, _):
        pass
    with crowding(address) as crowd:
        for life in range(LIVES):
            with serving(tmp_path, "--no-worker") as (server, crowd.address, _):
                for _ in range(KILLS_OF_A_LIFE):
                    crowd.go_on(chance.randrange(1, MOST_BETWEEN))
                    (process,) = psutil.Process(server.pid).children()
                    process.kill()
                    process.wait(60)
                crowd.go_on(chance.randrange(1, MOST_BETWEEN))
                below = psutil.Process(server.pid).children(recursive=True)
                for process in [psutil.Process(server.pid), *(below if life % 2 else [])]:
                    process.kill()
                psutil.wait_procs(below, timeout=60)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        stored = {arxiv_id for (arxiv_id,) in database.execute("SELECT arxiv_id FROM sources_wantedpaper")}
        counted = database.execute("SELECT sum(amount) FROM accounts_taken WHERE kind = 'ask'").fetchone()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert crowd.acknowledged <= stored <= crowd.tried
    assert counted == (len(stored),)
