"""What was picked as undiscovered is remembered, and the page says how it fared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.community.people import NOW, TODAY, paper, people, record

from broadsheet.community import voting
from broadsheet.daily import picks
from broadsheet.daily.picks import Fared
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Pick

pytestmark = pytest.mark.django_db
OVER = TODAY + timedelta(days=15)


def test_a_pick_is_remembered_once_and_judged_when_it_left_the_list():
    stars = {"github_stars": 9}
    store([record(number, 1, **(stars if number < 3 else {})) for number in range(1, 9)], now=NOW)
    for _ in range(2):
        picks.go_over(today=TODAY)
    assert set(Pick.objects.values_list("paper", flat=True)) == {paper(1), paper(2)}
    for viewer in people(1, 2):
        voting.cast(viewer, paper(1), "arxiv:2611.00001", now=NOW)
    picks.go_over(today=OVER - timedelta(days=2))
    assert picks.fared() == Fared(over=0, at_top=0)
    picks.go_over(today=OVER)
    assert picks.fared() == Fared(over=2, at_top=1)
    picks.go_over(today=OVER + timedelta(days=1))
    assert picks.fared() == Fared(over=2, at_top=1)
