"""Conditions hold for the papers that satisfy them, and for no others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search.shelf import TEXTS

from broadsheet.search import folder
from broadsheet.search.counts import Counts
from broadsheet.search.documents import Document
from broadsheet.search.query.conditions import AllOf, AnyOf, Condition, Not, Phrase, Range, Term, Words
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.facets import Facet, FacetValue
from broadsheet.search.word_index.lexical import WordIndex

DAY = date(2026, 3, 2).toordinal()
ALL = set(range(1, 10))

# What the shelf's papers have besides their texts.
MORE = {
    1: {"authors": ["Jane Mary Doe", "Ada Lund"], "categories": ["cs.LG", "stat.ML"]},
    2: {"authors": ["Jane Roe", "John Doe"], "categories": ["math-ph", "stat.TH"]},
    3: {"authors": [r"Caf\'e Erd\H{o}s", "J.R.R. Tolkien"], "categories": ["cs.IT", "math.IT"]},
    4: {"authors": ["Dana Øst", "Zoë O'Brien"], "has": ["abstract", "code"]},
    5: {"day": 0, "has": ["abstract", "pdf"], "comment": "Accepted at NeurIPS 2025", "submitted": 900},
    6: {"organizations": [("openai", "OpenAI"), ("mit", "Massachusetts Institute of Technology")]},
    7: {"organizations": [("ox", "University of Oxford")], "day": date(2025, 12, 31).toordinal()},
    8: {
        "journal_ref": "Phys. Rev. Lett. 12, 3",
        "authors": ["Hedda Ruiz"],
        "sources": ["arxiv", "huggingface"],
        "day": date(2024, 1, 1).toordinal(),
        "until": date(2024, 12, 31).toordinal(),  # the year alone is known
    },
    9: {
        "identifiers": ["2603.00009", "doi:10.1000/soup"],
        "schemes": ["arxiv", "doi"],
        "sources": ["huggingface"],
    },
}
COUNTS = Counts().with_rows(1, np.array([1, 2, 4]), np.array([30, 7, 7]), np.array([0, 3, 0]))
DOCUMENTS = [
    Document(
        number,
        title,
        abstract,
        **{"authors": [author], "sources": ["arxiv"], "has": ["abstract"], "day": DAY} | MORE[number],
    )
    for number, (title, abstract, author) in enumerate(TEXTS, start=1)
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> WordIndex:
    """The shelf, written in two commits."""
    root = tmp_path_factory.mktemp("index")
    words = folder.beside(root)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS[:6])
    lexical.write(words, [1], [DOCUMENTS[0], *DOCUMENTS[6:]])
    folder.switch(words)
    return WordIndex(root, lambda: COUNTS)


def allowed(index: WordIndex, condition: Condition) -> set[int]:
    papers = index.allowed(condition).tolist()
    assert papers == sorted(set(papers))
    assert index.listed(condition, sort="date", limit=100)[1] == len(papers)
    return set(papers)


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Words("text", "divergence"), {1, 2}),
        (Words("text", "divergences network"), {1}),
        (Words("title", "divergence"), {2}),
        (Words("title", "diverg*"), {2}),
        (Words("text", "netw* divergence"), {1}),
        (Words("comment", "accepted neurips"), {5}),
        (Phrase("comment", "neurips accepted"), set()),
        (Phrase("journal", "Phys. Rev."), {8}),
        (Words("text", "neurips"), set()),
        (Term("scheme", "arxiv"), {9}),
        (Range("submitted", 900, 900), {5}),
        (Range("submitted", None, 899), set()),
        (Range("updated", None, None), set()),
        (Words("abstract", "divergence"), {1, 2}),
        (Words("abstract", "divergence zoo"), set()),
        (Words("text", "zoo divergence"), {2}),
        (Words("text", "C++"), {5}),
        (Words("text", "R0"), {4}),
        (Words("text", "ℓ1"), {3}),
        (Words("text", "Q-learning"), {7}),
        (Words("text", "?!"), ALL),
        (Phrase("text", "loss of a network"), {1}),
        (Phrase("text", "network of a loss"), set()),
        (Phrase("text", "Blow Up training"), set()),
        (Phrase("title", "few samples"), {7}),
        (Phrase("abstract", "few samples"), set()),
        (Phrase("abstract", "Kullback-Leibler divergence"), {2}),
    ],
)
def test_words_and_phrases_are_looked_for_in_their_field(index, condition, papers):
    assert allowed(index, condition) == papers


@pytest.mark.parametrize(
    ("typed", "papers"),
    [
        ("Doe", {1, 2}),
        ("jane doe", {1}),
        ("Doe, Jane", {1}),
        ("Jane Mary Doe", {1}),
        ("doe jane mary", {1}),
        ("mary lund", set()),
        ("J. Doe", {1, 2}),
        ("Doe, J.", {1, 2}),
        ("M Doe", {1}),
        ("J. M. Doe", {1}),
        ("A. Doe", set()),
        ("Erdős", {3}),
        ("C. Erdos", {3}),
        ("J.R.R. Tolkien", {3}),
        ("Dana Ost", {4}),
        ("Zoe O'Brien", {4}),
        ("Z. O'Brien", {4}),
        ("", ALL),
    ],
)
def test_an_author_is_one_name_in_any_spelling(index, typed, papers):
    assert allowed(index, Words("author", typed)) == papers


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Words("org", "openai"), {6}),
        (Words("org", "institute massachusetts"), {6}),
        (Words("org", "mit"), {6}),
        (Words("org", "massach*"), {6}),
        (Words("org", "Oxford"), {7}),
        (Words("org", "OX"), {7}),
        (Words("org", "openai institute"), set()),
        (Phrase("org", "university of oxford"), {7}),
        (Phrase("org", "oxford university"), set()),
        (Phrase("author", "jane doe"), set()),
        (Phrase("author", "jane mary doe"), {1}),
    ],
)
def test_organizations_are_found_by_name_and_by_short_name(index, condition, papers):
    assert allowed(index, condition) == papers


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Term("cat", "cs.LG"), {1}),
        (Term("cat", "cs"), {1, 3}),
        (Term("cat", "math"), {2, 3}),
        (Term("cat", "math-ph"), {2}),
        (Term("cat", "math.ST"), {2}),
        (Term("cat", "stat.TH"), {2}),
        (Term("id", "2603.00009"), {9}),
        (Term("id", "doi:10.1000/soup"), {9}),
        (Term("source", "huggingface"), {8, 9}),
        (Term("has", "code"), {4}),
        (Term("has", "abstract"), ALL),
        (Range("votes", 8, None), {1}),
        (Range("votes", 7, 7), {2, 4}),
        (Range("votes", None, 7), ALL - {1}),
        (Range("votes", None, -1), set()),
        (Range("comments", 3, 10**30), {2}),
        (Range("date", date(2024, 1, 1).toordinal(), date(2025, 12, 31).toordinal()), {7, 8}),
        (Range("date", None, date(2025, 12, 30).toordinal()), {8}),
        (Range("date", date(2024, 6, 1).toordinal(), date(2024, 6, 30).toordinal()), {8}),
        (Range("date", date(2024, 12, 31).toordinal(), date(2025, 12, 31).toordinal()), {7, 8}),
        (Range("date", date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal()), {8}),
        (Range("date", date(2024, 7, 1).toordinal(), None), ALL - {5}),
        (Range("date", date(2025, 1, 1).toordinal(), None), ALL - {5, 8}),
        (Range("date", None, date(2024, 1, 1).toordinal()), {8}),
        (Range("date", None, date(2023, 12, 31).toordinal()), set()),
        (Not(Range("date", date(2024, 6, 1).toordinal(), date(2024, 6, 30).toordinal())), ALL - {8}),
        (Range("date", DAY, None), {1, 2, 3, 4, 6, 9}),
    ],
)
def test_values_and_ranges_are_exact(index, condition, papers):
    assert allowed(index, condition) == papers


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Not(Words("text", "divergence")), ALL - {1, 2}),
        (Not(Not(Words("text", "divergence"))), {1, 2}),
        (Not(Words("text", "...")), ALL),
        (AllOf(()), ALL),
        (AllOf((Words("text", "divergence"), Not(Term("cat", "cs")))), {2}),
        (AllOf((Not(Term("cat", "cs")), Not(Term("cat", "math")))), ALL - {1, 2, 3}),
        (AnyOf((Term("cat", "cs.LG"), Term("has", "code"))), {1, 4}),
        (AnyOf((Not(Term("has", "abstract")), Words("text", "soup"))), {9}),
    ],
)
def test_conditions_combine(index, condition, papers):
    assert allowed(index, condition) == papers


TEXT = st.text(max_size=20) | st.sampled_from(
    ["divergence", "Doe", "J. Doe", "C++", "learning agent", "-", "a;b"]
)
NUMBER = st.none() | st.integers(-(10**40), 10**40) | st.integers(0, DAY + 5)
LEAVES = (
    st.builds(Words, st.sampled_from(["text", "title", "abstract", "author", "org"]), TEXT)
    | st.builds(Phrase, st.sampled_from(["text", "title", "abstract", "author", "org"]), TEXT)
    | st.builds(Term, st.sampled_from(["cat", "id", "source", "has"]), TEXT)
    | st.builds(Range, st.sampled_from(["date", "votes", "comments"]), NUMBER, NUMBER)
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(AllOf, st.lists(inner, max_size=4).map(tuple))
        | st.builds(AnyOf, st.lists(inner, min_size=1, max_size=4).map(tuple))
    ),
    max_leaves=8,
)


@given(LEAVES, CONDITIONS)
def test_conditions_follow_the_laws_of_sets(index, one, other):
    first, second = allowed(index, one), allowed(index, other)
    assert allowed(index, AllOf((one, other))) == first & second
    assert allowed(index, Not(one)) in (ALL - first, ALL)
    assert allowed(index, Not(Not(other))) == second


def test_a_list_is_complete_and_sorted_and_its_pages_do_not_overlap(index):
    def papers_of(sort, limit, offset=0) -> list[int]:
        places, total = index.listed(None, sort=sort, limit=limit, offset=offset)
        assert total == 9
        return [place.paper for place in places]

    papers = papers_of("date", 100)
    assert papers == [9, 6, 4, 3, 2, 1, 7, 8, 5]
    assert papers_of("votes", 4) == [1, 4, 2, 9]
    assert papers_of("comments", 2) == [2, 9]
    pages = [papers_of("date", 2, start) for start in range(0, 12, 2)]
    assert [paper for page in pages for paper in page] == papers
    assert index.listed(Term("cat", "cs"), sort="date", limit=5, offset=10**12) == ([], 2)
    assert index.listed(Term("cat", "none"), sort="votes", limit=5) == ([], 0)


def test_facets_count_the_papers_of_a_condition(index):
    def values(facets: tuple[Facet, ...], field: str) -> dict[str, int]:
        return {one.value: one.count for facet in facets if facet.field == field for one in facet.values}

    everything = index.facets(AllOf(()))
    assert values(everything, "source") == {"arxiv": 8, "huggingface": 2}
    assert list(values(everything, "year").items()) == [("2026", 6), ("2025", 1), ("2024", 1)]
    assert values(everything, "has") == {"abstract": 9, "code": 1, "pdf": 1}
    cs = index.facets(Term("cat", "cs"))
    assert values(cs, "cat") == {"cs.IT": 1, "cs.LG": 1, "math.IT": 1, "stat.ML": 1}
    assert values(index.facets(AllOf(())), "org") == {"mit": 1, "openai": 1, "ox": 1}
    assert index.facets(Term("cat", "none")) == ()
    june = Range("date", date(2024, 6, 1).toordinal(), date(2024, 6, 30).toordinal())
    assert values(index.facets(june), "year") == {"2024": 1}
    assert cs[0] == Facet("year", (FacetValue("2026", 2),))


def test_values_come_in_the_order_asked_for(index):
    papers = [2, 77, 5, 1]
    assert index.values(papers, "date").tolist() == [DAY, 0, 0, DAY]
    assert index.values(papers, "votes").tolist() == [7, 0, 0, 30]
    assert index.values(papers, "comments").tolist() == [3, 0, 0, 0]
    assert index.values([], "date").tolist() == []


def test_a_set_of_papers_is_kept_until_the_next_commit(tmp_path: Path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS)
    folder.switch(words)
    index, condition = WordIndex(tmp_path), Not(Term("has", "code"))
    first = index.allowed(condition)
    assert index.allowed(condition) is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 5
    lexical.write(words, [2], [Document(20, "New", "paper")])
    assert index.allowed(condition).tolist() == [1, 3, 5, 6, 7, 8, 9, 20]
