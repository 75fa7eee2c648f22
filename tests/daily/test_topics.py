"""Topics: lists saved under a name, who sees them, and what is new in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import noting, topics
from broadsheet.daily.entries import ListName
from broadsheet.daily.models import Topic, TopicEntry
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db
LEARNING = ListName("category", "cs.LG")
LATER = SUNDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _an_index_of_its_own(tmp_path, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})


@pytest.fixture
def ada() -> Viewer:
    return Viewer(person=Person.objects.create(handle="ada"))


@pytest.fixture
def ben() -> Viewer:
    return Viewer(person=Person.objects.create(handle="ben"))


def put(*numbers: int) -> None:
    publish(*(paper(number) for number in numbers))
    while indexing.catch_up():
        pass


def save(viewer: Viewer, wanted: ListName = LEARNING, **more) -> Topic:
    return topics.save(viewer, wanted, **{"name": "Learning", "now": SUNDAY, **more})


def since(topic: Topic, number: int = 0) -> list[str]:
    return [entry.paper.public_id for entry in noting.new_since(topic, number, limit=100)]


def test_a_saved_list_has_its_first_papers_and_then_those_that_come(ada):
    put(1, 2, 3)
    topic = save(ada, size=2)
    assert since(topic) == ["2611.00002", "2611.00003"]
    put(4, 5)
    assert noting.note_new(topic, now=LATER) == 2
    assert since(topic, 2) == ["2611.00004", "2611.00005"]
    assert noting.note_new(topic, now=LATER) == 0
    assert topic.last == Topic.objects.get().last == 4


def test_a_paper_that_was_in_a_saved_list_below_its_first_ones_is_never_new(ada):
    put(1, 2, 3)
    topic = save(ada, size=1)
    assert noting.note_new(topic, now=LATER) == 0
    assert TopicEntry.objects.filter(number=0).count() == 2
