"""Nothing is acknowledged that is not stored: a full disk, a database that is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
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


def empty(data: Path) -> None:
    os.truncate(data / DATABASE, 0)


def replace(data: Path) -> None:
    shutil.copy(data / DATABASE, data / "backup")
    (data / "backup").replace(data / DATABASE)


def remove_log(data: Path) -> None:
    (data / f"{DATABASE}-wal").unlink()


@pytest.mark.parametrize(
    "lose",
    [move, *(pytest.param(one, marks=pytest.mark.thorough) for one in (remove, empty, replace, remove_log))],
)
def test_a_site_whose_database_is_gone_acknowledges_nothing_and_ends(data, lose: Callable[[Path], None]):
    with serving(data, **ARXIV) as (client, log):
        assert ask(client, 1).status_code == 303
        lose(data)
        # It ends within seconds; until then it says no.
        with pytest.raises(httpx2.TransportError):
            says_no_for_ever(client)
    assert log[-1].startswith("Error: The database ")


@pytest.mark.parametrize(
    "lose", [move, *(pytest.param(one, marks=pytest.mark.thorough) for one in (remove, replace))]
)
def test_whoever_comes_first_after_the_loss_is_told_the_same(data, lose: Callable[[Path], None]):
    with serving(data, **ARXIV) as (client, _):
        lose(data)
        with pytest.raises(httpx2.TransportError):
            says_no_for_ever(client)


def says_no_for_ever(client: httpx2.Client) -> None:
    while True:
        assert ask(client, 2).status_code == 503
        assert client.get("/healthz").status_code == 503


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
