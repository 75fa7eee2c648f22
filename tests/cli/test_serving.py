"""`broadsheet serve` as an operator meets it: a first start, a clean end, a taken port."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import psutil
import pytest
from tests.ports import free_port
from tests.sources.inputs import item
from tests.sources.local_server import Reply, Request
from tests.sources.local_server import serving as serving_elsewhere

from broadsheet.accounts.leaving import LIST
from broadsheet.accounts.tokens import digest

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str, list[str]]]:
    """A running server, its address, and what it printed before it told the address."""
    command = [*COMMAND, "--data", str(data), "serve", "--port", str(free_port()), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        said: list[str] = []
        try:
            for line in server.stdout:
                said.append(line)
                if line.startswith("Broadsheet is at "):
                    break
            else:
                pytest.fail(f"serve ended without an address: {''.join(said)}")
            yield server, said[-1].split()[3], said
        finally:
            server.terminate()
            server.communicate(timeout=30)


def test_the_first_start_needs_nothing_and_says_how_to_fill_the_catalogue(tmp_path):
    data = tmp_path / "new" / "folder"
    with serving(data, "--no-worker") as (_, address, said):
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.status == 200
        assert any("broadsheet demo" in line for line in said)
        assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
        assert (data / "broadsheet.sqlite3").exists()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("host", "status"), [("192.168.1.5", 200), ("nas.local", 200), ("elsewhere.example", 421)]
)
def test_a_server_that_is_opened_to_a_network_answers_to_the_names_of_that(tmp_path, host, status):
    with serving(tmp_path, "--no-worker", "--host", "0.0.0.0") as (_, address, _):
        answer = httpx2.get(address, headers={"Host": host}, trust_env=False, timeout=30)
        assert answer.status_code == status


@pytest.mark.thorough
def test_the_first_start_fills_the_catalogue_by_itself(tmp_path, monkeypatch):
    requests: list[Request] = []
    is_stored = threading.Event()

    def respond(request: Request) -> Reply:
        if requests:
            is_stored.set()  # the next list is asked for when the one before has been stored
        requests.append(request)
        return Reply(json.dumps([] if requests[1:] else [item()]).encode(), content_type="application/json")

    with serving_elsewhere(respond) as host:
        monkeypatch.setenv("BROADSHEET_SOURCES", "huggingface")
        monkeypatch.setenv("BROADSHEET_HF_URL", host.url)
        monkeypatch.setenv("BROADSHEET_CONTACT", "ada@example.org")
        with serving(tmp_path) as (_, address, said):
            assert "The catalogue is empty. The first papers are being fetched from huggingface.\n" in said
            assert is_stored.wait(60)
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert "Tide Tables for Schedulers" in answer.read().decode()
    assert "ada@example.org" in requests[0].headers["User-Agent"]


@pytest.mark.thorough
@pytest.mark.parametrize("command", [["serve", "--no-worker", "--port"], ["work", "--only", "mail"]])
def test_who_left_after_the_backup_leaves_again_at_the_start(tmp_path, monkeypatch, command):
    monkeypatch.setenv("BROADSHEET_ACCESS", "open")
    at = [*COMMAND, "--data", str(tmp_path)]
    subprocess.run([*at, "user", "create", "ada", "--email", "ada@lab.example"], check=True, timeout=60)
    with closing(sqlite3.connect(tmp_path / "broadsheet.sqlite3")) as database:
        asked = "SELECT id, joined_at, left_at FROM accounts_person WHERE handle = 'ada' OR handle IS NULL"
        [(pk, joined, left)] = database.execute(asked)
        assert left is None
        who = digest(f"{pk}:{datetime.fromisoformat(joined).replace(tzinfo=UTC).isoformat()}")
        line = json.dumps({"who": who, "votes_go": True, "comments_go": False})
        (tmp_path / LIST).write_text(line + '\n{"who": "cut sh')
        port = [str(free_port())] if command[0] == "serve" else []
        with subprocess.Popen([*at, *command, *port]) as started:
            until = time.monotonic() + 30
            while not database.execute(asked).fetchone()[2] and time.monotonic() < until:
                started.poll()
                threading.Event().wait(0.1)
            started.terminate()
        assert database.execute("SELECT handle FROM accounts_person WHERE id = ?", [pk]).fetchone() == (None,)


@pytest.mark.thorough
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_and_its_worker_cleanly(tmp_path, ending):
    with serving(tmp_path) as (server, _, _):
        family = psutil.Process(server.pid).children(recursive=True)
        assert len(family) >= 2
        server.send_signal(ending)
        server.communicate(timeout=30)
        assert server.returncode == 0
    assert not [process for process in family if process.is_running()]


@pytest.mark.thorough
def test_a_killed_server_leaves_nobody_behind(tmp_path):
    with serving(tmp_path) as (server, _, _):
        server.kill()
        # All below it write to the same pipe, which ends when the last of them is gone.
        server.communicate(timeout=30)


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [*COMMAND, "--data", str(tmp_path), "serve", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.thorough
def test_an_address_that_is_not_of_this_machine_is_one_sentence(tmp_path):
    command = [*COMMAND, "--data", str(tmp_path), "serve", "--host", "192.0.2.1", "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "choose another with --host" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_option_is_exit_code_2(tmp_path):
    command = [*COMMAND, "--data", str(tmp_path), "serve", "--port", "http"]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 2


@pytest.mark.thorough
def test_a_server_process_that_is_killed_comes_back(tmp_path):
    with serving(tmp_path, "--no-worker") as (server, address, _):
        for _ in range(2):
            (process,) = psutil.Process(server.pid).children()
            began = time.monotonic()
            process.kill()
            process.wait(30)
            while not is_answered(address):
                assert time.monotonic() - began < 60
        server.terminate()
        server.communicate(timeout=30)
        assert server.returncode == 0


def is_answered(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
