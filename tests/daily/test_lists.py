"""Every list by its kind and name: what is in it, what it is called, and where its page is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import resolve
from tests.web.press import ABSTRACT, FRIDAY, SUNDAY, paper, publish

from broadsheet.accounts.models import Person
from broadsheet.community.models import Comment
from broadsheet.daily import lists, topics
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.papers import reading
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Record, Signal, Version
from broadsheet.search import indexing
from broadsheet.web.listing import list_page

pytestmark = pytest.mark.django_db
TODAY = SUNDAY.date()
LISTS = {
    ("latest", ""): ("The latest papers", "/"),
    ("day", "2026-11-20"): ("Papers of Friday, 20 November 2026", "/papers/date/2026-11-20"),
    ("week", "2026-W47"): ("Papers of Week 47, 16 to 22 November 2026", "/papers/week/2026-W47"),
    ("month", "2026-11"): ("Papers of November 2026", "/papers/month/2026-11"),
    ("trending", ""): ("Trending papers", "/papers/trending"),
    ("trending", "day"): ("Trending papers of the day", "/papers/trending?over=day"),
    ("discussed", ""): ("Most discussed papers", "/papers/discussed"),
    ("undiscovered", ""): ("Undiscovered papers", "/papers/undiscovered"),
    ("search", "paper number"): ("Papers for paper number", "/papers?q=paper+number"),
    ("search", ""): ("All papers", "/papers"),
    ("author", "author-a-of-1"): ("Papers of Author A of 1", "/authors/author-a-of-1"),
    ("organization", "mira"): ("Papers of Mira & Sons", "/organizations/mira"),
    ("category", "cs.LG"): ("Papers in Machine Learning", "/categories/cs.LG"),
    ("topic", "trending"): ("Trending papers", "/topics/trending"),
    ("similar", "2611.00001"): ("Papers similar to Paper number 1", "/papers/2611.00001/similar"),
}


@pytest.fixture(autouse=True)
def _an_index_of_its_own(tmp_path, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})


def read(kind: str, name: str = "", **part) -> Entries:
    if kind == "topic":
        topics.trending(SUNDAY)
    return lists.read(ListName(kind, name), None, Part(**part), today=TODAY)


def talk_about(name: str) -> None:
    said = {"source": "Clear.", "html": "<p>Clear.</p>", "renderer": 1, "written_at": SUNDAY}
    person = Person.objects.create(vouched_at=SUNDAY)
    Comment.objects.create(
        paper=Paper.objects.get(public_id=name), person=person, named=f"arxiv:{name}", **said
    )


def later(number: int, **more) -> Record:
    """The paper as it is seen a day later."""
    return replace(paper(number, **more), observed_at=SUNDAY + timedelta(days=1))


def names(found: Entries) -> list[str]:
    return [row.public_id for row in reading.rows(found.pks)]


def test_there_is_a_case_here_for_every_kind_that_has_a_page():
    assert {kind for kind, _ in LISTS} == set(lists.KINDS) - {"days", "papers", "conditions", "library"}


@pytest.mark.parametrize(("kind", "name"), LISTS)
def test_every_list_has_papers_a_name_and_a_page(kind, name):
    publish(*(paper(number) for number in (1, 4, 8)))
    talk_about("2611.00004")
    while indexing.catch_up():
        pass
    found = read(kind, name)
    assert (found.title, list_page(found.name)) == LISTS[kind, name]
    assert found.total == len(found.pks) == len(set(found.pks)) > 0
    assert resolve(list_page(found.name).partition("?")[0])


@pytest.mark.parametrize(("kind", "name"), LISTS)
def test_the_parts_of_a_list_make_the_whole(kind, name):
    publish(*(paper(21 * number + 1, listed=FRIDAY) for number in range(7)), paper(1, listed=None))
    while indexing.catch_up():
        pass
    whole = read(kind, name)
    parts = [read(kind, name, offset=start, limit=3) for start in (0, 3, 6)]
    assert [pk for part in parts for pk in part.pks] == whole.pks
    assert {part.total for part in parts} == {whole.total}


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("day", "2026-11-31"),
        ("week", "2026-11"),
        ("month", ""),
        ("author", "nobody"),
        ("organization", "\0"),
        ("category", "cs.XX"),
        ("category", "x" * 5000),
        ("similar", "2611.99999"),
        ("similar", ""),
        ("elephants", ""),
        ("trending", "year"),
    ],
)
def test_a_list_that_there_is_not_is_named_in_a_sentence(kind, name):
    with pytest.raises(UnknownListError, match=r"^(There is no |No paper here )[^\n]+\.$"):
        read(kind, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("latest", ""), ("day", "2031-01-01"), ("trending", ""), ("search", "x"), ("category", "cs.GL")],
)
def test_a_list_may_be_empty(kind, name):
    found = read(kind, name)
    assert (found.pks, found.total) == ([], 0)


def test_a_search_is_read_newest_first():
    publish(*(paper(number, listed=None, published=FRIDAY - timedelta(days=number)) for number in (3, 1, 2)))
    while indexing.catch_up():
        pass
    newest_first = ["2611.00001", "2611.00002", "2611.00003"]
    assert names(read("search", "paper number")) == names(read("search", "cat:cs.LG")) == newest_first


def test_both_names_of_a_category_are_one_list():
    publish(
        paper(1, categories=("cs.SY", "eess.SY")),
        paper(2, categories=("eess.SY",)),
        paper(3, categories=("cs.SY",)),
    )
    both = [read("category", code) for code in ("cs.SY", "eess.SY")]
    assert both[0].entries == both[1].entries
    assert {(one.name.name, one.total) for one in both} == {("eess.SY", 3)}
    assert sorted(names(read("category", "cs.SY"))) == ["2611.00001", "2611.00002", "2611.00003"]


def test_a_vote_moves_no_date_and_a_version_does():
    first, second = (datetime(2026, 11, day, 8, tzinfo=UTC) for day in (18, 19))

    def updated() -> datetime:
        return lists.entry_updated(reading.detail(Paper.objects.get().pk))

    publish(paper(1))
    assert updated() == first
    publish(later(1, signals=(Signal("upvotes", 99),)))
    assert reading.rows(read("latest").pks)[0].signals["upvotes"].value == 99
    assert updated() == first
    publish(later(1, versions=(Version(1, first), Version(2, second))))
    assert updated() == second


def test_a_corrected_abstract_moves_the_date_of_a_paper():
    publish(paper(1))
    publish(later(1, abstract=ABSTRACT.replace("print", "publish")))
    updated = lists.entry_updated(reading.detail(Paper.objects.get().pk))
    assert updated.date() == date(2026, 11, 22)


def test_a_paper_without_dates_is_as_old_as_the_first_list_that_had_it():
    publish(replace(paper(1), published_at=None))
    assert lists.entry_updated(reading.detail(Paper.objects.get().pk)) == datetime(2026, 11, 20, tzinfo=UTC)
