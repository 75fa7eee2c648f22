"""The operator's commands: demo, migrate, check, config, and a database that cannot be used."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest


def broadsheet(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet.cli.main", "--data", str(data), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | environment, timeout=120
    )


@pytest.mark.thorough
def test_the_demonstration_is_loaded_once(tmp_path):
    first = broadsheet(tmp_path, "demo")
    assert first.returncode == 0
    assert int(first.stdout.split()[0]) >= 120
    assert broadsheet(tmp_path, "demo").stdout.startswith("0 demonstration papers are new, 0 changed")
    assert broadsheet(tmp_path, "demo", "--only-if-empty").stdout == ""


def test_check_says_what_is_wrong_and_then_that_all_is_well(tmp_path):
    before = broadsheet(tmp_path, "check")
    assert before.returncode == 1
    assert "broadsheet migrate" in before.stderr
    assert broadsheet(tmp_path, "migrate").returncode == 0
    after = broadsheet(tmp_path, "check")
    assert (after.returncode, "All is well." in after.stdout) == (0, True)


def test_nobody_else_on_the_machine_reads_a_new_database_and_check_tells_of_an_older_one(tmp_path):
    assert broadsheet(tmp_path, "migrate").returncode == 0
    database = tmp_path / "broadsheet.sqlite3"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    database.chmod(0o644)
    assert f"chmod 600 {database}" in broadsheet(tmp_path, "check").stderr


@pytest.mark.thorough
@pytest.mark.parametrize(("contact", "is_warned"), [("", True), ("ada@example.org", False)])
def test_check_warns_where_hosts_are_asked_by_nobody_they_can_write_to(tmp_path, contact, is_warned):
    broadsheet(tmp_path, "migrate")
    done = broadsheet(tmp_path, "check", BROADSHEET_SOURCES="arxiv", BROADSHEET_CONTACT=contact)
    assert done.returncode == 0
    assert ("Warning: BROADSHEET_CONTACT is empty" in done.stderr) == is_warned


@pytest.mark.thorough
@pytest.mark.parametrize(
    "url", ["postgres://nobody@127.0.0.1:1/none", "postgres://nobody@localhost:1/none?connect_timeout=1"]
)
def test_a_database_server_that_does_not_answer_is_one_sentence(tmp_path, url):
    done = broadsheet(tmp_path, "search", "attention", BROADSHEET_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The database cannot be used:")
    assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "broadsheet.sqlite3").write_bytes(b"This is a letter, not a database." * 100)
    done = broadsheet(tmp_path, "search", "attention")
    assert done.returncode == 1
    assert "The database cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
