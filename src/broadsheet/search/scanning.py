"""The coarse scan over all embeddings: one bit for each dimension, counted where they differ.

A code says for each dimension on which side of the centre of all embeddings a vector lies. The number
of bits in which two codes differ follows the angle between the vectors (Charikar, "Similarity estimation
techniques from rounding algorithms", STOC 2002), so the closest codes are the candidates for an exact
comparison. 384 dimensions are six machine words: a million papers take 48 MB and a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Codes = NDArray[np.uint64]

# Rows that tell where the centre is; more of them do not move it.
SAMPLE = 16_384
WORD = 64
# How much larger a number of half precision is than its bits where single precision has them.
EXPONENT = np.float32(2.0**112)


@dataclass(frozen=True, slots=True)
class Centre:
    """The mean of the embeddings, and of how many rows it was taken."""

    vector: Floats
    rows: int

    @staticmethod
    def none(dimension: int) -> Centre:
        return Centre(np.zeros(dimension, np.float32), 0)

    @staticmethod
    def of(vectors: NDArray[np.float16]) -> Centre:
        sample = widened(vectors[:: max(1, len(vectors) // SAMPLE)])
        # Damaged rows hold anything; no part of a vector of length 1 is beyond these bounds.
        return Centre(np.clip(sample, -1, 1).mean(axis=0), len(vectors))


def widened(vectors: NDArray[np.float16]) -> Floats:
    """The same numbers in single precision, six times as fast as numpy converts them.

    The bits are moved to where single precision has them, and the exponent is put right by one
    multiplication. Infinity and NaN, which only damage can bring, become large numbers.
    """
    numbers = _moved(vectors)
    numbers *= EXPONENT
    return numbers


def products(vectors: NDArray[np.float16], vector: Floats) -> Floats:
    """The product of each with the vector, as it is of `widened` ones: here the exponent of the vector is put
    right instead, which changes no digit and is a single one.
    """
    found: Floats = np.einsum("ij,j->i", _moved(vectors), vector * EXPONENT)
    return found


def _moved(vectors: NDArray[np.float16]) -> Floats:
    """The bits where single precision has them; each number is too small by the same factor, EXPONENT."""
    bits = np.left_shift(np.ascontiguousarray(vectors).view(np.int16), 13, dtype=np.int32)
    bits &= ~0x70000000  # copies of the sign
    numbers: Floats = bits.view(np.float32)
    return numbers


def code(vectors: Floats, centre: Centre) -> Codes:
    """The codes of the vectors, one column each: rows of words are what is scanned fastest."""
    bits = np.packbits(vectors > centre.vector, axis=1)
    padded = np.pad(bits, ((0, 0), (0, -bits.shape[1] % (WORD // 8))))
    return np.ascontiguousarray(padded.view(np.uint64).T)


def nearest(
    blocks: Sequence[Codes], wanted: Codes, among: NDArray[np.bool_], *, at_least: int
) -> NDArray[np.int64]:
    """The rows whose codes differ least from `wanted`, in order; all that differ as much as the last one.

    The rows are numbered through all blocks; only those that `among` marks count. Taking all that differ
    as much makes the answer depend on the embeddings alone, not on where they stand.
    """
    most = WORD * len(wanted)
    differences = np.concatenate([np.empty(0, np.uint16), *(_differences(block, wanted) for block in blocks)])
    differences[~among] = most + 1
    counts = np.cumsum(np.bincount(differences, minlength=most + 1)[: most + 1])
    furthest = np.searchsorted(counts, min(at_least, counts[-1]))
    return np.flatnonzero(differences <= furthest)


def _differences(block: Codes, wanted: Codes) -> NDArray[np.uint16]:
    """In how many bits each code of the block differs."""
    counts: NDArray[np.uint16] = np.bitwise_count(block ^ wanted).sum(axis=0, dtype=np.uint16)
    return counts
