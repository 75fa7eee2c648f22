"""Where nothing is found, there is something else to try."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.shelf import MORNING, TEXTS

from broadsheet.search import folder
from broadsheet.search.documents import Document
from broadsheet.search.query.language import parse
from broadsheet.search.suggesting import Loosened, loosened, spelled
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndex


def document(number, title, abstract, author):
    return Document(
        number,
        title,
        abstract,
        authors=(author,),
        organizations=(("kitchenlab", "Kitchen Lab"),) if number == 9 else (),
        categories=("cs.RO",) if number == 9 else ("cs.LG",),
        day=MORNING.toordinal() + number,
    )


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> WordIndex:
    """The word index of the nine papers; the last is about robots, and from a lab."""
    root: Path = tmp_path_factory.mktemp("index")
    words = folder.beside(root)
    lexical.create(words)
    documents = [document(number, *texts) for number, texts in enumerate(TEXTS, start=1)]
    lexical.write(words, [], documents)
    folder.switch(words)
    return WordIndex(root)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("epidemcs on graps", "epidemics on graphs"),
        ("cookign Robts", "cooking Robots"),
        ("chess, recvery!", "chess, recovery!"),
        ("hedda ruizz", "hedda ruiz"),
        ("author:petrof chess", "author:petrov chess"),
        ('author:"Hedda Ruis"', 'author:"Hedda Ruiz"'),
        ("org:kitchin", "org:kitchen"),
        ('title:"coking for robots" year:2026', 'title:"cooking for robots" year:2026'),
        ("chess OR epidemcs", "chess OR epidemics"),
        ("erdos", ""),
        ("Erdös divrgence", "Erdös divergences"),
        ("training divergence", ""),
        ("R0 GPT-4 C++ xyz", ""),
        ("chess -epidemcs", ""),
        (r"\epidemcs $epidemcs$", ""),
        ("qwertyuiop", ""),
        ("", ""),
    ],
)
def test_misspelt_words_are_replaced_by_the_nearest_that_papers_have(shelf, typed, meant):
    assert spelled(parse(typed), shelf) == meant


def test_a_word_that_hardly_any_paper_has_gives_way_to_a_near_one_that_very_many_have(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    texts = ["Robotics"] * 10_000 + ["Robtics"]
    lexical.write(words, [], [Document(number, text, "") for number, text in enumerate(texts)])
    folder.switch(words)
    index = WordIndex(tmp_path)
    assert spelled(parse("robtics"), index) == "robotics"
    assert spelled(parse("robotics"), index) == ""


@pytest.mark.parametrize(
    ("typed", "looser"),
    [
        ('"pot of robots"', [("pot of robots", 1)]),
        ("chess year:2025", [("chess", 1)]),
        ("robots cat:cs.LG author:petrov", [("robots author:petrov", 1)]),
        ("title:soup", [("soup", 1)]),
        ("cat:cs.CV year:2025 author:petrov", []),
        ('"robots cook" cat:cs.CV year:2025', [("robots cook", 1)]),
        ("robots -robots", [("-robots", 8), ("robots", 1)]),
        ("year:2025", []),
        ("year:2025 cat:cs.LG", [("cat:cs.LG", 8)]),
        ('title:"GPT-4 plays" chess', [("GPT-4 plays chess", 1)]),
        ('"plays OR cat:cs.LG" chess', [("chess", 1)]),
        ("robots", []),
        ("", []),
    ],
)
def test_a_query_is_loosened_until_it_finds_something(shelf, typed, looser):
    assert [(one.query, one.total) for one in loosened(parse(typed), shelf)] == looser


def test_the_loosened_queries_with_most_results_come_first_and_are_few(shelf):
    typed = " ".join(
        ["cat:cs.LG", "author:lund", *(f"-author:a{number}" for number in range(60)), "cat:cs.RO"]
    )
    found = loosened(parse(typed), shelf)
    assert found == ()
    found = loosened(parse("cat:cs.LG cat:cs.RO"), shelf)
    assert found == (Loosened("cat:cs.LG", 8), Loosened("cat:cs.RO", 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["robts", '"a b"', "-soup", "title:x", "year:2025", "a OR b", "NOT", "(", '"']))
)
def test_whatever_is_asked_the_help_is_a_query_that_reads_the_same(shelf, pieces):
    asked = parse(" ".join(pieces))
    for query in (spelled(asked, shelf), *(one.query for one in loosened(asked, shelf))):
        assert parse(query).typed == query


def test_helping_with_a_long_query_takes_no_time(shelf):
    asked = parse(" ".join([*(f"robts{number}" for number in range(500)), "robts " * 500, "-x " * 500]))
    start = time.process_time()
    spelled(asked, shelf)
    loosened(asked, shelf)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(("count", "is_tried"), [(8, True), (9, False), (40, False)])
def test_of_many_conditions_none_is_left_out_alone(shelf, count, is_tried):
    others = " ".join(f"-nobody{number}" for number in range(count - 1))
    found = loosened(parse(f"title:nobody {others}"), shelf)
    assert (others in {one.query for one in found}) is is_tried
