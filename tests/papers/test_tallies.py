"""What is counted of a paper stands in its tally, and changes nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.daily import editions, periods
from broadsheet.daily.entries import Found, ListName, Span
from broadsheet.daily.kinds import talked
from broadsheet.daily.kinds.edition import edition
from broadsheet.daily.kinds.trending import trending
from broadsheet.daily.ranking import edition_key, rank_edition, rank_trending
from broadsheet.papers import tallies
from broadsheet.papers.catalogue import store
from broadsheet.papers.heat import window
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Change, EditionPlace, Paper, Revision, Tally
from broadsheet.papers.record import Link, Listing, Record, Signal

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAMES = ("upvotes", "comments", "github_stars")
SOURCES = (("huggingface", 7), ("saved_page", 3))


def record(
    number: int, *days_ago: int, source: str = "huggingface", minutes: int = 0, **signals: int
) -> Record:
    return Record(
        source=source,
        key=f"{number}",
        title=f"Tides of the kind {number}",
        identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
        listings=tuple(Listing(TODAY - timedelta(days=one), 1) for one in days_ago),
        signals=tuple(Signal(name, value) for name, value in signals.items()),
        observed_at=NOW + timedelta(minutes=minutes),
    )


def tally(number: int = 1) -> tuple[int, int, int, date | None]:
    return Tally.objects.values_list("votes", "comments", "stars", "first_on").get(
        paper__public_id=f"2611.{number:05}"
    )


def test_the_highest_number_of_all_sources_and_the_first_day_stand_in_the_tally():
    store([record(1, 9, 2, upvotes=3, comments=5)], now=NOW)
    store([record(1, source="saved_page", upvotes=7, github_stars=40)], now=NOW)
    assert tally() == (7, 5, 40, TODAY - timedelta(days=9))


def test_a_new_count_changes_the_tally_and_neither_queue_nor_revision():
    store([record(1, 2, upvotes=3)], now=NOW)
    Change.objects.all().delete()
    before, stamp = Revision.objects.get().number, tallies.stamp()
    store([record(1, 2, upvotes=30, minutes=5)], now=NOW + timedelta(minutes=5))
    assert tally()[0] == 30
    assert not Change.objects.exists()
    assert Revision.objects.get().number == before
    assert tallies.stamp() > stamp


def test_what_says_the_same_again_leaves_the_stamp():
    store([record(1, 2, upvotes=3)], now=NOW)
    stamp = tallies.stamp()
    store([record(1, 2, upvotes=3, minutes=5)], now=NOW + timedelta(minutes=5))
    assert tallies.stamp() == stamp


def test_a_paper_that_nothing_is_counted_of_has_no_tally():
    store([record(1)], now=NOW)
    assert not Tally.objects.exists()


STATES = [
    record(1, 5, upvotes=3, github_stars=2),
    record(1, minutes=5),
    record(1, source="saved_page", upvotes=7),
    record(1, source="saved_page", minutes=5),
    record(2, 5, upvotes=9),
]


def undiscovered(states: Sequence[Record]) -> list[str]:
    """The papers that are shown as undiscovered once these states of records were stored one after another."""
    day, code = NOW - timedelta(days=5), (Link("code", "https://code.example/tides"),)
    place = transaction.savepoint()
    for state in states:
        store([replace(state, published_at=day, links=code)], now=NOW + timedelta(minutes=5))
    picks = [one.pk for one in talked.picked(TODAY)]
    names = [Paper.objects.get(pk=pk).public_id for pk in picks]
    transaction.savepoint_rollback(place)
    return names


@given(st.permutations(STATES))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order_counts_were_taken_back_the_paper_is_shown_as_one_without_any(states):
    assert undiscovered(states) == ["2611.00002"]


def as_by_the_formula(as_of: date) -> list[tuple[int, float]]:
    first = as_of - timedelta(days=window("week") - 1)
    listed = [one for one in editions.all_listed(date.min, as_of)[0] if one.since >= first]
    return [(one.pk, one.score) for one in rank_trending(listed, as_of=as_of)]


PAPERS = st.lists(
    st.tuples(
        st.lists(st.integers(-3, 45), max_size=3),
        st.fixed_dictionaries(
            {}, optional={name: st.integers(0, 12) | st.integers(0, 10**6) for name in NAMES}
        ),
    ),
    max_size=12,
)


@given(PAPERS, st.integers(-2, 40))
@settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_trends_by_heat_is_what_trends_by_the_formula_as_of_any_day(drawn, days_ago):
    Paper.objects.all().delete()
    editions.forget()
    store([record(number, *days, **signals) for number, (days, signals) in enumerate(drawn, 1)], now=NOW)
    today = TODAY - timedelta(days=days_ago)
    found = read(Span(limit=100), today)
    expected = as_by_the_formula(found.as_of)
    assert [row.pk for row in found.rows] == [pk for pk, _ in expected]
    assert [row.score for row in found.rows] == pytest.approx([score for _, score in expected])
    assert found.total == len(expected)
    for place, row in enumerate(found.rows, start=1):
        assert read(Span(limit=100, after=row.key), today).rows == found.rows[place:]
        newer = read(Span(limit=100, until=row.key), today)
        assert (newer.rows, newer.total) == (found.rows[: place - 1], place - 1)
    assert read(Span(limit=2, offset=1), today).rows == found.rows[1:3]
    if found.as_of != today:
        assert not as_by_the_formula(today)


@given(PAPERS, st.lists(st.tuples(*[st.integers(0, 12)] * 2), max_size=12), st.integers(0, 40))
@settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_papers_of_an_edition_stand_as_the_formula_has_them(drawn, here, days_ago):
    Paper.objects.all().delete()
    editions.forget()
    store([record(number, *days, **signals) for number, (days, signals) in enumerate(drawn, 1)], now=NOW)
    for pk, (counted, people) in zip(Paper.objects.values_list("pk", flat=True), here, strict=False):
        Tally.objects.filter(paper=pk).update(counted_here=counted, talkers=people)
        tallies.warm([pk])
    for span in periods.SPANS.values():
        period = span(TODAY - timedelta(days=days_ago))
        run, listed = edition(period)
        expected = rank_edition(editions.all_listed(period.first, period.last)[0])
        assert listed == len(expected)
        rows = run(Span(limit=listed))[0]
        assert [(row.key[1:], row.pk) for row in rows] == [(edition_key(one), one.pk) for one in expected]
        for place, row in enumerate(rows, start=1):
            assert run(Span(limit=listed - place, after=row.key))[0] == rows[place:]
            assert run(Span(limit=listed, until=row.key)) == (rows[: place - 1], place - 1)


def test_a_paper_that_was_taken_back_stands_in_no_edition():
    store([record(1, 2, upvotes=3), record(2, 2)], now=NOW)
    store([replace(record(1, 2, upvotes=3, minutes=1), withdrawn=True)], now=NOW)
    papers = EditionPlace.objects.values_list("paper__public_id", flat=True)
    assert {*papers} == {"2611.00002"}


def test_two_sources_that_list_a_paper_on_a_day_give_it_the_higher_place():
    listed = [replace(record(1), source=source, listings=(Listing(TODAY, at),)) for source, at in SOURCES]
    store(listed, now=NOW)
    assert {*EditionPlace.objects.values_list("day", "position")} == {(TODAY, 3)}


def read(span: Span, today: date) -> Found:
    return trending(ListName("trending"), span, today)


def test_a_paper_that_was_taken_back_does_not_trend():
    store([record(1, 2, upvotes=3), record(2, 2, upvotes=3)], now=NOW)
    store([replace(record(1, 2, upvotes=3, minutes=1), withdrawn=True)], now=NOW)
    assert [row.pk for row in read(Span(limit=5), TODAY).rows] == [
        Paper.objects.get(public_id="2611.00002").pk
    ]
