"""The newest papers of the daily lists, however far apart these are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Listing

pytestmark = pytest.mark.django_db
TODAY, ALL = SUNDAY.date(), ListName("days")


def picked(wanted: ListName = ALL, *, offset: int = 0, limit: int = 100) -> list[int]:
    """The numbers of the papers."""
    names = dict(Paper.objects.values_list("pk", "public_id"))
    found = lists.read(wanted, None, Part(limit, offset), today=TODAY)
    return [int(names[pk].rpartition(".")[2]) for pk in found.pks]


def test_the_newest_papers_reach_back_over_any_gap():
    days = [
        FRIDAY,
        FRIDAY - timedelta(days=14),
        FRIDAY - timedelta(days=15),
        date(2024, 2, 29),
        date(1991, 8, 14),
        date.min,
    ]
    for number, day in enumerate(days):
        publish(paper(number, listed=day, published=FRIDAY))
    assert picked() == [0, 1, 2, 3, 4, 5]
    assert [picked(offset=offset, limit=4) for offset in (0, 4, 8)] == [[0, 1, 2, 3], [4, 5], []]


def test_a_day_has_first_what_was_listed_and_then_the_rest():
    publish(paper(1, signals=()), paper(2, listed=None, published=FRIDAY), paper(3))
    assert picked() == [3, 1, 2]
    assert picked(offset=1, limit=1) == [1]
    assert picked(ListName("trending")) == [3, 2]


def test_days_to_come_are_not_picked_from():
    publish(paper(1), paper(2, listed=TODAY + timedelta(days=1)))
    assert picked() == [1]


def test_a_paper_that_several_days_listed_is_picked_on_the_last_of_them():
    days = [FRIDAY - timedelta(days=back) for back in range(3)]
    often = [Listing(day, 1, submitter_username="mkoren") for day in (*days, TODAY + timedelta(days=1))]
    publish(replace(paper(99), listings=tuple(often)), *(paper(n, listed=day) for n, day in enumerate(days)))
    assert picked() == [99, 0, 1, 2]
    assert [picked(offset=at, limit=1) for at in range(5)] == [[99], [0], [1], [2], []]
    assert picked(ListName("day", str(days[1]), "newest")) == [99, 1]
    assert picked(ListName("days", submitter="mkoren")) == [99]
