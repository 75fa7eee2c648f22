"""The developers' own tools: a database server on loan, the tables of the manual, what make can do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import manual

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
ASK = """
import os, psycopg
with psycopg.connect(os.environ["BROADSHEET_DATABASE_URL"]) as connection:
    print(*connection.execute("SHOW server_version_num").fetchone(), *connection.execute("SHOW data_directory").fetchone())
raise SystemExit(7)
"""


@pytest.fixture(scope="module")
def on_loan() -> subprocess.CompletedProcess[str]:
    """A command that asks its server for version and folder, and ends with 7."""
    command = [sys.executable, "tools/postgres.py", sys.executable, "-c", ASK]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_a_command_gets_a_database_server_and_keeps_its_exit_code(on_loan):
    assert on_loan.returncode == 7, on_loan.stderr
    assert int(on_loan.stdout.split()[0]) >= 150000


@pytest.mark.thorough
def test_the_server_and_its_folder_end_with_the_command(on_loan):
    folder = Path(on_loan.stdout.split()[1])
    assert folder.name == "data"
    assert not folder.parent.exists()


def test_a_table_is_replaced_and_the_page_around_it_stays():
    page = "before\n<!-- settings -->\nold\n<!-- /settings -->\nafter <!-- commands -->\n"
    new = manual.with_table(page, "settings", ["| a |", "| --- |"])
    assert (
        new == "before\n<!-- settings -->\n\n| a |\n| --- |\n\n<!-- /settings -->\nafter <!-- commands -->\n"
    )
    assert manual.with_table(new, "settings", ["| a |", "| --- |"]) == new


def test_a_secret_has_no_default_in_the_manual():
    rows = [row for row in manual.settings_table() if "_SECRET_KEY" in row or "_DATABASE_URL" in row]
    assert [row.split(" | ")[1] for row in rows] == ["–"] * 3


def test_make_says_what_it_can_do():
    said = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    targets = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[1].split()
    assert re.findall(r"^  make ([\w-]+)\t\S", said, re.MULTILINE) == targets


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_everything_that_is_installed_is_pinned_with_its_hash(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(packages) > 50
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_both_locks_agree():
    def pins(lock: str) -> set[str]:
        return set(
            re.findall(r"^[a-z0-9][^ ]*==[^ ;]+", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
        )

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_continuous_integration_runs_what_a_developer_runs():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.findall(r"^make \w+", script.read_text(encoding="utf-8"), re.MULTILINE) == [
        "make check",
        "make test",
    ]
