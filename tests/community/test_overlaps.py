"""Who votes together: the numbers by hand, and the report."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.community.moderated import viewer
from tests.community.people import NOW, named, papers, person

from broadsheet.accounts.access import NOBODY, NobodyError, NotAllowedError, Viewer
from broadsheet.community import overlaps, voting
from broadsheet.community.deeds import ReasonError
from broadsheet.community.models import Claim, Deed, Vote

DAY = timedelta(days=1)


def test_what_two_people_shared_is_counted():
    shared = overlaps.joint([{1, 2, 3}, {2, 3, 4, 5}, set()])
    assert shared.tolist() == [[3, 2, 0], [2, 4, 0], [0, 0, 0]]


def test_two_people_who_share_what_all_like_do_not_stand_out():
    # Eight papers, each with all of 100 votes: by chance they share 8 * 8 * 8 * 100² / 800² = 8.
    s = overlaps.beyond_chance(np.full((2, 2), 8.0), [100] * 8, least=4)
    assert s.tolist() == [[0, 0], [0, 0]]


def test_two_people_who_share_what_hardly_anybody_likes_stand_out():
    # 64 * 8 * 4 / 10_016² of chance is nothing: s = (8 - 1) / 8.
    s = overlaps.beyond_chance(np.full((2, 2), 8.0), [2] * 8 + [100] * 100, least=4)
    chance = 64 * (8 * 4 + 100 * 10_000) / 10_016**2
    assert s[0, 1] == s[1, 0] == pytest.approx((8 - 2 * chance - 1) / 8)
    assert s[0, 0] == 0


def test_a_few_shared_papers_are_no_overlap():
    shared = np.array([[3.0, 3.0], [3.0, 3.0]])
    assert not overlaps.beyond_chance(shared, [2] * 3 + [1] * 1000, least=4).any()


def test_people_without_other_votes_are_independent():
    assert overlaps.independent(overlaps.beyond_chance(overlaps.joint([set(), set()]), [], least=4)) == 2


def test_a_ring_reads_as_few_and_two_of_one_mind_as_one_and_a_bit():
    assert overlaps.independent(np.array([[0.0, 1.0], [1.0, 0.0]])) == 1
    ring = np.ones((50, 50)) - np.eye(50)
    assert overlaps.independent(ring) == pytest.approx(1)


def test_the_busiest_hour_slides():
    times = [NOW + timedelta(minutes=minutes) for minutes in (0, 50, 65, 70, 109, 110, 300)]
    assert overlaps.busiest_hour(times) == 4
    assert overlaps.busiest_hour([]) == 0


@pytest.fixture
def ring(db) -> list[int]:
    """Six people who vote together for nine papers that nobody else likes; one who votes alone."""
    keys = papers(*range(1, 30))
    members = [Viewer(person(number)) for number in range(6)]
    for member in members:
        for number in range(1, 10):
            voting.cast(member, keys[number - 1], named(number), now=NOW)
    others = papers(*range(100, 200))
    for number in range(200, 208):
        reader = person(number)
        Vote.objects.bulk_create(
            Vote(person=reader, paper_id=pk, named=f"made-up:{pk}", cast_at=NOW - 10 * DAY) for pk in others
        )
    alone = Viewer(person(100))
    for number in (9, *range(10, 30)):
        voting.cast(alone, keys[number - 1], named(number), now=NOW)
    return keys


def test_moderators_see_a_ring_and_each_look_is_a_deed(ring):
    mo = viewer("mo", "moderator")
    found = overlaps.look(mo, ring[8], reason="A burst.", now=NOW)
    assert found.voters == 7
    assert found.independent < 3
    assert len(found.pairs) == 15
    assert found.pairs[0].joint == 8
    deed = Deed.objects.get()
    assert (deed.verb, deed.kind, deed.target, deed.actor) == ("look", "paper", ring[8], mo.pk)


def test_nobody_else_looks_and_nobody_without_a_reason(ring):
    for who, problem in ((viewer("ada", "curator"), NotAllowedError), (NOBODY, NobodyError)):
        with pytest.raises(problem):
            overlaps.look(who, ring[8], reason="So.", now=NOW)
    with pytest.raises(ReasonError):
        overlaps.look(viewer("mo", "moderator"), ring[8], reason=" ", now=NOW)
    assert not Deed.objects.exists()


def test_people_of_one_organization_and_old_votes_are_left_out(ring):
    mo = viewer("mo", "moderator")
    later = NOW + timedelta(days=91)
    assert not overlaps.look(mo, ring[8], reason="So.", now=later).pairs
    for number in (0, 1):
        Claim.objects.create(
            person=viewer(f"reader-{number}").person,
            kind="organization",
            slug="tidal",
            asked_at=NOW,
            state="verified",
        )
    assert len(overlaps.look(mo, ring[8], reason="So.", now=NOW).pairs) == 14


def test_a_paper_without_votes_has_no_overlaps(ring):
    keys = papers(40)
    assert overlaps.look(viewer("mo", "moderator"), keys[0], reason="So.", now=NOW).voters == 0


def test_bursts_are_listed_within_the_hour(ring, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"burst_votes": 7})
    assert overlaps.bursts(now=NOW + timedelta(minutes=30)) == [(ring[8], 7)]
    assert overlaps.bursts(now=NOW + timedelta(days=2)) == []
