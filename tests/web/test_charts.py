"""The chart of a source's last days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from broadsheet.sources.completeness.day_states import DayState, DaySummary
from broadsheet.web.charts import HEIGHT, LEAST, SIGNS, STEP, Chart, chart

FIRST = date(2026, 10, 30)


def drawn(*days: tuple[str, int, int]) -> Chart:
    return chart(
        [
            DaySummary(
                family="arxiv",
                day=FIRST + timedelta(number),
                state=DayState(state),
                expected=expected,
                received=received,
            )
            for number, (state, expected, received) in enumerate(days)
        ]
    )


def test_a_column_is_as_high_as_its_day_was_busy():
    columns = drawn(("complete", 1000, 1000), ("complete", 500, 500), ("quiet", 0, 0)).columns
    assert [column.received for column in columns] == [HEIGHT, HEIGHT // 2, 0]
    assert [column.x for column in columns] == [0, STEP, 2 * STEP]


@pytest.mark.parametrize("received", [0, 1, 500, 998, 999])
def test_what_is_missing_is_seen_however_little_it_is_and_never_leaves_the_drawing(received):
    (column,) = drawn(("incomplete", 1000, received)).columns
    assert column.missing >= LEAST
    assert column.received >= 0
    assert column.received + column.missing == HEIGHT


def test_a_day_with_one_paper_is_seen_beside_one_with_thousands():
    columns = drawn(("complete", 9000, 9000), ("complete", 1, 1), ("incomplete", 1, 0)).columns
    assert [(column.received, column.missing) for column in columns[1:]] == [(LEAST, 0), (0, LEAST)]


def test_every_state_but_the_best_has_a_sign_of_its_own():
    assert set(SIGNS) == set(DayState)
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert [state for state, sign in SIGNS.items() if not sign] == [DayState.COMPLETE]


def test_only_states_that_occur_are_explained_and_counted():
    states = drawn(("weekend", 0, 0), ("weekend", 0, 0), ("down", 0, 0)).states
    assert [(state.value, days) for state, _, days in states] == [("down", 1), ("weekend", 2)]


def test_months_are_named_where_they_begin():
    made = drawn(*[("quiet", 0, 0)] * 40)
    assert made.months == ((2 * STEP, date(2026, 11, 1)), (32 * STEP, date(2026, 12, 1)))
    assert made.width == 40 * STEP


def test_no_days_are_no_drawing():
    assert drawn().width == 0
