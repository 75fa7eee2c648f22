"""Long work on a terminal: a bar for each part of it; a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

LINES = 20

# Told the name of a part of the work, how much of it is done, and how much there is (0 if nobody knows).
Show = Callable[[str, int, int], None]


@contextmanager
def progress(things: str) -> Iterator[Show]:
    """A way to show how many of the `things` are done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(things)
        return
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield _bars(bar)


def _bars(bar: Progress) -> Show:
    parts: dict[str, TaskID] = {}

    def show(name: str, done: int, total: int) -> None:
        if name not in parts:
            parts[name] = bar.add_task(name)
        bar.update(parts[name], completed=done, total=total or None)

    return show


def _lines(things: str) -> Show:
    shown: dict[str, int] = {}

    def show(name: str, done: int, total: int) -> None:
        part = done * LINES // max(1, total)
        if shown.get(name) != part:
            shown[name] = part
            of_all = f" of {total:,}" if total else ""
            click.echo(f"{name}: {done:,}{of_all} {things}".rstrip(), err=True)

    return show
