"""Which papers make a day, and the days around it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from broadsheet.daily import editions, lists, periods
from broadsheet.daily.entries import Entries, ListName, Part
from broadsheet.daily.periods import Period
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Listing, Record, Signal

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def paper(
    number: int, *, published: date = FRIDAY, listed: date | None = None, upvotes: int = 0, **more
) -> Record:
    return Record(
        source="huggingface",
        key=str(number),
        title=f"Paper {number}",
        identifiers=(Identifier("arxiv", f"2611.{number:05}"),),
        published_at=datetime.combine(published, time(23, 59), tzinfo=UTC),
        listings=(Listing(listed, number, "Mira"),) if listed else (),
        signals=(Signal("upvotes", upvotes),) if upvotes else (),
        **more,
    )


def keep(*records: Record) -> None:
    store(records, now=NOW)


def read(period: Period, **part: int) -> Entries:
    return lists.read(ListName(period.kind, period.name), None, Part(**part), today=NOW.date())


def front_page(today: date) -> Entries:
    return lists.read(ListName("latest"), None, Part(), today=today)


def titles(found: Entries) -> list[str]:
    held = dict(Paper.objects.values_list("pk", "title"))
    return [held[one.pk] for one in found.entries if one.day]


def rest(found: Entries) -> list[str]:
    held = dict(Paper.objects.values_list("pk", "title"))
    return [held[one.pk] for one in found.entries if not one.day]


def curated(found: Entries) -> int:
    (section,) = found.sections
    return section.curated


def test_a_day_shows_what_was_listed_best_first_and_then_what_else_is_of_it():
    keep(paper(1, listed=FRIDAY, upvotes=2), paper(2, listed=FRIDAY, upvotes=9), paper(3))
    edition = read(periods.day(FRIDAY))
    assert (curated(edition), edition.total, titles(edition)) == (2, 3, ["Paper 2", "Paper 1"])
    assert rest(edition) == ["Paper 3"]
    assert [one.submitter for one in edition.entries] == ["Mira", "Mira", ""]
    assert [one.place for one in edition.entries] == [1, 2, 3]


def test_a_day_without_a_list_shows_what_was_published_newest_first():
    keep(paper(1), paper(2), paper(3, published=FRIDAY - timedelta(days=1)))
    edition = read(periods.day(FRIDAY))
    assert (curated(edition), edition.total, rest(edition)) == (0, 2, ["Paper 2", "Paper 1"])


def test_the_day_of_a_paper_is_that_of_its_announcement():
    monday = FRIDAY + timedelta(days=3)
    keep(paper(1, announced_on=monday), paper(2, published=monday), paper(3))
    assert rest(read(periods.day(monday))) == ["Paper 2", "Paper 1"]
    assert rest(read(periods.day(FRIDAY))) == ["Paper 3"]
    assert rest(read(periods.week(monday))) == ["Paper 2", "Paper 1"]
    assert rest(read(periods.month(monday))) == ["Paper 2", "Paper 1", "Paper 3"]


def test_a_paper_is_news_once():
    keep(paper(1, listed=FRIDAY, announced_on=FRIDAY - timedelta(days=1)), paper(2))
    assert read(periods.day(FRIDAY - timedelta(days=1))).total == 0
    assert read(periods.month(FRIDAY)).total == 2


@pytest.mark.parametrize("taken_back", ["withdrawn", "retracted"])
def test_papers_that_were_taken_back_leave_editions_trends_and_counts(taken_back):
    gone = {taken_back: True}
    keep(
        paper(1, listed=FRIDAY, upvotes=1),
        paper(2, listed=FRIDAY, upvotes=9, **gone),
        paper(3),
        paper(4, **gone),
        paper(5, published=FRIDAY + timedelta(days=1), **gone),
    )
    edition = read(periods.day(FRIDAY))
    assert (titles(edition), rest(edition), edition.total) == (["Paper 1"], ["Paper 3"], 2)
    assert titles(lists.read(ListName("trending"), None, Part(), today=FRIDAY)) == ["Paper 1"]
    assert editions.papers_per_day(FRIDAY, FRIDAY + timedelta(days=9)) == {FRIDAY: 2}
    assert editions.latest_day(FRIDAY + timedelta(days=9)) == FRIDAY
    assert editions.nearest_days(periods.day(FRIDAY)) == (None, None)


def test_pages_of_an_edition_follow_on_each_other():
    keep(*(paper(n, listed=FRIDAY) for n in range(1, 6)))
    pages = [read(periods.day(FRIDAY), offset=at, limit=2) for at in (0, 2, 4)]
    assert [title for page in pages for title in titles(page)] == [f"Paper {n}" for n in range(1, 6)]


def test_pages_lead_from_the_listed_papers_to_the_rest():
    keep(*(paper(n, listed=FRIDAY) for n in range(1, 4)), *(paper(n) for n in range(4, 9)))
    pages = [read(periods.day(FRIDAY), offset=at, limit=2) for at in range(0, 10, 2)]
    assert [(titles(page), rest(page)) for page in pages] == [
        (["Paper 1", "Paper 2"], []),
        (["Paper 3"], ["Paper 8"]),
        ([], ["Paper 7", "Paper 6"]),
        ([], ["Paper 5", "Paper 4"]),
        ([], []),
    ]
    assert {(curated(page), page.total) for page in pages} == {(3, 8)}


def test_an_edition_of_a_thousand_papers_costs_no_more_queries(count_queries):
    def costs(*, offset: int) -> int:
        return count_queries(read, periods.month(FRIDAY), offset=offset, limit=5)

    keep(*(paper(n, listed=FRIDAY) for n in range(3)), *(paper(n) for n in range(3, 10)))
    few = [costs(offset=at) for at in (0, 5, 100)]
    keep(*(paper(n, listed=FRIDAY) for n in range(10, 40)), *(paper(n) for n in range(40, 1000)))
    assert [costs(offset=at) for at in (0, 500, 5000)] == few == [6, 3, 5]


def test_a_week_and_a_month_show_each_paper_once():
    keep(paper(1, listed=FRIDAY), paper(2, listed=FRIDAY - timedelta(days=1)))
    store(
        [
            Record(
                source="other",
                key="1",
                title="Paper 1",
                identifiers=(Identifier("arxiv", "2611.00001"),),
                listings=(Listing(FRIDAY - timedelta(days=3), 1),),
            )
        ],
        now=NOW,
    )
    assert read(periods.week(FRIDAY)).total == read(periods.month(FRIDAY)).total == 2


def test_the_front_page_is_the_latest_edition_followed_by_earlier_ones_while_it_is_thin():
    keep(
        paper(1, listed=FRIDAY),
        paper(2, listed=FRIDAY - timedelta(days=1)),
        paper(3, listed=FRIDAY + timedelta(days=9)),
    )
    assert [section.period.first for section in front_page(NOW.date()).sections] == [
        FRIDAY,
        FRIDAY - timedelta(days=1),
    ]
    assert (front_page(date(2020, 1, 1)).sections, front_page(date(2020, 1, 1)).total) == ((), 0)


def test_a_fresh_list_leads_the_front_page_over_papers_with_only_a_date_of_publication():
    keep(paper(1, published=FRIDAY - timedelta(days=3), listed=FRIDAY - timedelta(days=3)), paper(2))
    assert editions.latest_day(FRIDAY) == FRIDAY - timedelta(days=3)
    keep(paper(3, published=FRIDAY + timedelta(days=20)))
    assert editions.latest_day(FRIDAY + timedelta(days=30)) == FRIDAY + timedelta(days=20)


def test_a_newer_day_that_was_announced_leads_over_a_list():
    thursday = FRIDAY - timedelta(days=1)
    keep(paper(1, listed=thursday), paper(2, announced_on=FRIDAY, published=thursday))
    assert editions.latest_day(FRIDAY) == FRIDAY
    assert editions.latest_day(thursday) == thursday
    keep(paper(3, published=FRIDAY + timedelta(days=1)))
    assert editions.latest_day(FRIDAY + timedelta(days=1)) == FRIDAY


def test_the_front_page_while_the_list_of_today_is_still_short():
    thursday = FRIDAY - timedelta(days=1)
    keep(
        paper(1, listed=FRIDAY),
        *(paper(n, listed=thursday) for n in range(2, 20)),
        *(paper(n, announced_on=FRIDAY) for n in range(20, 80)),
    )
    today = front_page(FRIDAY)
    assert (titles(today), len(rest(today)), today.total) == (["Paper 1"], 49, 61)
    assert [section.period.first for section in today.sections] == [FRIDAY]


def test_a_catalogue_without_lists_has_the_latest_announcement_in_front():
    keep(*(paper(n, announced_on=FRIDAY, published=FRIDAY - timedelta(days=2)) for n in range(1, 15)))
    today = front_page(FRIDAY + timedelta(days=2))
    assert (today.sections[0].period.first, curated(today), today.total) == (FRIDAY, 0, 14)


def test_the_nearest_days_skip_those_without_papers():
    keep(
        paper(1, published=FRIDAY - timedelta(days=10)),
        paper(2, listed=FRIDAY),
        paper(3, published=FRIDAY + timedelta(days=5)),
    )
    assert editions.nearest_days(periods.day(FRIDAY)) == (
        FRIDAY - timedelta(days=10),
        FRIDAY + timedelta(days=5),
    )
    assert editions.nearest_days(periods.day(FRIDAY - timedelta(days=10))) == (None, FRIDAY)


def test_a_calendar_counts_the_papers_of_each_edition():
    keep(paper(1, listed=FRIDAY), paper(2), paper(3, published=FRIDAY - timedelta(days=1)))
    month = periods.month(FRIDAY)
    assert editions.papers_per_day(month.first, month.last) == {FRIDAY: 2, FRIDAY - timedelta(days=1): 1}


def test_trends_are_as_of_the_last_list_where_the_catalogue_is_old():
    keep(paper(1, listed=FRIDAY, upvotes=4))
    assert editions.trends_as_of(FRIDAY, "week") == FRIDAY
    found = lists.read(ListName("trending"), None, Part(), today=date(2028, 1, 1))
    assert (found.as_of, titles(found), found.total) == (FRIDAY, ["Paper 1"], 1)


@pytest.mark.parametrize(
    ("kind", "name", "first", "last"),
    [
        ("day", "2026-11-20", FRIDAY, FRIDAY),
        ("week", "2026-W47", date(2026, 11, 16), date(2026, 11, 22)),
        ("week", "2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("month", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_has_one_name(kind, name, first, last):
    period = periods.parse_period(kind, name)
    assert (period.first, period.last, period.name) == (first, last, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("day", "2026-13-40"),
        ("day", "20261120"),
        ("week", "2026-W54"),
        ("week", "2025-W53"),
        ("month", "2026-00"),
        ("month", "0000-01"),
    ],
)
def test_impossible_periods_are_none(kind, name):
    assert periods.parse_period(kind, name) is None
