"""Harvests of a local repository by the real fetcher, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.sources.live.oai_formats import NOW
from tests.sources.live.oai_repository import Repository

from broadsheet.sources import ingesting
from broadsheet.sources.ingesting import SourceReport
from broadsheet.sources.live.arxiv.oai import OAI
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.fetcher import Fetcher


@dataclass
class Harvester:
    """Asks the repository, whose clock is the harvester's; to sleep takes no time."""

    repository: Repository
    time: datetime = NOW

    def __post_init__(self) -> None:
        self.repository.now = lambda: self.time

    def run(self, *days: date, progress: Callable[[SourceReport], None] = lambda _: None) -> SourceReport:
        """One run, until it is done or fails; or, with the first and the last of them, of days of the past."""
        with Fetcher(clock=Clock(lambda: self.time, self.sleep), patience=timedelta(minutes=1)) as fetcher:
            report = ingesting.ingest(
                [OAI], fetcher=fetcher, now=lambda: self.time, days=days or None, progress=progress
            )
        return report.sources[0]

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    @property
    def asked(self) -> list[str]:
        """What was asked for, in short: format, set, first and last day; or that it was the next page."""
        return [
            "next"
            if "resumptionToken" in one
            else f"{one['metadataPrefix']} {one['set']} {one['from']} {one.get('until', '')}".strip()
            for one in self.repository.asked
        ]
