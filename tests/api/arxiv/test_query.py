"""arXiv's query language finds what it finds there."""

from __future__ import annotations

import pytest

from broadsheet.api.arxiv.query import DEEPEST, MOST_CHARACTERS, MOST_TERMS, QueryError, parse
from broadsheet.search.query.conditions import AllOf, AnyOf, Not, Phrase, Range, Term, Words

pytestmark = pytest.mark.django_db

FIRST_OF_MARCH = 1772323200  # 2026-03-01, in seconds since 1970
DAY, MINUTE = 24 * 60 * 60, 60

# What is asked for, and the numbers of the papers on the shelf that are found.
FOUND: dict[str, set[int]] = {
    "ti:divergences": {2},
    "abs:divergence": {1, 2},
    "ti: divergences": {2},
    "TI:divergences": {2},
    "au:lund": {1},
    "au:ada_lund": {1},
    'au:"Lund, Ada"': {1},
    "au:lund_a": {1},
    'au:"Ivan Petrov"': {9},
    "all:petrov": {9},
    "petrov": {9},
    "au:petr*": {9},
    "ti:diverg*": {2},
    "abs:DIVERG*": {1, 2},
    "all:netw*": {1},
    "all:neurip*": {1},
    "abs:A*": set(),
    "co:neurips": {1},
    'co:"accepted at neurips"': {1},
    "jr:phys": {2},
    "all:neurips OR all:lett": {1, 2},
    "cat:cs.LG": {1},
    "cat:cs.*": {1, 3},
    "cat:cs": {1, 3},
    "cat:math.MP": set(),
    "all:cs.LG": {1},
    "id:2603.00009": {9},
    "id:hep-th/9901001v1": {6},
    "all:2603.00009": {9},
    'abs:"stirs a pot"': {9},
    'abs:"pot a stirs"': set(),
    '"stirs a pot"': {9},
    "all:divergence network": {1},
    "all:divergence AND all:network": {1},
    "all:divergence ANDNOT all:network": {2},
    "all:divergence AND NOT all:network": {2},
    "ANDNOT (cat:cs OR cat:math) AND all:soup": {9},
    "ti:divergences OR abs:network AND abs:spikes": {1, 2},
    "(ti:divergences OR abs:network) AND abs:spikes": {1},
    "ti:(divergences OR chess)": {2, 6},
    "au:(ada AND lund) OR ti:(zoo divergences)": {1, 2},
    "all:divergence+ANDNOT+all:network": {2},
    "submittedDate:[202603110000 TO 202603110000]": {9},
    "submittedDate:[202603110001 TO 202603112359]": set(),
    "submittedDate:[20260309 TO 20260310]": {7, 8},
    "submittedDate:[* TO 20260303]": {1},
    "lastUpdatedDate:[2026031204 TO 2026031205]": {8},
    "submittedDate:[2026 TO *] AND abs:soup": {9},
    "abs:C++": {5},
    "BERT: soup": set(),
    "Pointers:and Pitfalls": {5},
    "Pointers & Pitfalls - C++": {5},
    "abs:Erdős OR au:Erdős": {3},
}


def test_a_query_finds_what_it_finds_at_arxiv(shelf, ask):
    numbers = {"hep-th/9901001": 6} | {f"2603.{number:05}": number for number in range(1, 10)}
    found = {query: {numbers[one.rpartition("v")[0]] for one in ask(query)} for query in FOUND}
    assert found == FOUND


def test_papers_that_are_not_on_arxiv_or_have_no_date_are_not_given(shelf, ask):
    assert len(ask("all:soup")) == 1
    assert len(ask("ANDNOT cat:none", max_results=100)) == 9


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "nothing to search for"),
        ("& -", "nothing to search for"),
        ("tit:soup", "tit: is no field; the fields are ti, au, abs"),
        ("rn:CERN-1", "no report numbers"),
        ("ti:", "breaks off at ti:"),
        ('all:"soup', "breaks off at all:"),
        ('"soup', 'breaks off at "'),
        ("(soup OR salt", "( opens in search_query does not close"),
        ("soup)", ") that nothing opens"),
        ("()", "lacks a term before )"),
        ("soup AND OR salt", "lacks a term before OR"),
        ("soup AND", "lacks a term at its end"),
        ("NOT NOT soup", "lacks a term before NOT"),
        ("ti:?!", "says nothing"),
        ('cat:"no such category"', "is no category"),
        ("id:soup", "incorrect id format for soup"),
        ("submittedDate:2024", "no range of times"),
        ("submittedDate:[2024]", "no range of times"),
        ("submittedDate:[2024", "breaks off at submittedDate:"),
        ("submittedDate:[20241301 TO *]", "20241301 is no time"),
        ("submittedDate:[yesterday TO *]", "yesterday is no time"),
        ("submittedDate:[2025 TO 2024]", "ends before it begins"),
        ("a " * (MOST_TERMS + 1), f"more than {MOST_TERMS} terms"),
        ("ti:neur* " * (MOST_TERMS // 8 + 1), f"more than {MOST_TERMS} terms"),
        ("a" * (MOST_CHARACTERS + 1), f"longer than {MOST_CHARACTERS} characters"),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), f"more than {DEEPEST} deep"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(query, sentence):
    with pytest.raises(QueryError, match=r"^[^\n]+$") as problem:
        parse(query)
    assert sentence in str(problem.value)


def test_what_is_within_the_limits_is_read():
    assert parse("a " * MOST_TERMS).condition
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST).condition


def test_and_binds_closer_than_or():
    assert parse("ti:a OR ti:b AND ti:c ANDNOT ti:d").condition == AllOf(
        (
            AnyOf(
                (
                    Words("title", "a"),
                    AllOf((Words("title", "b"), Words("title", "c"), Not(Words("title", "d")))),
                )
            ),
        )
    )


def test_papers_are_ranked_by_the_words_that_are_wanted_in_them():
    assert parse('ti:deep AND abs:"soup pot" AND au:doe ANDNOT all:salt').text == "deep soup pot"


@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("202603010000 TO 202603010000", (0, MINUTE - 1)),
        ("20260301 TO 20260302", (0, 2 * DAY - 1)),
        ("2026030106 TO 20260301063059", (6 * 60 * MINUTE, 6 * 60 * MINUTE + 30 * MINUTE + 59)),
        ("202603 TO 202603", (0, 31 * DAY - 1)),
    ],
)
def test_an_end_is_as_long_as_what_is_typed(typed, ends):
    (found,) = parse(f"submittedDate:[{typed}]").condition.conditions
    assert found == Range("submitted", *(FIRST_OF_MARCH + end for end in ends))


def test_categories_and_phrases_are_those_of_our_own_language():
    assert parse('cat:stat.TH AND ti:"a b"').condition == AllOf(
        (AllOf((Term("cat", "math.ST"), Phrase("title", "a b"))),)
    )
