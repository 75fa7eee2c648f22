"""What hangs on a paper survives: rooms that point at papers say here how their rows follow a merge or split.

A room registers a mover for each of its tables in `AppConfig.ready`; it is called in the transaction that
merges or splits, before the rows of the papers that are gone are deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import checks
from django.db import models

from broadsheet.papers.models import Paper


@dataclass(frozen=True, slots=True)
class Mover:
    """How the rows of a table follow the papers that they point at.

    `merge(kept, gone)` gives the rows of the papers `gone` to the paper `kept`. `split(paper, other, names)`
    gives those rows of a paper that were named by one of `names` (`scheme:value`) to the `other`, which has
    these names now. Papers are given by their keys. Each is best two statements: INSERT … SELECT … ON
    CONFLICT DO NOTHING where one row must stay one, and DELETE or UPDATE.
    """

    table: type[models.Model]
    merge: Callable[[int, Sequence[int]], None]
    split: Callable[[int, int, Collection[str]], None]


# What a room does after papers that were there are written anew, in the transaction that writes them.
Step = Callable[[Collection[int]], object]

moves: list[Mover] = []
steps: list[Step] = []


def merge(kept: int, gone: Sequence[int]) -> None:
    """Let everything that hangs on the papers `gone` hang on `kept`."""
    for mover in moves:
        mover.merge(kept, gone)


def split(paper: int, other: int, names: Collection[str]) -> None:
    """Give what hangs on a paper by one of these names to the other paper, which has them now."""
    for mover in moves:
        mover.split(paper, other, names)


def changed(papers: Collection[int]) -> None:
    """Have the rooms look at papers that were there and say something else now."""
    for step in steps:
        step(papers)


def without_a_mover() -> Iterator[type[models.Model]]:
    """The tables of other rooms that point at papers and would lose rows by a merge."""
    moved = {mover.table for mover in moves}
    for relation in Paper._meta.related_objects:
        table = relation.related_model
        if isinstance(table, str):
            continue
        if table._meta.app_label != Paper._meta.app_label and table not in moved:
            yield table


@checks.register("papers")
def check_movers(app_configs: object, **options: Any) -> list[checks.CheckMessage]:
    """Fail for a table that points at papers from another room and has no mover."""
    del app_configs, options
    return [
        checks.Error(
            f"{table._meta.label} points at papers, but no mover says how its rows follow a merge.",
            hint="Add a Mover to broadsheet.papers.merges.moves in the AppConfig.ready of its room.",
            obj=table,
            id="papers.E001",
        )
        for table in without_a_mover()
    ]
