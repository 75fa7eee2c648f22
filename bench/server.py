"""A running `broadsheet serve` for the benchmarks, and the CPU time its processes have used."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Start a server on a free port; gives its process id and port once it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*COMMAND, "--data", str(data), "serve", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            for line in server.stdout:
                if line.startswith("Broadsheet is at "):
                    break
            yield server.pid, port
        finally:
            server.terminate()


def cpu_seconds(pid: int) -> float:
    """User and system time of the process and all below it so far (Linux only)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(cpu_seconds, children(pid)))


def precise_cpu_seconds(pid: int) -> float:
    """The same to the microsecond, of the threads that live now: for what takes less than a tick."""
    own = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # it ended meanwhile
            own += int((thread / "schedstat").read_text(encoding="ascii").split()[0])
    return own / 1e9 + sum(map(precise_cpu_seconds, children(pid)))


def children(pid: int) -> list[int]:
    """The processes that the process started."""
    return [
        int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    ]
