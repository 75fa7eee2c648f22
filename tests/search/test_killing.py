"""Work on the index can be killed anywhere: the next run comes to the same end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = 12


def run(data: Path, module: str, *arguments: str) -> list[str]:
    """What the program prints, line by line; it must not fail."""
    environment = {**os.environ, "BROADSHEET_DATA": str(data), "BROADSHEET_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.thorough
@pytest.mark.parametrize("work", ["index", "rebuild", "model"])
def test_killed_at_many_points_and_run_again_the_index_is_as_after_an_undisturbed_run(tmp_path, work):
    run(tmp_path / "data", "tests.search.preparing")
    undisturbed, *others = [
        json.loads(line) for line in run(tmp_path / "data", "tests.search.killing", work, str(KILLS))
    ]
    assert undisturbed["left"] == [0, 0]
    assert undisturbed["counts"] == [10, 10, 10]
    assert undisturbed["model"] == ("other" if work == "model" else "model")
    assert undisturbed["folders"] == len(undisturbed["embeddings"]) == 1
    assert len(others) == KILLS
    assert all(other == undisturbed for other in others)
