"""Whatever is killed, each reader gets each mail, and no paper twice."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from tests.digests.post import Office, identity, open_office

ROOT = Path(__file__).resolve().parents[2]
BEGIN, NEXT = datetime(2026, 11, 30, 7, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC)
WITHIN_SECONDS = 900
TITLE = re.compile(r"On (paper \d+ \d+)")


@dataclass
class Workers:
    """Processes that send, each replaced by another where it is killed."""

    foreman: subprocess.Popen[str]
    pids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pids = [self._next(), self._next()]

    def kill(self, place: int) -> None:
        os.kill(self.pids[place], signal.SIGKILL)
        self.pids[place] = self._next()

    def _next(self) -> int:
        assert self.foreman.stdout
        return int(self.foreman.stdout.readline())


@dataclass
class Town:
    """Readers in a folder, and the workers that send them mail."""

    folder: Path
    office: Office
    connections: int = 1
    kills: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BROADSHEET_DATA": str(self.folder),
            "BROADSHEET_SMTP_URL": self.office.url,
            "BROADSHEET_SITE_URL": "https://papers.example.org",
            "BROADSHEET_MAIL_CONNECTIONS": str(self.connections),
            "BROADSHEET_LOG_LEVEL": "ERROR",
        }

    def run(self, *said: str) -> str:
        command = [sys.executable, "-m", "tests.digests.town", *said]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=300,
        ).stdout

    def migrate(self) -> None:
        command = [sys.executable, "-m", "broadsheet.cli.main", "migrate"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def workers(self, begin: datetime) -> Iterator[Workers]:
        """Two workers from that time on."""
        command = [sys.executable, "-m", "tests.digests.town", "work", begin.isoformat(), "2"]
        foreman = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)
        try:
            yield Workers(foreman)
        finally:
            foreman.terminate()
            foreman.communicate()

    def is_settled(self) -> bool:
        with closing(sqlite3.connect(f"file:{self.folder}/broadsheet.sqlite3?mode=ro", uri=True)) as database:
            rows = "SELECT 1 FROM digests_digest WHERE state IN ('due', 'claimed', 'handing') LIMIT 1"
            return database.execute(rows).fetchone() is None

    def wanted(self) -> tuple[dict[str, str], dict[str, int]]:
        report = json.loads(self.run("report"))
        return report["wanted"], report["states"]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_office() as office:
        yield Town(tmp_path, office)


def wait(until: Callable[[], bool]) -> None:
    end = time.time() + WITHIN_SECONDS
    while not until() and time.time() < end:
        time.sleep(0.02)


def send_all(town: Town, begin: datetime, *, until: int, kills: int) -> None:
    """Let two workers send until so many mails have come, while so many of them are killed."""
    chance = random.Random(kills)
    with town.workers(begin) as workers:
        while kills and received(town.office) < until:
            seen = received(town.office)
            # Only a worker that sends is worth it.
            wait(lambda: received(town.office) > seen)  # noqa: B023 (called at once)
            time.sleep(chance.uniform(0.02, 0.35))
            workers.kill(chance.randrange(2))
            kills, town.kills = kills - 1, town.kills + 1
        # What is in doubt is sent again after eleven minutes, which are as many seconds here.
        wait(lambda: received(town.office) >= until and town.is_settled())


def received(office: Office) -> int:
    return len(office.names)


def grey(office: Office, recipient: str, content: bytes) -> str:
    """Every tenth mail has to come again."""
    del content
    if hash(recipient) % 10 == 0 and recipient not in office.known:
        office.known.add(recipient)
        return "451 4.7.1 come again"
    return "250 taken"


def check(town: Town, *, doubles: int) -> None:
    wanted, states = town.wanted()
    assert set(states) <= {"sent", "empty"}, states
    came: dict[str, list[bytes]] = {}
    for recipient, box in town.office.boxes.items():
        for mail in box:
            came.setdefault(identity(mail), []).append(mail)
            assert wanted.get(identity(mail)) == recipient
    assert came.keys() == wanted.keys()
    assert all(len(set(mails)) == 1 for mails in came.values())
    assert sum(map(len, came.values())) - len(came) <= doubles
    told: Counter[tuple[str, str]] = Counter()
    for name, (mail, *_) in came.items():
        (text, _) = message_from_bytes(mail).get_payload()
        titles = set(TITLE.findall(text.get_payload(decode=True).decode()))
        assert titles
        told.update((wanted[name], title) for title in titles)
    assert max(told.values()) == 1


def both_windows(town: Town, *, readers: int, topics: int, kills: int) -> None:
    town.migrate()
    town.run("fill", str(readers), str(topics), BEGIN.isoformat())
    send_all(town, BEGIN, until=readers, kills=kills // 2)
    town.run("news", "1", NEXT.isoformat())
    send_all(town, NEXT, until=2 * readers, kills=kills - kills // 2)
    assert town.kills == kills


@pytest.mark.thorough
def test_a_few_kills_lose_nothing_and_double_no_more_than_themselves(town: Town):
    town.office.at_recipient = grey
    both_windows(town, readers=100, topics=5, kills=3)
    check(town, doubles=town.kills)


@pytest.mark.thorough
def test_fifty_kills_lose_nothing_and_double_no_more_than_themselves(town: Town):
    town.office.at_recipient = grey
    both_windows(town, readers=1_000, topics=20, kills=50)
    assert received(town.office) == 2_000
    check(town, doubles=town.kills)


@pytest.mark.thorough
def test_where_replies_are_lost_too_nothing_is_and_every_double_is_the_same_mail(town: Town):
    town.office.at_recipient, town.office.loses = grey, 0.02
    both_windows(town, readers=500, topics=10, kills=20)
    check(town, doubles=town.kills + town.office.lost)


@pytest.mark.thorough
def test_a_worker_stopped_past_its_lease_doubles_the_mail_that_it_was_handing_over_at_most(town: Town):
    town.migrate()
    town.run("fill", "400", "5", BEGIN.isoformat())
    with town.workers(BEGIN) as workers:
        wait(lambda: received(town.office) > 5)
        os.kill(workers.pids[0], signal.SIGSTOP)
        # All leases end: what it had claimed is sent by the other one, and what it was handing over, too.
        wait(lambda: received(town.office) == 400 and town.is_settled())
        os.kill(workers.pids[0], signal.SIGCONT)
        seen = time.time()
        wait(lambda: time.time() > seen + 3)
    check(town, doubles=1)
