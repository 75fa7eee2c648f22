"""Taking the steps of a live source one by one, as whoever runs them does, but with a clock of the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from broadsheet.papers.record import Record
from broadsheet.sources.files.readings import Refusal
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.sources.live.source import Announced, Asked, Batch, LiveSource, Look, Position


@dataclass
class Run:
    """What the steps of a run gave, and the position that they left."""

    position: Position
    batches: list[Batch] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        return [one for batch in self.batches for one in batch.readings if isinstance(one, Record)]

    @property
    def refusals(self) -> list[Refusal]:
        return [one for batch in self.batches for one in batch.readings if isinstance(one, Refusal)]

    @property
    def announced(self) -> list[Announced]:
        return [one for batch in self.batches for one in batch.announced]

    @property
    def looks(self) -> list[Look]:
        return [one for batch in self.batches for one in batch.looks]


@contextmanager
def asking(now: datetime) -> Iterator[Fetcher]:
    """A fetcher whose waiting takes no time."""
    time = [now]

    def sleep(seconds: float) -> None:
        time[0] += timedelta(seconds=seconds)

    with Fetcher(clock=Clock(now=lambda: time[0], sleep=sleep), patience=timedelta(hours=2)) as fetcher:
        yield fetcher


def take_steps(source: LiveSource, asked: Asked, position: Position | None = None, most: int = 1000) -> Run:
    """Take steps until one says that it is done. Positions are stored in between, as a database would."""
    run = Run(position or {})
    with asking(asked.now) as fetcher:
        while len(run.batches) < most and not (run.batches and run.batches[-1].is_done):
            before = json.dumps(run.position)
            run.batches.append(source.step(run.position, asked, fetcher))
            assert json.dumps(run.position) == before
            run.position = json.loads(json.dumps(run.batches[-1].position))
    return run


def cut_off_after_each_step(source: LiveSource, asked: Asked) -> list[Batch]:
    """The batches of a run of which each step has a fetcher of its own, and knows the stored position alone."""
    batches: list[Batch] = []
    position: Position | None = None
    while not (batches and batches[-1].is_done):
        one = take_steps(source, asked, position, most=1)
        batches += one.batches
        position = one.position
    return batches
