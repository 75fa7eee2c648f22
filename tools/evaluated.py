"""Measure search on judged test sets, and write the table that the manual has of it.

`python tools/evaluated.py DIR...`: each folder holds a test set in BEIR layout.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from manual import DOCS, with_table

PAGE = DOCS / "search.md"


def main() -> None:
    """Run `broadsheet evaluate` on the folders and replace the table."""
    folders = sys.argv[1:] or sys.exit(
        "No test sets: name their folders, or make evaluate SETS=a folder of them."
    )
    program = Path(sys.executable).with_name("broadsheet")
    done = subprocess.run([program, "evaluate", "--json", *folders], check=False, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(done.returncode)
    old = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_table(old, "evaluation", list(table(json.loads(done.stdout)))), encoding="utf-8")


def table(values: dict[str, Any]) -> Iterator[str]:
    """The first measure with its intervals and differences, then the means of the others."""
    sets, mean = values["sets"], values["mean"]
    first, *others = mean["fused"]
    yield row(first, *(one["name"] for one in sets), "mean")
    yield row(*["---"] * (len(sets) + 2))
    yield row("documents, queries", *(f"{one['documents']:,}, {one['queries']:,}" for one in sets), "")
    for name, means in mean.items():
        yield row(
            name, *(cell(name, one["results"][name][first]) for one in sets), figure(name, means[first])
        )
    yield ""
    yield row("", *(one["name"] for one in sets), "mean")
    yield row(*["---"] * (len(sets) + 2))
    for measure in others:
        for name in (name for name in mean if " - " not in name):
            shown = (figure(name, one["results"][name][measure]["mean"]) for one in sets)
            yield row(f"{measure}, {name}", *shown, figure(name, mean[name][measure]))


def cell(name: str, one: dict[str, Any]) -> str:
    """A mean and its interval; of a difference, also how many queries gained and lost."""
    queries = f"<br>{one['better']} ↑ {one['worse']} ↓" if "better" in one else ""
    return (
        f"{figure(name, one['mean'])}<br>{figure(name, one['low'])} to {figure(name, one['high'])}{queries}"
    )


def figure(name: str, value: float) -> str:
    """Three digits, and a sign for a difference."""
    return f"{value:+.3f}".replace("-", "−") if " - " in name else f"{value:.3f}"


def row(*cells: str) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
