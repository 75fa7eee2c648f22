"""What became of records, counted: of an import, of a source, of a run."""

from __future__ import annotations

from dataclasses import dataclass, fields

from broadsheet.papers.catalogue import StoreCounts
from broadsheet.sources.models import Run

_STORED = [one.name for one in fields(StoreCounts)]


@dataclass(slots=True)
class Counts:
    """How many records were read, the refused ones too, and what became of them."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0


def add(counts: Counts | Run, *, stored: StoreCounts, refused: int = 0) -> None:
    """Count what was stored, and how many records were refused."""
    for name in _STORED:
        setattr(counts, name, getattr(counts, name) + getattr(stored, name))
    counts.refused += refused
    counts.read += refused + sum(getattr(stored, name) for name in _STORED)


def copy(counts: Counts, run: Run) -> None:
    """Write the counts into a run."""
    for one in fields(Counts):
        setattr(run, one.name, getattr(counts, one.name))
