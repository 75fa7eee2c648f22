"""Search beside its peers: milliseconds, memory, size, and how they grow with the number of papers.

    python bench/searching.py [SNAPSHOT] [--papers 100000 --papers 1000000] [--cache FOLDER]

SNAPSHOT is an arXiv metadata snapshot: a line of JSON for each paper, compressed by gzip. What is built stays
in the cache folder (8 GB for a million papers), so that only the first run takes long. Packages that only
the peers need are looked for in its folder `packages`; a peer without them is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from search_times import Times

HERE = Path(__file__).resolve().parent
SNAPSHOT = Path("../shared/data/arxiv-metadata-oai-snapshot.json.gz")
CACHE = Path.home() / ".cache/broadsheet-bench"
COUNTS = (100_000, 1_000_000)
EMBEDDED = 1_000
OURS = (
    "embedding a question",
    "words",
    "scan",
    "meaning",
    "fused",
    "fused, with facets and senses",
    "filtered",
    "similar",
    "search page",
    "similar page",
)
# What each peer is measured against.
PEERS = {
    "SQLite FTS5": "words",
    "numpy, all vectors compared": "scan",
    "faiss, flat": "scan",
    "arxiv-sanity-lite, search": "search page",
    "arxiv-sanity-lite, similar": "similar page",
}

TIMES = "median on the clock / 95th percentile / median of the processor (of pages: of the server alone)"

Figures = dict[str, Any]


def told(program: str, *arguments: object, packages: str = "") -> Figures:
    """What a program of this folder prints; each runs alone, so that its memory is its own."""
    command = [sys.executable, str(HERE / program), *map(str, arguments)]
    environment = os.environ | ({"PYTHONPATH": packages} if packages else {})
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=False)
    if done.returncode:
        sys.exit(f"{program} ended with {done.returncode}")
    figures: Figures = json.loads(done.stdout)
    return figures


def measured(snapshot: Path, count: int, cache: Path) -> Figures:
    """All figures for so many papers."""
    folder = cache / str(count)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    built = told("search_data.py", data, snapshot, count, EMBEDDED)
    load = os.getloadavg()[0]
    ours = told("search_room.py", data)
    peers = told("search_peers.py", data, folder / "peers", packages=str(cache / "packages"))
    return {**built, **ours, **peers, "load": (load, os.getloadavg()[0])}


def p50(of: Times) -> float:
    """The median on the clock."""
    return median(clock for clock, _ in of)


def times(of: Times) -> str:
    """The median and the 95th percentile on the clock, and the median of the processor."""
    clock = [one for one, _ in of]
    highest = quantiles(clock, n=20)[-1] if len(clock) > 2 else max(clock)
    return f"{p50(of):,.1f} / {highest:,.1f} / {median(used for _, used in of):,.1f}"


def table(heads: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * (len(heads) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def report(runs: list[Figures]) -> None:
    """Print all tables."""
    papers = [f"{run['papers']:,} papers" for run in runs]
    growth = [f"growth ({runs[-1]['papers'] / runs[0]['papers']:g} times the papers)"] * (len(runs) > 1)

    def grown(name: str) -> list[str]:
        return [f"{p50(runs[-1][name]) / p50(runs[0][name]):.1f}"] * len(growth)

    print(f"Milliseconds: {TIMES}\n")
    table(
        ["", *papers, *growth], [[name, *(times(run[name]) for run in runs), *grown(name)] for name in OURS]
    )
    print(f"Peers, milliseconds: {TIMES} (questions asked); the ratio is that of the medians on the clock\n")
    heads = [text for one in papers for text in (one, "times ours")]
    peers = [peer for peer in PEERS if all(peer in run for run in runs)]
    table(["peer", "compared with", *heads], [_compared(peer, runs) for peer in peers])
    print("Size\n")
    table(["", *papers], _sizes(runs))
    print(f"Only {EMBEDDED:,} texts are really embedded; the vectors of the others are these with noise.")


def _compared(peer: str, runs: list[Figures]) -> list[str]:
    ours = PEERS[peer]
    cells = [
        (f"{times(run[peer])} ({len(run[peer])})", f"{p50(run[peer]) / p50(run[ours]):,.1f}") for run in runs
    ]
    return [peer, ours, *(cell for pair in cells for cell in pair)]


def _sizes(runs: list[Figures]) -> list[list[str]]:
    def row(name: str, form: str, value: Callable[[Figures], float]) -> list[str]:
        return [name, *(form.format(value(run)) for run in runs)]

    return [
        row("server, resident, MB", "{:,.0f}", lambda run: p50(run["VmRSS"])),
        row("of it mapped files, MB", "{:,.0f}", lambda run: p50(run["RssFile"])),
        row("word index, MB", "{:,.0f}", lambda run: run["words on disk"] / 1e6),
        row("vectors, MB", "{:,.0f}", lambda run: run["vectors on disk"] / 1e6),
        row("opening the vectors, s", "{:.2f}", lambda run: p50(run["opening the vectors"]) / 1000),
        row("words indexed, papers a second", "{:,.0f}", lambda run: run["indexed a second"]),
        row(
            "the same, a second of the processor",
            "{:,.0f}",
            lambda run: run["indexed a second of the processor"],
        ),
        row("texts embedded a second", "{:.0f}", lambda run: run["embedded a second"]),
        row("load of the machine before searching", "{:.1f}", lambda run: run["load"][0]),
        row("load after it", "{:.1f}", lambda run: run["load"][1]),
    ]


def main() -> None:
    """Measure and print, one number of papers after the other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("snapshot", type=Path, nargs="?", default=SNAPSHOT)
    parser.add_argument("--papers", type=int, action="append")
    parser.add_argument("--cache", type=Path, default=CACHE)
    wanted = parser.parse_args()
    if not wanted.snapshot.exists():
        print(f"There is no {wanted.snapshot}: name an arXiv metadata snapshot to measure search with.")
        return
    report([measured(wanted.snapshot, count, wanted.cache) for count in wanted.papers or COUNTS])


if __name__ == "__main__":
    main()
