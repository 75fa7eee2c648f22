"""What an edition has: its parts with exact counts, and in other orders."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import contents, lists, periods, topics
from broadsheet.daily.entries import ListName, Part, UnknownListError
from broadsheet.daily.models import TopicEntry
from broadsheet.papers.models import Tally
from broadsheet.papers.reading import resolve
from broadsheet.sources.models import Announcement

pytestmark = pytest.mark.django_db
DAY = periods.day(FRIDAY)
MONDAY = date(2026, 11, 16)


def of(number: int) -> int:
    return resolve(f"2611.{number:05}")[0]


def read(only: str = "", order: str = "", viewer: Viewer = NOBODY, **part: int) -> list[int]:
    wanted = ListName("day", "2026-11-20", order=order, only=only)
    return lists.read(wanted, viewer, Part(**part), today=SUNDAY.date()).pks


def announce(number: int, version: int) -> None:
    Announcement.objects.create(
        source="arxiv", day=FRIDAY, scheme="arxiv", value=f"2611.{number:05}", version=version
    )


def test_what_arxiv_cross_listed_or_replaced_on_a_day_stands_apart_from_what_is_new():
    publish(*(paper(number, listed=None, announced_on=FRIDAY) for number in (1, 2)))
    publish(*(paper(number, listed=None, announced_on=MONDAY) for number in (3, 4, 5)))
    for number, version in ((1, 1), (2, 1), (3, 1), (4, 2), (5, 1), (5, 3), (99, 1)):
        announce(number, version)
    found = contents.of_period(DAY)
    assert set(found.papers) == {of(1), of(2)}
    assert (found.crossed, found.replaced) == ({of(3)}, {of(4), of(5)})
    assert read("crossed") == [of(3)]
    assert read("replaced") == [of(5), of(4)]
    assert set(read()) == {of(1), of(2)}
    assert contents.of_period(periods.week(FRIDAY)).crossed == frozenset()


def test_a_part_is_in_the_order_of_the_edition_and_is_read_page_by_page():
    publish(*(paper(number, links=() if number % 2 else paper(1).links) for number in range(1, 10)))
    every = read()
    coded = [pk for pk in every if pk in {of(number) for number in (2, 4, 6, 8)}]
    assert read("code") == coded
    assert [*read("code", limit=2), *read("code", limit=2, offset=2)] == coded
    first = lists.read(ListName("day", "2026-11-20", only="code"), NOBODY, Part(3), today=SUNDAY.date())
    rest = lists.read(first.name, NOBODY, Part(3, after=first.next), today=SUNDAY.date())
    assert first.pks + rest.pks == coded
    assert first.total == rest.total == 4
    with pytest.raises(UnknownListError, match="no such part"):
        read("cs.XX")


def test_an_edition_can_be_had_by_talk_and_by_how_few_found_it():
    publish(*(paper(number, signals=()) for number in range(1, 5)))
    for number, counts in {1: (3, 9, 5, 0), 2: (0, 0, 0, 7), 3: (3, 12, 1, 2), 4: (0, 0, 0, 90)}.items():
        talkers, comments, votes, stars = counts
        Tally.objects.filter(paper=of(number)).update(
            talkers=talkers, comments_here=comments, counted_here=votes, stars=stars
        )
    assert read(order="discussed")[:2] == [of(3), of(1)]
    assert read(order="undiscovered") == [of(4), of(2), of(3), of(1)]


def test_my_topics_are_those_that_i_own_or_follow_and_no_others(count_queries):
    publish(*(paper(number) for number in range(1, 4)))
    ada, bea = (Viewer(Person.objects.create(handle=name, vouched_at=SUNDAY)) for name in ("ada", "bea"))
    own, followed, other, private = (
        topics.save(who, ListName("category", code), name=code, visibility=seen, now=SUNDAY)
        for who, code, seen in (
            (ada, "cs.LG", "private"),
            (bea, "stat.ML", "public"),
            (bea, "cs.CL", "public"),
            (bea, "cs.CV", "private"),
        )
    )
    topics.follow(ada, followed.slug, now=SUNDAY)
    TopicEntry.objects.all().delete()
    for number, topic in ((1, own), (2, followed), (3, other), (3, private)):
        TopicEntry.objects.create(topic=topic, paper_id=of(number), number=1, since=SUNDAY)
    assert set(read("topics", viewer=ada)) == {of(1), of(2)}
    assert contents.in_topics(NOBODY, [of(1)]) == set()
    assert count_queries(contents.in_topics, ada, [of(1), of(2)]) == 1


def test_of_an_edition_that_is_too_long_no_part_is_told(monkeypatch):
    monkeypatch.setattr(contents, "MOST", 2)
    publish(*(paper(number) for number in range(1, 4)))
    assert contents.of_period(DAY) == contents.Contents()
    assert len(read()) == 3
