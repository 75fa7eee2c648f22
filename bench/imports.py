"""How fast a file is imported, how much memory it takes, and how fast plain SQLite takes the same texts."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]


def imported(file: Path, data: Path) -> tuple[dict[str, int], float, float, float]:
    """The report of `broadsheet import`, its seconds, those of the processor, its peak memory in MB."""
    started = time.perf_counter()
    command = [*COMMAND, "--data", str(data), "import", "--json", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"import ended with {process.returncode}: {said.decode()}")
    cpu = used.ru_utime + used.ru_stime
    return json.loads(said), time.perf_counter() - started, cpu, used.ru_maxrss / 1024


def plain(data: Path) -> tuple[int, float]:
    """Copy title and abstract of all papers into one table without index: the floor under any import."""
    with sqlite3.connect(data / "broadsheet.sqlite3") as source:
        rows = source.execute("SELECT public_id, title, abstract FROM papers_paper").fetchall()
    started = time.perf_counter()
    with sqlite3.connect(data / "plain.sqlite3") as target:
        target.execute("CREATE TABLE paper (id TEXT, title TEXT, abstract TEXT)")
        target.executemany("INSERT INTO paper VALUES (?, ?, ?)", rows)
    return len(rows), time.perf_counter() - started


def main() -> None:
    """Import twice into a new folder, then measure the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first import", "second import"):
            report, seconds, cpu, memory = imported(file, Path(folder))
            read, rate = report["read"], report["read"] / seconds
            print(
                f"{name:14} {read:8} records {seconds:6.1f} s, {cpu:6.1f} s CPU {rate:8.0f} a second", end=""
            )
            print(f" {memory:6.0f} MB", flush=True)
        count, seconds = plain(Path(folder))
        print(f"{'plain SQLite':14} {count:8} records {seconds:7.1f} s {count / seconds:8.0f} a second")


if __name__ == "__main__":
    main()
