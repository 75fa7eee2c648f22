"""How long a host that refused is left alone, whatever it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.sources.clocks import NOON

from broadsheet.sources.live.fetching.backoff import after_refusal, parse_retry_after

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STATUSES = st.none() | st.integers(100, 999)
REFUSALS = st.integers(0, 10**6)
WAITS = st.none() | st.timedeltas(min_value=timedelta(), max_value=timedelta(days=10_000))
JITTER = st.floats(0, 1)


def wait(status=503, *, refusals=0, retry_after=None, jitter=0.0) -> timedelta:
    until = after_refusal(status, refusals=refusals, retry_after=retry_after, now=NOON, jitter=jitter)
    return until - NOON


@given(STATUSES, REFUSALS, WAITS, JITTER)
def test_no_wait_is_shorter_than_a_minute_or_longer_than_a_day(status, refusals, retry_after, jitter):
    found = wait(status, refusals=refusals, retry_after=retry_after, jitter=jitter)
    assert MINUTE <= found <= DAY
    assert found >= min(retry_after or MINUTE, DAY)
    if status == 429:
        assert found >= timedelta(hours=12 if refusals >= 2 else 0, minutes=10)
    elif retry_after is None:
        assert found <= HOUR


@given(STATUSES, REFUSALS, JITTER)
def test_a_further_refusal_never_shortens_the_wait(status, refusals, jitter):
    assert wait(status, refusals=refusals, jitter=jitter) <= wait(
        status, refusals=refusals + 1, jitter=jitter
    )


@pytest.mark.parametrize(
    ("refusals", "shortest", "longest"), [(0, 1, 2), (1, 2, 4), (4, 16, 32), (5, 30, 60), (99, 30, 60)]
)
def test_the_span_doubles_up_to_an_hour_and_chance_chooses_from_it(refusals, shortest, longest):
    assert wait(refusals=refusals, jitter=0) == shortest * MINUTE
    assert wait(refusals=refusals, jitter=1) == longest * MINUTE
    assert wait(None, refusals=refusals, jitter=0.5) == (shortest + longest) / 2 * MINUTE


@given(st.datetimes(datetime(1900, 1, 1), datetime(9999, 1, 1)))
def test_a_date_is_waited_for(moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_retry_after(format_datetime(moment, usegmt=True), now=NOON) == max(
        moment - NOON, timedelta()
    )


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("000000000007", 7),
        ("Sunday, 22-Nov-26 12:01:00 GMT", 60),
        ("Sun Nov 22 12:01:00 2026", 60),
        ("Sun, 22 Nov 2026 13:01:00 +0100", 60),
    ],
)
def test_seconds_and_the_three_forms_of_a_date_are_understood(value, seconds):
    assert parse_retry_after(value, now=NOON) == timedelta(seconds=seconds)


@given(st.text() | st.from_regex(r"\A[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [-+]?\w*\Z"))
@example("")
@example("²")
@example("٣")
@example("9" * 5000)
@example("Mon, 31 Feb 2026 10:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2300")
@example("Mon, 01 Jan 0001 00:00:00 +2300")
@example("Mon, 01 Jan 2026 10:00:00 +9999999999999")
def test_whatever_the_header_says_is_a_wait_or_nothing(value):
    found = parse_retry_after(value, now=NOON)
    assert found is None or found >= timedelta()
