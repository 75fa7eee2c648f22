"""Each word that is not known, or hardly, is offered as it may have been meant; the rest of the query stays."""

from __future__ import annotations

import pytest

from broadsheet.search import folder
from broadsheet.search.documents import Document
from broadsheet.search.query.language import parse
from broadsheet.search.suggesting import spelled
from broadsheet.search.word_index import lexical
from broadsheet.search.word_index.lexical import WordIndex

PHRASES = [
    "diffusion models",
    "speculative decoding",
    "language model",
    "mixture of experts",
    "reinforcement learning",
    "vision transformer",
    "retrieval augmented generation",
    "convolutional neural network",
    "tokenizers and their training",
]
RARE = ["grokking of a kettle", "tokenizing a tide", "robotic soups"]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> WordIndex:
    """The phrases in 200 titles each, rare words in one, and slips in the abstracts of a few."""
    root = tmp_path_factory.mktemp("index")
    words = folder.beside(root)
    lexical.create(words)
    texts = [(phrase, "We study it.") for phrase in PHRASES for _ in range(200)]
    texts += [(rare, "") for rare in RARE] + [("Notes", "A langauge of reinforcment and transfomer.")]
    lexical.write(words, [], [Document(n, *text) for n, text in enumerate(texts, start=1)])
    folder.switch(words)
    return WordIndex(root)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("difusion models", "diffusion models"),
        ("speculatve decoding", "speculative decoding"),
        ("langauge model", "language model"),
        ("mixture of expers", "mixture of experts"),
        ("reinforcement lerning", "reinforcement learning"),
        ("vison transformer", "vision transformer"),
        ("retreival augmented generation", "retrieval augmented generation"),
        ("transfomer attention", "transformer attention"),
        ("convolutonal neural netwrk year:2026", "convolutional neural network year:2026"),
        ("title:difusion -vison", "title:diffusion -vison"),
        ("Difusion OR tokenizr", "Diffusion OR tokenizers"),
    ],
)
def test_each_wrong_word_is_put_right_by_itself(library, typed, meant):
    assert spelled(parse(typed), library) == meant


def test_a_word_that_shares_its_stem_with_the_right_one_is_put_right(library):
    assert spelled(parse("reinforcemnt learning"), library) == "reinforcement learning"


@pytest.mark.parametrize("letter", range(1, 9))
@pytest.mark.parametrize("word", ["diffusion", "generation", "reinforcement", "retrieval"])
def test_two_letters_that_change_places_are_put_right_wherever_they_stand(library, word, letter):
    typed = f"{word[:letter]}{word[letter + 1 : letter + 2]}{word[letter]}{word[letter + 2 :]}"
    if typed != word:
        assert spelled(parse(f"{typed} models"), library) == f"{word} models"


@pytest.mark.parametrize(
    "typed",
    [*PHRASES, *RARE, "diffuse model", "network", "decode", "experts", "difus*", "-difusion", "R0 C++"],
)
def test_right_words_stay(library, typed):
    assert spelled(parse(typed), library) == ""
