"""A model's runtime: what makes its vectors, chosen by the form of its weights.

A runtime is made of an `EmbeddingModel` and the number of threads, and has `embed_query(text)`, a vector,
`embed_documents(texts)`, a row for each, all float32 and of length 1, and `at_once`, how many texts it likes
to have in one go: about a second of work.
"""

from __future__ import annotations

import importlib.util
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from broadsheet.search.embedding_models.embedding import EmbeddingModel, ModelError
from broadsheet.search.embedding_models.onnx_runtime import OnnxRuntime

if TYPE_CHECKING:
    from broadsheet.search.embedding_models.torch_runtime import TorchRuntime

    Runtime = OnnxRuntime | TorchRuntime


# The one in use and the one that is to replace it.
@lru_cache(maxsize=2)
def runtime(model: EmbeddingModel, *, threads: int = 1) -> Runtime:
    """The model, loaded at the first call: one thread answers a query, all of them work through a catalogue.

    Raises ModelError.
    """
    if model.weights.endswith(".onnx"):
        return OnnxRuntime(model, threads=threads)
    refuse_missing(model.weights)
    from broadsheet.search.embedding_models.torch_runtime import TorchRuntime  # noqa: PLC0415 - an extra

    return TorchRuntime(model, threads=threads)


def refuse_missing(weights: str) -> None:
    """Raise ModelError where what runs weights in this file is not installed."""
    needed = () if weights.endswith(".onnx") else ("torch", "safetensors")
    if not all(importlib.util.find_spec(package) for package in needed):
        raise ModelError(f"{weights} needs PyTorch; install broadsheet[torch], or take a model in ONNX")


def drives_a_card() -> bool:
    """Whether PyTorch is here and finds a card that it can compute on."""
    if not importlib.util.find_spec("torch"):
        return False
    import torch  # noqa: PLC0415 - an extra

    return bool(torch.cuda.is_available())


def all_threads() -> int:
    """As many threads as this process has processors."""
    return os.cpu_count() or 1
