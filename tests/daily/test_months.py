"""Papers of which only the month is known, in whatever shows a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.papers.test_dates import paper

from broadsheet.daily import archive, editions, lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.daily.periods import Period, parse_period
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Listing, Record

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, tzinfo=UTC)
TODAY = NOW.date()


def month(name: str) -> Period:
    period = parse_period("month", name)
    assert period
    return period


def keep(*records: Record) -> None:
    store(records, now=NOW)


def keys(pks: tuple[int, ...] | list[int]) -> list[str]:
    named = dict(Paper.objects.values_list("pk", "public_id"))
    return [named[pk] for pk in pks]


def test_each_part_of_a_month_has_its_papers_the_known_days_first() -> None:
    dated = [paper(f"2105.{day:05}", f"2021-05-{day:02}") for day in range(1, 6)]
    keep(*dated, *(paper(f"2105.1{n:04}", "2021-05") for n in range(4)), paper("2101.00001", "2021"))
    every = ["2105.00005", "2105.00004", "2105.00003", "2105.00002", "2105.00001"]
    every += ["2105.10003", "2105.10002", "2105.10001", "2105.10000"]
    for size in range(1, 12):
        parts = [
            lists.read(ListName("month", "2021-05"), None, Part(size, at), today=TODAY)
            for at in range(0, 12, size)
        ]
        assert [key for part in parts for key in keys(part.pks)] == every
        assert {part.total for part in parts} == {9}


def test_programs_find_them_in_every_order() -> None:
    keep(paper("2105.00001", "2021-05-01"), paper("2105.00002", "2021-05"))
    for order in ("", "newest"):
        wanted = ListName("month", "2021-05", order)
        found = [
            key for at in (0, 1, 2) for key in keys(lists.read(wanted, None, Part(1, at), today=TODAY).pks)
        ]
        assert found == ["2105.00001", "2105.00002"]


def test_a_paper_that_is_listed_or_taken_back_is_not_there_again() -> None:
    listed = replace(paper("2105.00001", "2021-05"), listings=(Listing(date(2021, 5, 3), 1),))
    keep(listed, replace(paper("2105.00002", "2021-05"), withdrawn=True))
    shown = lists.read(ListName("month", "2021-05"), None, Part(), today=TODAY)
    assert (shown.sections[0].curated, shown.total) == (1, 1)


def test_months_lead_to_each_other_and_to_search_engines() -> None:
    keep(
        *(
            paper(f"{name[2:4]}{name[5:]}.00001", name)
            for name in ("2019-12", "2021-05", "2022-02-03", "2023-01")
        )
    )
    names = ["2019-12", "2021-05", "2022-02", "2023-01"]
    for name, before, after in zip(names, ["", *names], [*names[1:], ""], strict=False):
        around = editions.around(month(name), is_empty=False, today=TODAY)
        shown = [period.name if period else "" for period in (around.before, around.after)]
        assert shown == [before, after]
    # Between two months there is a page that says what lies around it.
    assert editions.around(month("2020-06"), is_empty=True, today=TODAY).quiet == "gap"
    assert [one.name for one in archive.all_editions() if one.kind == "month"] == names


def test_a_month_known_alone_is_in_the_answer_of_each_skin(client) -> None:
    keep(paper("2105.00002", "2021-05"))
    for address in (
        "/papers/month/2021-05",
        "/papers/month/2021-05.atom",
        "/papers/month/2021-05.bib",
        "/api/v1/editions/month/2021-05",
        "/api/daily_papers?month=2021-05",
    ):
        answer = client.get(address)
        assert (answer.status_code, b"Paper 2105.00002" in answer.content) == (200, True), address
    for address in ("/papers/date/2021-05-01", "/papers/week/2021-W18", "/api/daily_papers?date=2021-05-01"):
        assert b"Paper 2105.00002" not in client.get(address).content
