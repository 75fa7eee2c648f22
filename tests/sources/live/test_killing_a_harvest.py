"""A harvest can be killed anywhere: the next run goes on, and comes to the same end."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import pytest
from tests.sources.live.oai_formats import NOW, Paper, from_snapshot, paper
from tests.sources.live.oai_repository import repository

ROOT = Path(__file__).resolve().parents[3]
MANY = 20_000
KILLS = 12
KILLS_OF_MANY = 3


@contextmanager
def program(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "BROADSHEET_DATA": str(data), "BROADSHEET_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", "tests.sources.live.killing", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        yield running


def said(running: subprocess.Popen[str]) -> list[dict[str, object]]:
    out, complaints = running.communicate(timeout=300)
    assert running.returncode == 0, complaints
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.thorough
def test_killed_at_many_points_and_run_again_a_harvest_leaves_what_an_undisturbed_one_does(tmp_path):
    papers = [paper(number, authors="Ines Vale") for number in range(30)]
    with (
        repository(papers, page_size=12) as made,
        program(tmp_path / "data", "everywhere", made.url, str(KILLS)) as running,
    ):
        undisturbed, *others = said(running)
    assert (undisturbed["papers"], undisturbed["left"]) == (30, 0)
    assert len(others) == KILLS
    assert all(other == undisturbed for other in others)


@pytest.mark.thorough
def test_a_harvest_of_twenty_thousand_real_papers_survives_being_killed_at_any_moment(shared, tmp_path):
    chance = random.Random(4)
    with (
        repository(real_papers(shared), page_size=2500) as made,
        program(tmp_path / "undisturbed", "harvest", made.url, "0") as undisturbed,
    ):
        for attempt in range(KILLS_OF_MANY):
            with program(tmp_path / "killed", "harvest", made.url, str(30 * attempt)) as killed:
                for _ in range(chance.randint(1, 4)):  # steps
                    killed.stderr.readline()
                with suppress(subprocess.TimeoutExpired):
                    killed.wait(timeout=chance.uniform(0, 0.5))
                killed.kill()
            assert killed.returncode == -signal.SIGKILL
        with program(tmp_path / "killed", "harvest", made.url, str(30 * KILLS_OF_MANY)) as last:
            (end,) = said(last)
        assert said(undisturbed) == [end]
    assert end["papers"] > 0.99 * MANY  # some are there twice under two ids
    assert end["left"] == 0


def real_papers(shared: Path) -> list[Paper]:
    """MANY papers of the real snapshot, 2,000 to a day of change, all of them in one set."""
    with gzip.open(shared / "data/arxiv-metadata-oai-snapshot.json.gz") as lines:
        first = NOW.date() - timedelta(days=10)
        papers = [
            from_snapshot(line, changed=first + timedelta(days=number // 2000))
            for number, line in enumerate(islice(lines, MANY))
        ]
    return [replace(one, categories=f"cs.LG {one.categories}") for one in papers]
