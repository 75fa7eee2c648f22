"""A handle belongs to who has it, and afterwards to nobody who could pass for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.accounts import handles, leaving
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import FormerHandle, Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def ana(settings, tmp_path) -> Person:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path, "access": "open"})
    return Person.objects.create(handle="ana", joined_at=NOW)


def test_the_handle_of_who_left_is_nobodys(ana):
    leaving.leave(ana, Choice(), now=NOW)
    with pytest.raises(handles.HandleError, match="taken"):
        handles.choose(Person.objects.create(), "ana")
    (kept,) = FormerHandle.objects.values()
    assert kept["person_id"] is None
    assert "ana" not in kept["digest"]


def test_who_changes_their_handle_may_have_the_old_one_back_and_nobody_else_may(ana):
    handles.choose(ana, "ana-b")
    with pytest.raises(handles.HandleError, match="taken"):
        handles.choose(Person.objects.create(), "Ana")
    handles.choose(ana, "ana")
    assert Person.objects.get(pk=ana.pk).handle == "ana"


def test_nobody_gathers_handles_by_changing_theirs(ana):
    for number in range(20):
        handles.choose(ana, f"famous-{number}")
    assert FormerHandle.objects.filter(person=ana).count() == handles.FORMER
    handles.choose(Person.objects.create(), "famous-1")


def test_a_handle_that_could_not_be_had_keeps_nothing(ana):
    bea = Person.objects.create(handle="bea")
    with pytest.raises(handles.HandleError, match="taken"):
        handles.choose(bea, "ana")
    assert not FormerHandle.objects.exists()
