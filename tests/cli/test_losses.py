"""A disk that is full or may only be read, a database that was emptied or is of a newer version: one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from tests.cli.test_operating import broadsheet

DATABASE = "broadsheet.sqlite3"
THOROUGH = pytest.mark.thorough
EVERY_COMMAND = (
    ["index"],
    *(pytest.param([name], marks=THOROUGH) for name in ("serve", "work", "demo", "migrate", "check", "mcp")),
)


@pytest.fixture
def data(demonstration: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demonstration, tmp_path / "data")


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Something mounted over the folder while the test runs; only root may do that."""
    if subprocess.run(["mount", *options, folder], check=False, capture_output=True).returncode:
        pytest.skip("needs to mount a small disk, which only root may do")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(disk: Path, *, leaving: int) -> Path:
    """Fill the disk but for so many bytes."""
    filler = disk / "filler"
    filler.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - leaving)))
    return filler


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def papers_found(data: Path) -> str:
    return broadsheet(data, "index", "--status").stdout.splitlines()[1]


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=str)
def test_a_database_of_a_newer_version_is_left_alone(data, command):
    with closing(sqlite3.connect(data / DATABASE)) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('library', '0009_shelves', '2027-01-01')"
        )
    assert "does not know its library.0009_shelves" in one_sentence(broadsheet(data, *command))


@THOROUGH
def test_what_needs_no_database_works_beside_one_of_a_newer_version(data):
    with closing(sqlite3.connect(data / DATABASE)) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('papers', '9', '2027-01-01')"
        )
    for command in (["migrate", "--help"], ["serve", "--help"], ["config"]):
        assert broadsheet(data, *command).returncode == 0


def emptied(data: Path) -> None:
    for log in data.glob(f"{DATABASE}-*"):
        log.unlink()
    os.truncate(data / DATABASE, 0)


@pytest.mark.parametrize("command", [*EVERY_COMMAND[:5], ["check"]], ids=str)
def test_an_emptied_database_is_not_taken_for_a_new_one(data, command):
    emptied(data)
    before = sorted(path.name for path in (data / "index").iterdir())
    assert "Restore the backup" in one_sentence(broadsheet(data, *command))
    assert sorted(path.name for path in (data / "index").iterdir()) == before
    assert (data / DATABASE).stat().st_size == 0


@THOROUGH
@pytest.mark.parametrize("rest", ["secret_key", "index", f"{DATABASE}-wal"])
def test_an_empty_database_beside_anything_that_belonged_to_it_is_refused(tmp_path, rest):
    (tmp_path / DATABASE).touch()
    if rest == "index":
        (tmp_path / rest).mkdir()
        (tmp_path / rest / "CURRENT").write_text("words-3-000001", encoding="utf-8")
    elif rest != "secret_key":
        (tmp_path / rest).write_bytes(b"x")
    # Every command makes a secret key if there is none.
    assert rest in one_sentence(broadsheet(tmp_path, "search", "tide"))


@THOROUGH
def test_whoever_does_as_the_sentence_says_begins_anew(data):
    emptied(data)
    said = one_sentence(broadsheet(data, "index"))
    for name in (DATABASE, "index", "secret_key"):
        assert name in said
    (data / DATABASE).unlink()
    (data / "secret_key").unlink()
    shutil.rmtree(data / "index")
    assert broadsheet(data, "index").returncode == 0


@THOROUGH
@pytest.mark.parametrize("options", [[], ["--rebuild"]], ids=["index", "rebuild"])
def test_an_index_is_not_emptied_for_a_catalogue_without_papers(data, options):
    before = papers_found(data)
    (data / DATABASE).unlink()
    fresh = data.parent / "fresh"
    broadsheet(fresh, "migrate")
    shutil.copy(fresh / DATABASE, data / DATABASE)
    assert "the catalogue is empty" in one_sentence(broadsheet(data, "index", *options))
    assert papers_found(data) == before


@THOROUGH
@pytest.mark.parametrize("leaving", [0, 40_000, 200_000])
def test_a_full_disk_is_a_sentence_for_the_index_and_the_next_run_completes_it(data, leaving):
    shutil.rmtree(data / "index")
    (data / "index").mkdir()
    with mounted(data / "index", "-t", "tmpfs", "-o", "size=1m", "none") as disk:
        filler = fill(disk, leaving=leaving)
        assert "index cannot be written" in one_sentence(broadsheet(data, "index"))
        filler.unlink()
        assert broadsheet(data, "index").returncode == 0
        assert "149" in papers_found(data)


@THOROUGH
@pytest.mark.parametrize("leaving", [0, 50_000, 300_000])
def test_a_full_disk_is_a_sentence_for_whatever_writes(demonstration, tmp_path, leaving):
    exported = tmp_path / "papers.jsonl"
    broadsheet(demonstration, "export", str(exported))
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=16m", "none") as disk:
        broadsheet(disk, "migrate")
        filler = fill(disk, leaving=leaving)
        one_sentence(broadsheet(disk, "import", str(exported)))
        for command in (["dump"], ["ingest", "huggingface"], ["export", str(disk / "x")]):
            done = broadsheet(disk, *command)
            # What little was imported may fit.
            assert done.returncode == 0 or one_sentence(done)
        filler.unlink()
        assert "refused 0" in broadsheet(disk, "import", str(exported)).stdout
        assert broadsheet(disk, "index").returncode == 0


@THOROUGH
def test_an_index_that_may_only_be_read_is_a_sentence(data):
    broadsheet(data, "demo")
    with mounted(data / "index", "--bind", str(data / "index")):
        if subprocess.run(["mount", "-o", "remount,ro,bind", data / "index"], check=False).returncode:
            pytest.skip("needs to mount a folder that may only be read")
        assert "Read-only" in one_sentence(broadsheet(data, "index", "--rebuild"))
        assert broadsheet(data, "search", "attention").returncode == 0


@THOROUGH
def test_a_full_disk_is_a_sentence_for_a_verdict(demonstration, tmp_path):
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=30m", "none") as disk:
        shutil.copytree(demonstration, disk, dirs_exist_ok=True)
        filler = fill(disk, leaving=0)
        said = one_sentence(broadsheet(disk, "papers", "join", "2506.01939", "2303.10798"))
        assert said.startswith("Error: The database cannot be used")
        filler.unlink()
        assert broadsheet(disk, "papers", "join", "2506.01939", "2303.10798").returncode == 0


def test_check_finds_out_that_the_data_folder_may_only_be_read(data):
    with mounted(data, "--bind", str(data)):
        if subprocess.run(["mount", "-o", "remount,ro,bind", data], check=False).returncode:
            pytest.skip("needs to mount a folder that may only be read")
        assert one_sentence(broadsheet(data, "check")).strip()


@THOROUGH
def test_a_file_in_the_place_of_the_index_is_a_sentence(data):
    shutil.rmtree(data / "index")
    (data / "index").write_text("no index", encoding="utf-8")
    assert "move it away" in one_sentence(broadsheet(data, "index"))
    assert "Traceback" not in broadsheet(data, "search", "attention").stderr
