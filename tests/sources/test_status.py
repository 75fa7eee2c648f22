"""How the sources are doing, and asking them again for what is missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.sources.noted import FRIDAY, announce, at, visit

from broadsheet.sources.completeness import status
from broadsheet.sources.completeness.status import FamilyStatus
from broadsheet.sources.mending import PAUSE, AskedJustNowError, NothingMissingError, fetch_again
from broadsheet.sources.models import Run, SourceState

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _arxiv_alone(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})


def arxiv(now: datetime = NOW) -> FamilyStatus:
    (family,) = status.read(now=now)
    return family


def asked() -> set[tuple[date, date]]:
    states = SourceState.objects.filter(again_since__isnull=False)
    return set(states.values_list("again_since", "again_until"))


def test_a_family_is_told_by_the_last_day_that_had_something_to_tell():
    assert arxiv().latest is None
    visit(FRIDAY - DAY)
    visit(FRIDAY, "", "down")
    latest = arxiv().latest
    assert latest
    assert (latest.day, latest.state) == (FRIDAY, "down")


def test_days_in_a_row_that_nobody_read_are_one_gap_and_weekends_are_none_of_it():
    visit(FRIDAY - 15 * DAY)
    announce(FRIDAY, "2611.00001")
    announce(FRIDAY - DAY, "2611.00002")
    gaps = [(gap[0].day, gap[-1].day) for gap in arxiv().gaps]
    assert gaps == [(FRIDAY, FRIDAY), (FRIDAY - DAY, FRIDAY - DAY), (FRIDAY - 14 * DAY, FRIDAY - 2 * DAY)]
    assert arxiv().gap_days == 11


def test_arxiv_without_a_category_is_switched_off(settings):
    SourceState.objects.create(name="arxiv-oai", due_at=NOW)
    assert arxiv().is_on
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"categories": ""})
    assert not arxiv().is_on
    assert arxiv().next_due_at is None


def test_a_family_is_as_fresh_as_the_source_that_is_furthest_behind():
    assert (arxiv().last_good_at, arxiv().next_due_at) == (None, None)
    SourceState.objects.create(name="arxiv-oai", due_at=NOW, last_good_at=NOW - DAY)
    SourceState.objects.create(name="arxiv-listings", due_at=NOW + DAY, last_good_at=NOW)
    assert (arxiv().last_good_at, arxiv().next_due_at) == (NOW - DAY, NOW)


def test_only_the_days_with_gaps_are_fetched_again_and_a_second_click_changes_nothing():
    for number in range(5):
        visit(FRIDAY - number * DAY)
    announce(FRIDAY - DAY, "2611.00001")
    announce(FRIDAY - 3 * DAY, "2611.00002")
    fetch_again(arxiv(), FRIDAY - 80 * DAY, FRIDAY, now=NOW)
    assert asked() == {(FRIDAY - 3 * DAY, FRIDAY - DAY)}
    assert arxiv().is_fetched_again(FRIDAY - 2 * DAY, FRIDAY - DAY)
    assert not arxiv().is_fetched_again(FRIDAY - 2 * DAY, FRIDAY)
    Run.objects.create(source="arxiv-oai", started_at=NOW)
    fetch_again(arxiv(), FRIDAY - DAY, FRIDAY, now=NOW)
    assert asked() == {(FRIDAY - 3 * DAY, FRIDAY - DAY)}


@pytest.mark.parametrize(
    "days", [(FRIDAY, FRIDAY), (FRIDAY - 400 * DAY, FRIDAY - 200 * DAY), (FRIDAY, FRIDAY - DAY)]
)
def test_days_without_a_gap_are_not_fetched_again(days):
    visit(FRIDAY)
    announce(FRIDAY - DAY, "2611.00001")
    with pytest.raises(NothingMissingError):
        fetch_again(arxiv(), *days, now=NOW)
    assert not asked()


def test_a_family_is_not_asked_for_its_past_twice_in_ten_minutes():
    announce(FRIDAY, "2611.00001")
    Run.objects.create(source="arxiv-oai", started_at=NOW - PAUSE + timedelta(seconds=1))
    with pytest.raises(AskedJustNowError, match="10 minutes"):
        fetch_again(arxiv(), FRIDAY, FRIDAY, now=NOW)
    assert not asked()
    fetch_again(arxiv(), FRIDAY, FRIDAY, now=NOW + timedelta(seconds=1))
    assert asked() == {(FRIDAY, FRIDAY)}


def test_a_reader_who_asks_for_a_single_paper_does_not_hold_up_the_days():
    announce(FRIDAY, "2611.00001", received=None)
    Run.objects.create(source="arxiv-papers", started_at=at(FRIDAY + 2 * DAY, 9))
    fetch_again(arxiv(), FRIDAY, FRIDAY, now=NOW)
    assert asked() == {(FRIDAY, FRIDAY)}
