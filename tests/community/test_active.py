"""On which days somebody did more than vote: each deed of a person's own says so, and enough of them vouch."""

from __future__ import annotations

import pytest
from tests.site.every_form import world
from tests.web.press import SUNDAY

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import claiming, commenting, reporting, submitting, voting
from broadsheet.community.models import Comment, Submission
from broadsheet.library import following

pytestmark = pytest.mark.django_db
NAMED = "arxiv:2611.00001"
DEEDS = ("comment", "submit", "report", "claim", "follow")


def do(deed: str, eve: Viewer, paper: int, root: int) -> None:
    match deed:
        case "comment":
            commenting.write(eve, paper, NAMED, "Well.", now=SUNDAY)
        case "submit":
            submitting.submit(eve, "2611.00009", now=SUNDAY)
        case "report":
            reporting.report(eve, "comment", root, reason="spam", now=SUNDAY)
        case "claim":
            claiming.ask_author(eve, paper, NAMED, "author-b-of-1", now=SUNDAY)
        case "follow":
            following.follow(eve, "category", "cs.LG", now=SUNDAY)


@pytest.fixture
def eve(settings) -> Person:
    changes = {"access": "open", "active_days": 1, "sources": "arxiv"}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changes)
    return Person.objects.create(handle="eve")


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_but_a_vote_counts_the_day_and_an_agents_does_not(eve, deed):
    keys = world()
    paper = Comment.objects.get(pk=keys["root"]).paper_id
    voting.cast(Viewer(eve), paper, NAMED, now=SUNDAY)
    assert (eve.active_days, eve.vouched_at) == (0, None)
    if deed not in {"report", "claim"}:  # which no program does
        do(deed, Viewer(eve, scopes={deed}, is_agent=True), paper, keys["root"])
        assert (eve.active_days, eve.vouched_at) == (0, None)
        if deed == "submit":
            Submission.objects.filter(person=eve).delete()
    do(deed, Viewer(eve), paper, keys["root"])
    eve.refresh_from_db()
    assert eve.active_days == 1
    assert eve.vouched_at
