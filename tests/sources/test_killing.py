"""A run of a source can be killed anywhere, or meet another: the end is the same, with nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = 25


@pytest.mark.thorough
def test_killed_at_many_points_or_run_twice_at_once_all_is_as_after_an_undisturbed_run(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.sources.killing", str(KILLS)],
        cwd=ROOT,
        env={**os.environ, "BROADSHEET_DATA": str(data), "BROADSHEET_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    undisturbed, *others = map(json.loads, done.stdout.splitlines())
    assert [name for name, _ in undisturbed["papers"]] == ["2611.00001", "2611.00002", "2611.00003"]
    assert (undisturbed["missing"], undisturbed["unfinished"]) == (0, 0)
    assert len(others) == KILLS + 1
    for other in others:
        assert other == undisturbed
