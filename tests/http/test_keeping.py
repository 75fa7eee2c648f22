"""A kept answer is for everybody, or is not kept."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from broadsheet.http.keeping import PersonalAnswerError, kept


def get(path: str = "/page", **headers: str):
    return RequestFactory().get(path, headers=headers)


def counting(**options):
    """A kept view that says how often it was made, and what it saw of the query."""
    made: list[str] = []

    @kept(seconds=60, **options)
    def view(request):
        made.append(request.META["QUERY_STRING"])
        return HttpResponse(f"made {len(made)}: {request.get_full_path()}")

    return view, made


@pytest.mark.parametrize(
    "query", ["", "?x=1", "?x=2", "?utm_source=a&x=3", "?page", "?Page=2", "?%70agE=1", "?page[]=2"]
)
def test_unknown_parameters_make_no_new_page_and_are_not_seen(query):
    view, made = counting(reads=("page",))
    view(get("/page"))
    view(get(f"/page{query}"))
    assert len(made) == (2 if query == "?page" else 1)


def test_parameters_that_are_read_make_pages_of_their_own_in_any_order():
    view, made = counting(reads=("page", "q"))
    for query in ("?page=2&q=a", "?q=a&page=2", "?q=a&x=1&page=2", "?q=b&page=2"):
        view(get(f"/page{query}"))
    assert made == ["page=2&q=a", "q=b&page=2"]


@pytest.mark.parametrize("headers", [{"cookie": "session=a"}, {"authorization": "Bearer a"}])
def test_whoever_says_who_they_are_neither_gets_a_kept_page_nor_leaves_one(headers):
    view, made = counting()
    first = view(get(**headers)).content
    everybody = view(get()).content
    again = view(get(**headers)).content
    assert len({first, everybody, again}) == 3
    assert view(get()).content == everybody
    assert len(made) == 3


@pytest.mark.parametrize(
    "headers", [{"Cache-Control": "private"}, {"Cache-Control": "no-store"}, {"Vary": "Cookie"}]
)
def test_an_answer_that_calls_itself_private_is_never_kept(headers):
    view = kept(seconds=60)(lambda _: HttpResponse("mine", headers=headers))
    with pytest.raises(PersonalAnswerError):
        view(get())


def test_an_answer_that_sets_a_cookie_is_never_kept():
    def view(request):
        response = HttpResponse("welcome")
        response.set_cookie("session", "secret")
        return response

    with pytest.raises(PersonalAnswerError):
        kept(seconds=60)(view)(get())


def test_a_view_that_looks_at_the_person_cannot_be_kept():
    view = kept(seconds=60)(lambda request: HttpResponse(f"Hello {request.user.handle}"))
    with pytest.raises(PersonalAnswerError):
        view(get())


def test_a_page_is_made_anew_when_its_mark_changes_and_not_before():
    mark, made = [1], []

    @kept(seconds=60, shows=lambda name: (name, mark[0]))
    def view(request, name):
        made.append(name)
        return HttpResponse(name)

    for _ in range(2):
        view(get(), "a")
    mark[0] = 2
    view(get(), "a")
    assert made == ["a", "a"]
