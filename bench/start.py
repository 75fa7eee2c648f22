"""How long `broadsheet serve` takes from the command to the first page on an existing data folder."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from server import COMMAND, serving

RUNS = 5


def first_page(data: Path) -> float:
    """Seconds from the command to the whole front page."""
    started = time.perf_counter()
    with serving(data) as (_, port), urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        answer.read()
        return time.perf_counter() - started


def bare() -> float:
    """Seconds to import Django alone."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django; django.setup"], check=True)
    return time.perf_counter() - started


def main() -> None:
    """Fill a folder with the demonstration papers, then start several times."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*COMMAND, "--data", folder, "demo"], check=True)
        pages = sorted(first_page(Path(folder)) for _ in range(RUNS))
        peer = sorted(bare() for _ in range(RUNS))
    middle = RUNS // 2
    print(f"first page: median {pages[middle]:.2f} s, slowest {pages[-1]:.2f} s", end="")
    print(f"; import django: {peer[middle]:.2f} s, ratio {pages[middle] / peer[middle]:.1f}")


if __name__ == "__main__":
    main()
