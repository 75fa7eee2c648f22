"""A page with holes is kept once for everybody; what fills them is fresh, and what is one reader's is theirs."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from broadsheet.accounts.access import NOBODY
from broadsheet.http import shelf
from broadsheet.http.holes import filled, hole
from broadsheet.http.keeping import FILLED, kept

SECRET = "planted-secret"
OF_A_READER = [{"cookie": f"session={SECRET}"}, {"authorization": f"Bearer {SECRET}"}]


def get(**headers: str):
    return RequestFactory().get("/page", headers=headers)


def content(response: HttpResponse) -> str:
    return gzip.decompress(response.content).decode()


class Page:
    """A kept page with a hole for each of two papers, and how often it was made and filled."""

    def __init__(self, seconds: float = 60) -> None:
        self.made: list[str] = []
        self.votes = {1: "0 votes", 2: "5 votes"}
        self.asked: list[list[int]] = []
        self.view = kept(seconds=seconds, fill=self.fill)(self.make)

    def make(self, request):
        self.made.append(repr((request.META, request.COOKIES, request.headers, vars(request))))
        return HttpResponse(f"<p>{hole(1)}</p><p>{hole(2)}</p><p>{hole(3)}</p><p>{hole(1)}</p>")

    def fill(self, papers, viewer):
        assert viewer is NOBODY
        self.asked.append(sorted(papers))
        return {paper: self.votes[paper] for paper in papers if paper in self.votes}


def test_holes_are_filled_by_one_question_for_all_papers():
    page = Page()
    assert content(page.view(get())) == "<p>0 votes</p><p>5 votes</p><p></p><p>0 votes</p>"
    assert page.asked == [[1, 2, 3]]


def test_what_fills_a_hole_changes_without_the_page(monkeypatch):
    page, now = Page(), [1000.0]
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now[0])
    first = page.view(get())
    page.votes[1] = "1 vote"
    assert content(page.view(get())) == content(first)
    now[0] += FILLED + 1
    second = page.view(get())
    assert "1 vote" in content(second)
    assert second["ETag"] != first["ETag"]
    assert len(page.made) == 1


@pytest.mark.parametrize("headers", OF_A_READER)
def test_a_view_never_sees_who_asks_and_nothing_of_it_is_kept(headers):
    page = Page()
    request = get(**headers)
    request.session = {"secret": SECRET}
    for _ in range(2):
        page.view(request)
    page.view(get())
    assert len(page.made) == 1
    assert SECRET not in page.made[0]


@pytest.mark.parametrize("headers", OF_A_READER)
def test_a_reader_has_what_fills_the_holes_fresh_and_leaves_it_to_nobody(headers):
    page = Page()
    page.view(get())
    page.votes = {1: SECRET, 2: SECRET}
    assert SECRET in content(page.view(get(**headers)))
    assert SECRET not in content(page.view(get()))


def test_text_of_a_paper_cannot_look_like_a_hole():
    for forged in (b"<!--0123456789abcdef:1-->", b"<!--:1-->", b"<!--1-->"):
        assert filled(forged, lambda papers, _: dict.fromkeys(papers, "filled"), NOBODY) == forged


def test_what_fills_a_hole_is_not_filled_again():
    assert filled(str(hole(1)).encode(), lambda *_: {1: str(hole(2))}, NOBODY) == str(hole(2)).encode()
