"""Rings and quarrels on a real day, played again: what they move, and who sees them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from tests.community.people import person

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import commenting, counting, voting
from broadsheet.community.models import Deed, Vote
from broadsheet.daily import editions, lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers.catalogue import store
from broadsheet.papers.heat import HOURS
from broadsheet.papers.models import Paper, PaperListing, Tally
from broadsheet.sources.files.huggingface import read
from broadsheet.sources.files.opening import open_source

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 23)
NOON = datetime(2026, 6, 23, 12, tzinfo=UTC)
WANTED = [ListName("day", DAY.isoformat()), *(ListName("trending", over) for over in HOURS)]
FEW_VOTES = 3
Places = dict[ListName, dict[int, int]]


@pytest.fixture
def day(shared: Path, settings) -> Sequence[int]:
    """The papers of the day, the best first, each with as many votes here as it had there."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open", "limits": "off"})
    with open_source(shared / f"data/hf_daily/{DAY}.json", now=NOON) as opened:
        store(list(read(opened)), now=NOON)
    honest = accounts(400, "honest", vouched_at=NOON)
    chance = random.Random(13)
    papers = list(PaperListing.objects.filter(day=DAY).values_list("paper", "paper__public_id"))
    upvotes = dict(Tally.objects.values_list("paper", "votes"))
    Vote.objects.bulk_create(
        Vote(
            person=one,
            paper_id=pk,
            named=f"arxiv:{name}",
            cast_at=NOON - timedelta(hours=chance.randrange(2, 10)),
        )
        for pk, name in papers
        for one in chance.sample(honest, upvotes.get(pk, 0))
    )
    voting.judge([pk for pk, _ in papers], now=NOON)
    with time_machine.travel(NOON, tick=False):
        yield sorted(upvotes, key=lambda pk: -upvotes[pk])


def accounts(many: int, name: str, **more: object) -> list[Person]:
    made = [Person(handle=f"{name}-{number}", joined_at=NOON, **more) for number in range(many)]
    return Person.objects.bulk_create(made)


def strike(ring: Sequence[Person], paper: int) -> None:
    """Have them all vote for the paper within twenty minutes."""
    named = f"arxiv:{Paper.objects.get(pk=paper).public_id}"
    for number, one in enumerate(ring):
        voting.cast(Viewer(one), paper, named, now=NOON + timedelta(seconds=number * 1200 // len(ring)))


def places() -> Places:
    editions.forget()
    found = {wanted: lists.read(wanted, None, Part(1000), today=DAY) for wanted in WANTED}
    return {
        wanted: {one.pk: place for place, one in enumerate(those.entries)} for wanted, those in found.items()
    }


def counted() -> dict[int, int]:
    return dict(Tally.objects.values_list("paper", "counted_here"))


@pytest.mark.parametrize("many", [20, pytest.param(200, marks=pytest.mark.thorough)])
def test_the_paper_of_a_ring_of_fresh_accounts_stays_where_it_was_and_honest_ones_keep_every_vote(day, many):
    before, votes = places(), counted()
    assert all(len(those) > 20 for those in before.values())
    strike(accounts(many, "fresh"), day[len(day) // 2])
    assert (places(), counted()) == (before, votes)
    assert Tally.objects.get(paper=day[len(day) // 2]).cast_here >= many


@pytest.mark.parametrize("joint", [8, 0])
def test_a_ring_of_old_accounts_is_on_the_page_of_moderators_within_the_hour_and_each_look_is_a_deed(
    day, joint
):
    ring, target = accounts(50, "old", vouched_at=NOON), day[14]
    for paper in day[20 : 20 + joint]:
        Vote.objects.bulk_create(
            Vote(person=one, paper_id=paper, named=f"made-up:{paper}", cast_at=NOON - timedelta(days=9))
            for one in ring
        )
    strike(ring, target)
    mo = Client(headers={"Sec-Fetch-Site": "same-origin"})
    mo.force_login(person(9, role="moderator"))
    with time_machine.travel(NOON + timedelta(minutes=50), tick=False):
        page = mo.get("/moderation").content.decode()
        name = Paper.objects.get(pk=target).public_id
        assert f'<a href="/papers/{name}">' in page
        assert "50 votes" in page
        assert not Deed.objects.exists()
        seen = mo.post("/moderation/overlaps", {"paper": name, "reason": "A burst."}).content.decode()
    assert ("old-0" in seen) == bool(joint)
    assert list(Deed.objects.values_list("verb", "kind", "target")) == [("look", "paper", target)]


def test_a_quarrel_of_sixty_comments_by_four_people_moves_nobody_by_more_than_a_place_or_a_vote_would(day):
    target = next(pk for pk in day if counted()[pk] == FEW_VOTES)
    named = f"arxiv:{Paper.objects.get(pk=target).public_id}"
    before = places()
    crowd = [Viewer(one) for one in accounts(4, "loud", vouched_at=NOON)]
    for number in range(60):
        said = f"No, and for the {number}th time: no."
        commenting.write(crowd[number % 4], target, named, said, now=NOON + timedelta(minutes=number))
    assert Tally.objects.get(paper=target).comments_here == 60
    after = places()
    for of, those in before.items():
        assert all(abs(after[of][pk] - place) <= 1 for pk, place in those.items() if pk != target)
    for one in crowd:
        Person.objects.filter(pk=one.pk).update(suspended_until=NOON + timedelta(days=9))
    counting.recount_all()
    assert places() == before
    voting.cast(Viewer(person(77)), target, named, now=NOON)
    assert all(places()[of][target] <= after[of][target] for of in before)
