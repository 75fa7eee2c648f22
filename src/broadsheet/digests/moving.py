"""How what was told outlives a split; of merges there is a log."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from broadsheet.digests.models import Parted
from broadsheet.papers.merges import Mover, moves


def _merge(kept: int, gone: Sequence[int]) -> None:
    """The log of merges says it."""
    del kept, gone


def _split(paper: int, other: int, names: Collection[str]) -> None:
    del names
    Parted.objects.create(paper=paper, other=other)


moves.append(Mover(Parted, merge=_merge, split=_split))
