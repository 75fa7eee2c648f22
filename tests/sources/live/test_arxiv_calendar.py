"""The day a paper is announced, and the days that have a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.sources.live.arxiv.calendar import (
    NEW_YORK,
    ListDay,
    announcement_day,
    expected,
    listing_due,
    newest_listing,
)

NONE: frozenset[date] = frozenset()
CHRISTMAS = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
# 2026: Sunday 15 November to Monday 23 November.
SUNDAY, MONDAY, TUESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (15, 16, 17, 19, 20))
NEXT_MONDAY, NEXT_TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def in_new_york(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("day", "clock", "listed"),
    [
        (MONDAY, "13:59:59", TUESDAY),
        (MONDAY, "14:00:00", date(2026, 11, 18)),
        (TUESDAY, "00:00:00", date(2026, 11, 18)),
        (THURSDAY, "13:59:59", FRIDAY),
        (THURSDAY, "14:00:00", NEXT_MONDAY),
        (FRIDAY, "13:59:59", NEXT_MONDAY),
        (FRIDAY, "14:00:00", NEXT_TUESDAY),
        (date(2026, 11, 21), "09:00:00", NEXT_TUESDAY),
        (date(2026, 11, 22), "23:59:59", NEXT_TUESDAY),
        (NEXT_MONDAY, "13:59:59", NEXT_TUESDAY),
    ],
)
def test_a_paper_is_announced_the_evening_after_the_deadline_it_met(
    day: date, clock: str, listed: date
) -> None:
    assert announcement_day(in_new_york(day, clock), NONE) == listed


@pytest.mark.parametrize(
    ("sent", "listed"),
    [
        ("2026-03-06T18:59:59+00:00", date(2026, 3, 9)),  # Friday before summer time, 13:59:59 there
        ("2026-03-06T19:00:00+00:00", date(2026, 3, 10)),
        ("2026-03-09T17:59:59+00:00", date(2026, 3, 10)),  # Monday in summer time
        ("2026-03-09T18:00:00+00:00", date(2026, 3, 11)),
        ("2026-10-30T17:59:59+00:00", date(2026, 11, 2)),  # Friday, the last one in summer time
        ("2026-10-30T18:00:00+00:00", date(2026, 11, 3)),
        ("2026-11-02T18:59:59+00:00", date(2026, 11, 3)),
        ("2026-11-02T19:00:00+00:00", date(2026, 11, 4)),
    ],
)
def test_the_deadline_is_at_14_in_new_york_in_summer_and_in_winter(sent: str, listed: date) -> None:
    assert announcement_day(datetime.fromisoformat(sent), NONE) == listed


@pytest.mark.parametrize(
    ("sent", "listed"),
    [
        (date(2026, 12, 22), date(2026, 12, 23)),
        (date(2026, 12, 23), date(2026, 12, 28)),  # the 24th and 25th have no list, then it is a weekend
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_papers_of_a_holiday_stand_in_the_next_list(sent: date, listed: date) -> None:
    assert announcement_day(in_new_york(sent, "09:00"), CHRISTMAS) == listed


def test_papers_of_new_years_eve_wait_for_the_new_year() -> None:
    holiday = frozenset({date(2027, 1, 1)})
    assert announcement_day(in_new_york(date(2026, 12, 31), "10:00"), holiday) == date(2027, 1, 4)


@given(
    st.datetimes(datetime(1991, 8, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31))),
)
def test_no_paper_is_announced_on_a_day_off_nor_overtakes_another(
    sent: datetime, later: timedelta, holidays: frozenset[date]
) -> None:
    listed = announcement_day(sent, holidays)
    assert expected(listed, holidays) is ListDay.EXPECTED
    assert listed > sent.astimezone(NEW_YORK).date()
    assert listed <= announcement_day(sent + later, holidays)


def test_a_day_has_a_list_or_is_a_weekend_or_a_holiday() -> None:
    days = [date(2026, 12, day) for day in (23, 24, 26, 27, 28)]
    assert [expected(day, CHRISTMAS) for day in days] == [
        *(ListDay.EXPECTED, ListDay.HOLIDAY, ListDay.WEEKEND, ListDay.WEEKEND, ListDay.EXPECTED)
    ]


@pytest.mark.parametrize(
    ("day", "hour"), [(date(2026, 7, 1), 4), (date(2026, 12, 1), 5), (date(2026, 3, 9), 4)]
)
def test_a_list_can_be_read_half_an_hour_after_midnight_in_new_york(day: date, hour: int) -> None:
    assert listing_due(day) == datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-11-20T05:29:59+00:00", THURSDAY),
        ("2026-11-20T05:30:00+00:00", FRIDAY),
        ("2026-11-23T05:29:59+00:00", FRIDAY),
        ("2026-11-23T05:30:00+00:00", NEXT_MONDAY),
        ("2026-12-26T12:00:00+00:00", date(2026, 12, 23)),
    ],
)
def test_the_newest_list_is_that_of_the_last_day_which_had_one(now: str, newest: date) -> None:
    assert newest_listing(datetime.fromisoformat(now), CHRISTMAS) == newest
