"""Days of publication are understood as people and programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from broadsheet.sources.files.dates import day_in, midnight, month_of


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-03", date(2024, 5, 3)),
        ("2024/05/03/", date(2024, 5, 3)),
        ("2024///", date(2024, 1, 1)),
        ("2024/05//spring", date(2024, 5, 1)),
        ("2024-5", date(2024, 5, 1)),
        ("2024-05-03T10:00:00Z", date(2024, 5, 3)),
        ("2024-05-03/2024-05-07", date(2024, 5, 3)),
        ("3 May 2024", date(2024, 5, 3)),
        ("May 3rd, 2024", date(2024, 5, 3)),
        ("2024 Sept. 30", date(2024, 9, 30)),
        ("Summer 2024", date(2024, 1, 1)),
        ("2024", date(2024, 1, 1)),
        ("c2024b", date(2024, 1, 1)),
        ("2023-02-30", date(2023, 2, 1)),
        ("2023-13-01", date(2023, 1, 1)),
        ("20240503", None),
        ("in press", None),
        ("0001-01-01", None),
        ("", None),
    ],
)
def test_a_day_is_found_in_what_was_written(text: str, day: date | None) -> None:
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        ("2024", "may", date(2024, 5, 1)),
        ("{2024}", "December", date(2024, 12, 1)),
        ("2024", "12", date(2024, 12, 1)),
        ("2024", "mar 5-7", date(2024, 3, 1)),
        ("2024", "Marseille", date(2024, 1, 1)),
        ("2024", "0", date(2024, 1, 1)),
        ("forthcoming", "may", None),
    ],
)
def test_a_month_begins_on_its_first_day(year: str, month: str, day: date | None) -> None:
    assert month_of(year, month) == day


def test_a_day_begins_at_midnight_in_utc() -> None:
    assert midnight(date(2024, 5, 3)) == datetime(2024, 5, 3, tzinfo=UTC)
    assert midnight(None) is None
