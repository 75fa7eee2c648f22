"""A model's runtime: what makes its vectors, chosen by the form of its weights.

A runtime is made of an `EmbeddingModel` and the number of threads, and has `embed_query(text)`, a vector,
`embed_documents(texts)`, a row for each, all float32 and of length 1, and `at_once`, how many texts it likes
to have in one go: about a second of work.
"""

from __future__ import annotations

import os
from functools import lru_cache

from broadsheet.search.embedding import EmbeddingModel
from broadsheet.search.onnx_runtime import OnnxRuntime

Runtime = OnnxRuntime


# The one in use and the one that is to replace it.
@lru_cache(maxsize=2)
def runtime(model: EmbeddingModel, *, threads: int = 1) -> Runtime:
    """The model, loaded at the first call: one thread answers a query, all of them work through a catalogue.

    Raises ModelError.
    """
    return OnnxRuntime(model, threads=threads)


def all_threads() -> int:
    """As many threads as this process has processors."""
    return os.cpu_count() or 1
