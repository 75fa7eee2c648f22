"""A word index of the form before answers until the present one is complete, whatever happens meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.search.former import put_in_place
from tests.search.shelf import MORNING, TITLES, record

from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Change
from broadsheet.search import finding, folder, indexing, status
from broadsheet.search.folder import index_folder
from broadsheet.search.word_index import lexical

pytestmark = pytest.mark.django_db

QUERIES = {
    "soup": ["Cooking for Robots"],
    '"loss of a network"': ["Why Large Runs Blow Up"],
    '"network of a loss"': [],
    "title:cook*": ["Cooking for Robots"],
    "abstract:diverge": ["Why Large Runs Blow Up", "A Zoo of f-Divergences"],
    "abstract:zoo": [],
    "author:lund divergence": ["Why Large Runs Blow Up"],
    "org:=kitchenlab": ["Cooking for Robots"],
    "C++": ["Pointers and Pitfalls"],
    "date:2026-03-11": ["Cooking for Robots"],
}


@pytest.fixture
def former(shelf, data) -> Path:
    """The shelf, indexed in the form before and not queued."""
    Change.objects.all().delete()
    return put_in_place(data / "index")


def answers() -> dict[str, list[str]]:
    """The titles of the matches of each query; whatever its form, the index answers them all."""
    from broadsheet.papers.models import Paper

    names = dict(Paper.objects.values_list("pk", "title"))
    found = {query: finding.matches(query, limit=20) for query in QUERIES}
    assert not any(one.waiting for one in found.values())
    return {query: sorted(names[pk] for pk in one.papers) for query, one in found.items()}


EXPECTED = {query: sorted(titles) for query, titles in QUERIES.items()}


def test_an_index_of_the_form_before_answers_as_it_is_found(former):
    assert answers() == EXPECTED
    assert status.read().words == len(TITLES)


def test_it_answers_until_every_paper_is_in_the_new_one(former, monkeypatch):
    monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", 2)
    indexing.mend()
    while indexing.catch_up():
        assert folder.answering(index_folder()) == former
        assert answers() == EXPECTED
        assert indexing.is_work_left()
    assert folder.current(index_folder())
    assert answers() == EXPECTED
    assert not former.exists()
    assert status.read().words == len(TITLES)


def test_what_changes_meanwhile_is_in_the_new_one(former, monkeypatch, titles):
    monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", 4)
    indexing.mend()
    indexing.catch_up()
    store([record(9, "Baking for Robots", "A robot arm bakes a cake.")], now=MORNING)
    while indexing.catch_up():
        pass
    assert titles('"cake"') == ["Baking for Robots"]
    assert titles('"soup"') == []


@pytest.mark.parametrize("stopped_after", range(6))
def test_a_rebuild_that_was_killed_goes_on_where_it_was(former, monkeypatch, stopped_after):
    monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", 2)
    written: list[int] = []
    write = lexical.write

    def counted(words, papers, documents):
        written.extend(papers)
        write(words, papers, documents)

    monkeypatch.setattr(lexical, "write", counted)
    for _ in range(stopped_after):
        indexing.catch_up()
    # The next process mends first, as a worker does.
    indexing.mend()
    while indexing.catch_up():
        assert answers() == EXPECTED
    assert sorted(written) == sorted(set(written))
    assert answers() == EXPECTED
    assert len(list(index_folder().glob("words-*"))) == 1
    assert not (index_folder() / "NEXT").exists()


def test_a_new_index_that_was_damaged_is_begun_again_while_the_old_one_answers(former, monkeypatch):
    monkeypatch.setattr(indexing, "PAPERS_A_COMMIT", 4)
    indexing.catch_up()
    for path in index_folder().glob(f"words-{folder.FORM}-*/meta.json"):
        path.write_text("nonsense", encoding="utf-8")
    while indexing.catch_up():
        assert answers() == EXPECTED
    assert folder.current(index_folder())
    assert answers() == EXPECTED


def test_an_index_of_an_older_form_is_left_aside(former):
    shutil.move(former, former.with_name("words-3-000001"))
    (index_folder() / "CURRENT").write_text("words-3-000001", encoding="utf-8")
    indexing.mend()
    while indexing.catch_up():
        pass
    assert answers() == EXPECTED
