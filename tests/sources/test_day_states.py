"""What is said of a day: each kind of day is told from every other."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from broadsheet.sources.completeness.day_states import GAPS, DayState, DaySummary, day_state, sentence
from broadsheet.sources.live.arxiv.calendar import ListDay
from broadsheet.sources.live.source import Look, Outcome

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
READ = Look(FRIDAY, "cs.AI", items=4)
EMPTY = Look(FRIDAY, "cs.AI")
CUT = Look(FRIDAY, "cs.LG", Outcome.PARTIAL, items=2000, note="2,000 items, the most it can hold")
DOWN = Look(FRIDAY, outcome=Outcome.DOWN, note="it answered 503")
HARVESTED = Look(FRIDAY, items=3)


def state(
    *looks: Look, expected: int = 0, received: int = 0, listing: str = "expected", is_due: bool = True
) -> str:
    return day_state(
        looks, listing=ListDay(listing), expected=expected, received=received, is_due=is_due
    ).value


def test_a_day_of_which_all_came_is_complete():
    assert state(READ, expected=4, received=4) == "complete"


def test_a_day_of_which_something_is_missing_is_incomplete():
    assert state(READ, expected=4, received=3) == "incomplete"


def test_a_list_that_was_cut_makes_the_day_partial_even_where_all_it_named_came():
    assert state(READ, CUT, expected=2000, received=2000) == "partial"


@pytest.mark.parametrize("others", [(READ,), (READ, CUT), ()])
def test_a_list_that_could_not_be_read_is_worse_than_one_that_was_cut(others):
    assert state(*others, DOWN, expected=4, received=4) == "down"


def test_a_source_that_is_down_is_no_quiet_day():
    assert state(EMPTY) == "quiet"
    assert state(DOWN) == "down"


def test_a_list_that_nobody_read_is_none_that_was_empty():
    assert state() == "unseen"


def test_what_is_not_out_yet_is_not_missing():
    assert state(is_due=False) == "pending"
    assert state(EMPTY, is_due=False) == "pending"


def test_a_source_that_is_down_before_its_list_is_due_is_down():
    assert state(DOWN, is_due=False) == "down"


@pytest.mark.parametrize("looks", [(), (EMPTY,), (DOWN,)])
@pytest.mark.parametrize("listing", ["weekend", "holiday"])
def test_on_a_day_without_a_list_nothing_can_be_missing(looks, listing):
    assert state(*looks, listing=listing) == listing


def test_papers_announced_on_a_holiday_are_counted_like_others():
    assert state(READ, expected=4, received=4, listing="holiday") == "complete"
    assert state(READ, expected=4, received=1, listing="holiday") == "incomplete"


def test_an_empty_list_of_a_weekend_is_a_weekend_where_the_calendar_says_nothing():
    assert state(Look(SATURDAY)) == "weekend"
    assert state(Look(SATURDAY, items=2), expected=2, received=2) == "complete"


@pytest.mark.parametrize("failed", [CUT, DOWN])
def test_a_later_look_at_the_whole_day_makes_up_for_one_that_failed(failed):
    assert state(READ, failed, HARVESTED) == "complete"
    assert state(READ, HARVESTED, failed) == ("partial" if failed is CUT else "down")


def test_every_day_has_a_state_and_only_one_without_papers_is_excused_by_the_calendar():
    looks = [(), (READ,), (EMPTY,), (CUT,), (DOWN,), (READ, CUT), (READ, DOWN), (EMPTY, HARVESTED)]
    counts = [(0, 0), (5, 5), (5, 4)]
    for seen, (expected, received), listing, is_due in product(looks, counts, ListDay, (True, False)):
        found = state(*seen, expected=expected, received=received, listing=listing, is_due=is_due)
        has_papers = expected or any(look.items for look in seen)
        assert (found in {"weekend", "holiday"}) == (listing is not ListDay.EXPECTED and not has_papers)
        assert received == expected or found in {one.value for one in GAPS}
        assert found != "complete" or has_papers


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((1204, 1204), "Complete: all 1,204 papers announced on Friday are here."),
        ((1, 1), "Complete: the one paper announced on Friday is here."),
        ((1204, 1201), "3 of 1,204 papers announced on Friday are missing; they are asked for again with the next run."),
        ((2, 1), "1 of 2 papers announced on Friday is missing; it is asked for again with the next run."),
    ],
)  # fmt: skip
def test_a_sentence_counts(counts, words):
    expected, received = counts
    found = DayState.COMPLETE if expected == received else DayState.INCOMPLETE
    day = DaySummary(family="arxiv", day=FRIDAY, state=found, expected=expected, received=received)
    assert sentence(day, when="on Friday") == words


def test_every_state_has_a_sentence_of_its_own_and_tells_the_reason():
    days = [
        DaySummary(family="arxiv", day=FRIDAY, state=one, reasons=("cs.LG: {503}", "more"))
        for one in DayState
    ]
    sentences = {sentence(day, when="on Friday") for day in days}
    assert len(sentences) == len(DayState)
    assert all(one[0].isupper() or one[0].isdigit() for one in sentences)
    assert any("cs.LG: {503}." in one for one in sentences)
