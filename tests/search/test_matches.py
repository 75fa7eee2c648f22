"""A match of a query is exactly a paper that satisfies its conditions and has all its plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.shelf import MORNING, TITLES, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.papers.record import Record, Signal
from broadsheet.search import finding
from broadsheet.search.word_index.entries import Place
from broadsheet.search.word_index.words import stems

pytestmark = pytest.mark.django_db

COUNT = 80
WORDS = ["soup", "soups", "robot", "robotic", "kettle", "tide", "tides", "moon", "learned", "learning", "R0"]
FUNCTION_WORDS = ["how", "to", "the", "of", "with"]
UNKNOWN = ["zqxv", "TideFormer9", "x" * 70]
ORDERS = ("date", "votes", "comments", "submitted", "updated", "added")


def cooked(number: int) -> Record:
    """A paper of random words, on one of a few days, with few or many votes."""
    chance = Random(number)
    title, abstract = (" ".join(chance.choices(WORDS + FUNCTION_WORDS, k=k)) for k in (2, 4))
    return replace(
        record(number, title, abstract, author=chance.choice(["Ada Lund", "Bo Kettle"])),
        published_at=MORNING + timedelta(days=chance.randrange(5), seconds=number),
        signals=(Signal("upvotes", chance.randrange(4)), Signal("comments", chance.randrange(4))),
    )


PAPERS = [cooked(number) for number in range(1, COUNT + 1)]


@pytest.fixture
def kitchen(db, catch_up) -> None:
    store(PAPERS, now=MORNING)
    catch_up()


def has(paper: Record, word: str) -> bool:
    return stems(word)[-1] in stems(f"{paper.title} {paper.abstract}") if len(word) < 60 else False


CONDITIONS: dict[str, Callable[[Record], bool]] = {
    "title:soup": lambda paper: "soup" in stems(paper.title),
    "-moon": lambda paper: not has(paper, "moon"),
    "(kettle OR tide)": lambda paper: has(paper, "kettle") or has(paper, "tide"),
    "author:Lund": lambda paper: "Lund" in paper.authors[0].name,
    "date:2026-03-04": lambda paper: paper.published_at.day == 4,
    "votes:>1": lambda paper: paper.signals[0].value > 1,
}


def keys() -> dict[str, int]:
    return {name: pk for pk, name in Paper.objects.values_list("pk", "public_id")}


@given(
    st.lists(st.sampled_from(WORDS + FUNCTION_WORDS + UNKNOWN), max_size=3),
    st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=2),
    st.sampled_from(ORDERS),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_matches_are_those_that_reading_all_papers_finds(kitchen, words, conditions, order):
    telling = [word for word in words if word not in FUNCTION_WORDS]
    plain = telling or words
    found = finding.matches(" ".join([*words, *conditions]), order, limit=COUNT)
    public = keys()
    expected = {
        public[paper.key]
        for paper in PAPERS
        if all(has(paper, word) for word in plain) and all(CONDITIONS[one](paper) for one in conditions)
    }
    assert set(found.papers) == expected
    assert found.total == len(expected)
    assert list(found.places) == sorted(found.places, reverse=True)


@pytest.mark.parametrize("order", ORDERS)
def test_a_walk_gives_each_paper_once_while_papers_come_in(kitchen, catch_up, order):
    before = set(finding.matches("soup", order, limit=COUNT).papers)
    walked: list[int] = []
    after, number = None, COUNT
    while True:
        page = finding.matches("soup", order, limit=9, after=after)
        walked += page.papers
        if not (after := page.after):
            break
        number += 1
        store([replace(cooked(number), title="More soup")], now=MORNING)
        catch_up()
    assert len(walked) == len(set(walked))
    assert before <= set(walked)
    assert page.total == len(before) + number - COUNT


@pytest.mark.parametrize("order", ORDERS)
def test_places_and_pages_by_number_are_the_same_list(kitchen, order):
    whole = finding.matches("soup", order, limit=COUNT)
    assert whole.after is None
    pages = [finding.matches("soup", order, limit=7, offset=start) for start in range(0, whole.total, 7)]
    assert [place for page in pages for place in page.places] == list(whole.places)
    assert {page.total for page in pages} == {whole.total}
    third = whole.places[2]
    assert finding.matches("soup", order, limit=COUNT, after=third).places == whole.places[3:]
    newer = finding.matches("soup", order, limit=COUNT, since=third)
    assert (newer.places, newer.total) == (whole.places[:2], 2)


def test_what_was_added_since_is_told_however_old_it_is(kitchen, catch_up):
    last = finding.matches("soup", "added", limit=1).places[0]
    old = replace(record(900, "An old soup", ""), published_at=MORNING - timedelta(days=9_000))
    store([old, record(901, "A new moon", "")], now=MORNING)
    catch_up()
    assert finding.matches("soup", "added", limit=9, since=last).papers == (keys()["2603.00900"],)


def test_function_words_count_only_where_there_are_no_other_words(kitchen):
    def total(query: str) -> int:
        return finding.matches(query, limit=1).total

    assert total("how to soup") == total("soup") > total("soup kettle")
    assert 0 < total("how to") < COUNT
    assert total("how to author:Lund") == total("author:Lund how to") < total("how to")


@pytest.mark.parametrize("query", ["Ada Lund", "Lund", "lund, ada", "kitchen lab", "Ruiz", "H. Ruiz"])
def test_the_name_of_somebody_has_that_persons_papers(shelf, catch_up, query):
    catch_up()
    titles = dict(Paper.objects.values_list("pk", "title"))
    expected = {
        "L": TITLES[0],
        "l": TITLES[0],
        "A": TITLES[0],
        "k": TITLES[8],
        "R": TITLES[7],
        "H": TITLES[7],
    }
    assert [titles[pk] for pk in finding.matches(query, limit=9).papers] == [expected[query[0]]]


def test_a_word_that_is_a_name_now_and_then_is_a_word(kitchen):
    found = finding.matches("kettle", limit=COUNT)
    assert set(found.papers) == {keys()[paper.key] for paper in PAPERS if has(paper, "kettle")}


def test_the_name_of_a_paper_has_that_paper_alone(shelf, catch_up):
    named = finding.matches("arXiv:2603.00009v2", limit=5)
    assert (named.papers, named.total, named.after) == ((shelf[8],), 1, None)
    assert finding.matches("2603.00009", limit=5, offset=1).papers == ()
    catch_up()
    place = finding.matches("soup", limit=1).places[0]
    assert finding.matches("2603.00009", limit=5, since=place).papers == ()
    assert finding.matches("2603.00009", limit=5, since=Place(0, 0)).papers == (shelf[8],)


def test_nothing_asked_has_every_paper_with_an_index_and_without(shelf, catch_up):
    assert finding.matches("", limit=3).total == len(TITLES)
    nothing = finding.matches("soup", limit=3)
    assert (nothing.papers, nothing.total) == ((), 0)
    assert nothing.waiting.papers == len(TITLES)
    before = finding.matches("", limit=3).papers
    catch_up()
    found = finding.matches("", limit=3)
    assert (found.papers, found.total, found.waiting) == (before, len(TITLES), None)


@pytest.mark.parametrize("place", [Place(0, 0), Place(2**40, 2**40), Place(-1, -1)])
def test_a_place_of_no_paper_is_a_place(shelf, catch_up, place):
    catch_up()
    below = finding.matches("", limit=20, after=place).papers
    above = finding.matches("", limit=20, since=place).papers
    assert (len(below), len(above)) in {(0, len(TITLES)), (len(TITLES), 0)}


@pytest.mark.parametrize(
    "nothing", [r"\mathbb", r"\mathrm{}", r"\text", r"\emph{}", r"{\bf}", r"\left\right", "x" * 70]
)
@pytest.mark.parametrize(
    "form", ["{}", '"{}"', "title:{}", 'abstract:"{}"', 'author:"{}"', "org:{}", "{} {}"]
)
def test_what_is_typed_and_no_text_can_have_matches_no_paper(kitchen, nothing, form):
    query = form.replace("{}", nothing)
    assert finding.matches(query, limit=1).total == 0, query
    assert finding.matches(f"-({query})", limit=1).total == COUNT, query


@pytest.mark.parametrize("styled", [r"\mathbb soup", r"$\mathrm{soup}$", r"\text{soup}", r"{\bf soup}"])
def test_signs_of_style_beside_a_word_change_nothing(kitchen, styled):
    assert finding.matches(styled, limit=1).total == finding.matches("soup", limit=1).total


@pytest.mark.parametrize("query", ["kettle {}", "{} kettle", 'author:"kettle {}"', 'org:"kettle {}"'])
def test_a_word_that_is_too_long_for_the_index_is_in_no_name(kitchen, query):
    assert finding.matches(query.format("x" * 70), limit=COUNT).total == 0
