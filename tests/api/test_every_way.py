"""Every list by every way of reading it: the page, the feeds, the files, the APIs, the agents' tools, the command."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import islice

import pytest
import time_machine
from click.testing import CliRunner
from django.core.cache import caches
from django.test import Client
from tests.people import bearer
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.api.mcp import asking, tools
from broadsheet.cli.searching import search as search_command
from broadsheet.cli.searching import similar as similar_command
from broadsheet.daily import lists, own_feeds
from broadsheet.daily.entries import ListName, Part
from broadsheet.library import ignoring
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Record, Signal
from broadsheet.search import finding, indexing
from broadsheet.web.listing import list_page

pytestmark = pytest.mark.django_db
TODAY = SUNDAY.date()
PAPERS, NOVEMBER = 60, datetime(2026, 11, 1, tzinfo=UTC)
DAYS = [FRIDAY - timedelta(days=back) for back in range(4)]
TITLE = re.compile(r"Paper number \d+")
HEADLINE = re.compile(r'class="headline"><a[^>]*>(.*?)</a>')
Titles = list[str]

LISTS = [
    ListName("latest"),
    ListName("day", "2026-11-19"),
    ListName("week", "2026-W47"),
    ListName("month", "2026-11"),
    ListName("trending"),
    ListName("author", "author-a-of-1"),
    ListName("organization", "mira"),
    ListName("category", "cs.LG"),
    ListName("search", "number"),
    ListName("search", ""),
    ListName("similar", "2611.00001"),
]
FOR_PROGRAMS = [
    ListName("papers"),
    ListName("days"),
    ListName("days", submitter="mira"),
    ListName("trending", submitter="mira"),
    *(
        ListName(*period, order)
        for period in (("week", "2026-W47"), ("month", "2026-11"))
        for order in ("newest", "trending")
    ),
    ListName("week", "2026-W47", submitter="mira"),
    ListName("week", "2026-W47", "newest", submitter="mira"),
    *(
        ListName("search", "number", order)
        for order in ("votes", "comments", "submitted", "updated", "added")
    ),
    *(ListName(*name, "added") for name in (("author", "author-a-of-1"), ("category", "cs.LG"))),
]


@pytest.fixture(autouse=True)
def sunday(tmp_path, settings) -> Iterator[None]:
    """Sunday, 22 November 2026, and pages of ten papers."""
    changes = {"data": tmp_path, "page_size": 10}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changes)
    caches["memory"].clear()
    with time_machine.travel(SUNDAY, tick=False):
        yield


def some(number: int, dice: random.Random) -> Record:
    """A paper with a date or half of it or none, on a list or on none, liked or not."""
    day = dice.choice(DAYS)
    listed = dice.choice([day, None])
    votes = dice.choice([0, 0, 1, 2, 2, 50])
    made = paper(
        number,
        listed=listed,
        published=dice.choice([day, day, day - timedelta(days=dice.randrange(400))]),
        signals=(Signal("upvotes", votes), Signal("comments", dice.randrange(3))),
        abstract=f"This is about {dice.choice(['soup', 'stars', 'hands'])} and other things.",
    )
    listings = tuple(replace(one, submitter_username=dice.choice(["mira", "ola"])) for one in made.listings)
    made = replace(made, listings=listings)
    if not listed and dice.random() < 0.3:
        of_month = replace(made, published_at=NOVEMBER, published_precision="month")
        return dice.choice([replace(made, published_at=None), of_month])
    return made


@pytest.fixture(params=[1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(2, 6))])
def dice(request, db) -> random.Random:
    """What chose the papers of the catalogue, and chooses those that come in later."""
    dice = random.Random(request.param)
    come_in(*range(1, PAPERS + 1), dice=dice)
    return dice


def come_in(*numbers: int, dice: random.Random) -> None:
    """New papers, in every list as soon as the index has them, too."""
    publish(*(some(number, dice) for number in numbers))
    caches["memory"].clear()
    while indexing.catch_up():
        pass


def titles(pks: list[int]) -> Titles:
    named = dict(Paper.objects.values_list("pk", "title"))
    return [named[pk] for pk in pks]


def whole(wanted: ListName) -> tuple[Titles, int]:
    """What its reader gives of a list, all at once."""
    found = lists.read(wanted, None, Part(1000), today=TODAY)
    return titles(found.pks), found.total


def on_pages(client: Client, wanted: ListName) -> Titles:
    found: Titles = []
    for number in range(1, 100):
        is_question = wanted.kind == "search" and wanted.name
        address = list_page(wanted) + (f"&sort={wanted.order or 'date'}" if is_question else "")
        answer = client.get(f"{address}{'&' if '?' in address else '?'}page={number}")
        if answer.status_code == 404:
            return found
        headlines = HEADLINE.findall(answer.content.decode())
        found += [unescape(re.sub("<[^>]+>", "", one)) for one in headlines]
        if wanted.kind == "latest":
            return found
    raise AssertionError("no last page")


def in_file(client: Client, wanted: ListName, form: str) -> tuple[Titles, int]:
    """The papers of a file, part by part, and how many it says there are."""
    found: Titles = []
    path, _, query = list_page(wanted).partition("?")
    address = f"{'/feed' if path == '/' else path}.{form}?limit=7" + (f"&{query}" if query else "")
    while address:
        answer = client.get(address)
        text = answer.content.decode()
        found += [one["title"] for one in json.loads(text)] if form == "csl.json" else TITLE.findall(text)
        link = re.match("<http://testserver([^>]+)>", answer.get("Link", ""))
        address = link[1] if link else ""
    return found, int(answer["X-Total-Count"])


def in_feed(client: Client, wanted: ListName, form: str) -> set[str]:
    path, _, query = list_page(wanted).partition("?")
    address = f"{'/feed' if path == '/' else path}.{form}?limit=500" + (f"&{query}" if query else "")
    content = client.get(address).content.decode()
    about = len(re.findall("Papers similar to Paper number", content))
    return set(TITLE.findall(content)) if not about else set(TITLE.findall(content)) - {"Paper number 1"}


def by_cursor(client: Client, address: str) -> tuple[Titles, int]:
    """All papers of a list of our API, and how many it says there are."""
    found: Titles = []
    cursor = ""
    while cursor is not None:
        answer = client.get(f"/api/v1/{address}", {"limit": 7, "cursor": cursor}).json()
        found += [one.get("paper", one)["title"] for one in answer["papers"]]
        cursor = answer["next"]
    return found, answer.get("total", len(found))


def as_hugging_face(client: Client, address: str) -> Titles:
    found: Titles = []
    while address:
        answer = client.get(address)
        found += [item["paper"]["title"] for item in answer.json()]
        link = re.match("<http://testserver([^>]+)>", answer.get("Link", ""))
        address = link[1] if link else ""
    return found


@pytest.mark.anywhere
def test_every_way_of_reading_a_list_has_the_same_papers_in_the_same_order(client, dice):
    for wanted in LISTS:
        expected, total = whole(wanted)
        assert total == len(expected) == len(set(expected)) > 0, wanted
        shown = expected[:10] if wanted.kind == "latest" else expected
        assert on_pages(client, wanted) == shown, wanted
        for form in ("csl.json", "ris", "bib"):
            assert in_file(client, wanted, form) == (expected, total), wanted
        for form in ("atom", "rss", "json"):
            assert in_feed(client, wanted, form) == set(expected), wanted


V1 = {
    "editions/day/2026-11-19": ListName("day", "2026-11-19"),
    "editions/week/2026-W47": ListName("week", "2026-W47"),
    "editions/month/2026-11": ListName("month", "2026-11"),
    "trending": ListName("trending"),
    "authors/author-a-of-1": ListName("author", "author-a-of-1"),
    "organizations/mira": ListName("organization", "mira"),
    "categories/cs.LG": ListName("category", "cs.LG"),
    "papers": ListName("papers"),
}


@pytest.mark.anywhere
def test_our_api_has_the_same_papers_as_the_page(client, dice):
    for address, wanted in V1.items():
        expected, total = whole(wanted)
        assert by_cursor(client, address) == (expected, total if total >= 0 else len(expected)), address


HUGGING_FACE = {
    "date=2026-11-19": ListName("day", "2026-11-19"),
    "week=2026-W47": ListName("week", "2026-W47"),
    "month=2026-11": ListName("month", "2026-11"),
    "month=2026-11&sort=publishedAt": ListName("month", "2026-11", "newest"),
    "week=2026-W47&sort=trending": ListName("week", "2026-W47", "trending"),
    "week=2026-W47&submitter=mira": ListName("week", "2026-W47", submitter="mira"),
    "sort=trending": ListName("trending"),
    "sort=trending&submitter=mira": ListName("trending", submitter="mira"),
    "submitter=mira": ListName("days", submitter="mira"),
    "": ListName("days"),
}


@pytest.mark.anywhere
def test_hugging_faces_api_has_the_same_papers_as_the_page(client, dice):
    for asked, wanted in HUGGING_FACE.items():
        expected, _ = whole(wanted)
        assert as_hugging_face(client, f"/api/daily_papers?limit=7&{asked}") == expected, asked


@pytest.mark.anywhere
def test_all_papers_are_the_same_list_for_readers_and_for_both_kinds_of_programs(client, dice):
    expected, _ = whole(ListName("search"))
    assert as_hugging_face(client, "/api/papers?limit=7") == by_cursor(client, "papers")[0] == expected
    found = client.get("/api/v1/search", {"limit": 100}).json()
    assert [one["title"] for one in found["papers"]] == expected
    told = CliRunner().invoke(search_command, ["--json", "--limit", "100", ""])
    assert [one["title"] for one in json.loads(told.stdout)["papers"]] == expected
    assert [one.title for one in tools.search_papers("", limit=50).papers] == expected[:50]


@pytest.mark.anywhere
def test_agents_and_the_command_have_the_same_papers_as_the_page(client, dice):
    for wanted, tool in (
        (ListName("week", "2026-W47"), lambda at: tools.edition("2026-W47", 7, at)),
        (ListName("trending"), lambda at: tools.trending(7, at)),
    ):
        expected, total = whole(wanted)
        answers = [tool(at) for at in range(0, total, 7)]
        assert [one.title for answer in answers for one in answer.papers] == expected
        assert {answer.total for answer in answers} == {total}
    expected, total = whole(ListName("similar", "2611.00001"))
    assert [one.title for one in tools.similar_papers(["2611.00001"], limit=50).papers] == expected[:50]
    told = CliRunner().invoke(similar_command, ["2611.00001", "--json", "--limit", "200"])
    assert [one["title"] for one in json.loads(told.stdout)] == expected


@pytest.mark.anywhere
def test_what_is_close_in_meaning_goes_on_over_pages_like_what_matches(client, dice):
    while indexing.embed_due():
        pass
    query = "Paper number 17 is about soup, stars, hands and other things"
    expected, total = whole(ListName("search", query, "relevance"))
    assert total == len(expected) == len(set(expected)) > 10 + whole(ListName("search", query))[1]
    assert on_pages(client, ListName("search", query, "relevance")) == expected


@pytest.mark.anywhere
@pytest.mark.parametrize("order", finding.ORDERS)
def test_a_search_has_the_same_papers_for_readers_programs_and_agents_in_every_order(client, dice, order):
    query = "number -stars"
    expected, _ = whole(ListName("search", query, order))
    assert expected
    in_steps = range(0, len(expected), 7)
    ours = [
        client.get("/api/v1/search", {"q": query, "sort": order, "limit": 7, "offset": at}).json()
        for at in in_steps
    ]
    agents = [tools.search_papers(query, limit=7, offset=at, sort=order) for at in in_steps]
    told = CliRunner().invoke(search_command, ["--json", "--limit", "100", "--sort", order, "--", query])
    for parts in (ours, [answer.model_dump() for answer in agents], [json.loads(told.stdout)]):
        assert [one["title"] for part in parts for one in part["papers"]] == expected
        assert len({part["total"] for part in parts}) == 1
    assert on_pages(client, ListName("search", query, order)) == expected
    if order == "relevance":
        theirs = client.get("/api/papers/search", {"q": query, "limit": 100}).json()
        assert [item["paper"]["title"] for item in theirs] == expected


EVERY = [*LISTS, *FOR_PROGRAMS]
# While papers are compared by their words, how alike they are depends on all others.
LASTING = [wanted for wanted in EVERY if wanted.kind != "similar"]


def test_parts_by_number_and_by_cursor_make_the_same_list(dice):
    for wanted in EVERY:
        expected, _ = whole(wanted)
        at_once = range(0, len(expected) + 7, 7)
        by_number = [lists.read(wanted, None, Part(7, at), today=TODAY) for at in at_once]
        assert [title for part in by_number for title in titles(part.pks)] == expected, wanted
        assert len({part.total for part in by_number}) == 1, wanted
        by_cursor = [lists.read(wanted, None, Part(7), today=TODAY)]
        while cursor := by_cursor[-1].next:
            by_cursor.append(lists.read(wanted, None, Part(7, after=cursor), today=TODAY))
        assert [part.entries for part in by_cursor] == [part.entries for part in by_number if part.entries], (
            wanted
        )


def test_no_paper_is_lost_or_twice_while_others_come_in(dice):
    before = {wanted: whole(wanted)[0] for wanted in LASTING}
    found: dict[ListName, Titles] = {wanted: [] for wanted in LASTING}
    cursors: dict[ListName, str | None] = dict.fromkeys(LASTING, "")
    numbers = iter(range(PAPERS + 1, PAPERS + 25))
    while any(cursor is not None for cursor in cursors.values()):
        for wanted, cursor in cursors.items():
            if cursor is not None:
                part = lists.read(wanted, None, Part(7, after=cursor), today=TODAY)
                found[wanted] += titles(part.pks)
                cursors[wanted] = part.next
        come_in(*islice(numbers, 2), dice=dice)
        assert not [wanted for wanted, one in found.items() if len(one) > 2 * PAPERS]
    for wanted, walked in found.items():
        assert len(walked) == len(set(walked)), wanted
        assert [title for title in walked if title in set(before[wanted])] == before[wanted], wanted


def test_what_came_in_above_a_paper_is_told_by_its_cursor(dice):
    firsts = {wanted: lists.read(wanted, None, Part(5), today=TODAY) for wanted in LASTING}
    for wanted, first in firsts.items():
        assert lists.read(wanted, None, Part(5, since=first.first), today=TODAY).entries == (), wanted
    come_in(*range(PAPERS + 1, PAPERS + 20), dice=dice)
    for wanted, first in firsts.items():
        now, _ = whole(wanted)
        new = lists.read(wanted, None, Part(1000, since=first.first), today=TODAY)
        assert titles(new.pks) == now[: now.index(*titles(first.pks[:1]))], wanted
        assert new.total in {len(new.entries), -1}, wanted


LEFT_OUT = [
    ("word", "soup"),
    ("word", "stars and other"),
    ("word", "paper"),
    ("author", "author-b-of-2"),
    ("author", "author-c-of-5"),
    ("organization", "mira"),
    ("category", "cs.LG"),
]
PAPERS_WITH = {
    "author": "authorships__author",
    "organization": "affiliations__organization",
    "category": "categories__code",
}


def with_one_of(left_out: list[tuple[str, str]]) -> set[str]:
    """The titles of the papers that are left out."""
    asked = [
        {PAPERS_WITH[kind]: value} if kind in PAPERS_WITH else {f"{of}__icontains": value}
        for kind, value in left_out
        for of in (("title", "abstract") if kind == "word" else ("",))
    ]
    return {title for one in asked for title in Paper.objects.filter(**one).values_list("title", flat=True)}


def in_own_feed(client: Client, viewer: Viewer, wanted: ListName) -> set[str]:
    _, secret = own_feeds.make(viewer, wanted, now=SUNDAY)
    return {item["title"] for item in client.get(f"/feeds/{secret}.json").json()["items"]}


@pytest.mark.anywhere
@pytest.mark.parametrize("many", [1, 2])
def test_what_a_reader_leaves_out_is_in_no_list_of_theirs_whichever_way_they_read_it(client, dice, many):
    person = Person.objects.create(handle="ada", role="operator", joined_at=SUNDAY, vouched_at=SUNDAY)
    viewer, left_out = Viewer(person), dice.sample(LEFT_OUT, many)
    for kind, value in left_out:
        ignoring.ignore(viewer, kind, value, now=SUNDAY)
    gone, (browser, program) = with_one_of(left_out), (Client(), Client(headers=bearer(person, ["read"])))
    browser.force_login(person)

    def shown(wanted: ListName, first: int = 1000) -> Titles:
        return [title for title in whole(wanted)[0][:first] if title not in gone]

    for wanted in LISTS:
        assert on_pages(browser, wanted) == shown(wanted, 10 if wanted.kind == "latest" else 1000), wanted
        assert in_own_feed(client, viewer, wanted) == set(shown(wanted)), wanted
    for address, wanted in V1.items():
        is_whole = wanted.kind == "papers"
        assert by_cursor(program, address)[0] == (whole(wanted)[0] if is_whole else shown(wanted)), address
        assert by_cursor(client, address)[0] == whole(wanted)[0], address
    for asked, wanted in HUGGING_FACE.items():
        assert as_hugging_face(program, f"/api/daily_papers?limit=7&{asked}") == shown(wanted), asked
    search, similar = ListName("search", "number", "relevance"), ListName("similar", "2611.00001")
    found = program.get("/api/v1/search", {"q": "number", "limit": 100}).json()
    assert [one["title"] for one in found["papers"]] == shown(search)
    assert found["hidden"] == len(whole(search)[0]) - len(shown(search))
    told = CliRunner().invoke(search_command, ["--json", "--limit", "100", "number"])
    assert [one["title"] for one in json.loads(told.stdout)["papers"]] == shown(search)
    agent = asking.viewer.set(Viewer(person, scopes={"read"}, via="mcp"))
    for wanted, answer in (
        (search, tools.search_papers("number", limit=50)),
        (similar, tools.similar_papers(["2611.00001"], limit=50)),
        (ListName("month", "2026-11"), tools.edition("2026-11", 50)),
        (ListName("trending"), tools.trending(50)),
    ):
        assert [one.title for one in answer.papers] == shown(wanted, 50), wanted
        assert answer.hidden == len(whole(wanted)[0][:50]) - len(answer.papers)
    asking.viewer.reset(agent)
