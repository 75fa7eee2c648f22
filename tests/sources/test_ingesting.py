"""Running live sources: steps, runs, failures, days asked for again, and whose turn it is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.sources.tellers import DAY, FETCHER, MINUTE, NOON, TODAY, Teller, paper

from broadsheet.papers.models import Paper
from broadsheet.sources import ingesting
from broadsheet.sources.fetching.fetcher import FetchError
from broadsheet.sources.ingesting import SourceReport, Step, Went, take_due_step, take_step
from broadsheet.sources.models import RefusedRecord, Run, SourceState, Visit
from broadsheet.sources.readings import Refusal, Remark

pytestmark = pytest.mark.django_db


def step(teller: Teller, now: datetime = NOON) -> Step:
    return take_step(teller.source, fetcher=FETCHER, now=now)


def ingest(teller: Teller, now: datetime = NOON, **days: object) -> SourceReport:
    report = ingesting.ingest(
        [teller.source], fetcher=FETCHER, now=lambda: now, progress=lambda _: None, **days
    )
    return report.sources[0]


def test_a_run_takes_steps_until_there_is_nothing_more_to_ask():
    teller = Teller([[paper(1), paper(2)], [], [paper(2), Refusal("record 3", "no title")]])
    report = ingest(teller)
    assert (report.went, report.read, report.new, report.unchanged, report.refused) == (Went.DONE, 4, 2, 1, 1)
    assert teller.positions == [{}, {"page": 1}, {"page": 2}]
    assert Paper.objects.count() == 2
    run = Run.objects.get()
    assert (run.source, run.read, run.new, run.unchanged, run.refused) == ("teller", 4, 2, 1, 1)
    assert run.finished_at == NOON
