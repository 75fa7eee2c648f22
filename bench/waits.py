"""How long an import holds the lock of the database: another process commits a row every 50 ms beside it."""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import quantiles

COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]
PAUSE = 0.05


def commits(database: Path, goes_on: Callable[[], bool]) -> list[float]:
    """How long each commit of a row took, in ms, as long as `goes_on` says so."""
    taken = []
    with closing(sqlite3.connect(database, timeout=60, isolation_level=None)) as connection:
        # As the site does: what an import wrote is copied into the database by the import.
        connection.execute("PRAGMA wal_autocheckpoint = 16000")
        connection.execute("CREATE TABLE IF NOT EXISTS bench_probe (at REAL)")
        while goes_on():
            before = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bench_probe VALUES (?)", (before,))
            connection.execute("COMMIT")
            taken.append(1000 * (time.perf_counter() - before))
            time.sleep(PAUSE)
    return taken


def told(name: str, taken: list[float]) -> str:
    """One line of the outcome."""
    p95 = quantiles(taken, n=20)[-1]
    return f"{name:14} {len(taken):6} commits, p95 {p95:7.1f} ms, longest {max(taken):7.1f} ms"


def main() -> None:
    """Commit beside nothing, beside a first import, and beside a second one, which changes nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        subprocess.run([*COMMAND, "--data", folder, "papers", "check"], check=True, capture_output=True)
        database, until = data / "broadsheet.sqlite3", time.perf_counter() + 5
        print(told("idle", commits(database, lambda: time.perf_counter() < until)), flush=True)
        for name in ("first import", "second import"):
            command = [*COMMAND, "--data", folder, "import", str(file)]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                print(told(name, commits(database, lambda: running.poll() is None)), flush=True)


if __name__ == "__main__":
    main()
