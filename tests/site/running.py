"""A site that runs as operators run it, with a client that asks it and all that it writes down."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from tests.cli.test_operating import broadsheet
from tests.ports import free_port
from tests.sources.inputs import arxiv_line

BROADSHEET = [sys.executable, "-m", "broadsheet.cli.main", "--data"]


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[tuple[httpx2.Client, list[str]]]:
    """A client of the site, and the lines of its log, which are complete when it has ended."""
    environment = os.environ | {f"BROADSHEET_{name}": value for name, value in settings.items()}
    command = [*BROADSHEET, str(data), "serve", "--no-worker", "--port", str(free_port())]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    log: list[str] = []
    with subprocess.Popen(command, env=environment, **pipe) as server:
        address = next(line for line in server.stdout if line.startswith("Broadsheet is at ")).split()[3]
        # A pipe that nobody reads from fills up, and the site waits.
        reader = threading.Thread(target=log.extend, args=(server.stdout,))
        reader.start()
        try:
            with httpx2.Client(base_url=address, trust_env=False, timeout=60) as client:
                yield client, log
        finally:
            server.terminate()
            server.wait(timeout=60)
            reader.join(timeout=60)


def line(number: int, title: str, version: int = 1) -> bytes:
    versions = [{"version": f"v{n + 1}", "created": "Mon, 2 Nov 2026 08:00:00 GMT"} for n in range(version)]
    return arxiv_line(f"2611.{number:05}", title=title, versions=versions)


def import_papers(data: Path, *lines: bytes) -> None:
    file = data / "papers.jsonl"
    file.write_bytes(b"".join(lines))
    assert broadsheet(data, "import", str(file)).returncode == 0
