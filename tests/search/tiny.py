"""An embedding model so small that a test can make it: each word piece has a vector of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

WORDS = ["[UNK]", "a", "of", "robot", "soup", "divergence", "network", "learning", "model", "cells", "graphs"]
DIMENSION = 8


def save(
    folder: Path,
    *,
    seed: int = 1,
    file: str = "model.onnx",
    output: str = "last_hidden_state",
    scale: float = 1,
) -> Path:
    """Write a model and its tokenizer into the folder; `output` is the only thing that it gives."""
    weights = folder / file
    weights.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(_table(seed) * np.float32(scale), output), weights)
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def configure(folder: Path, *, pooling: str = "mean_tokens", **prompts: str) -> Path:
    """Write beside the model what sentence-transformers write."""
    files: dict[str, object] = {
        "modules.json": modules("Transformer", "Pooling", "Normalize"),
        "sentence_bert_config.json": {"max_seq_length": 16, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": prompts, "default_prompt_name": None},
        "1_Pooling/config.json": {
            "word_embedding_dimension": DIMENSION,
            **{
                f"pooling_mode_{mode}": mode == pooling for mode in ("cls_token", "mean_tokens", "max_tokens")
            },
            "include_prompt": True,
        },
    }
    for name, value in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    return folder


def modules(*kinds: str) -> list[dict[str, object]]:
    return [
        {
            "idx": i,
            "name": str(i),
            "path": f"{i}_{kind}" if i else "",
            "type": f"sentence_transformers.models.{kind}",
        }
        for i, kind in enumerate(kinds)
    ]


def states(words: Sequence[str], *, seed: int = 1) -> np.ndarray:
    """What the model knows of the words, a row each."""
    return _table(seed)[[WORDS.index(word) for word in words]]


def _table(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((len(WORDS), DIMENSION)).astype(np.float32)


def _graph(table: np.ndarray, output: str) -> onnx.ModelProto:
    finished = output == "sentence_embedding"
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["states" if finished else output])]
    if finished:
        nodes.append(helper.make_node("ReduceMax", ["states"], [output], axes=[1], keepdims=0))
    shape = ["texts", DIMENSION] if finished else ["texts", "pieces", DIMENSION]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(table, "table")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
