"""The embeddings of one model, in a file that only grows.

The file is a row of records of one size: the paper, a digest of the embedded text, the embedding in
half precision. A later record of a paper replaces an earlier one; a record of zeros says that the paper
is gone. An embedding has length 1, so a record that was torn by a power cut gives itself away.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.scanning import Block, Centre, code, nearest

Floats = NDArray[np.float32]

# Rounding to half precision moves a length of 1 by less than this.
TOLERANCE = 0.02
# Rows are taken up in blocks: what is worked out of one stays in the processor's cache.
BLOCK = 16_384
# How many candidates of the coarse scan are compared exactly: docs/search.md has the recall.
RESCORED = 1_000


def record_type(dimension: int) -> np.dtype[np.void]:
    """The form of one record."""
    return np.dtype([("paper", "<i8"), ("text", "V16"), ("vector", "<f2", (dimension,))])


@dataclass(frozen=True, slots=True)
class _Rows:
    """The file as it was at one moment; a search works on one of these while the file grows."""

    records: NDArray[np.void]
    blocks: tuple[Block, ...]
    centre: Centre
    inode: int


class Vectors:
    """The embeddings of a file, open for searching; they follow the file as it grows."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._type = record_type(dimension)
        self._lock = Lock()
        self._rows = self._nothing()

    def nearest(self, vector: Floats, *, limit: int) -> list[tuple[int, float]]:
        """The papers with the closest embeddings, and their cosines, best first; ties by number."""
        rows = self._fresh()
        candidates = nearest(
            rows.blocks, code(vector[None], rows.centre)[:, 0], at_least=max(RESCORED, limit)
        )
        chosen = np.asarray(rows.records["vector"][candidates], np.float32)
        # Not by `@`: for so little, waking another thread costs more than it brings.
        exact = np.einsum("ij,j->i", chosen, vector)
        papers = rows.records["paper"][candidates]
        order = np.lexsort((papers, -exact))[:limit]
        return [(int(papers[i]), float(exact[i])) for i in order]

    def vector(self, paper: int) -> Floats | None:
        """The embedding of the paper, if it has one."""
        rows = self._fresh()
        found = _rows_of(rows, np.array([paper]))
        return np.asarray(rows.records["vector"][found[0]], np.float32) if len(found) else None

    def digests(self, papers: Sequence[int]) -> dict[int, bytes]:
        """Of each of the papers that is embedded, the digest of the embedded text."""
        rows = self._fresh()
        found = rows.records[_rows_of(rows, np.array(papers, np.int64))]
        return dict(zip(found["paper"].tolist(), map(bytes, found["text"]), strict=True))

    def papers(self) -> NDArray[np.int64]:
        """All papers that are embedded."""
        blocks = self._fresh().blocks
        return np.concatenate([block.papers[block.alive] for block in blocks] or [np.empty(0, np.int64)])

    def count(self) -> int:
        """How many papers are embedded."""
        return sum(int(np.count_nonzero(block.alive)) for block in self._fresh().blocks)

    def _nothing(self) -> _Rows:
        return _Rows(np.empty(0, self._type), (), Centre.none(self._type["vector"].shape[0]), 0)

    def _fresh(self) -> _Rows:
        """The rows that are in the file now; looking costs one call to the system."""
        with self._lock:
            try:
                status = self._path.stat()
            except FileNotFoundError:
                self._rows = self._nothing()
            else:
                size = status.st_size // self._type.itemsize
                if (self._rows.inode, len(self._rows.records)) != (status.st_ino, size):
                    self._rows = self._read(self._rows, size, status.st_ino)
            return self._rows

    def _read(self, rows: _Rows, size: int, inode: int) -> _Rows:
        """Take up what has been added; from the beginning if the file is another one or was cut."""
        if size == 0:
            return self._nothing()
        records = np.memmap(self._path, self._type, mode="r", shape=(size,)).view(np.ndarray)
        known, blocks, centre = len(rows.records), list(rows.blocks), rows.centre
        # The codes say on which side of the centre a vector lies, so the centre must fit what is there.
        if rows.inode != inode or size < known or size > 2 * centre.rows:
            known, blocks, centre = 0, [], Centre.of(records["vector"])
        for first in range(known, size, BLOCK):
            block = _block(records[first : first + BLOCK], first, centre)
            blocks = [older.without(block.papers) for older in blocks]
            if blocks and len(blocks[-1].papers) + len(block.papers) <= BLOCK:
                block = blocks.pop().joined(block)
            blocks.append(block)
        return _Rows(records, tuple(blocks), centre, inode)


@cache
def vectors(path: Path, dimension: int) -> Vectors:
    """The embeddings in that file, opened once in this process."""
    return Vectors(path, dimension)


def append(path: Path, dimension: int, found: Mapping[int, tuple[bytes, Floats]]) -> None:
    """Add an embedding for each paper, with the digest of its text; they outlive a power cut."""
    records = np.zeros(len(found), record_type(dimension))
    for record, (paper, (digest, vector)) in zip(records, found.items(), strict=True):
        record["paper"], record["text"], record["vector"] = paper, np.void(digest), vector
    _append(path, records)


def forget(path: Path, dimension: int, papers: Sequence[int]) -> None:
    """Note that the papers are gone."""
    records = np.zeros(len(papers), record_type(dimension))
    records["paper"] = papers
    _append(path, records)


def _append(path: Path, records: NDArray[np.void]) -> None:
    with path.open("ab") as file:
        # A killed writer may have left part of a record; the next one must begin at its place.
        file.truncate(file.tell() // records.itemsize * records.itemsize)
        file.seek(0, os.SEEK_END)
        file.write(records.tobytes())
        file.flush()
        os.fsync(file.fileno())


def _block(records: NDArray[np.void], first: int, centre: Centre) -> Block:
    papers = np.array(records["paper"])
    vectors = np.asarray(records["vector"], np.float32)
    lengths = np.einsum("ij,ij->i", vectors, vectors)
    last = np.zeros(len(papers), bool)
    last[len(papers) - 1 - np.unique(papers[::-1], return_index=True)[1]] = True
    return Block(first, papers, last & (np.abs(lengths - 1) < TOLERANCE), code(vectors, centre))


def _rows_of(rows: _Rows, papers: NDArray[np.int64]) -> NDArray[np.int64]:
    found = [
        block.first + np.flatnonzero(np.isin(block.papers, papers) & block.alive) for block in rows.blocks
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)
