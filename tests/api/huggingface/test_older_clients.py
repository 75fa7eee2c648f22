"""Hugging Face's client in older versions, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.api.huggingface.recorded import complete, publish

import clients

ASKING = Path(__file__).with_name("asking.py")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", clients.VERSIONS)
def test_an_older_version_reads_the_same(live_server, tmp_path, version):
    if not clients.is_installed(version):
        pytest.skip(f"needs {clients.PACKAGE} {version}: run python tools/clients.py")
    publish(complete())
    environment = os.environ | {"PYTHONPATH": str(clients.folder(version)), "HF_HOME": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, ASKING, live_server.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    said = json.loads(asked.stdout)
    tides = [
        "2611.04242",
        "Tide Tables for Schedulers",
        7,
        "2026-11-05 17:42:10+00:00",
        ["Ines Vale", "Tomas Birk", "Nobody Else"],
    ]
    assert (said["version"], said["unknown"]) == (version, 404)
    assert said["papers"] == [tides] * len(said["papers"])
    assert said["read"] is None or said["read"].startswith("# Tide Tables for Schedulers\n")
