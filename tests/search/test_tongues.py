"""What people type is found, whatever the script, the case and the signs it is written with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers import text
from broadsheet.papers.text import GREEK, title_key
from broadsheet.search import folder
from broadsheet.search.documents import Document
from broadsheet.search.explaining import Matcher
from broadsheet.search.query.conditions import Condition, Phrase, Words
from broadsheet.search.query.language import parse
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndex
from broadsheet.search.word_index.words import content_stems, fold, stems

ALPHABET = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
    phi chi psi omega
"""
LONG = "时间序列预测中的潮汐注意力机制与稀疏专家混合模型的统一综述和展望"
TITLES = {
    1: "潮汐学习综述",
    2: LONG,
    3: "潮の満ち引きを学ぶニューラルネットワーク",
    4: "조수 학습에 대한 종합적인 연구",
    5: "学",
    6: "BERT模型的潮汐",
    7: "A λ-calculus of tides",
    8: "Don't Stop the Tide",
    9: "Alzheimer’s disease and l'Hôpital's rule",
    10: "Transformers for tides",
    11: "A transform of tides",
    12: "Generalizing tides by self-supervised learning",
    13: "Genes of the tide",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> WordIndex:
    authors = {1: ["Zoë O'Brien"], 2: ["Jean D’Alembert"], 3: ["Sinead OBrien"]}
    return made(
        tmp_path_factory.mktemp("index"),
        [Document(pk, title, "", authors.get(pk, ())) for pk, title in TITLES.items()],
    )


def made(root, documents: Sequence[Document]) -> WordIndex:
    words = folder.beside(root)
    lexical.create(words)
    lexical.write(words, [], documents)
    folder.switch(words)
    return WordIndex(root)


def having(index: WordIndex, condition: Condition) -> set[int]:
    return set(index.allowed(condition).tolist())


def found(index: WordIndex, typed: str) -> list[int]:
    return [paper for paper, _ in index.search(parse(typed), limit=50)]


def marked(typed: str, shown: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", Matcher(parse(typed)).mark(text.inline(shown)))


def accented(letter: str) -> list[str]:
    """Every letter of Unicode that is this one with accents, in both cases, and a final sigma."""
    every = map(chr, (*range(0x370, 0x400), *range(0x1F00, 0x2000)))
    return [one for one in every if unicodedata.normalize("NFD", one)[0].casefold() == letter]


def test_the_greek_alphabet_has_the_names_that_people_write():
    assert list(GREEK.values()) == ALPHABET.split()


@pytest.mark.parametrize(("letter", "name"), GREEK.items())
def test_each_greek_letter_is_found_by_sign_by_name_and_by_tex(letter, name):
    for sign in (letter, letter.upper(), *accented(letter)):
        assert stems(fold(f"{sign}-calculus")) == stems(f"{name}-calculus")
        assert stems(fold(f"the {sign}₁ norm")) == stems(f"the {name}1 norm")
    assert stems(fold(rf"$\{name}$-calculus")) == stems(fold(f"{name}-calculus"))
    assert title_key(f"{letter}-calculus") == title_key(f"{name}-calculus")
    assert marked(f"{name} calculus", f"the {letter}-calculus") == [f"{letter}-calculus"]


def test_a_word_of_greek_is_no_formula_and_is_indexed_however_long():
    assert content_stems(fold("Θερμοδυναμική")) == ["θερμοδυναμικη"]
    assert stems(fold("ΘΕΡΜΟΔΥΝΑΜΙΚΗ")) == stems(fold("θερμοδυναμική"))
    assert stems(fold("Νόμος")) == stems(fold("ΝΟΜΟΣ"))


@pytest.mark.parametrize("variant", ["epsilon", "theta", "kappa", "pi", "rho", "sigma", "phi"])
def test_a_variant_of_a_letter_is_that_letter(variant):
    assert stems(fold(rf"$\var{variant}$-greedy")) == stems(fold(f"{variant}-greedy"))


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Words("title", "潮汐学习"), {1}),
        (Words("title", "潮汐"), {1, 2, 6}),
        (Words("text", "汐学"), {1}),
        (Words("title", "学习潮汐"), set()),
        (Phrase("title", "潮汐注意力机制"), {2}),
        (Phrase("title", "注意力 潮汐"), set()),
        (Words("title", LONG), {2}),
        (Words("title", LONG[-4:]), {2}),
        (Words("title", "ニューラル"), {3}),
        (Words("title", "ﾆｭｰﾗﾙ"), {3}),
        (Words("title", "학습"), {4}),
        (Words("title", "종합적인 연구"), {4}),
        (Words("title", "学"), {1, 3, 5}),
        (Words("title", "bert模型"), {6}),
        (Words("title", "模型 bert"), {6}),
        (Words("title", "lambda"), {7}),
        (Words("title", "Λ"), {7}),
    ],
)
def test_signs_and_letters_are_found(index, condition, papers):
    assert having(index, condition) == papers


@given(st.data())
def test_every_stretch_of_a_text_without_blanks_is_found_and_marked(index, data):
    signs = TITLES[data.draw(st.sampled_from([1, 2, 3, 5]))]
    start = data.draw(st.integers(0, len(signs) - 1))
    part = signs[start : data.draw(st.integers(start + 1, len(signs)))]
    expected = {pk for pk, title in TITLES.items() if part in title}
    assert having(index, Words("title", part)) == having(index, Phrase("text", part)) == expected
    assert part in "".join(marked(part, signs))


@pytest.mark.parametrize(
    ("typed", "shown", "marks"),
    [
        ("潮汐学习", "关于潮汐学习综述", ["潮汐学习"]),
        ("模型", "BERT模型的潮汐", ["模型"]),
        ("bert 模型", "BERT模型的潮汐", ["BERT模型"]),
        ("学", "潮汐学习综述", ["学"]),
        ('"潮汐学习"', "潮汐学习综述", ["潮汐学习"]),
        ("dont", "Don't and Don’t stop", ["Don&#39;t", "Don’t"]),
        ("hopital", "l'Hôpital's rule", ["Hôpital&#39;s"]),
        ("don't", "dont", ["dont"]),
        ("transf*", "Transformers transform, they transfer", ["Transformers transform", "transfer"]),
        ('"loss spike" model', "A model of loss spikes and of loss", ["model", "loss spikes"]),
        ('"loss spike" OR "mean field"', "mean of a mean field", ["mean field"]),
        ('"loss spike" loss', "a loss, a spike", ["loss"]),
        ('"loss of a network"', "the loss of a network is a loss", ["loss of a network"]),
        ('"deep nets"', "deep <b> nets", []),
        ('"deep nets"', r"deep \emph{nets}", ["deep", "nets"]),
        ('"deep nets"', "deep $x^2$ nets", []),
    ],
)
def test_what_was_typed_is_marked(typed, shown, marks):
    assert marked(typed, shown) == marks


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        *((Words("author", name), {1, 3}) for name in ("obrien", "OBrien", "O'Brien", "O’Brien", "OʼBrien")),
        (Words("author", "Brien"), {1}),
        (Words("author", "O Brien"), {1}),
        (Words("author", "Z. OBrien"), {1}),
        (Words("author", "Zoe O Brien"), {1}),
        (Words("author", "dalembert"), {2}),
        (Words("author", "Alembert"), {2}),
        *((Words("title", word), {8}) for word in ("dont", "don't", "DON’T")),
        (Words("text", "alzheimers"), {9}),
        (Words("text", "alzheimer"), {9}),
        (Phrase("text", "alzheimers disease"), {9}),
        (Phrase("text", "alzheimer disease"), {9}),
        (Words("text", "hopital"), {9}),
        (Words("text", "lhopital"), {9}),
        (Phrase("text", "l’hopital's rule"), {9}),
    ],
)
def test_apostrophes_may_be_left_out(index, condition, papers):
    assert having(index, condition) == papers


@pytest.mark.parametrize("change", [str.lower, str.upper, str.title])
@pytest.mark.parametrize(
    ("typed", "papers"),
    [
        ("title:transf*", {10, 11}),
        ("transf*", {10, 11}),
        ("title:transformers*", {10}),
        ("gener*", {12}),
        ("gen*", {12, 13}),
        ("self-superv*", {12}),
        ("title:tide* -transf*", {7, 8, 12, 13}),
        ("author:obri*", {1, 3}),
        ("author:d'alem*", {2}),
    ],
)
def test_the_beginning_of_a_word_finds_every_paper_that_has_it(
    index, change: Callable[[str], str], typed, papers
):
    field, colon, word = typed.rpartition(":")
    asked = parse(f"{field}{colon}{change(word)}" if " " not in typed else typed)
    wanted = asked.condition or Words("text", asked.text)
    assert having(index, wanted) == papers
    if asked.text:
        assert {paper for paper, _ in index.search(asked, limit=50)} >= papers


def test_papers_with_a_beginning_are_ranked_by_the_most_frequent_words_that_begin_so(tmp_path):
    texts = ["transfixed", *["transformer"] * 5, "a study of a transformer"]
    index = made(tmp_path, [Document(number, one, "") for number, one in enumerate(texts, 1)])
    assert set(found(index, "title:Transf*")) == set(range(1, 8))
    many = made(tmp_path, [Document(number, f"transf{number:03}", "") for number in range(1, 50)])
    assert len(found(many, "transf*")) == 49


@pytest.mark.parametrize(("word", "other"), [("transformer", "transform"), ("transform", "transformer")])
def test_a_short_query_prefers_the_form_that_was_typed(tmp_path, word, other):
    forms = [(1, other), (2, word), (3, other), (4, f"{word}s")]
    index = made(
        tmp_path, [Document(pk, f"On the {form} of tides", f"The {form} of tides") for pk, form in forms]
    )
    assert set(found(index, word)[:2]) == set(found(index, f"{word} of tides")[:2]) == {2, 4}
    assert having(index, Words("text", word)) == {1, 2, 3, 4}


ABSTRACTS = {
    1: ("Dying and lying tides", "They die and lie."),
    2: ("Happy tides", "Happiness, the skies and a fly."),
    3: ("They die", "Tides, tying ropes, flies"),
    4: ("Graph neural networks", "Neural graphs of a network."),
    5: ("Tides", "Graph neural network, gently running"),
}


@pytest.mark.parametrize(
    ("condition", "papers"),
    [
        (Words("abstract", "dying"), {1}),
        (Words("abstract", "tie"), {3}),
        (Words("abstract", "happy"), {2}),
        (Words("abstract", "sky"), {2}),
        (Words("abstract", "fly"), {2, 3}),
        (Words("abstract", "gentle"), {5}),
        (Words("abstract", "run"), {5}),
        (Words("abstract", "graph network"), {4, 5}),
        (Phrase("abstract", "graphs neural networks"), {5}),
        (Phrase("title", "graph neural network"), {4}),
        (Phrase("text", "graph neural network"), {4, 5}),
        (Words("abstract", "a"), {2, 4}),
        (Words("abstract", "o"), set()),
        (Words("abstract", "unheard"), set()),
        (Phrase("abstract", "unheard tides"), set()),
        (Words("abstract", "?!"), {1, 2, 3, 4, 5}),
    ],
)
def test_the_abstract_alone_is_asked_in_all_forms_of_a_word(tmp_path, condition, papers):
    index = made(tmp_path, [Document(pk, *texts) for pk, texts in ABSTRACTS.items()])
    assert having(index, condition) == papers
