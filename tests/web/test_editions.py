"""The front page, days, weeks, months and what trends."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.web.press import ABSTRACT, FRIDAY, SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import voting
from broadsheet.daily import editions
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record, Signal

pytestmark = pytest.mark.django_db


def headlines(html: str) -> list[str]:
    return re.findall(r'class="headline"><a[^>]*>(.*?)</a>', html)


def test_an_empty_catalogue_says_how_to_fill_it(read):
    assert "broadsheet demo" in read("/")
    assert "broadsheet import FILE" in read("/")
    assert "come by themselves" not in read("/")


def test_an_empty_catalogue_that_fills_itself_says_so(read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    assert "What comes by itself" in read("/")


def test_the_front_page_is_the_latest_edition_best_paper_first(read):
    publish(*(paper(number) for number in range(1, 21)), paper(30, listed=FRIDAY - timedelta(days=1)))
    html = read("/")
    assert "Friday, 20 November 2026" in html
    assert headlines(html) == [f"Paper number {number}" for number in range(20, 0, -1)]
    assert 'href="/papers/date/2026-11-19"' in html


def test_a_thin_edition_is_followed_by_earlier_ones(read):
    publish(*(paper(number, listed=FRIDAY - timedelta(days=number)) for number in range(9)))
    html = read("/")
    assert len(headlines(html)) == editions.FRONT_PAGE_DAYS
    assert "Wednesday, 18 November 2026" in html
    assert "Read on: Monday, 16 November 2026" in html


def test_a_card_shows_what_there_is_to_know(read):
    publish(paper(7))
    html = read("/papers/date/2026-11-20")
    for part in (
        'href="/papers/2611.00007"',
        'href="/authors/author-a-of-0"',
        "and 2 more",
        'href="/organizations/mira"',
        "Mira &amp; Sons",
        "<details",
        '8 upvotes<span class="unseen"> on Hugging Face</span>',
        "2 comments",
        'href="https://code.example/7"',
        "18 Nov 2026",
        'title="Machine Learning"',
    ):
        assert part in html, part
    assert html.count(ABSTRACT.strip()) == 1


def test_unknown_numbers_are_left_out_and_a_count_of_authors_stands_for_their_names(read):
    unknown = {"authors": (), "signals": (), "links": (), "categories": (), "organizations": ()}
    publish(paper(1, author_count=5, **unknown), paper(2, author_count=1, **unknown))
    html = read("/papers/date/2026-11-20")
    assert "5 authors" in html
    assert "1 author<" in html
    for word in ("upvote", "comment<", "kicker", ">Code"):
        assert word not in html


def test_our_own_summaries_and_withdrawn_papers_are_marked(read):
    summary = Record(
        source="demo", key="1", title="A classic", abstract="What it says.", authors=(AuthorName("Ada"),)
    )
    publish(summary, paper(2, withdrawn=True, title="A mistake"))
    assert "Summary by Broadsheet" in read("/authors/ada")
    assert "Withdrawn" in read("/papers/2611.00002")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/papers/date/2026-11-21", "A weekend"),
        ("/papers/date/2026-11-24", "still to come"),
        ("/papers/date/1999-11-24", "before the first papers"),
        ("/papers/date/2026-11-18", "We have no paper of this day"),
        ("/papers/week/2027-W02", "This week is still to come"),
        ("/papers/month/2025-03", "This month lies before the first"),
        ("/papers/date/2026-11-22", "A weekend"),
    ],
)
def test_a_day_without_papers_says_why_and_leads_on(read, address, says):
    publish(paper(1), paper(2, listed=date(2026, 11, 16)))
    html = read(address)
    assert says in html
    assert re.search(r'href="/papers/(date|week|month)/2026-(11|W47)(-20|-16)?"', html)


def test_a_day_after_the_last_import_says_so(read, sunday):
    publish(paper(1))
    sunday.move_to("2026-11-26T12:00:00+00:00")
    assert "Nothing was imported for this day" in read("/papers/date/2026-11-24")
    assert "Nothing has come in yet today" in read("/papers/date/2026-11-26")


def test_days_of_an_empty_catalogue_say_so(read):
    assert "The catalogue is empty" in read("/papers/date/2026-11-20")


@pytest.mark.parametrize(
    "name",
    [
        "date/2026-13-40",
        "date/2026-02-30",
        "date/26-11-20",
        "date/tomorrow",
        "date/9999-12-31",
        "week/2026-W54",
        "week/2026-47",
        "month/2026-13",
        "month/2026",
        "date/0001-01-01",
        "month/٢٠٢٦-١١",
    ],
)
def test_an_impossible_date_is_not_found(read, name):
    assert "Error 404" in read(f"/papers/{name}", status=404)


def test_a_week_and_a_month_hold_their_days_and_lead_to_their_neighbours(read):
    publish(paper(1), paper(2, listed=date(2026, 11, 16)), paper(3, listed=date(2026, 10, 1)))
    week, month = read("/papers/week/2026-W47"), read("/papers/month/2026-11")
    assert headlines(week) == headlines(month) == ["Paper number 2", "Paper number 1"]
    assert re.search(r'rel="prev"\s+href="/papers/week/2026-W40"', week)
    assert re.search(r'rel="prev"\s+href="/papers/month/2026-10"', month)
    assert "Week 47, 16 to 22 November 2026" in week


def test_the_calendar_links_only_the_days_that_have_papers(read):
    publish(paper(1), paper(2, listed=date(2026, 11, 16)))
    calendar = re.search(r'<table class="calendar">.*?</table>', read("/papers/date/2026-11-16"), re.DOTALL)[
        0
    ]
    assert re.findall(r'href="/papers/date/([\d-]+)"', calendar) == ["2026-11-16", "2026-11-20"]
    assert calendar.count('aria-current="page"') == 1
    assert "<caption>" in calendar


@pytest.mark.parametrize("address", ["/", "/papers/date/2026-11-20"])
def test_what_else_is_new_follows_under_a_heading(read, address):
    publish(paper(1), *(paper(n, listed=None, announced_on=FRIDAY) for n in range(2, 20)))
    html = read(address)
    assert headlines(html) == [f"Paper number {n}" for n in (1, *range(19, 1, -1))]
    assert html.count("Also new on this day") == 1
    assert html.index("Paper number 1<") < html.index("Also new on this day") < html.index("Paper number 19<")
    assert "19 papers: 1 chosen, 18 more" in " ".join(html.split())


def test_the_heading_stands_where_the_listed_papers_end_and_on_each_page_after(read):
    publish(
        *(paper(n) for n in range(60)), *(paper(n, listed=None, announced_on=FRIDAY) for n in range(60, 110))
    )
    pages = [read(f"/papers/week/2026-W47?page={number}") for number in (1, 2, 3)]
    assert [page.count("Also new this week") for page in pages] == [0, 1, 1]
    assert (
        pages[1].index("Paper number 0<") < pages[1].index("Also new") < pages[1].index("Paper number 109<")
    )
    assert headlines(pages[2])[-1] == "Paper number 60"


def test_a_day_without_lists_or_without_others_needs_no_heading(read):
    publish(paper(1), paper(2, listed=None, announced_on=FRIDAY - timedelta(days=1)))
    for address in ("/", "/papers/date/2026-11-20", "/papers/date/2026-11-19"):
        assert "Also new" not in read(address)
    assert "1 paper, newest first" in " ".join(read("/papers/date/2026-11-19").split())


def test_a_long_day_has_pages(read):
    publish(*(paper(number) for number in range(60)))
    first, second = read("/papers/date/2026-11-20"), read("/papers/date/2026-11-20?page=2")
    assert (len(headlines(first)), len(headlines(second))) == (50, 10)
    assert re.search(r'rel="next"\s+href="/papers/date/2026-11-20\?page=2"', first)
    assert "60 papers" in second


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "", "1e3", "９", "9" * 5000])
def test_a_page_that_is_none_is_not_found(read, number):
    publish(paper(1))
    for address in ("/papers/date/2026-11-20", "/papers/trending", "/organizations/mira"):
        read(f"{address}?page={number}", status=404)


def test_a_trend_says_why(read):
    publish(paper(9, signals=(Signal("upvotes", 99),)), paper(8, signals=(Signal("upvotes", 3),)))
    html = read("/papers/trending")
    assert headlines(html) == ["Paper number 9", "Paper number 8"]
    said = " ".join(html.split())
    # An upvote elsewhere is a quarter of a vote; it is nine in the morning of the second day.
    assert "99 elsewhere, 57 hours, 1st of 2. Interest 24.8 counts 4.69; first listed on 20 Nov 2026" in said


def test_a_trend_counts_the_votes_of_people_here_apart(read):
    publish(paper(9, signals=()), paper(8, signals=(Signal("upvotes", 4),)))
    (pk,) = Paper.objects.filter(public_id=paper(9).identifiers[0].value).values_list("pk", flat=True)
    for number in range(3):
        voter = Viewer(Person.objects.create(vouched_at=SUNDAY), via="mcp" if number == 2 else "web")
        voting.cast(voter, pk, f"arxiv:{paper(9).identifiers[0].value}", now=SUNDAY)
    for over in ("", "?over=day", "?over=month", "?over=week"):
        html = read(f"/papers/trending{over}")
        assert headlines(html) == ["Paper number 9", "Paper number 8"]
        assert "3 votes, 2 counted, 57 hours, 1st of 2." in " ".join(html.split())
    read("/papers/trending?over=year", status=404)
    read("/papers/trending?as_of=never", status=404)
    # Nothing had been counted by then.
    assert headlines(read("/papers/trending?as_of=2026-11-21")) == []


def test_what_is_discussed_and_what_is_undiscovered_say_why(read):
    publish(paper(9, signals=(Signal("github_stars", 40),)))
    assert "0 votes here, 40 stars, of 20 Nov 2026, 1st of 1" in " ".join(
        read("/papers/undiscovered").split()
    )
    assert "first of them are two weeks old" in read("/papers/undiscovered")
    assert "Nobody wrote about a paper" in read("/papers/discussed")


def test_an_old_catalogue_trends_as_of_its_last_list(read):
    publish(paper(9, listed=date(2020, 1, 2)))
    assert "Thursday, 2 January 2020" in read("/papers/trending")


def test_a_catalogue_without_votes_says_that_nothing_trends(read):
    publish(paper(9, signals=()))
    assert "Nothing trends" in read("/papers/trending")


@pytest.mark.parametrize(
    "address", ["/", "/papers/date/2026-11-20", "/papers/week/2026-W47", "/papers/month/2026-11"]
)
def test_an_edition_of_both_kinds_costs_the_same_queries_for_20_and_for_200_papers(
    client, count_queries, address
):
    def print_some(first: int, last: int) -> None:
        half = (first + last) // 2
        publish(*(paper(n) for n in range(first, half)))
        publish(*(paper(n, listed=None, announced_on=FRIDAY) for n in range(half, last)))

    print_some(0, 20)
    few = count_queries(client.get, address)
    print_some(20, 200)
    assert count_queries(client.get, address) == few <= 18


@pytest.mark.parametrize(
    "address", ["/", "/papers/date/2026-11-20", "/papers/week/2026-W47", "/papers/month/2026-11"]
)
def test_an_edition_costs_the_same_queries_for_10_and_for_100_papers(client, count_queries, address):
    publish(*(paper(number) for number in range(10)))
    few = count_queries(client.get, address)
    publish(*(paper(number) for number in range(10, 100)))
    assert count_queries(client.get, address) == few <= 18
    assert count_queries(client.get, address) <= 2  # it has been kept


def test_a_day_that_nobody_listed_costs_no_more(client, count_queries):
    publish(*(paper(number, listed=None) for number in range(10)))
    assert count_queries(client.get, "/papers/date/2026-11-18") <= 16
