"""What takes long to count in a large catalogue is counted by the worker; a small one is counted at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches

from broadsheet.papers import categories, counting, measures
from broadsheet.papers.catalogue import store
from broadsheet.papers.measures import KEPT_SECONDS, Measured
from broadsheet.papers.models import Measure
from broadsheet.papers.record import Record
from broadsheet.sources.completeness import status

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE, YEARS = timedelta(minutes=1), timedelta(days=3 * 365)


def add(number: int) -> None:
    record = Record(
        source="arxiv",
        key=f"2611.{number:05}",
        title=f"Paper {number}",
        categories=("cs.LG",),
        published_at=NOON,
    )
    store([record], now=NOON)


@pytest.fixture
def large(monkeypatch):
    """A catalogue of one paper that counts as a large one."""
    caches["memory"].clear()
    monkeypatch.setattr(measures, "LARGE", 1)
    add(1)


def papers(now: datetime = NOON) -> int:
    return counting.counts(now=now).papers


def test_a_small_catalogue_tells_what_was_just_imported():
    for number in range(1, 4):
        add(number)
        assert papers() == number
        assert categories.counts(now=NOON) == {"cs.LG": number}
        counting.COUNTS.measure(now=NOON)
    assert not Measure.objects.exists()


def test_of_a_large_catalogue_pages_tell_what_the_worker_counted_last(large, count_queries):
    counting.COUNTS.measure(now=NOON)
    add(2)
    assert papers(NOON + MINUTE) == 1
    counting.COUNTS.measure(now=NOON + MINUTE)
    assert papers(NOON + MINUTE) == 1
    counting.COUNTS.measure(now=NOON + 5 * MINUTE)
    assert papers(NOON + 5 * MINUTE) == 2
    assert count_queries(papers, NOON + 5 * MINUTE) == 1


@pytest.mark.parametrize("at", [NOON + YEARS, NOON - YEARS], ids=["ahead", "long ago"])
def test_what_was_counted_by_a_wrong_clock_is_counted_anew(large, at):
    counting.COUNTS.measure(now=at)
    add(2)
    assert papers() == 2
    add(3)
    counting.COUNTS.measure(now=NOON)
    assert papers() == 3


def test_where_no_worker_counts_whoever_asks_does_and_others_are_told_the_same(large):
    assert papers() == 1
    add(2)
    assert papers() == 1
    caches["memory"].clear()
    assert (papers(), KEPT_SECONDS) == (2, 300)
    assert not Measure.objects.exists()


@pytest.mark.parametrize(
    "measured", [counting.COUNTS, categories.COUNTS, status.DAYS], ids=lambda one: one.name
)
def test_what_the_worker_counted_is_what_would_be_counted_now(large, measured: Measured[object]):
    measured.measure(now=NOON)
    assert measured.read(now=NOON) == measured.make(NOON)
