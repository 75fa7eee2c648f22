"""A window is a date in the reader's zone, and each date has one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.digests import windows
from broadsheet.digests.windows import Times

EVERY_DAY, HALF_PAST_TWO = 0b1111111, 150
ODD_ZONES = (
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
    "UTC",
)


def local(day: date, zone: str, minute: int = HALF_PAST_TWO) -> str:
    moment = windows.opens_at(day, minute, zone)
    assert moment.tzinfo is UTC
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %z}"


@pytest.mark.parametrize(
    ("day", "zone", "minute", "there"),
    [
        (date(2026, 3, 29), "Europe/Berlin", 150, "2026-03-29 03:00 +0200"),
        (date(2026, 10, 25), "Europe/Berlin", 150, "2026-10-25 02:30 +0200"),
        (date(2026, 10, 4), "Australia/Lord_Howe", 135, "2026-10-04 02:30 +1100"),
        (date(2026, 4, 5), "Australia/Lord_Howe", 105, "2026-04-05 01:45 +1100"),
        (date(2026, 4, 24), "Africa/Cairo", 0, "2026-04-24 01:00 +0300"),
        (date(2026, 4, 24), "Africa/Cairo", 30, "2026-04-24 01:00 +0300"),
        (date(2026, 9, 6), "America/Santiago", 15, "2026-09-06 01:00 -0300"),
        (date(2011, 12, 29), "Pacific/Apia", 420, "2011-12-29 07:00 -1000"),
        (date(2011, 12, 30), "Pacific/Apia", 420, "2011-12-31 07:00 +1400"),
        (date(2011, 12, 31), "Pacific/Apia", 420, "2011-12-31 07:00 +1400"),
        (date(2026, 11, 30), "UTC", 0, "2026-11-30 00:00 +0000"),
    ],
)
def test_a_window_opens_at_the_wall_clock_after_a_gap_and_the_first_time_of_two(
    day: date, zone: str, minute: int, there: str
) -> None:
    assert local(day, zone, minute) == there


def check(zones: tuple[str, ...]) -> None:
    for zone in zones:
        times = Times(zone, "daily", EVERY_DAY, HALF_PAST_TWO)
        day, before = date(2026, 1, 1), windows.opens_at(date(2025, 12, 31), HALF_PAST_TWO, zone)
        for _ in range(730):
            moment = windows.opens_at(day, HALF_PAST_TWO, zone)
            assert moment.astimezone(ZoneInfo(zone)).date() == day, zone
            assert timedelta(hours=22) <= moment - before <= timedelta(hours=26.5), zone
            assert windows.last_open(moment, times) == day
            assert windows.last_open(moment - timedelta(seconds=1), times) == day - windows.DAY
            day, before = day + windows.DAY, moment


def test_each_date_of_odd_zones_has_one_window_at_half_past_two() -> None:
    check(ODD_ZONES)


@pytest.mark.thorough
def test_each_date_of_every_zone_has_one_window_at_half_past_two() -> None:
    check(tuple(sorted(available_timezones())))


def dates(times: Times, *, after: date, count: int) -> list[date]:
    return [after := windows.after(after, times) for _ in range(count)]


def test_a_week_has_one_window_a_month_one_and_daily_each_chosen_weekday() -> None:
    tuesday_and_friday, start = 0b0010010, date(2026, 11, 30)
    daily = Times("UTC", "daily", tuesday_and_friday, 0)
    assert dates(daily, after=start, count=3) == [
        date(2026, 12, 1),
        date(2026, 12, 4),
        date(2026, 12, 8),
    ]
    weekly = Times("UTC", "weekly", tuesday_and_friday, 0)
    assert dates(weekly, after=start, count=2) == [date(2026, 12, 1), date(2026, 12, 8)]
    monthly = Times("UTC", "monthly", 0b0010000, 0)
    assert dates(monthly, after=start, count=3) == [date(2026, 12, 4), date(2027, 1, 1), date(2027, 2, 5)]
    assert windows.before(date(2027, 1, 1), monthly) == date(2026, 12, 4)
    assert dates(Times("UTC", "when_many", 0, 0), after=start, count=2) == [
        date(2026, 12, 1),
        date(2026, 12, 2),
    ]


def test_what_came_before_the_last_three_windows_is_too_old_for_a_mail() -> None:
    working_days = Times("UTC", "daily", 0b0011111, 420)
    assert windows.new_since(date(2026, 11, 30), working_days) == datetime(2026, 11, 25, 7, tzinfo=UTC)


TIMES = st.builds(
    Times,
    zone=st.sampled_from(sorted(available_timezones())),
    cadence=st.sampled_from(["daily", "weekly", "monthly", "when_many"]),
    days=st.integers(0, EVERY_DAY),
    minute=st.integers(0, 1439),
)
NOW = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))


@given(times=TIMES, now=NOW, last=st.none() | st.integers(-900, 900))
def test_the_next_window_is_after_the_last_one_and_never_far_away(
    times: Times, now: datetime, last: int | None
) -> None:
    planned = None if last is None else windows.today(now, times.zone) + timedelta(days=last)
    opening = windows.next_opening(planned, now=now, times=times)
    assert opening <= now + windows.LONGEST
    if planned is None or last > windows.AHEAD:  # type: ignore[operator]
        assert opening > now
    else:
        assert opening >= windows.opens_at(planned, times.minute, times.zone)
    newest = windows.last_open(now, times)
    assert windows.opens_at(newest, times.minute, times.zone) <= now
    assert windows.opens_at(windows.after(newest, times), times.minute, times.zone) > now
