"""Votes at the same time: each person has one, the tally says how many there are, and none is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.community import crowd

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, name: str) -> subprocess.Popen[str]:
    environment = os.environ | {"BROADSHEET_DATA": str(folder), "BROADSHEET_LIMITS": "off"}
    command = [sys.executable, "-m", "tests.community.crowd", name]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def said(folder: Path, name: str) -> dict:
    process = run(folder, name)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(out or "{}")


@pytest.fixture
def gathered(tmp_path, transactional_db):
    """What comes of a crowd: on SQLite in a file of its own, since one in memory knows no waiting."""

    def outcome(name: str) -> dict[str, int]:
        return crowd.CROWDS[name]() if connection.vendor == "postgresql" else said(tmp_path, name)

    return outcome


def test_twenty_people_who_vote_at_once_are_twenty_votes(gathered):
    assert gathered("twenty_voters") == {"votes": 20, "tally": 20, "events": 20, "wrong": 0}


def test_four_workers_who_note_a_topic_at_once_give_each_number_once(gathered):
    assert gathered("four_who_note_a_topic") == {"numbers": list(range(1, 30)), "last": 29}


@pytest.mark.thorough
def test_a_person_who_votes_twenty_times_at_once_has_one_vote(gathered):
    assert gathered("one_person_twenty_times") == {"votes": 1, "tally": 1, "events": 1, "wrong": 0}


@pytest.mark.thorough
def test_votes_that_race_with_their_withdrawals_leave_the_tally_right(gathered):
    found = gathered("votes_and_withdrawals")
    assert found["votes"] == found["tally"] == found["events"] <= 4
    assert not found["wrong"]


@pytest.mark.thorough
@pytest.mark.anywhere
def test_nothing_that_was_acknowledged_is_lost_where_the_process_is_killed_twenty_times(tmp_path):
    said(tmp_path, "prepare")
    acknowledged: set[str] = set()
    chance = random.Random(13)
    for _ in range(20):
        process = run(tmp_path, "keep_voting")
        heard = [process.stdout.readline()]
        killed_at = time.monotonic() + chance.uniform(0.02, 0.5)
        while time.monotonic() < killed_at and (line := process.stdout.readline()):
            heard.append(line)
        process.send_signal(signal.SIGKILL)
        heard += process.communicate()[0].splitlines(keepends=True)
        acknowledged |= {line.strip() for line in heard if line.endswith("\n")}
    found = said(tmp_path, "look")
    assert acknowledged
    assert acknowledged <= set(found["votes"])
    assert not found["wrong"]
