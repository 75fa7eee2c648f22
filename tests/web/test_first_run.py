"""What a newcomer is told: what the demonstration is, what comes by itself, and how old the newest papers are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.web.press import paper, publish

from broadsheet.sources import demo
from broadsheet.sources.completeness.freshness import _why, is_old
from broadsheet.sources.live.huggingface_days import DAYS
from broadsheet.sources.models import SourceState

pytestmark = pytest.mark.django_db
LINE = "Demonstration: well-known papers, dated as if new."


def set_to(settings, **values: str) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=values)


def test_the_demonstration_says_in_one_line_what_it_is(read):
    demo.fill(now=timezone.now())
    assert read("/").count(LINE) == 1
    assert "demo" in read("/status").partition("Last runs")[2]


def test_other_papers_are_no_demonstration(read):
    publish(paper(1))
    assert LINE not in read("/")


def test_an_empty_site_says_what_comes_when_and_how_to_choose_categories(read, settings):
    set_to(settings, sources="arxiv,huggingface", categories="hep-th,cs.CL")
    html = read("/")
    for said in (
        "hep-th, cs.CL",
        "as soon as the worker has started",
        "BROADSHEET_CATEGORIES",
        "Hugging Face",
    ):
        assert said in html


def test_an_empty_site_says_when_a_source_is_asked_next(read, settings):
    due = timezone.now() + timedelta(hours=2)
    SourceState.objects.create(name=DAYS.name, due_at=due)
    set_to(settings, sources="huggingface")
    assert f"{due:%H:%M}" in read("/")


def test_an_empty_site_that_fetches_nothing_says_so(read, settings):
    set_to(settings, sources="")
    assert "Nothing comes by itself" in read("/")


def test_an_old_edition_says_how_old_it_is_and_why(read, settings):
    set_to(settings, sources="")
    publish(paper(1, listed=date(2026, 9, 1)))
    html = " ".join(read("/").split())
    assert "Latest edition, 82 days ago" in html
    assert "nothing is being fetched: no source is switched on" in html
    assert "82 days ago" in read("/papers/trending")


def test_a_fresh_edition_says_nothing_of_its_age(read):
    publish(paper(1))
    assert "days ago" not in read("/")


def test_a_weekend_makes_no_edition_old():
    assert not is_old(date(2026, 11, 19), today=date(2026, 11, 23))
    assert is_old(date(2026, 11, 18), today=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ([], "no source has been read yet"),
        ([(None, 3)], "no source has been read yet"),
        ([(datetime(2026, 11, 1, tzinfo=UTC), 3)], "the sources have not answered since"),
        ([(datetime(2026, 11, 1, tzinfo=UTC), 0)], "the sources have had nothing newer"),
    ],
)
def test_why_nothing_new_is_here_follows_from_what_sources_did(standing, said):
    assert _why(standing, is_any_on=True) == said
