"""An embedding model in a folder, as its own files describe it.

Folders of sentence-transformers are read (modules.json, the pooling, the prompts), and plain ones that
hold a model in ONNX and a tokenizer.json. Where nothing is said, it is as sentence-transformers has it:
the mean of all word pieces, and nothing put before a text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from broadsheet.search.embedding_models.embedding import EmbeddingModel, ModelError, Pooling, weights_sha256
from broadsheet.search.embedding_models.runtimes import drives_a_card, runtime

# In this order, but for a card; the quantised one is called as transformers.js does.
WEIGHTS = (
    "onnx/model.onnx",
    "model.onnx",
    "onnx/model_quantized.onnx",
    "model_quantized.onnx",
    "model.safetensors",
)
# What is more than this of a paper is rarely there, and never cheap.
MOST_PIECES = 512
POOLINGS: dict[str, Pooling | Literal[""]] = {
    "cls": "cls",
    "pooling_mode_cls_token": "cls",
    "mean": "mean",
    "pooling_mode_mean_tokens": "mean",
    # Known, so that they are refused.
    "pooling_mode_max_tokens": "",
    "pooling_mode_mean_sqrt_len_tokens": "",
    "pooling_mode_weightedmean_tokens": "",
    "pooling_mode_lasttoken": "",
}
MODULES = {"Transformer", "Pooling", "Normalize"}
DOCUMENT_PROMPTS = ("document", "passage", "corpus")


def described(folder: Path, *, name: str) -> EmbeddingModel:
    """The model in the folder, tried once. Raises ModelError."""
    files = (*folder.glob("*"), *folder.glob("onnx/*"))
    weights = weights_among({file.relative_to(folder).as_posix() for file in files}, folder)
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(f"{folder} has no tokenizer.json")
    _refuse_unknown_modules(folder)
    prompts = _settings(folder / "config_sentence_transformers.json").get("prompts") or {}
    model = EmbeddingModel(
        name=name,
        identity="",
        folder=str(folder),
        weights=weights,
        sha256=weights_sha256(folder / weights),
        dimension=_pooling_settings(folder).get("word_embedding_dimension")
        or _settings(folder / "config.json").get("hidden_size")
        or 0,
        pooling=_pooling(folder),
        query_prefix=prompts.get("query") or "",
        document_prefix=next((prompts[key] for key in DOCUMENT_PROMPTS if prompts.get(key)), ""),
        pieces=_pieces(folder),
    )
    return _tried(model, folder)


def weights_among(files: Collection[str], where: object) -> str:
    """The file of the weights, of those with these names below the folder; where PyTorch drives a card, one
    for PyTorch. Raises ModelError.
    """
    known = [name for name in WEIGHTS if name in files]
    if known:
        has_both = known[-1] != known[0] and known[-1].endswith(".safetensors")
        return known[-1] if has_both and drives_a_card() else known[0]
    others = sorted(name for name in files if name.endswith(".onnx"))
    if len(others) == 1:
        return others[0]
    raise ModelError(
        f"{where} holds {', '.join(others)}, but none of them is called model.onnx"
        if others
        else f"{where} holds no embedding model, neither model.onnx nor model.safetensors"
    )


def _tried(model: EmbeddingModel, folder: Path) -> EmbeddingModel:
    """The model with the dimension that its vectors have, and the identity that follows."""
    dimension = len(runtime(model).embed_query("A sentence to try the model."))
    if model.dimension not in {0, dimension}:
        raise ModelError(
            f"{model.name} gives vectors of {dimension} numbers, but its configuration says {model.dimension}"
        )
    whole = hashlib.sha256((folder / "tokenizer.json").read_bytes())
    whole.update(repr((model.sha256, model.pooling, model.document_prefix, model.pieces)).encode())
    return replace(model, dimension=dimension, identity=f"{whole.hexdigest()[:12]}-{dimension}")


def _refuse_unknown_modules(folder: Path) -> None:
    modules = _read(folder / "modules.json", [])
    kinds = [str(module.get("type")).rpartition(".")[2] for module in modules if isinstance(module, dict)]
    if unknown := [kind for kind in kinds if kind not in MODULES]:
        raise ModelError(f"{folder} has a module that Broadsheet does not know: {', '.join(unknown)}")


def _pooling(folder: Path) -> Pooling:
    settings = _pooling_settings(folder)
    named = settings.get("pooling_mode")
    modes = {named} if named else {key for key, value in settings.items() if value is True} & POOLINGS.keys()
    poolings = {POOLINGS.get(mode, "") for mode in modes} or {"mean"}
    if len(poolings) == 1 and (pooling := poolings.pop()):
        return pooling
    raise ModelError(f"{folder} pools by {' and '.join(sorted(modes))}; Broadsheet knows cls and mean")


def _pooling_settings(folder: Path) -> dict[str, Any]:
    return _settings(folder / "1_Pooling" / "config.json")


def _pieces(folder: Path) -> int:
    said = _settings(folder / "sentence_bert_config.json").get("max_seq_length") or _settings(
        folder / "config.json"
    ).get("max_position_embeddings")
    return min(said, MOST_PIECES) if isinstance(said, int) and said > 0 else MOST_PIECES


def _settings(file: Path) -> dict[str, Any]:
    found = _read(file, {})
    if not isinstance(found, dict):
        raise ModelError(f"{file} is no JSON object")
    return found


def _read(file: Path, otherwise: Any) -> Any:
    try:
        return json.loads(file.read_bytes())
    except FileNotFoundError:
        return otherwise
    except (OSError, ValueError) as problem:
        raise ModelError(f"{file} cannot be read: {problem}") from problem
