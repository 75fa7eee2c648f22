"""What a person follows."""

from __future__ import annotations

import pytest
from tests.web.press import SUNDAY, paper

from broadsheet.accounts.access import NobodyError, Viewer
from broadsheet.accounts.models import Person
from broadsheet.library import following
from broadsheet.library.models import Follow
from broadsheet.papers.catalogue import store

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Viewer:
    store([paper(1)], now=SUNDAY)
    return Viewer(person=Person.objects.create(handle="ada"))


def follow(viewer: Viewer, kind: str, name: str) -> following.Followed:
    return following.follow(viewer, kind, name, now=SUNDAY)


def test_what_is_followed_is_followed_once_by_its_name_of_now_and_listed_in_words(ada):
    follow(ada, "author", "Author A of 1")
    follow(ada, "author", "author-a-of-1")
    follow(ada, "organization", "mira")
    follow(ada, "category", "math.MP")
    assert [(one.kind, one.name, one.shown) for one in following.mine(ada)] == [
        ("author", "author-a-of-1", "Author A of 1"),
        ("organization", "mira", "Mira & Sons"),
        ("category", "math-ph", "Mathematical Physics"),
    ]
    assert following.follows(ada, "author", "author-a-of-1")
    assert not following.follows(
        Viewer(person=Person.objects.create(handle="ben")), "author", "author-a-of-1"
    )


def test_to_end_it_twice_changes_nothing_and_works_for_what_is_gone(ada):
    follow(ada, "category", "cs.LG")
    Follow.objects.create(person=ada.person, kind="author", name="somebody-gone", since=SUNDAY)
    for kind, name in (("category", "cs.LG"), ("category", "cs.LG"), ("author", "somebody-gone")):
        following.unfollow(ada, kind, name, now=SUNDAY)
    assert following.mine(ada) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("author", "nobody"),
        ("organization", ""),
        ("category", "a b"),
        ("category", "cs.ZZ"),
        ("author", "\0"),
        ("author", "x" * 400),
    ],
)
def test_there_is_nothing_of_that_name_to_follow(ada, kind, name):
    with pytest.raises(following.NothingToFollowError, match=f"There is no {kind} of that name"):
        follow(ada, kind, name)


def test_only_what_has_a_page_can_be_followed_and_only_by_somebody(ada):
    with pytest.raises(following.NothingToFollowError, match="an author, an organization or a category"):
        follow(ada, "weather", "rain")
    with pytest.raises(NobodyError):
        follow(Viewer(), "category", "cs.LG")
