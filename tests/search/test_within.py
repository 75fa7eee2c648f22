"""A search among some papers answers as the search of all would, had it only these."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search import finding, folder
from broadsheet.search.query.conditions import Among, Range, Term
from broadsheet.search.query.language import parse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query", ["network", "R0", "robot agent learns", '"a network"', "author:Ruiz", "-soup", "C++ OR chess"]
)
def test_what_matches_among_some_papers_is_what_matches_among_all(shelf, bring_up_to_date, query):
    bring_up_to_date()
    some = shelf[::2]
    asked, everywhere = parse(query), set(finding.matches(query, limit=9).papers)
    matching, said = finding.matches_within(asked, some)
    assert matching == everywhere & {*some}
    found = finding.within(asked, some, limit=9)
    assert {hit.paper_pk for hit in found.hits if hit.is_match} == matching
    assert found.total == len(matching)
    assert {hit.paper_pk for hit in found.hits} <= {*some}
    assert said.notes == found.notes == ()


def test_a_search_among_some_papers_finds_them_by_meaning(shelf, bring_up_to_date):
    bring_up_to_date()
    asked = parse("how contagious diseases spread through contact networks")
    assert finding.within(asked, shelf, limit=1).hits[0].paper_pk == shelf[3]
    others = [paper for paper in shelf if paper != shelf[3]]
    assert shelf[3] not in {hit.paper_pk for hit in finding.within(asked, others, limit=9).hits}
    assert finding.within(asked, [], limit=9).hits == ()


def test_pages_of_a_search_among_some_papers_never_overlap(shelf, bring_up_to_date):
    bring_up_to_date()
    asked = parse("a learns")
    whole = [hit.paper_pk for hit in finding.within(asked, shelf, limit=9).hits]
    pages = [finding.within(asked, shelf, limit=2, offset=start).hits for start in range(0, 10, 2)]
    assert [hit.paper_pk for page in pages for hit in page] == whole


def test_without_an_index_a_search_among_papers_says_so(shelf):
    folder.index_folder()
    found = finding.within(parse("network"), shelf, limit=9)
    assert found.hits == ()
    assert found.notes


def test_papers_are_a_condition_like_any_other(shelf, bring_up_to_date):
    bring_up_to_date()
    words = finding.Engines.of(folder.index_folder()).words
    assert words.among(shelf, Among(tuple(shelf[:2]))) == shelf[:2]
    assert words.among(shelf, Among(())) == []


@pytest.mark.parametrize(
    ("typed", "condition", "written"),
    [
        ("state:to-read", Term("state", "to_read"), "state:to_read"),
        ("STATE:Aside", Term("state", "set_aside"), "state:set_aside"),
        ('state:"to read"', Term("state", "to_read"), "state:to_read"),
        ("tag:survey", Term("tag", "survey"), "tag:survey"),
        ('tag:"graph  theory"', Term("tag", "graph theory"), 'tag:"graph theory"'),
        ("tag:thesis/outline", Term("tag", "thesis/outline"), "tag:thesis/outline"),
        ("tag:*", Term("tag", "*"), 'tag:"*"'),
        ("note:proof", Term("note", "proof"), "note:proof"),
        ("saved:2026-11", Range("saved", 739921, 739950), "saved:2026-11"),
        ("saved:>=2026-11-20", Range("saved", 739940, None), "saved:2026-11-20.."),
    ],
)
def test_a_library_has_fields_of_its_own(typed, condition, written):
    asked = parse(typed, own=True)
    assert [part.condition for part in asked.parts] == [condition]
    assert (asked.typed, asked.text, asked.notes) == (written, "", ())


def test_the_fields_of_a_library_are_words_everywhere_else():
    asked = parse("tag:survey")
    assert (asked.text, asked.condition) == ("tag:survey", None)
    assert "not a field" in asked.notes[0]


def test_a_state_that_there_is_not_is_said():
    asked = parse("state:lost", own=True)
    assert asked.condition is None
    assert "state:to_read" in asked.notes[0]


@given(st.text(max_size=60) | st.from_regex(r"(-?(tag|note|state|saved):[\w \"*/=-]{0,9} ?){1,3}"))
def test_what_is_read_in_a_library_reads_the_same_again(typed):
    asked = parse(typed, own=True)
    assert parse(asked.typed, own=True).parts == asked.parts
