"""Embedding models in ONNX, run by onnxruntime on the processor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from broadsheet.search.embedding import EmbeddingModel, Floats, checked_folder

# Texts embedded in one run; more of them do not make the processor faster.
BATCH = 8


class OnnxRuntime:
    """The model in memory; any number of threads may use it at once.

    One processor answers a query, `threads` of them work through a catalogue. Raises ModelError.
    """

    # Texts worth handing over in one call: about a second of work on two cores.
    at_once = 16

    def __init__(self, model: EmbeddingModel, *, threads: int) -> None:
        folder = checked_folder(model)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        # Threads that wait must not burn the processor that answers pages.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / model.weights), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(model.pieces)
        self._tokenizer.no_padding()
        self._model = model

    def embed_query(self, text: str) -> Floats:
        """The vector of a query."""
        vector: Floats = self._run([self._tokenizer.encode(self._model.query_prefix + text)])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Floats:
        """The vectors of the texts, one row each."""
        pieces = self._tokenizer.encode_batch([self._model.document_prefix + text for text in texts])
        # Texts of like length run together, since padding costs as much as text does.
        by_length = sorted(range(len(texts)), key=lambda i: len(pieces[i].ids))
        vectors = np.empty((len(texts), self._model.dimension), np.float32)
        for start in range(0, len(texts), BATCH):
            batch = by_length[start : start + BATCH]
            vectors[batch] = self._run([pieces[i] for i in batch])
        return vectors

    def _run(self, texts: Sequence[Encoding]) -> Floats:
        ids = np.zeros((len(texts), max(len(text.ids) for text in texts)), np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text.ids)] = text.ids
            mask[row, : len(text.ids)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states: Floats = self._session.run(["last_hidden_state"], inputs)[0]
        pooled = states[:, 0] if self._model.pooling == "cls" else _mean(states, mask)
        vectors: Floats = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors


def _mean(states: Floats, mask: NDArray[np.int64]) -> Floats:
    means: Floats = np.einsum("tpd,tp->td", states, mask.astype(np.float32)) / mask.sum(1, keepdims=True)
    return means
