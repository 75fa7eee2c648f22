"""What a person leaves out of their lists."""

from __future__ import annotations

import pytest
from tests.web.press import SUNDAY, paper

from broadsheet.accounts import access, exporting
from broadsheet.accounts.access import NobodyError, NoScopeError, Viewer
from broadsheet.accounts.models import Person
from broadsheet.library import ignoring
from broadsheet.library.models import Ignored
from broadsheet.papers.catalogue import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Viewer:
    store([paper(1)], now=SUNDAY)
    return Viewer(person=Person.objects.create(handle="ada"))


def ignore(viewer: Viewer, kind: str, value: str) -> ignoring.LeftOut:
    return ignoring.ignore(viewer, kind, value, now=SUNDAY)


def test_what_is_left_out_is_left_out_once_by_its_name_of_now_and_listed_in_words(ada):
    for kind, value in (
        ("category", "math.MP"),
        ("organization", "mira"),
        ("author", "Author A of 1"),
        ("author", "author-a-of-1"),
        ("word", "  Graph   Neural "),
        ("word", "graph neural"),
    ):
        ignore(ada, kind, value)
    assert [(one.kind, one.name, one.shown) for one in ignoring.mine(ada)] == [
        ("word", "graph neural", "graph neural"),
        ("author", "author-a-of-1", "Author A of 1"),
        ("organization", "mira", "Mira & Sons"),
        ("category", "math-ph", "Mathematical Physics"),
    ]
    assert ignoring.ignores(ada, "author", "author-a-of-1")
    assert not ignoring.ignores(Viewer(Person.objects.create(handle="ben")), "author", "author-a-of-1")


def test_to_take_it_back_twice_changes_nothing_and_works_for_what_is_gone(ada):
    ignore(ada, "word", "Graphs")
    Ignored.objects.create(person=ada.person, kind="author", value="somebody-gone", since=SUNDAY)
    for kind, value in (("word", "\0…"), ("word", "GRAPHS"), ("word", "graphs"), ("author", "somebody-gone")):
        ignoring.unignore(ada, kind, value, now=SUNDAY)
    assert ignoring.mine(ada) == []


@pytest.mark.parametrize("kind", ["author", "organization", "category", "weather"])
@pytest.mark.parametrize("value", ["nobody", "", "\0", "x" * 400])
def test_there_is_nothing_of_that_name_to_leave_out(ada, kind, value):
    with pytest.raises(ignoring.NothingToIgnoreError):
        ignore(ada, kind, value)


@pytest.mark.parametrize("value", ["", " ", "…!", "a\x07b", "x" * 101])
def test_what_is_no_word_or_phrase_is_refused(ada, value):
    with pytest.raises(ignoring.IgnoringError, match="a word or a phrase of at most 100"):
        ignore(ada, "word", value)


def test_nobody_leaves_out_more_than_two_hundred_things(ada):
    for number in range(ignoring.MOST):
        ignore(ada, "word", f"word {number}")
    ignore(ada, "word", "word 7")
    with pytest.raises(ignoring.IgnoringError, match="200 things already"):
        ignore(ada, "word", "one more")


def test_only_somebody_leaves_out_anything_and_a_program_needs_the_scope_save(ada):
    with pytest.raises(NobodyError):
        ignore(Viewer(), "word", "graphs")
    for verb in (ignoring.ignore, ignoring.unignore):
        with pytest.raises(NoScopeError, match="save"):
            verb(Viewer(ada.person, scopes=set(access.SCOPES) - {"save"}), "word", "graphs", now=SUNDAY)
    ignore(Viewer(ada.person, scopes={"save"}), "word", "graphs")


def test_what_is_left_out_goes_with_all_that_is_mine(ada):
    ignore(ada, "word", "graphs")
    assert [(row["kind"], row["value"]) for row in exporting.files["left-out"](ada.person)] == [
        ("word", "graphs")
    ]
