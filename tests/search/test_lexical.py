"""The word index finds what contains the words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.search.shelf import TEXTS

from broadsheet.search import folder
from broadsheet.search.documents import Document
from broadsheet.search.query.conditions import Not, Range, Words
from broadsheet.search.query.language import parse
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndex, WordIndexError

DOCUMENTS = [
    Document(number, title, text, (author,)) for number, (title, text, author) in enumerate(TEXTS, 1)
]


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """An index folder with the shelf in it."""
    root = tmp_path_factory.mktemp("index")
    words = folder.beside(root)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS)
    folder.switch(words)
    return root


def found(root: Path, query: str) -> list[int]:
    return [paper for paper, _ in WordIndex(root).search(parse(query), limit=20)]


@pytest.mark.parametrize(
    ("query", "paper"),
    [
        ("R0", 4),
        ("C++", 5),
        ("c++", 5),
        ("GPT-4", 6),
        ("Q-learning", 7),
        ("ℓ1", 3),
        (r"$\ell_1$", 3),
        ("l1 norm", 3),
        ("Kullback-Leibler", 2),
        ("glowing cells", 8),
        ("robots cook", 9),
        ("Erdős", 3),
        ("hedda ruiz", 8),
        ('"reinforcement learning"', 7),
    ],
)
def test_the_right_paper_comes_first(root, query, paper):
    assert found(root, query)[0] == paper


def test_a_phrase_must_stand_in_its_order(root):
    assert found(root, '"learning reinforcement"') == []
    assert found(root, '"loss of a network"') == [1]


def test_an_excluded_word_or_phrase_leaves_papers_out(root):
    assert set(found(root, "divergence")) == {1, 2}
    assert found(root, "divergence -Kullback") == [1]
    assert found(root, 'divergence -"loss of a network"') == [2]


def test_a_word_in_the_title_counts_more_than_one_in_the_abstract(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    texts = [("graphs and words", "of trees"), ("trees and words", "of graphs")]
    lexical.write(words, [], [Document(number, *text) for number, text in enumerate(texts, 1)])
    folder.switch(words)
    assert found(tmp_path, "trees") == [2, 1]


def test_equally_good_papers_stand_in_the_order_of_their_numbers(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    for number in (5, 3, 9, 1):
        lexical.write(words, [], [Document(number, "the same", "text for all")])
    folder.switch(words)
    assert found(tmp_path, "same text") == [1, 3, 5, 9]


def test_what_is_held_for_a_request_knows_the_papers_of_the_commit_that_it_sees(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    folder.switch(words)
    index = WordIndex(tmp_path)
    for count in (1, 2, 3):
        lexical.write(words, [], DOCUMENTS[count - 1 : count])
        for _ in range(2):
            every = index.held().allowed(lexical.EVERY_PAPER).tolist()
            assert every == [one.paper for one in DOCUMENTS[:count]]


def test_an_open_index_sees_each_commit_and_each_switch_at_once(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    folder.switch(words)
    index = WordIndex(tmp_path)
    assert index.count() == 0
    lexical.write(words, [], DOCUMENTS[:3])
    assert index.count() == 3
    lexical.write(words, [1, 2], [Document(2, "Replaced", "quite another text")])
    assert [paper for paper, _ in index.search(parse("replaced"), limit=5)] == [2]
    assert index.search(parse("divergence"), limit=5) == []
    other = folder.beside(tmp_path)
    lexical.create(other)
    lexical.write(other, [], DOCUMENTS)
    folder.switch(other)
    assert index.count() == len(DOCUMENTS)


def test_a_missing_a_cut_and_a_damaged_index_are_told_as_such(tmp_path):
    with pytest.raises(WordIndexError):
        WordIndex(tmp_path).count()
    words = folder.beside(tmp_path)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS)
    folder.switch(words)
    for path in (*words.glob("*.idx"), words / "meta.json", tmp_path / "CURRENT"):
        whole = path.read_bytes()
        for damaged in (whole[: len(whole) // 2], b"\xff\xfe nonsense", b""):
            path.write_bytes(damaged)
            with pytest.raises(WordIndexError):
                WordIndex(tmp_path).count()
        path.write_bytes(whole)
        assert WordIndex(tmp_path).count() == len(DOCUMENTS)


@given(
    st.text(alphabet=st.characters(codec=None)) | st.text(alphabet=' "-+*?():^~[]{}\\/&|!aR0ℓ.', max_size=80)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_makes_it_fail(root, typed):
    for paper in found(root, typed):
        assert 1 <= paper <= len(DOCUMENTS)


def test_a_very_long_query_is_answered(root):
    assert found(root, "soup robots " * 5_000)[0] == 9
    assert found(root, '"' + "soup of robots " * 600 + '"') == []
    assert found(root, "soup " + " ".join(f"-word{i}" for i in range(2_000))) == [9]


def test_an_open_index_notices_that_one_of_its_files_was_overwritten(tmp_path):
    words = folder.beside(tmp_path)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS)
    folder.switch(words)
    index = WordIndex(tmp_path)
    assert index.count() == len(DOCUMENTS)
    for path in words.glob("*.term"):
        # Where it lies: to cut a file that is mapped is another thing.
        with path.open("r+b") as file:
            file.seek(10)
            file.write(b"\x55" * 30)
    for _ in range(2):
        with pytest.raises(WordIndexError):
            index.search(parse("soup"), limit=3)


@pytest.mark.parametrize("kind", ["term", "idx", "pos", "fast", "fieldnorm"])
def test_damage_that_nobody_noticed_is_told_when_a_question_meets_it(tmp_path, kind):
    words = folder.beside(tmp_path)
    lexical.create(words)
    lexical.write(words, [], DOCUMENTS)
    folder.switch(words)
    index = WordIndex(tmp_path)
    assert index.count() == len(DOCUMENTS)
    for path in words.glob(f"*.{kind}"):
        damage_unnoticed(path)
    told = 0
    for question in (
        lambda: index.search(parse('soup "loss of a network" author:lund'), limit=3),
        lambda: index.allowed(Not(Words("text", "soup"))),
        lambda: index.listed(Range("date", 1, None), sort="submitted", limit=3),
        lambda: index.values([1, 2, 3], "date"),
        lambda: index.facets(None),
    ):
        try:
            question()
        except WordIndexError:
            told += 1
    assert told or kind == "fieldnorm"


def damage_unnoticed(path: Path) -> None:
    """Overwrite the file where it lies, as a failing disk does, with its size and time as they were."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(b"\xf5" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
