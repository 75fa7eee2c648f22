"""A day as an instance lives it: arXiv's list, its harvest, and single papers for what that left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.sources.live.arxiv_feeds import Api, Feeds, Paper, rss
from tests.sources.live.oai_formats import paper as harvested
from tests.sources.live.oai_repository import Repository
from tests.sources.local_server import Reply, Request, serving

from broadsheet.papers.models import Paper as PaperRow
from broadsheet.sources.completeness import announcements
from broadsheet.sources.ingesting import take_due_step
from broadsheet.sources.live import registry
from broadsheet.sources.live.fetching.clock import Clock
from broadsheet.sources.live.fetching.fetcher import Fetcher
from broadsheet.sources.models import Announcement, Run, SourceState, WantedPaper

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
LISTED = [Paper(arxiv_id=f"2611.{n:05}", title=f"Tide Tables for Schedulers, Part {n}") for n in (1, 2, 3)]


@dataclass
class Arxiv:
    """arXiv on a day when its repository forgets a paper; `now` is the time there and here."""

    now: datetime = MORNING
    feeds: Feeds = field(default_factory=lambda: Feeds({"cs.LG": rss("cs.LG", FRIDAY, LISTED)}))
    repository: Repository = field(
        default_factory=lambda: Repository([harvested(n, changed=FRIDAY) for n in (1, 2)])
    )
    api: Api = field(default_factory=lambda: Api(LISTED))
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.repository.now = lambda: self.now

    def respond(self, request: Request) -> Reply:
        place = request.path.split("/")[1]
        self.asked.append(place)
        answers = {"rss": self.feeds, "oai": self.repository.respond, "api": self.api}
        return answers[place](request)

    def live_until(self, moment: datetime) -> None:
        """What the worker does, until then."""
        sources = registry.chosen(["arxiv"])
        with Fetcher(clock=Clock(lambda: self.now, self.sleep), patience=timedelta(seconds=5)) as fetcher:
            while self.now < moment:
                if take_due_step(sources, fetcher=fetcher, now=self.now) is None:
                    self.sleep(5 * 60)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def arxiv(settings) -> Iterator[Arxiv]:
    made = Arxiv()
    with serving(made.respond) as server:
        addresses = {f"arxiv_{name}_url": f"{server.url}/{name}" for name in ("rss", "oai", "api")}
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update=addresses | {"categories": "cs.LG"})
        yield made


def missing(now: datetime) -> list[str]:
    return [one.value for one in announcements.missing("arxiv", now=now)]


@pytest.mark.anywhere
def test_what_was_listed_and_not_harvested_is_fetched_by_the_next_run(arxiv):
    arxiv.live_until(MORNING + timedelta(hours=1))
    assert arxiv.asked == ["rss", "oai", "oai"]
    assert missing(arxiv.now) == ["2611.00003"]
    assert PaperRow.objects.count() == 3
    arxiv.live_until(MORNING + timedelta(days=1))
    assert arxiv.asked.count("api") == 1
    assert missing(arxiv.now) == []
    assert WantedPaper.objects.get().found is True


@pytest.mark.anywhere
def test_a_paper_that_nobody_has_is_asked_for_and_stays_missing(arxiv):
    arxiv.api.known = LISTED[:2]
    arxiv.live_until(MORNING + timedelta(days=3))
    assert missing(arxiv.now) == ["2611.00003"]
    assert 1 <= arxiv.asked.count("api") <= 3
    assert WantedPaper.objects.get().found is False


def test_an_instance_asks_arxiv_a_few_times_a_day_and_is_done(arxiv):
    arxiv.live_until(MORNING + timedelta(days=2))
    assert len(arxiv.asked) < 15
    assert not SourceState.objects.filter(failures__gt=0).exists()
    assert not Run.objects.filter(finished_at=None).exists()
    assert Announcement.objects.count() == 3
