"""BERT models in safetensors, run by PyTorch: on an NVIDIA card in bfloat16, else on the processor.

The texts themselves are sent to a card, and only vectors come back. Their word pieces are found there while
it still works on the texts before; texts of all lengths stand in rows of one size; and the work on a row is
recorded once, as a CUDA graph, and then replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize, pad

from broadsheet.search.embedding_models.bert import Bert
from broadsheet.search.embedding_models.embedding import (
    EmbeddingModel,
    Floats,
    ModelError,
    checked_folder,
    tokenizer,
)
from broadsheet.search.embedding_models.word_pieces import WordPieces

# Pieces and texts in a row of a card: more keep it no busier, and a query waits for a whole row.
ROW, ROW_TEXTS = 32_768, 1024
# Pieces in a row of a processor, whose caches are smaller.
PROCESSOR_ROW = 2048
# Texts whose pieces are found in one go.
SLICE = 4096

# From pieces, and the places where texts start and the last one ends, to a vector for each text.
Encode = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class TorchRuntime:
    """The model in memory; threads that use it at once wait for each other. Raises ModelError."""

    def __init__(self, model: EmbeddingModel, *, threads: int) -> None:
        folder = checked_folder(model)
        on_card = torch.cuda.is_available()
        self._device = torch.device("cuda" if on_card else "cpu")
        self._model, self._threads, self._lock = model, threads, Lock()
        self._row, self.at_once = (ROW, 4 * SLICE) if on_card else (PROCESSOR_ROW, 16)
        try:
            self._words = WordPieces(tokenizer(model, folder), most=model.pieces, device=self._device)
            self._bert = Bert(folder / model.weights, longest=model.pieces, device=self._device)
            self._beside = torch.cuda.Stream() if on_card else None
            self._encode: Encode = self._recorded() if on_card else self._vectors
        except RuntimeError as problem:  # no memory left on the card, or no C compiler for its kernels
            raise ModelError(f"{model.name} cannot be run by PyTorch: {problem}") from problem

    def embed_query(self, text: str) -> Floats:
        """The vector of a query."""
        found: Floats = self._embed([self._model.query_prefix + text])[0]
        return found

    def embed_documents(self, texts: Sequence[str]) -> Floats:
        """The vectors of the texts, one row each."""
        return self._embed([self._model.document_prefix + text for text in texts])

    def _embed(self, texts: Sequence[str]) -> Floats:
        with self._lock, torch.inference_mode():
            torch.set_num_threads(self._threads)
            found = torch.empty((len(texts), self._bert.width), device=self._device)
            for start in range(0, len(texts), SLICE):
                self._embed_slice(texts[start : start + SLICE], found[start : start + SLICE])
            if not found.isfinite().all():
                raise ModelError(f"{self._model.name} gives vectors that are no numbers; use another model")
            vectors: Floats = found.cpu().numpy()
            return vectors

    def _embed_slice(self, texts: Sequence[str], found: torch.Tensor) -> None:
        # What is looked up beside the work on the slice before does not wait for it.
        with torch.cuda.stream(self._beside):
            pieces, counts = self._words.of(texts)
            starts = pad(counts.cumsum(0), (1, 0)).int()
            edges = starts.cpu().numpy()
        for first, last in _rows(edges, self._row):
            row = pieces[edges[first] : edges[last]]
            found[first:last] = self._encode(row, starts[first : last + 1] - starts[first])[: last - first]
        if self._beside:
            for lent in (pieces, starts):
                lent.record_stream(torch.cuda.current_stream())

    def _vectors(self, pieces: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
        states = self._bert.states(pieces, starts)
        if self._model.pooling == "cls":
            pooled = states[starts[:-1].clamp(max=len(pieces) - 1)].float()
        else:
            pooled = torch.segment_reduce(states.float(), "mean", offsets=starts.long(), unsafe=True)
        return normalize(pooled)

    def _recorded(self) -> Encode:
        """`_vectors` for rows of one size."""
        graph = torch.cuda.CUDAGraph()
        with torch.inference_mode():
            pieces = torch.zeros(ROW, dtype=torch.long, device=self._device)
            starts = torch.zeros(ROW_TEXTS + 1, dtype=torch.int, device=self._device)
            self._vectors(pieces, starts)  # before the recording, since it compiles
            with torch.cuda.graph(graph):
                vectors = self._vectors(pieces, starts)

        def replay(row: torch.Tensor, row_starts: torch.Tensor) -> torch.Tensor:
            pieces[: len(row)] = row
            starts[: len(row_starts)] = row_starts
            starts[len(row_starts) :] = len(row)
            graph.replay()
            return vectors

        return replay


def _rows(edges: NDArray[np.int32], size: int) -> Iterator[tuple[int, int]]:
    """The texts that stand in each row, from the first to before the last."""
    first = 0
    while first < len(edges) - 1:
        fitting = int(np.searchsorted(edges, edges[first] + size, side="right")) - 1
        last = min(fitting, first + ROW_TEXTS)
        yield first, last
        first = last
