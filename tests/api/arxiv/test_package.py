"""The `arxiv` package from PyPI, pointed at us, works as it does with arXiv."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import arxiv
import pytest
from arxiv import SortCriterion, SortOrder
from tests.api.arxiv.books import books
from tests.search.shelf import MORNING, record

from broadsheet.papers.record import Record, Version
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.live.arxiv.snapshot import read

pytestmark = pytest.mark.django_db(transaction=True)


def same(result: arxiv.Result, said: Record) -> None:
    """The result says what was imported, field by field."""
    arxiv_id = said.identifiers[0].value
    number = said.versions[-1].number if said.versions else 1
    assert result.entry_id == f"http://arxiv.org/abs/{arxiv_id}v{number}"
    assert result.get_short_id() == f"{arxiv_id}v{number}"
    assert result.pdf_url == f"https://arxiv.org/pdf/{arxiv_id}v{number}"
    assert (result.title, result.summary) == (said.title, said.abstract)
    assert [author.name for author in result.authors] == [author.name for author in said.authors]
    assert result.categories == list(said.categories or [""])
    assert result.primary_category == result.categories[0]
    assert (result.comment or "", result.journal_ref or "") == (said.comment, said.journal_ref)
    assert (result.doi or "").split() == [one.value for one in said.identifiers if one.scheme == "doi"]
    assert result.published == said.published_at
    assert result.updated == (said.updated_at or said.published_at)


def test_a_search_gives_papers_as_they_were_imported(shelf, search):
    known = {one.identifiers[0].value: one for one in books()}
    results = search("all:a OR all:the")
    assert len(results) >= 5
    for result in results:
        same(result, known[result.get_short_id().rpartition("v")[0]])


def test_real_papers_come_back_field_by_field(shared, shelve, search):
    with open_source(shared / "data/arxiv-metadata-oai-snapshot.json.gz", now=MORNING) as opened:
        papers = [one for one in islice(read(opened), 300) if isinstance(one, Record)]
    shelve(papers)
    known = {one.key: one for one in papers}
    results = search("cat:cs.* OR cat:math.* OR cat:stat.* OR ANDNOT cat:cs.*", page_size=70)
    assert len(results) == len({one.entry_id for one in results}) == len(papers) == 300
    for result in results:
        same(result, known[result.get_short_id().rpartition("v")[0]])
    named = search(id_list=[one.key for one in papers[:150]], page_size=40)
    assert [one.get_short_id().rpartition("v")[0] for one in named] == [one.key for one in papers[:150]]


def test_a_list_of_ids_keeps_its_order_and_leaves_out_what_is_unknown(shelf, search):
    asked = ["2603.00008v2", "2603.00001v1", "2603.77777", "hep-th/9901001", "2603.00008", "2603.00001v9"]
    results = search(id_list=asked)
    assert [one.get_short_id() for one in results] == [
        "2603.00008v2",
        "2603.00001v1",
        "hep-th/9901001v1",
        "2603.00008v3",
    ]
    second, last = results[0], results[3]
    assert (second.updated, last.updated) == (
        MORNING + timedelta(days=9),
        MORNING + timedelta(days=10, hours=5),
    )
    assert second.published == last.published == MORNING + timedelta(days=8)


def test_a_query_filters_a_list_of_ids(shelf, search):
    ids = ["2603.00008v2", "2603.00001", "2603.00009", "2603.00008"]
    newest_first = search("abs:cell OR abs:soup", id_list=ids, sort_by=SortCriterion.SubmittedDate)
    assert [one.get_short_id() for one in newest_first] == ["2603.00009v1", "2603.00008v2", "2603.00008v3"]
    assert [one.get_short_id() for one in search("abs:soup", id_list=ids)] == ["2603.00009v1"]
    assert search("abs:chess", id_list=ids) == []


@pytest.mark.parametrize(
    ("criterion", "value"),
    [
        (SortCriterion.SubmittedDate, lambda one: one.published),
        (SortCriterion.LastUpdatedDate, lambda one: one.updated),
    ],
)
def test_papers_come_in_the_order_asked_for_page_by_page(shelve, search, criterion, value):
    shelve(
        replace(
            record(number, f"Soup {number}", "soup"),
            published_at=MORNING + timedelta(seconds=number * 7 % 40),
            updated_at=MORNING + timedelta(days=1, seconds=number * 11 % 40),
            versions=(Version(1, MORNING), Version(2, MORNING + timedelta(days=1))),
        )
        for number in range(1, 41)
    )
    found = search("ti:soup", sort_by=criterion, page_size=7)
    assert len({one.entry_id for one in found}) == 40
    assert found == sorted(found, key=value, reverse=True)
    backwards = search("ti:soup", sort_by=criterion, sort_order=SortOrder.Ascending, page_size=9)
    assert backwards == found[::-1]
    names = [one.get_short_id() for one in found]
    assert [
        one.get_short_id() for one in search(id_list=names[::-1], sort_by=criterion, page_size=6)
    ] == names


def test_the_most_relevant_come_first(shelve, search):
    shelve(record(number, "A pot", "soup " * number + "salt " * (20 - number)) for number in range(1, 20))
    found = [one.get_short_id() for one in search("abs:soup", page_size=4)]
    assert found[0] == "2603.00019v1"
    assert found[-1] == "2603.00001v1"
    assert [one.get_short_id() for one in search("abs:soup", sort_order=SortOrder.Ascending)] == found[::-1]


def test_only_as_many_results_as_are_wanted(shelf, search):
    assert len(search("cat:cs.LG OR all:a", max_results=2)) == 2


def test_a_malformed_id_is_an_error_of_the_package(search):
    with pytest.raises(arxiv.HTTPError) as problem:
        search(id_list=["2603.00001", "no-id"])
    assert problem.value.status == 400


def test_times_are_whole_and_in_utc(shelf, search):
    (result,) = search(id_list=["2603.00008"])
    assert isinstance(result.updated, datetime)
    assert result.updated.utcoffset() == timedelta(0)
