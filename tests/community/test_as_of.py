"""Lists of a past day are what was shown on it, and a ring of new accounts moves nothing."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from tests.community.people import NOW, TODAY, named, paper, papers, people, person, record

from broadsheet.accounts.access import Viewer
from broadsheet.community import counting, voting
from broadsheet.community.models import Comment, Vote
from broadsheet.daily import editions, lists
from broadsheet.daily.entries import Entries, ListName, Part
from broadsheet.http.shelf import shelf
from broadsheet.papers.catalogue import store
from broadsheet.papers.heat import HOURS
from broadsheet.papers.models import EditionPlace, Tally

pytestmark = pytest.mark.django_db
NUMBERS = range(1, 9)
WANTED = [ListName("trending", over) for over in HOURS] + [
    ListName("day", (TODAY - timedelta(days=1)).isoformat())
]


@pytest.fixture(autouse=True)
def _no_limits(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})


def shown(wanted: ListName, today) -> list[tuple[int, float | None, dict[str, float]]]:
    editions.forget()
    found: Entries = lists.read(wanted, None, Part(), today=today)
    return [(one.pk, one.score, dict(one.reasons)) for one in found.entries]


def comment(number: int, writer: Viewer, at) -> None:
    said = {"source": "Clear.", "html": "<p>Clear.</p>", "renderer": 1, "written_at": at}
    Comment.objects.create(paper_id=paper(number), person=writer.person, named=named(number), **said)
    counting.recount([paper(number)])


def misplaced() -> list[int]:
    """The papers whose places in editions are not those of their tallies."""
    as_tallied = {"counted": F("paper__tally__counted_here"), "talkers": F("paper__tally__talkers")}
    assert EditionPlace.objects.exists()
    return [*EditionPlace.objects.exclude(**as_tallied).values_list("paper", flat=True)]


def a_day_of_deeds(chance: random.Random, voters: list[Viewer], day: int) -> None:
    """People vote, withdraw and write; sources count anew; all of it on one day."""
    at = NOW + timedelta(days=day)
    for _ in range(12):
        voter, number = chance.choice(voters), chance.choice(NUMBERS)
        deed = chance.choice(["vote", "vote", "withdraw", "write"])
        if deed == "vote":
            voting.cast(voter, paper(number), named(number), now=at)
        elif deed == "withdraw":
            voting.withdraw(voter, paper(number), now=at)
        else:
            comment(number, voter, at)
    counted = [
        replace(
            record(number, 1, upvotes=chance.randrange(40), github_stars=chance.randrange(90)), observed_at=at
        )
        for number in chance.sample(NUMBERS, 4)
    ]
    store(counted, now=at)


@pytest.mark.parametrize("seed", range(3))
def test_a_list_as_of_a_past_day_is_what_was_shown_at_its_end(seed):
    chance, voters = random.Random(seed), people(*range(6))
    papers(*NUMBERS)
    seen = {}
    for day in range(4):
        a_day_of_deeds(chance, voters, day)
        today = TODAY + timedelta(days=day)
        seen[today] = {wanted: shown(wanted, today) for wanted in WANTED}
        assert not misplaced()
    last = TODAY + timedelta(days=4)
    for day, of_day in seen.items():
        for wanted, entries in of_day.items():
            assert shown(replace(wanted, as_of=day), last) == entries
            assert entries


ENTRY = re.compile(r'class="headline"><a[^>]*>(.*?)</a>|class="reason">(.*?)</p>', re.DOTALL)


def printed(client: Client, address: str) -> list[str]:
    """The titles on the page, and why each stands where it does; but for its age, which has hours by now."""
    editions.forget()
    shelf.clear()
    page = client.get(address).content.decode()
    page = re.sub(r"[\d,]+ hours?", "", page)
    return [" ".join(re.sub("<[^>]+>", " ", title or why).split()) for title, why in ENTRY.findall(page)]


@pytest.mark.parametrize("over", HOURS)
def test_the_page_of_a_past_day_says_what_the_page_said_on_that_day(over, client):
    chance, voters = random.Random(5), people(*range(6))
    papers(*NUMBERS)
    seen = {}
    for day in range(3):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            a_day_of_deeds(chance, voters, day)
            counting.lately.forget()
            seen[TODAY + timedelta(days=day)] = printed(client, f"/papers/trending?over={over}")
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        for day, said in seen.items():
            assert said
            assert printed(client, f"/papers/trending?over={over}&as_of={day}") == said
    assert len({tuple(said) for said in seen.values()}) > 1


def heats() -> list[tuple]:
    columns = ("paper", "counted_here", "talkers", "heat_day", "heat_week", "heat_month")
    return list(Tally.objects.order_by("paper").values_list(*columns))


def test_a_ring_of_fresh_accounts_moves_nothing_where_anybody_may_have_one(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open"})
    papers(*NUMBERS)
    for number, voter in enumerate(people(*range(8)), start=1):
        voting.cast(voter, paper(number), named(number), now=NOW)
    before, order = heats(), {wanted: [pk for pk, *_ in shown(wanted, TODAY)] for wanted in WANTED}
    for number in range(100, 150):
        fresh = Viewer(person(number, vouched_at=None))
        voting.cast(fresh, paper(3), named(3), now=NOW)
        comment(3, fresh, NOW)
    assert heats() == before
    assert {wanted: [pk for pk, *_ in shown(wanted, TODAY)] for wanted in WANTED} == order
    assert Vote.objects.filter(paper=paper(3)).count() == 51


def test_a_vote_lifts_a_paper_that_no_list_had_from_its_own_day_on():
    store([replace(record(1), published_at=NOW - timedelta(days=2))], now=NOW)
    assert shown(ListName("trending"), TODAY) == []
    (ada,) = people(1)
    voting.cast(ada, paper(1), named(1), now=NOW)
    ((pk, _, reasons),) = shown(ListName("trending"), TODAY)
    assert (pk, reasons["votes"], reasons["hours"]) == (paper(1), 1, 48)
    voting.withdraw(ada, paper(1), now=NOW)
    assert shown(ListName("trending"), TODAY) == []
