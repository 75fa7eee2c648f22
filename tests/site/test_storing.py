"""Nothing is acknowledged that is not stored: a full disk, a database that is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from django.db import OperationalError, connection
from tests.cli.test_losses import fill, mounted
from tests.cli.test_operating import broadsheet
from tests.site.running import serving

DATABASE = "broadsheet.sqlite3"
NOBODY = "http://127.0.0.1:9"
ARXIV = {"SOURCES": "arxiv", **{f"ARXIV_{name}_URL": NOBODY for name in ("OAI", "RSS", "API")}}
ADDRESSES = ("/status", "/categories", "/api/v1/papers", "/papers.atom", "/papers/2506.01939")
READ_AND_CUT = """
import os, sys, django
django.setup()
from django.db import DatabaseError, connection
with connection.cursor() as cursor:
    cursor.execute("SELECT abstract FROM papers_paper NOT INDEXED")
    cursor.fetchone()
    os.truncate(sys.argv[1], 0)
    try:
        print(len(cursor.fetchall()))
    except DatabaseError:
        print("refused")
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    broadsheet(tmp_path / "data", "migrate")
    return tmp_path / "data"


def ask(client: httpx2.Client, number: int) -> httpx2.Response:
    """Ask for a paper by the form of the site."""
    return client.post(
        "/papers/ask", data={"id": f"2401.{number:05}"}, headers={"Origin": str(client.base_url).rstrip("/")}
    )


def move(data: Path) -> None:
    data.rename(data.with_name("elsewhere"))


def remove(data: Path) -> None:
    shutil.rmtree(data)


def replace(data: Path) -> None:
    shutil.copy(data / DATABASE, data / "backup")
    (data / "backup").replace(data / DATABASE)


def remove_log(data: Path) -> None:
    (data / f"{DATABASE}-wal").unlink()


@pytest.mark.thorough
@pytest.mark.parametrize(
    "lose",
    [move, remove, replace, remove_log],
)
def test_a_site_whose_database_is_gone_acknowledges_nothing_and_ends(data, lose: Callable[[Path], None]):
    with serving(data, **ARXIV) as (client, log):
        assert ask(client, 1).status_code == 303
        lose(data)
        # It ends within seconds; until then it says no.
        with pytest.raises(httpx2.TransportError):
            says_no_for_ever(client)
    assert log[-1].startswith("Error: The database ")


@pytest.mark.thorough
@pytest.mark.parametrize("lose", [move, remove, replace])
def test_whoever_comes_first_after_the_loss_is_told_the_same(data, lose: Callable[[Path], None]):
    with serving(data, **ARXIV) as (client, _):
        lose(data)
        with pytest.raises(httpx2.TransportError):
            says_no_for_ever(client)


def says_no_for_ever(client: httpx2.Client) -> None:
    while True:
        assert ask(client, 2).status_code == 503
        assert client.get("/healthz").status_code == 503


@pytest.mark.thorough
@pytest.mark.parametrize("left", [0, 0.5])
def test_a_database_that_is_cut_short_in_its_place_is_503_until_its_content_is_back(
    demonstration, tmp_path, left
):
    database = shutil.copytree(demonstration, tmp_path / "data") / DATABASE
    with serving(database.parent) as (client, log):
        answers = {client.get(address).status_code for address in ADDRESSES * 2}
        assert answers == {200}
        content = database.read_bytes()
        os.truncate(database, int(len(content) * left))
        # Each thread that answers has a connection of its own, and some have none yet.
        refused = [answer for answer in (client.get(page) for page in ADDRESSES * 3) if answer.is_error]
        assert {answer.status_code for answer in refused} == {503}
        assert "cannot be used just now" in refused[0].text
        assert client.get("/healthz").status_code == ask(client, 1).status_code == 503
        assert database.stat().st_size == int(len(content) * left)
        with database.open("r+b") as file:
            file.write(content)
        # What a connection read meanwhile is not kept beyond the request that failed.
        for page in ADDRESSES * 3:
            client.get(page)
        assert {client.get(page).status_code for page in ("/healthz", *ADDRESSES * 3)} == {200}
    assert not [line for line in log if line.startswith("Error")]


@pytest.mark.thorough
def test_a_site_whose_database_was_made_smaller_by_sqlite_goes_on(demonstration, tmp_path):
    database = shutil.copytree(demonstration, tmp_path / "data") / DATABASE
    with serving(database.parent) as (client, _):
        assert client.get("/status").status_code == 200
        size = database.stat().st_size
        with closing(sqlite3.connect(database)) as other:
            other.execute("DELETE FROM papers_affiliation")
            other.commit()
            other.execute("VACUUM")
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
        assert database.stat().st_size < size
        assert {client.get(page).status_code for page in ("/healthz", *ADDRESSES)} == {200}


@pytest.mark.thorough
def test_a_database_that_is_cut_short_while_it_is_read_ends_no_process(demonstration, tmp_path):
    database = shutil.copytree(demonstration, tmp_path / "data") / DATABASE
    done = subprocess.run(
        [sys.executable, "-c", READ_AND_CUT, database],
        env=os.environ
        | {"BROADSHEET_DATA": str(database.parent), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr


@pytest.mark.thorough
def test_a_full_disk_is_503_with_the_reason_and_room_heals_it(data, tmp_path):
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=6m", "none") as disk:
        shutil.copytree(data, disk, dirs_exist_ok=True)
        with serving(disk, **ARXIV) as (client, _):
            assert ask(client, 1).status_code == 303
            filler = fill(disk, leaving=0)
            # What room there still is in files that exist is used up first.
            answers = [ask(client, number) for number in range(2, 200)]
            assert {answer.status_code for answer in answers} <= {303, 503}
            stored = sum(answer.status_code == 303 for answer in answers)
            assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (503, "60")
            assert "disk of this site is full" in answers[-1].text
            assert client.get("/").status_code == client.get("/healthz").status_code == 200
            assert "nothing is fetched" in client.get("/status").text
            assert "broadsheet_free_bytes 0.0" in client.get("/metrics").text
            filler.unlink()
            assert ask(client, 500).status_code == 303
        with sqlite3.connect(disk / DATABASE) as database:
            (held,) = database.execute("SELECT count(*) FROM sources_wantedpaper").fetchone()
        database.close()
        assert held >= stored + 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "status"),
    [
        (sqlite3.SQLITE_FULL, 503),
        (sqlite3.SQLITE_IOERR, 503),
        (sqlite3.SQLITE_BUSY, 503),
        (sqlite3.SQLITE_CANTOPEN, 503),
        (sqlite3.SQLITE_READONLY, 503),
        (sqlite3.SQLITE_CORRUPT, 503),
        (sqlite3.SQLITE_ERROR, 500),
    ],
)
@pytest.mark.parametrize("address", ["/papers/2611.00001", "/api/v1/papers", "/api/daily_papers"])
def test_a_database_that_cannot_be_used_is_503_and_a_wrong_question_is_our_fault(
    client, address, code, status
):
    def away(*_: object) -> None:
        said = sqlite3.OperationalError("it cannot")
        said.sqlite_errorcode = code
        raise OperationalError("it cannot") from said

    client.raise_request_exception = False
    with connection.execute_wrapper(away):
        answer = client.get(address)
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)
