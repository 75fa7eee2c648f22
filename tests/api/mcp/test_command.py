"""`broadsheet mcp` as a program that starts it sees it: messages, and nothing but messages."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.api.mcp.agents import COMMAND, agent, by_command

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
READY = {"jsonrpc": "2.0", "method": "notifications/initialized"}
CALL = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "edition", "arguments": {}}}


@contextmanager
def talking(data: Path) -> Iterator[tuple[subprocess.Popen[str], Callable[..., Any]]]:
    """The command, and the way to say a line to it and get its next answer."""
    command = [*COMMAND, "--data", str(data), "mcp"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as server:

        def say(*lines: object) -> dict[str, Any]:
            for line in lines:
                server.stdin.write(f"{line if isinstance(line, str) else json.dumps(line)}\n")
            server.stdin.flush()
            return json.loads(server.stdout.readline())

        yield server, say


@pytest.mark.thorough
def test_the_first_start_prints_messages_only_and_ends_with_its_client(tmp_path):
    with talking(tmp_path / "new") as (server, say):
        assert say(HELLO)["result"]["serverInfo"]["name"] == "broadsheet"
        assert say(READY, CALL)["result"]["structuredContent"]["quiet"] == "empty catalogue"
        assert say("no message", "[]", "\x00", "x" * 1_000_000, {**CALL, "id": 3})["id"] == 3
        rest, said = server.communicate(timeout=30)
    assert (server.returncode, rest, said) == (0, "", "")


@pytest.mark.thorough
def test_a_client_leaves_no_process_behind(data):
    before = set(psutil.Process().children(recursive=True))
    with agent(by_command(data)) as one:
        assert set(psutil.Process().children(recursive=True)) - before
        assert one.call("trending", limit=1)["papers"]
    assert set(psutil.Process().children(recursive=True)) == before


@pytest.mark.thorough
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_without_a_traceback(data, ending):
    with talking(data) as (server, say):
        assert say(HELLO)["id"] == 1
        server.send_signal(ending)
        server.wait(timeout=20)
        assert server.stderr.read() == ""


@pytest.mark.thorough
def test_it_ends_quietly_when_nobody_reads_its_answers(data):
    with talking(data) as (server, say):
        assert say(HELLO)["id"] == 1
        server.stdout.close()
        server.stdin.write(f"{json.dumps(CALL)}\n")
        server.stdin.flush()
        server.wait(timeout=20)
        assert server.stderr.read() == ""


def test_what_is_wrong_at_the_start_is_one_sentence_beside_the_messages(tmp_path):
    (tmp_path / "file").write_text("")
    command = [*COMMAND, "--data", str(tmp_path / "file"), "mcp"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "data folder" in done.stderr
