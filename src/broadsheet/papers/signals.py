"""What sources elsewhere count of papers: upvotes, comments, stars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from broadsheet.papers import tables
from broadsheet.stored_times import in_utc


@dataclass(frozen=True, slots=True)
class SourcedSignal:
    """An external count with its source and time."""

    source: str
    name: str
    value: int
    observed_at: datetime | None


def of_papers(pks: Collection[int]) -> dict[int, list[SourcedSignal]]:
    """What each source counted, of each of the papers that something was counted of."""
    counted: dict[int, list[SourcedSignal]] = defaultdict(list)
    for pk, source, name, value, observed_at in tables.rows(pks, tables.SIGNALS):
        counted_at = observed_at and in_utc(observed_at)
        counted[pk].append(SourcedSignal(source, name, value, counted_at))
    return counted


def highest(counted: Iterable[SourcedSignal]) -> dict[str, SourcedSignal]:
    """The counts by name. Two sources may count the same thing: adding up would count people twice."""
    return {one.name: one for one in sorted(counted, key=attrgetter("value", "source"))}
