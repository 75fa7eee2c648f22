"""Embedding models in folders, as operators have them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.search import tiny

from broadsheet.search.embedding_models.choosing import choose
from broadsheet.search.embedding_models.embedding import DEFAULT, ModelError, checked_folder
from broadsheet.search.embedding_models.model_folder import described
from broadsheet.search.embedding_models.runtimes import runtime


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def test_a_plain_folder_is_read_as_the_mean_of_its_word_pieces(tmp_path):
    model = described(tiny.save(tmp_path / "plain"), name="plain")
    assert (model.name, model.dimension, model.pooling) == ("plain", tiny.DIMENSION, "mean")
    expected = unit(tiny.states(["robot", "soup"]).mean(0))
    assert np.allclose(runtime(model).embed_query("robot soup"), expected, atol=1e-6)
    assert np.allclose(runtime(model).embed_documents(["of", "robot soup"])[1], expected, atol=1e-6)


def test_a_folder_of_sentence_transformers_says_how_to_pool_and_what_to_put_before_a_text(tmp_path):
    folder = tiny.save(tmp_path, file="onnx/model.onnx")
    tiny.configure(folder, pooling="cls_token", query="soup ", passage="robot ")
    model = described(folder, name="tiny")
    assert (model.weights, model.pooling, model.pieces) == ("onnx/model.onnx", "cls", 16)
    assert np.allclose(runtime(model).embed_query("cells"), unit(tiny.states(["soup"])[0]), atol=1e-6)
    assert np.allclose(
        runtime(model).embed_documents(["cells"])[0], unit(tiny.states(["robot"])[0]), atol=1e-6
    )


def test_what_follows_the_longest_sequence_of_the_model_does_not_count(tmp_path):
    model = described(tiny.configure(tiny.save(tmp_path)), name="tiny")
    sixteen = "robot " * 16
    assert np.array_equal(*runtime(model).embed_documents([sixteen, sixteen + "soup"]))


def test_a_model_that_pools_by_itself_is_taken_at_its_word(tmp_path):
    model = described(tiny.save(tmp_path, output="sentence_embedding"), name="tiny")
    expected = unit(tiny.states(["robot", "soup"]).max(0))
    assert np.allclose(runtime(model).embed_query("robot soup"), expected, atol=1e-6)


def test_a_text_without_any_word_piece_has_a_vector_too(tmp_path):
    model = described(tiny.save(tmp_path), name="tiny")
    vectors = runtime(model).embed_documents(["", "robot"])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_the_only_model_in_a_folder_may_have_any_name(tmp_path):
    assert described(tiny.save(tmp_path, file="small.onnx"), name="tiny").weights == "small.onnx"


def test_the_default_model_in_a_folder_is_read_like_the_one_in_the_package(tmp_path):
    folder = tmp_path / "bge"
    shutil.copytree(checked_folder(DEFAULT), folder)
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": "cls"}))
    model = described(folder, name="bge")
    assert (model.dimension, model.sha256) == (DEFAULT.dimension, DEFAULT.sha256)
    texts = ["Training diverges when the learning rate is too high."]
    assert np.allclose(
        runtime(model).embed_documents(texts), runtime(DEFAULT).embed_documents(texts), atol=1e-6
    )


def test_models_differ_where_their_vectors_do(tmp_path):
    folder = tiny.configure(tiny.save(tmp_path))
    model = described(folder, name="tiny")
    assert described(folder, name="another name").identity == model.identity
    tiny.configure(folder, query="soup ")
    assert described(folder, name="tiny").identity == model.identity
    others = [
        described(tiny.configure(folder, document="robot "), name="tiny"),
        described(tiny.configure(folder, pooling="cls_token"), name="tiny"),
        described(tiny.configure(tiny.save(folder, seed=2)), name="tiny"),
    ]
    assert len({one.identity for one in (model, *others)}) == 4


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def a_broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


def broken_weights(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no model")


def no_weights(folder: Path) -> None:
    (folder / "model.onnx").unlink()


def several_weights(folder: Path) -> None:
    (folder / "model.onnx").rename(folder / "one.onnx")
    shutil.copy(folder / "one.onnx", folder / "two.onnx")


def a_classifier(folder: Path) -> None:
    tiny.save(folder, output="logits")


def another_dimension(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").write_text('{"word_embedding_dimension": 384}')


def another_pooling(folder: Path) -> None:
    tiny.configure(folder, pooling="max_tokens")


def a_dense_layer(folder: Path) -> None:
    (folder / "modules.json").write_text(json.dumps(tiny.modules("Transformer", "Pooling", "Dense")))


def broken_settings(folder: Path) -> None:
    (folder / "modules.json").write_text("[")


def settings_of_another_kind(folder: Path) -> None:
    (folder / "1_Pooling" / "config.json").write_text("[]")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (no_tokenizer, "has no tokenizer.json"),
        (a_broken_tokenizer, "is no tokenizer"),
        (broken_weights, "model.onnx cannot be read"),
        (no_weights, "holds no embedding model, neither model.onnx nor model.safetensors"),
        (several_weights, "holds one.onnx, two.onnx, but none of them is called model.onnx"),
        (a_classifier, "it gives logits but neither last_hidden_state"),
        (another_dimension, "gives vectors of 8 numbers, but its configuration says 384"),
        (another_pooling, "pools by pooling_mode_max_tokens; Broadsheet knows cls and mean"),
        (a_dense_layer, "has a module that Broadsheet does not know: Dense"),
        (broken_settings, "modules.json cannot be read"),
        (settings_of_another_kind, "config.json is no JSON object"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_model_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, harm, said):
    folder = tiny.configure(tiny.save(tmp_path))
    harm(folder)
    with pytest.raises(ModelError) as refused:
        described(folder, name="tiny")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_weights_that_need_pytorch_are_refused_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    tiny.save(tmp_path).joinpath("model.onnx").rename(tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match=r"model\.safetensors needs PyTorch; install broadsheet\[torch\]"):
        described(tmp_path, name="tiny")


@pytest.mark.parametrize("scale", [0, float("nan"), float("inf")])
def test_a_model_whose_vectors_have_no_direction_is_refused(tmp_path, scale):
    with pytest.raises(ModelError, match="points nowhere"):
        described(tiny.save(tmp_path, scale=scale), name="tiny")


def test_weights_that_were_exchanged_later_are_noticed(tmp_path):
    model = described(tiny.save(tmp_path), name="tiny")
    runtime.cache_clear()
    tiny.save(tmp_path, seed=2)
    with pytest.raises(ModelError, match="is not the model that it was; run: broadsheet index --model"):
        runtime(model)


@pytest.mark.parametrize(
    "name", ["nowhere", "./no/where", "", "hub:", "hub:one", "hub:a/b/c", "../x", "a b/c"]
)
def test_a_name_that_says_nothing_is_refused_without_asking_another_machine(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ModelError, match=r"there is no folder .*; name one, default, or hub:organization/name"
    ):
        choose(name, downloads=tmp_path / "models")


def test_a_mistyped_folder_is_not_looked_for_on_the_hub(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tiny.save(tmp_path / "models" / "tiny")
    assert choose("models/tiny", downloads=tmp_path).name == "tiny"
    with pytest.raises(ModelError, match="there is no folder models/tyni"):
        choose("models/tyni", downloads=tmp_path)


def test_the_default_is_called_default(tmp_path):
    assert choose("default", downloads=tmp_path) == DEFAULT
