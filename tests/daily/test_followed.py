"""Whoever follows an author or an organization hears of their new papers, of each once and of no old ones."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.papers.test_attributing import NOW, pk, record

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Kind, Person
from broadsheet.community import notices
from broadsheet.daily import followed
from broadsheet.library import following, ignoring
from broadsheet.papers import attributing, verdicts
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ada() -> Viewer:
    store([record(1, "Ada Vale", at=["MIT"]), record(2, "Bo Fisk")], now=NOW)
    followed.tell(now=NOW)
    viewer = Viewer(Person.objects.create(handle="ada"))
    following.follow(viewer, "author", "ada-vale", now=NOW)
    following.follow(viewer, "organization", "mit", now=NOW)
    return viewer


def told(viewer: Viewer) -> list[tuple[str, str]]:
    return [(one.named, one.said) for one in notices.of(viewer).order_by("pk")]


def come(*records, now=LATER) -> None:
    store(records, now=now)
    while followed.tell(now=now):
        pass


def new(number: int, *authors: str, at=()):
    return record(number, *authors, at=at)


def test_followers_hear_of_a_new_paper_once_whatever_becomes_of_it(ada):
    come(new(3, "Bo Fisk", "Ada Vale", at=["MIT"]), new(4, "Cy Odd", at=["MIT"]), new(5, "Bo Fisk"))
    expected = [
        ("arxiv:2611.00003", "A new paper by Ada Vale, whom you follow:"),
        ("arxiv:2611.00004", "A new paper by MIT, whom you follow:"),
    ]
    assert told(ada) == expected
    come(new(3, "Ada Vale", "Bo Fisk", at=["MIT"]), now=LATER + timedelta(days=1))
    come(new(5, "Bo Fisk", "Ada Vale"), now=LATER + timedelta(days=2))
    sides = ("arxiv:2611.00003", "arxiv:2611.00004")
    verdicts.join(*sides, by="cleo", because="one", now=LATER)
    followed.tell(now=LATER)
    verdicts.undo(*sides, same=True, now=LATER)
    followed.tell(now=LATER)
    assert told(ada) == expected


def test_who_leaves_an_author_out_is_told_of_no_paper_of_theirs(ada):
    ignoring.ignore(ada, "author", "bo-fisk", now=NOW)
    come(new(3, "Bo Fisk", "Ada Vale"), new(4, "Ada Vale"))
    assert [named for named, _ in told(ada)] == ["arxiv:2611.00004"]


def test_what_was_there_before_or_came_out_long_ago_is_not_new(ada):
    come(now=NOW)
    store([new(3, "Ada Vale")], now=NOW - timedelta(hours=1))
    followed.tell(now=LATER)
    come(new(4, "Ada Vale"), now=LATER)
    Paper.objects.filter(pk=pk(4)).update(first_dated_at=NOW - timedelta(days=900))
    assert [named for named, _ in told(ada)] == ["arxiv:2611.00004"]


def test_a_page_that_leads_on_is_followed_on(ada):
    store([new(3, "A. Vale")], now=NOW)
    attributing.join("author", "ada-vale", "a-vale", now=NOW)
    followed.tell(now=NOW - timedelta(days=1))
    come(new(4, "A. Vale"))
    assert ("arxiv:2611.00004", "A new paper by A. Vale, whom you follow:") in told(ada)


def test_who_muted_them_and_programs_hear_of_none(ada):
    bot = Viewer(Person.objects.create(handle="bot", kind=Kind.BOT, owner=ada.person))
    following.follow(bot, "author", "ada-vale", now=NOW)
    notices.mute_kind(ada, notices.FOLLOWED)
    come(new(3, "Ada Vale"))
    assert told(ada) == told(bot) == []
    notices.unmute_kind(ada, notices.FOLLOWED)
    come(new(4, "Ada Vale"))
    assert [named for named, _ in told(ada)] == ["arxiv:2611.00004"]


def test_many_papers_in_a_day_do_not_bury_all_else(ada):
    come(*[new(number, "Ada Vale") for number in range(100, 160)])
    assert len(told(ada)) == followed.MOST_A_DAY


def test_where_nothing_came_in_a_look_takes_two_queries(ada, count_queries):
    assert count_queries(followed.tell, now=LATER) == 2
