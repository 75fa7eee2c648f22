"""What tests of people begin with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from tests.community import rush

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def unlimited(settings):
    """Nobody is told to slow down."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})


@pytest.fixture
def rushed(tmp_path, transactional_db) -> Callable[[str], dict]:
    """What comes of a rush: on SQLite in a file of its own, since one in memory knows no waiting."""

    def outcome(name: str) -> dict:
        if connection.vendor == "postgresql":
            return rush.RUSHES[name]()
        environment = os.environ | {"BROADSHEET_DATA": str(tmp_path), "BROADSHEET_ACCESS": "invitation"}
        command = [sys.executable, "-m", "tests.community.rush", name]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout)

    return outcome
