"""Once a day everything is recounted, and who watches the site sees how much was wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.community.people import NOW, named, paper, papers, people, person

from broadsheet.accounts.access import Viewer
from broadsheet.community import commenting, nightly, voting
from broadsheet.community.models import Comment
from broadsheet.community.rendering import RENDERER
from broadsheet.papers.models import Tally

pytestmark = pytest.mark.django_db


def counted(number: int = 1) -> tuple[int, float | None]:
    return Tally.objects.values_list("counted_here", "heat_week").get(paper=paper(number))


def test_a_tally_that_drifted_is_right_a_day_later_and_the_metric_says_so(client):
    papers(1, 2)
    (ada,) = people(1)
    voting.cast(ada, paper(1), named(1), now=NOW)
    right = counted()
    assert nightly.go_over(now=NOW)
    Tally.objects.filter(paper=paper(1)).update(counted_here=40)
    assert not nightly.go_over(now=NOW + timedelta(hours=23))
    assert counted()[0] == 40
    assert nightly.go_over(now=NOW + timedelta(days=1))
    assert counted() == right
    assert "broadsheet_tallies_wrong 1.0" in client.get("/metrics").content.decode()
    assert nightly.go_over(now=NOW + timedelta(days=2))
    assert nightly.wrong() == 0


def test_votes_given_while_anybody_could_have_an_account_count_when_that_ends(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open"})
    papers(1)
    voting.cast(Viewer(person(1, vouched_at=None)), paper(1), named(1), now=NOW)
    nightly.go_over(now=NOW)
    assert counted() == (0, None)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    nightly.go_over(now=NOW + timedelta(days=1))
    assert counted()[0] == 1


def test_comments_that_an_older_renderer_made_are_made_anew_once():
    papers(1)
    (ada,) = people(1)
    for number in range(60):
        commenting.write(ada, paper(1), named(1), f"*{number}*", now=NOW + timedelta(hours=number))
    Comment.objects.exclude(source="*7*").update(html="<p>old</p>", renderer=RENDERER - 1)
    nightly.go_over(now=NOW)
    assert not Comment.objects.filter(html="<p>old</p>").exists()
    made = {(one.renderer, one.html) for one in Comment.objects.all()}
    assert made == {(RENDERER, f"<p><em>{number}</em></p>\n") for number in range(60)}
