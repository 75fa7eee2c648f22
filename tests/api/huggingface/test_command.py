"""`hf papers`, the command of Hugging Face's client, pointed at us."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.api.huggingface.recorded import AK, complete, listed, publish

pytestmark = pytest.mark.django_db(transaction=True)
HF = Path(sys.executable).with_name("hf")


@pytest.fixture
def hf(live_server, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `hf papers` with a token that is none of ours: `hf("ls", "--date", "2026-11-09")`."""
    publish(complete(), listed(1, "2026-11-20", upvotes=3, sender=AK))
    environment = os.environ | {
        "HF_ENDPOINT": live_server.url,
        "HF_HOME": str(tmp_path),
        "HF_TOKEN": "hf_of_somebody_else",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [HF, "papers", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.mark.thorough
def test_lists_are_printed(hf):
    [paper] = json.loads(hf("ls", "--date", "2026-11-09", "--format", "json").stdout)
    assert (paper["id"], paper["upvotes"], paper["comments"]) == ("2611.04242", 7, 2)
    table = hf(
        "ls", "--submitter", "mkoren", "--week", "2026-W46", "--sort", "trending", "--limit", "1"
    ).stdout
    assert "Mira Koren" in table
    assert "AK" not in table


@pytest.mark.thorough
def test_a_search_is_printed(hf):
    found = json.loads(hf("search", "tide tables", "--limit", "1", "--format", "json").stdout)
    assert [paper["title"] for paper in found] == ["Tide Tables for Schedulers"]


def test_a_paper_is_printed_and_read(hf):
    paper = json.loads(hf("info", "2611.04242", "--format", "json").stdout)
    assert paper["linked_models"][0]["id"] == "northlab/tides-8h"
    assert hf("read", "2611.04242v1").stdout.startswith("# Tide Tables for Schedulers\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("read", "1234.56789"), "not found"),
        (("ls", "--date", "2025-13-40"), "date must be a day"),
    ],
)
def test_what_is_wrong_is_said(hf, words, said):
    refused = hf(*words)
    assert refused.returncode == 1
    assert said in refused.stderr
