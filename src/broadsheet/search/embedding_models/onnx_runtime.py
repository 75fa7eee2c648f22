"""Embedding models in ONNX, run by onnxruntime on the processor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as native
from tokenizers import Encoding, Tokenizer

from broadsheet.search.embedding_models.embedding import (
    EmbeddingModel,
    Floats,
    ModelError,
    checked_folder,
    first_line,
    tokenizer,
    unit,
)

# What exporters call a vector that is finished, and the hidden state of each word piece.
FINISHED, STATES = "sentence_embedding", ("last_hidden_state", "token_embeddings")
# The library's errors have no class in common.
ERRORS: tuple[type[Exception], ...] = (
    ValueError,
    RuntimeError,
    *(one for one in vars(native).values() if isinstance(one, type) and issubclass(one, Exception)),
)


class OnnxRuntime:
    """The model in memory; any number of threads may use it at once.

    One processor answers a query, `threads` of them work through a catalogue. Raises ModelError.
    """

    at_once = 16

    def __init__(self, model: EmbeddingModel, *, threads: int) -> None:
        folder = checked_folder(model)
        self._model = model
        self._tokenizer: Tokenizer = tokenizer(model, folder)
        self._session = _session(folder / model.weights, threads)
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._output = self._chosen_output()

    def embed_query(self, text: str) -> Floats:
        """The vector of a query. Raises ModelError."""
        vector: Floats = self._run([self._tokenizer.encode(self._model.query_prefix + text)])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Floats:
        """The vectors of the texts, one row each. Raises ModelError.

        Each text runs alone. What meets 8-bit weights is rounded by the range of all that runs together; a
        text in company would have another vector. Padding costs more than company saves, too.
        """
        vectors = np.empty((len(texts), self._model.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._run([self._tokenizer.encode(self._model.document_prefix + text)])[0]
        return vectors

    def _chosen_output(self) -> str:
        names = [one.name for one in self._session.get_outputs()]
        for name in (FINISHED, *STATES):
            if name in names:
                return name
        raise ModelError(
            f"{self._model.weights} of {self._model.name} is no embedding model: it gives {', '.join(names)}"
            f" but neither {' nor '.join((*STATES, FINISHED))}"
        )

    def _run(self, texts: Sequence[Encoding]) -> Floats:
        ids = np.zeros((len(texts), max(1, *(len(text.ids) for text in texts))), np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text.ids)] = text.ids
            # A text without any word piece is not nothing: a mean needs one.
            mask[row, : max(1, len(text.ids))] = 1
        known = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        asked = {name: values for name, values in known.items() if name in self._inputs}
        try:
            found: Floats = np.asarray(self._session.run([self._output], asked)[0], np.float32)
        except ERRORS as problem:
            raise ModelError(f"{self._model.name} cannot be run: {first_line(problem)}") from problem
        return unit(found if self._output == FINISHED else self._pooled(found, mask))

    def _pooled(self, states: Floats, mask: NDArray[np.int64]) -> Floats:
        if self._model.pooling == "cls":
            return states[:, 0]
        means: Floats = np.einsum("tpd,tp->td", states, mask.astype(np.float32)) / mask.sum(1, keepdims=True)
        return means


def _session(weights: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    # Threads that wait must not burn the processor that answers pages.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    except ERRORS as problem:
        raise ModelError(f"{weights} cannot be read: {first_line(problem)}") from problem
