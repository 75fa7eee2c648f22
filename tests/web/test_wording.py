"""How dates, numbers and addresses read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from markupsafe import Markup

from broadsheet.daily import periods
from broadsheet.papers.sources import SOURCES
from broadsheet.sources.completeness.day_states import DayState, DaySummary
from broadsheet.web import calendars, wording


@pytest.mark.parametrize(
    ("period", "long", "short"),
    [
        (periods.day(date(2026, 11, 2)), "Monday, 2 November 2026", "2 Nov 2026"),
        (periods.week(date(2026, 11, 20)), "Week 47, 16 to 22 November 2026", "Week 47"),
        (periods.week(date(2026, 7, 1)), "Week 27, 29 June to 5 July 2026", "Week 27"),
        (periods.week(date(2026, 1, 1)), "Week 1, 29 December 2025 to 4 January 2026", "Week 1"),
        (periods.month(date(2026, 11, 20)), "November 2026", "November 2026"),
    ],
)
def test_periods_are_written_out(period, long, short):
    assert (wording.period_name(period), wording.short_period(period)) == (long, short)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 papers"), (1, "1 paper"), (2, "2 papers"), (1234567, "1,234,567 papers")]
)
def test_numbers_agree_with_their_nouns(count, words):
    assert wording.counted(count, "paper") == words


def test_a_fraction_has_one_decimal():
    assert (wording.number(1234), wording.number(12.0), wording.number(12.34)) == ("1,234", "12", "12.3")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/x", "example.org"),
        ("http://user@Example.org:8080/", "example.org"),
        ("https://[::1/", "https://[::1/"),
    ],
)
def test_a_link_is_named_by_its_host(url, host):
    assert wording.host(url) == host


def test_a_month_is_whole_weeks_shaded_by_how_busy_its_days_were():
    month = periods.month(date(2026, 11, 1))
    busy = {date(2026, 11, 2): 1, date(2026, 11, 3): 60, date(2026, 11, 4): 80}
    rows = calendars.weeks(month, busy, shown=periods.week(date(2026, 11, 4)))
    assert [row.period.name for row in rows] == [f"2026-W{week}" for week in range(44, 50)]
    first, second = rows[0].days, rows[1].days
    assert first[:6] == (None,) * 6
    assert first[6].date == date(2026, 11, 1)
    assert [day.shade for day in second] == [1, 3, 4, 0, 0, 0, 0]
    assert [day.shown for day in second] == [True] * 7
    assert not any(day.shown for day in rows[2].days)


def test_every_source_has_a_name_that_readers_know():
    assert [source.name for source in SOURCES if wording.source_name(source.name) == source.name] == []
    assert wording.source_name("arxiv_listing") == wording.source_name("arxiv") == "arXiv"
    assert wording.source_name("somebody") == "somebody"


def test_every_state_of_a_day_has_a_name_of_its_own():
    assert len({wording.state_name(one) for one in DayState}) == len(DayState)


def test_a_day_or_several_are_told_in_a_sentence():
    first, last = (
        DaySummary(family="arxiv", day=date(2026, 11, day), state=DayState.UNSEEN) for day in (9, 20)
    )
    assert wording.told([last]) == "Nobody has read what was announced on Friday, 20 Nov 2026."
    assert wording.told([first, last]) == "Nobody has read what was announced from 9 Nov 2026 to 20 Nov 2026."
    assert (wording.days([last]), wording.days([first, last])) == ("20 Nov 2026", "9 Nov 2026 to 20 Nov 2026")


def test_a_moment_is_told_to_the_minute():
    assert wording.moment(datetime(2026, 11, 2, 9, 5, 59, tzinfo=UTC)) == "2 Nov 2026, 09:05"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Mid-Infrared light", '<span class="unbroken">Mid-Infrared</span> light'),
        ("State-of-the-Art", '<span class="unbroken">State-of-the-Art</span>'),
        ("Self-supervised-representations", "Self-supervised-representations"),
        ("A <math><mtext>a-b</mtext></math> &#39;x", "A <math><mtext>a-b</mtext></math> &#39;x"),
        ('<a href="/x-y">one - two</a>', '<a href="/x-y">one - two</a>'),
        ("<mark>Black</mark>-Box", "<mark>Black</mark>-Box"),
    ],
)
def test_a_short_compound_is_kept_whole_in_a_title(title, shown):
    assert wording.unbroken(Markup(title)) == shown


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("/home/ada/papers/a.json: it is no list", "a.json: it is no list"),
        (
            "it answered https://host.example/a/b, 1/2 of it",
            "it answered https://host.example/a/b, 1/2 of it",
        ),
    ],
)
def test_readers_are_told_files_without_their_folders(message, shown):
    assert wording.without_folders(message) == shown
