"""What a live source is: a step that asks once and says what it learnt, and the times to do so.

A step gets the position that the step before it left, and returns the next one. Position and records are
stored in one transaction, so that a run killed at any point goes on where it was; to run a source is to take
steps until one says that it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from broadsheet.papers.identifiers import Identifier
from broadsheet.sources.files.readings import Reading
from broadsheet.sources.live.fetching.backoff import LONGEST_WAIT
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.stored_times import has_come

# The name of arXiv's family and listings, and those of its harvest and of its papers asked for singly.
ARXIV, ARXIV_CHANGES, ARXIV_PAPERS = "arxiv", "arxiv-oai", "arxiv-papers"

# All instances must not come at the same minute.
LONGEST_OFFSET = timedelta(minutes=40)
NEVER = datetime.min.replace(tzinfo=UTC)

# What a step leaves for the next one: plain JSON, empty before the first.
Position = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run is to bring: what is new since the last one; or, with `since`, what belongs to these days,
    both ends included, whatever was fetched before.

    `categories` are those the instance follows, `holidays` days on which arXiv announces nothing.
    """

    now: datetime
    since: date | None = None
    until: date | None = None
    categories: tuple[str, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Announced:
    """The source says that this paper belongs to its `day`; `version` 0 if it does not say which."""

    day: date
    identifier: Identifier
    version: int = 0


class Outcome(StrEnum):
    """What looking at the list of a day gave."""

    SEEN = "seen"
    PARTIAL = "partial"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the source's list of `day` (of category `scope`): how many items, and what is to be said."""

    day: date
    scope: str = ""
    outcome: Outcome = Outcome.SEEN
    items: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one step learnt. `is_done` says that there is nothing more to ask before the next due time."""

    position: Position
    is_done: bool
    readings: tuple[Reading, ...] = ()
    announced: tuple[Announced, ...] = ()
    looks: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveSource:
    """A live source: its name, what people call it, its step, and the next due time after a moment.

    `family` is the name under which people switch it on; arXiv is asked in three ways. A step raises
    FetchError where the source cannot be asked, or its answer not be used.
    """

    name: str
    family: str
    title: str
    step: Callable[[Position, Asked, Fetcher], Batch]
    next_due: Callable[[datetime], datetime]

    def longest_wait(self, now: datetime) -> timedelta:
        """No step of it, done by now or failed, puts the next one off for longer."""
        return max(self.next_due(now) + LONGEST_OFFSET - now, LONGEST_WAIT)


def due(source: LiveSource, due_at: datetime, *, now: datetime) -> datetime:
    """When the source is due: at once, and before all others, where a wrong clock wrote the time."""
    is_overdue = due_at > now and has_come(due_at, now=now, longest=source.longest_wait(now))
    return NEVER if is_overdue else due_at
