"""The coarse scan over all embeddings: one bit for each dimension, counted where they differ.

A code says for each dimension on which side of the centre of all embeddings a vector lies. The number
of bits in which two codes differ follows the angle between the vectors (Charikar, "Similarity estimation
techniques from rounding algorithms", STOC 2002), so the closest codes are the candidates for an exact
comparison. 384 dimensions are six machine words: a million papers take 48 MB and a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]

# Rows that tell where the centre is; more of them do not move it.
SAMPLE = 16_384
WORD = 64


@dataclass(frozen=True, slots=True)
class Centre:
    """The mean of the embeddings, and of how many rows it was taken."""

    vector: NDArray[np.float32]
    rows: int

    @staticmethod
    def none(dimension: int) -> Centre:
        return Centre(np.zeros(dimension, np.float32), 0)

    @staticmethod
    def of(vectors: NDArray[np.float16]) -> Centre:
        sample = vectors[:: max(1, len(vectors) // SAMPLE)]
        # Damaged rows hold anything; no part of a vector of length 1 is beyond these bounds.
        sound = np.clip(np.nan_to_num(np.asarray(sample, np.float32)), -1, 1)
        return Centre(sound.mean(axis=0), len(vectors))


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows from `first` on. Rows that are not alive were replaced, forgotten or damaged."""

    first: int
    papers: NDArray[np.int64]
    alive: NDArray[np.bool_]
    codes: Codes

    def without(self, papers: NDArray[np.int64]) -> Block:
        """The block once later rows say something else about these papers."""
        replaced = np.isin(self.papers, papers)
        return replace(self, alive=self.alive & ~replaced) if replaced.any() else self

    def joined(self, later: Block) -> Block:
        """This block and the rows that follow it, as one."""
        return Block(
            self.first,
            np.concatenate([self.papers, later.papers]),
            np.concatenate([self.alive, later.alive]),
            np.concatenate([self.codes, later.codes], axis=1),
        )


def code(vectors: NDArray[np.float32], centre: Centre) -> Codes:
    """The codes of the vectors, one column each: rows of words are what is scanned fastest."""
    bits = np.packbits(vectors > centre.vector, axis=1)
    padded = np.pad(bits, ((0, 0), (0, -bits.shape[1] % (WORD // 8))))
    return np.ascontiguousarray(padded.view(np.uint64).T)


def nearest(blocks: Sequence[Block], wanted: Codes, *, at_least: int) -> NDArray[np.int64]:
    """The rows whose codes differ least from `wanted`, in order; all that differ as much as the last one.

    Taking all of them makes the answer depend on the embeddings alone, not on where they stand.
    """
    distances = [_distances(block, wanted) for block in blocks]
    counts = sum((np.bincount(one, minlength=FAR + 1) for one in distances), np.zeros(FAR + 1, np.int64))
    enough = np.flatnonzero(np.cumsum(counts[:FAR]) >= at_least)
    furthest = enough[0] if len(enough) else FAR - 1
    found = [
        block.first + np.flatnonzero(one <= furthest) for block, one in zip(blocks, distances, strict=True)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)


# Further than two codes can be apart: rows that are not alive.
FAR = 65_535 // 16


def _distances(block: Block, wanted: Codes) -> NDArray[np.uint16]:
    distances = np.zeros(len(block.papers), np.uint16)
    for column, word in zip(block.codes, wanted, strict=True):
        distances += np.bitwise_count(column ^ word)
    distances[~block.alive] = FAR
    return distances
