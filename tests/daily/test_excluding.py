"""Which papers a reader leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import excluding, lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.library import ignoring
from broadsheet.papers import attributing
from broadsheet.papers.models import Paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Viewer:
    return Viewer(person=Person.objects.create(handle="ada"))


def ignore(viewer: Viewer, *what: tuple[str, str]) -> None:
    for kind, value in what:
        ignoring.ignore(viewer, kind, value, now=SUNDAY)


def hidden(viewer: Viewer | None) -> list[str]:
    """The ids of the papers that the viewer leaves out, of all."""
    papers = dict(Paper.objects.values_list("pk", "public_id"))
    return sorted(papers[pk] for pk in excluding.left_out(viewer, papers))


@pytest.mark.parametrize(
    ("words", "title", "is_left_out"),
    [
        ("diffusion model", "Diffusion models for soup", True),
        ("Diffusion Models", "A DIFFUSION MODEL", True),
        ("diffusion model", "Models of diffusion", False),
        ("art", "Smart parts", False),
        ("erdos", r"On Erd\H{o}s numbers", True),
        ("l1", r"Bounds in $\ell_1$", True),
        ("c++", "A compiler of C++", True),
        ("c++", "Vitamin C", False),
        ("gpt-4", "What GPT-4 knows", True),
        ("扩散", "图像扩散模型", True),
        ("soup", "Nothing of it in the title", True),
        ("soup nothing", "The end of a soup", False),
    ],
)
def test_words_are_compared_as_the_search_compares_them_in_title_and_abstract(ada, words, title, is_left_out):
    publish(paper(1, title=title, abstract="Nothing but soup."))
    ignore(ada, ("word", words))
    assert hidden(ada) == (["2611.00001"] if is_left_out else [])


def test_authors_organizations_and_categories_are_left_out_under_any_of_their_names(ada):
    publish(
        paper(1),
        paper(2, categories=("math.MP",)),
        *(paper(number, categories=("cs.LG",)) for number in (3, 4, 5)),
    )
    ignore(ada, ("author", "author-a-of-1"), ("organization", "mira"), ("category", "math-ph"))
    # The third author is one with the first, by a curator's word that came later.
    attributing.join("author", "author-a-of-3", "author-a-of-1", now=SUNDAY)
    assert hidden(ada) == ["2611.00001", "2611.00002", "2611.00003", "2611.00004"]


def test_nobody_leaves_out_what_somebody_else_does(ada):
    publish(paper(1))
    ignore(ada, ("category", "cs.LG"))
    for other in (None, Viewer(), Viewer(Person.objects.create(handle="ben"))):
        assert hidden(other) == []


def test_places_cursors_and_totals_stay_as_they_are_for_everybody(ada):
    publish(
        *(
            paper(number, title=f"Paper {number} on {'soup' if number % 2 else 'stars'}")
            for number in range(1, 10)
        )
    )
    ignore(ada, ("word", "soup"))
    wanted, parts = ListName("day", "2026-11-20"), (Part(4), Part(4, offset=4), Part(4, offset=8))
    for part in parts:
        ours, hers = (lists.read(wanted, viewer, part, today=SUNDAY.date()) for viewer in (None, ada))
        left = tuple(one for one in ours.entries if one.pk in hers.pks)
        assert (hers.entries, hers.hidden) == (left, len(ours.entries) - len(left))
        assert hers.hidden
        assert replace(hers, entries=ours.entries, hidden=0) == ours


def test_a_page_is_looked_through_in_few_questions_and_by_whoever_leaves_out_nothing_in_one(ada):
    publish(*(paper(number) for number in range(1, 10)))
    papers = [*Paper.objects.values_list("pk", flat=True)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        excluding.left_out(ada, papers)
    assert len(asked) == 1
    ignore(ada, ("word", "x"), ("author", "author-a-of-1"), ("organization", "mira"), ("category", "cs.CL"))
    with CaptureQueriesContext(connection) as asked:
        excluding.left_out(ada, papers)
    assert len(asked) <= 7
