"""A made-up live source: a list of answers, given one a step, with a memory of what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Record, Version
from broadsheet.sources.files.readings import Reading, Refusal, Remark
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.sources.live.source import Announced, Asked, Batch, LiveSource, Look, Position

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOON.date()
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FETCHER = Fetcher(clock=Clock(now=lambda: NOON, sleep=lambda _: None), patience=timedelta())


def paper(number: int, *, version: int = 1, identifiers: tuple[Identifier, ...] = ()) -> Record:
    """What arXiv says of the paper 2611.<number>, of which there are so many versions."""
    return Record(
        source="arxiv",
        key=f"2611.{number:05}",
        title=f"A study of the number {number}",
        identifiers=identifiers or (identifier(number),),
        versions=tuple(Version(one) for one in range(1, version + 1)),
    )


def identifier(number: int) -> Identifier:
    return Identifier("arxiv", f"2611.{number:05}")


def announced(number: int, *, version: int = 1, day: date = TODAY) -> Announced:
    return Announced(day, identifier(number), version)


@dataclass
class Teller:
    """Says one of `pages` a step: readings, announcements and looks, in any order; or raises it.

    Days that are asked for again begin with the first page again.
    """

    pages: list[list[Reading | Announced | Look] | BaseException]
    name: str = "teller"
    family: str = "arxiv"
    asked: list[Asked] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    before_answering: Callable[[], None] = lambda: None

    @property
    def source(self) -> LiveSource:
        return LiveSource(self.name, self.family, "A teller", self._step, lambda moment: moment + DAY)

    def _step(self, position: Position, asked: Asked, _fetcher: Fetcher) -> Batch:
        self.asked.append(asked)
        self.positions.append(position)
        self.before_answering()
        page = position.get("page", 0) % len(self.pages)
        said = self.pages[page]
        if isinstance(said, BaseException):
            raise said
        return Batch(
            position={"page": page + 1},
            is_done=page + 1 == len(self.pages),
            readings=tuple(one for one in said if isinstance(one, Record | Refusal | Remark)),
            announced=tuple(one for one in said if isinstance(one, Announced)),
            looks=tuple(one for one in said if isinstance(one, Look)),
        )
