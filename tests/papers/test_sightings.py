"""Counters are no facts: they change nothing that anybody follows or keeps."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.papers import reading, verdicts
from broadsheet.papers.catalogue import StoreCounts, decide, export_rows, store, write_decided
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Change, ExternalSignal, Paper, PaperListing
from broadsheet.papers.record import Listing, Record, Signal

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def seen(votes: int, month: int, number: int = 1, **changed: Any) -> Record:
    values = {
        "source": "huggingface",
        "key": f"2404.{number:05}@2024-01-02",
        "title": f"Kites {number}",
        "identifiers": (Identifier("arxiv", f"2404.{number:05}"),),
        "signals": (Signal("upvotes", votes), Signal("comments", 2)),
        "listings": (Listing(date(2024, 1, 2), number),),
        "observed_at": datetime(2026, month, 1, tzinfo=UTC),
    }
    return Record(**(values | changed))


def upvotes() -> list[tuple[int, datetime]]:
    return list(ExternalSignal.objects.filter(name="upvotes").values_list("value", "observed_at"))


@pytest.mark.parametrize("order", list(itertools.permutations([(10, 1), (10, 5), (8, 3)])))
def test_the_newest_sighting_counts_with_its_own_time_in_every_order(order):
    for votes, month in order:
        store([seen(votes, month)], now=NOW)
    assert upvotes() == [(10, datetime(2026, 5, 1, tzinfo=UTC))]
    store([seen(*each) for each in order], now=NOW)
    assert upvotes() == [(10, datetime(2026, 5, 1, tzinfo=UTC))]


@pytest.mark.parametrize("order", list(itertools.permutations([("A", 1), ("A", 5), ("B", 3)])))
def test_a_fact_that_was_seen_again_is_as_new_as_its_last_sighting(order):
    for title, month in order:
        store([seen(1, month, title=title)], now=NOW)
    assert Paper.objects.get().title == "A"


AHEAD = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("changed", [{}, {"title": "Kites, once more"}])
@pytest.mark.parametrize("votes", [8, 10, 12])
def test_what_a_clock_that_ran_ahead_wrote_gives_way_to_what_is_seen_now(votes, changed):
    store([seen(10, 1, observed_at=AHEAD)], now=AHEAD)
    store([seen(votes, 6, **changed)], now=NOW)
    assert upvotes() == [(votes, datetime(2026, 6, 1, tzinfo=UTC))]
    assert Paper.objects.get().title == changed.get("title", "Kites 1")
    store([seen(9, 5)], now=NOW)
    assert upvotes() == [(votes, datetime(2026, 6, 1, tzinfo=UTC))]


def test_of_two_sources_ahead_of_our_clock_the_later_word_counts():
    store([seen(10, 11)], now=NOW)
    for votes, hours in ((12, 2), (11, 1), (12, 2)):
        store([seen(votes, 1, observed_at=NOW + timedelta(hours=hours))], now=NOW)
    assert upvotes() == [(12, NOW + timedelta(hours=2))]


def state() -> tuple[Any, ...]:
    papers = list(Paper.objects.order_by("pk").values())
    return (
        papers,
        list(PaperListing.objects.order_by("pk").values()),
        Change.objects.count(),
        reading.revision(),
    )


def test_a_poll_that_only_counts_changes_counters_alone_in_a_few_statements():
    store([seen(n, 1, n) for n in range(1, 61)], now=NOW)
    before = state()
    with CaptureQueriesContext(connection) as captured:
        counts = store([seen(n + 1, 2, n) for n in range(1, 61)], now=NOW)
    assert counts == StoreCounts(updated=60)
    assert state() == before
    assert sorted(value for value, _ in upvotes()) == list(range(2, 62))
    assert len(captured) <= 24
    exported = [record for _, _, records in export_rows() for record in records]
    assert sorted(record.signals[0].value for record in exported) == list(range(2, 62))


def test_what_was_only_seen_again_changes_its_time_alone():
    store([seen(7, 1)], now=NOW)
    before = state()
    assert store([seen(7, 2)], now=NOW) == StoreCounts(unchanged=1)
    assert (state(), upvotes()) == (before, [(7, datetime(2026, 2, 1, tzinfo=UTC))])
    assert store([seen(6, 1)], now=NOW) == StoreCounts(unchanged=1)
    assert upvotes() == [(7, datetime(2026, 2, 1, tzinfo=UTC))]


def test_a_counter_that_is_not_told_any_more_is_gone():
    store([seen(7, 1)], now=NOW)
    store([seen(8, 2, signals=(Signal("upvotes", 8),))], now=NOW)
    assert list(ExternalSignal.objects.values_list("name", "value")) == [("upvotes", 8)]


def test_the_counters_of_a_paper_on_two_lists_are_those_of_the_last_sighting():
    other = seen(3, 4, key="2404.00001@2024-01-09", listings=(Listing(date(2024, 1, 9), 1),))
    store([seen(7, 1), other], now=NOW)
    store([seen(5, 3)], now=NOW)
    assert [value for value, _ in upvotes()] == [3]
    store([seen(9, 6)], now=NOW)
    assert [value for value, _ in upvotes()] == [9]


STATES = [(10, 1), (10, 5), (8, 3), (12, 4)]


@pytest.mark.parametrize("order", list(itertools.permutations(STATES, 2)))
def test_of_two_processes_that_decided_at_once_the_newest_sighting_counts(order):
    """Both have read what is stored before either writes."""
    store([seen(10, 1), seen(3, 1, number=2)], now=NOW)
    decided = [decide([seen(*each), seen(3, each[1], number=2)], now=NOW) for each in order]
    for one in decided:
        left = write_decided(one, Counter(), now=NOW)
        store(left, now=NOW)
    votes, month = max([(10, 1), *order], key=lambda each: each[1])
    assert (votes, datetime(2026, month, 1, tzinfo=UTC)) in upvotes()
    kept = {record.key: record.observed_at.month for _, _, records in export_rows() for record in records}
    assert kept == {seen(1, 1).key: month, seen(1, 1, number=2).key: month}


def test_what_was_counted_of_a_record_counts_for_the_paper_that_has_it_by_then():
    """The record moves to another paper between the decision and the writing."""
    doi = Identifier("doi", "10.5555/kites")
    store([Record(source="crossref", key=doi.value, title="Other kites", identifiers=(doi,))], now=NOW)
    store([seen(7, 1)], now=NOW)
    decided = decide([seen(9, 5)], now=NOW)
    verdicts.join("arxiv:2404.00001", "doi:10.5555/kites", by="Ada", because="the same", now=NOW)
    assert Paper.objects.count() == 1
    store(write_decided(decided, Counter(), now=NOW), now=NOW)
    assert [value for value, _ in upvotes()] == [9]


def test_another_place_in_a_list_is_a_fact():
    store([seen(7, 1)], now=NOW)
    revision = reading.revision()
    store([replace(seen(8, 2), listings=(Listing(date(2024, 1, 2), 9),))], now=NOW)
    assert reading.revision() > revision
    assert PaperListing.objects.get().position == 9


def test_a_source_that_tells_no_counter_any_more_says_no_other_fact():
    store([seen(7, 1)], now=NOW)
    before = state()
    assert store([replace(seen(7, 2), signals=())], now=NOW) == StoreCounts(updated=1)
    assert state() == before
    assert upvotes() == []


def test_a_record_that_a_file_repeats_costs_nothing_more():
    with CaptureQueriesContext(connection) as once:
        store([seen(7, 1)], now=NOW)
    with CaptureQueriesContext(connection) as often:
        assert store([seen(7, 1, 2)] * 1000, now=NOW) == StoreCounts(new=1, unchanged=999)
    assert len(often) <= len(once)
