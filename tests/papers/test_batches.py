"""Many papers at once, by their names and page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.cast import ARXIV, MORNING

from broadsheet.papers import batches, marks, reading, tables
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper

pytestmark = pytest.mark.django_db


def put(number: int, published_at: datetime | None = MORNING, *others: Identifier) -> None:
    names = (Identifier("arxiv", f"2503.{number:05}"), *others)
    named = replace(ARXIV, key=str(number), title=f"Paper {number}", identifiers=names)
    store([replace(named, published_at=published_at)], now=MORNING)


def pages(limit: int) -> list[str]:
    places: list[batches.Place] = []
    while page := batches.newest(Paper.objects.all(), slice(0, limit), after=places[-1] if places else None):
        places += page
    return [row.public_id for row in reading.bare_rows([place.pk for place in places])]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_of_any_size_have_all_papers_once_also_those_of_one_moment_and_of_none(limit):
    for number in range(1, 4):
        put(number)
    put(4, datetime(2026, 1, 1, tzinfo=UTC))
    for number in range(5, 8):
        put(number, None)
    assert pages(limit) == [f"2503.{number:05}" for number in (4, 3, 2, 1, 7, 6, 5)]


def test_an_empty_catalogue_has_no_page():
    assert batches.newest(Paper.objects.all(), slice(0, 5)) == []


def test_what_stands_above_a_paper_is_what_was_read_before_it():
    for number in range(1, 4):
        put(number)
    for number in range(4, 7):
        put(number, None)
    places = batches.newest(Paper.objects.all(), slice(0, 9))
    for before, place in enumerate(places):
        above = batches.above(Paper.objects.all(), place)
        assert set(above.values_list("pk", flat=True)) == {one.pk for one in places[:before]}


def test_names_of_all_kinds_are_resolved_in_few_queries(count_queries):
    put(1, MORNING, Identifier("doi", "10.1000/x"))
    put(2, MORNING, Identifier("acl", "2024.acl-long.1"))
    asked = [
        "arXiv:2503.00001v3",
        "https://doi.org/10.1000/X",
        "2024.acl-long.1",
        "2503.00009",
        "no name",
        "a\0b",
    ]
    known = batches.resolve(asked)
    assert list(known) == asked[:3]
    assert known[asked[0]] == known[asked[1]] != known[asked[2]]
    # By identifier, by public id, and which versions there are.
    assert count_queries(batches.resolve, asked) == 3


@pytest.mark.parametrize("older", ["doi:10.1000/x.", "doi:10.1000/x?y=1", "2413.00001", "foo/9901001"])
def test_names_that_older_rules_have_made_find_their_papers_one_by_one_and_together(older):
    put(1)
    put(2, MORNING, Identifier("doi", "10.1000/y"))
    Paper.objects.filter(public_id="2503.00001").update(public_id=older)
    pk = Paper.objects.get(public_id=older).pk
    assert reading.resolve(older) == (pk, older)
    assert batches.resolve(["10.1000/y", older, "10.1000/z"]) == {
        "10.1000/y": reading.resolve("10.1000/y")[0],
        older: pk,
    }
    assert marks.of_paper(older)[0] == pk


@pytest.mark.parametrize(
    "name", ["", "a\0b", "2401.00001\0", "https://arxiv.org/abs/2401.00001#\ud800", "x" * 9000]
)
def test_what_can_be_no_name_finds_nothing(name):
    put(1)
    assert batches.resolve([name]) == {}
    assert reading.resolve(name) is None


def test_of_no_papers_nothing_is_found():
    assert tables.by_public_ids([], "pk") == []
    assert tables.papers([], ["title"]) == tables.tallied([], "votes") == tables.rows([]) == []
    assert tables.by_names([], "pk") == []
