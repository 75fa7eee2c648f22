"""BERT in PyTorch, on the processor or on a card where there is one, beside the formulas of the paper."""

from __future__ import annotations

import json
import math
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.search import tiny
from tokenizers import Tokenizer

from broadsheet.search.embedding_models.embedding import DEFAULT, EmbeddingModel, ModelError, checked_folder
from broadsheet.search.embedding_models.model_folder import described
from broadsheet.search.embedding_models.runtimes import runtime

# To import it takes seconds, which only the process has to spend that runs these tests.
if not find_spec("torch"):
    pytest.skip("needs PyTorch: install broadsheet[torch]", allow_module_level=True)

from safetensors.numpy import load_file, save_file

FOLDER = "broadsheet.search.embedding_models"

LAYERS, WIDTH, HEADS, INNER, LONGEST = 2, 32, 2, 64, 40
TEXTS = [
    "The loss of a large network spikes.",
    "",
    "soup " * 200,
    "A (short) text: α-β, naïve 东京!",
    "  ",
] * 9


def save(folder: Path, **changed: object) -> Path:
    """Write a BERT with random weights, as sentence-transformers do."""
    rng = np.random.default_rng(1)
    tiny.configure(folder, pooling="cls_token", query="query: ", document="passage: ")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": LONGEST}))
    pooling = json.loads((folder / "1_Pooling/config.json").read_text())
    (folder / "1_Pooling/config.json").write_text(json.dumps(pooling | {"word_embedding_dimension": WIDTH}))
    shutil.copy(checked_folder(DEFAULT) / "tokenizer.json", folder)
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": 64,
    }
    (folder / "config.json").write_text(json.dumps(config | changed))
    weights = {
        "embeddings.word_embeddings.weight": rng.normal(size=(30522, WIDTH)),
        "embeddings.position_embeddings.weight": rng.normal(size=(64, WIDTH)),
        "embeddings.token_type_embeddings.weight": rng.normal(size=(2, WIDTH)),
    }
    parts = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "attention.output.LayerNorm": (WIDTH,),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
        "output.LayerNorm": (WIDTH,),
    }
    shapes = {"embeddings.LayerNorm": (WIDTH,)} | {
        f"encoder.layer.{layer}.{part}": shape for layer in range(LAYERS) for part, shape in parts.items()
    }
    for name, shape in shapes.items():
        weights |= {f"{name}.weight": rng.normal(size=shape) / 3, f"{name}.bias": rng.normal(size=shape[:1])}
    save_file(
        {name: array.astype(np.float32) for name, array in weights.items()}, folder / "model.safetensors"
    )
    return folder


def by_the_paper(model: EmbeddingModel, text: str) -> np.ndarray:
    """The vector of one text, written down from the paper, in 64 bits."""
    folder = Path(model.folder)
    weights = {name: array.astype(float) for name, array in load_file(folder / "model.safetensors").items()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(model.pieces)
    pieces = tokenizer.encode(text).ids

    def linear(states: np.ndarray, name: str) -> np.ndarray:
        return states @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(states: np.ndarray, name: str) -> np.ndarray:
        centred = states - states.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def attention(states: np.ndarray, name: str) -> np.ndarray:
        query, key, value = (
            linear(states, f"{name}.{part}").reshape(len(states), HEADS, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(WIDTH // HEADS))
        return ((scores / scores.sum(2, keepdims=True)) @ value).swapaxes(0, 1).reshape(states.shape)

    kinds = ("word", "position", "token_type")
    words, places, types = (weights[f"embeddings.{kind}_embeddings.weight"] for kind in kinds)
    states = norm(words[pieces] + places[: len(pieces)] + types[0], "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        seen = linear(attention(states, f"{layer}.attention.self"), f"{layer}.attention.output.dense")
        states = norm(states + seen, f"{layer}.attention.output.LayerNorm")
        wide = linear(states, f"{layer}.intermediate.dense")
        wide = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        states = norm(states + linear(wide, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    pooled = states[0] if model.pooling == "cls" else states.mean(0)
    return pooled / np.linalg.norm(pooled)


@pytest.fixture
def model(tmp_path):
    return described(save(tmp_path), name="tiny")


def is_on_card() -> bool:
    import torch

    return torch.cuda.is_available()


def agree(found: np.ndarray, wanted: list[np.ndarray]) -> bool:
    return np.allclose((found * np.array(wanted)).sum(1), 1, atol=1e-3 if is_on_card() else 1e-6)


def test_vectors_are_those_of_the_paper_in_the_order_of_the_texts(model, monkeypatch):
    monkeypatch.setattr(f"{FOLDER}.torch_runtime.SLICE", 7)
    found = runtime(model).embed_documents(TEXTS)
    assert found.dtype == np.float32
    assert agree(found, [by_the_paper(model, f"passage: {text}") for text in TEXTS])


def test_the_mean_of_all_pieces_can_be_taken_instead_of_the_first(tmp_path):
    folder = save(tmp_path)
    shutil.rmtree(folder / "1_Pooling")
    model = described(folder, name="tiny")
    assert model.pooling == "mean"
    found = runtime(model).embed_documents(TEXTS)
    assert agree(found, [by_the_paper(model, f"passage: {text}") for text in TEXTS])


def test_a_query_has_the_words_before_it_that_the_model_was_trained_with(model):
    found = runtime(model).embed_query("loss spikes")
    assert agree(found[None], [by_the_paper(model, "query: loss spikes")])


def test_texts_are_cut_where_the_model_ends(model):
    one, other = runtime(model).embed_documents(["word " * LONGEST + "cats", "word " * LONGEST + "dogs"])
    assert np.array_equal(one, other)


def test_no_texts_give_no_vectors(model):
    assert runtime(model).embed_documents([]).shape == (0, WIDTH)


def test_a_card_gets_thousands_of_texts_at_once_and_does_not_mix_them_up(model):
    if not is_on_card():
        pytest.skip("needs an NVIDIA card")
    from broadsheet.search.embedding_models import torch_runtime

    texts = [f"text number {number} " + "soup " * (number % 50) for number in range(3 * torch_runtime.SLICE)]
    found = runtime(model).embed_documents(texts)
    some = range(0, len(texts), 997)
    assert agree(found[some], [by_the_paper(model, f"passage: {texts[i]}") for i in some])


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"model_type": "mpnet"}, "is no BERT"),
        ({"hidden_act": "relu"}, "is no BERT"),
        ({"max_position_embeddings": 32}, "cannot read texts of 40 word pieces"),
        ({"num_hidden_layers": 3}, "cannot be used: 'encoder.layer.2"),
    ],
)
def test_a_model_that_cannot_be_run_is_refused_in_a_sentence(tmp_path, changed, complaint):
    with pytest.raises(ModelError, match=complaint):
        described(save(tmp_path, **changed), name="tiny")


def test_damaged_weights_and_foreign_word_pieces_are_refused_in_a_sentence(tmp_path):
    folder = save(tmp_path)
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:1000])
    with pytest.raises(ModelError, match="cannot be used"):
        described(folder, name="tiny")
    weights.write_bytes(whole)
    tiny.save(folder)
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match="does not cut texts into pieces as BERT does"):
        described(folder, name="tiny")


def test_weights_that_are_no_numbers_are_refused_in_a_sentence(tmp_path):
    folder = save(tmp_path)
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.LayerNorm.bias"][:] = np.nan
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ModelError, match="no numbers; use another model"):
        described(folder, name="tiny")


@pytest.fixture(scope="module")
def word_pieces_of_texts():
    """Word pieces by table, and by the tokenizer, of the same texts."""
    import torch

    from broadsheet.search.embedding_models.word_pieces import WordPieces

    file = str(checked_folder(DEFAULT) / "tokenizer.json")
    usual = Tokenizer.from_file(file)
    usual.no_padding()
    usual.enable_truncation(LONGEST)
    usual.encode_special_tokens = True
    table = WordPieces(Tokenizer.from_file(file), most=LONGEST, device=torch.device("cpu"))

    def both(texts: list[str]) -> tuple[list[list[int]], list[list[int]]]:
        pieces, counts = table.of(texts)
        return [text.tolist() for text in pieces.split(counts.tolist())], [
            one.ids for one in usual.encode_batch(texts)
        ]

    return both


PARTS = st.sampled_from(
    ["GPT-4", "[SEP]", "don't", "naïve", "e\u0301", "≠", "东京", "\x0b", "\u00a0", "x" * 120]
)
TYPED = st.lists(st.lists(st.text(max_size=9) | PARTS).map(" ".join), min_size=1, max_size=9)


@given(TYPED)
def test_word_pieces_are_exactly_those_of_the_tokenizer(word_pieces_of_texts, texts):
    found, wanted = word_pieces_of_texts(texts)
    assert found == wanted


def test_a_table_that_grows_too_large_starts_anew(word_pieces_of_texts, monkeypatch):
    monkeypatch.setattr(f"{FOLDER}.word_pieces.MOST_WORDS", 2)
    for texts in (["a soup of beans"], ["a soup of herbs", "beans"]):
        found, wanted = word_pieces_of_texts(texts)
        assert found == wanted
