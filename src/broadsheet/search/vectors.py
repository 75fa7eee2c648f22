"""The embeddings of one model, in a file that only grows until it is compacted.

The file is a row of records of one size: the paper, a digest of the embedded text, the embedding in
half precision. A later record of a paper replaces an earlier one; a record of zeros says that the paper
is gone. An embedding has length 1, so a record that was torn by a power cut gives itself away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from broadsheet.papers.disk import flush
from broadsheet.search.embedding_models.embedding import EmbeddingModel
from broadsheet.search.folder import vectors_file
from broadsheet.search.scanning import Centre, Codes, Floats, code, nearest, products, widened

# Rounding to half precision moves a length of 1 by less than this.
TOLERANCE = 0.02
# Rows are taken up in blocks: what is worked out of one stays in the processor's cache.
BLOCK = 16_384
FEW_ROWS = 256
# How many candidates of the coarse scan are compared exactly: docs/search.md has the recall.
RESCORED = 2_000
# So few papers are compared exactly, all of them, in less time than the scan takes.
FEW = 8_000
# Where papers stand is kept in a table; a number beyond this is damage, not a paper.
LAST_PAPER = 1 << 28


def record_type(dimension: int) -> np.dtype[np.void]:
    """The form of one record."""
    return np.dtype([("paper", "<i8"), ("text", "V16"), ("vector", "<f2", (dimension,))])


@dataclass(frozen=True, slots=True)
class _Rows:
    """The file as it was at one moment; a search works on one of these while the file grows.

    `places` is the row of each paper, -1 where it has none. `alive` marks those rows: others were replaced,
    forgotten or damaged. `texts` is the beginning of each row's digest.
    """

    records: NDArray[np.void]
    blocks: tuple[Codes, ...]
    places: NDArray[np.int32]
    alive: NDArray[np.bool_]
    texts: NDArray[np.int64]
    centre: Centre
    inode: int

    def of(self, papers: NDArray[np.int64]) -> NDArray[np.int32]:
        """The rows of those of the papers that are embedded, in the same order."""
        rows = self.places[papers[(papers >= 0) & (papers < len(self.places))]]
        return rows[rows >= 0]

    def vectors(self, rows: NDArray[np.int32] | NDArray[np.int64]) -> Floats:
        return widened(self.records["vector"][rows])

    def cosines(self, rows: NDArray[np.int32] | NDArray[np.int64], vector: Floats) -> Floats:
        """How close the vectors of these rows are to a vector."""
        found = np.empty(len(rows), np.float32)
        # A few at a time stay in the processor's cache from one step to the next.
        for start in range(0, len(rows), FEW_ROWS):
            few = self.records["vector"][rows[start : start + FEW_ROWS]]
            found[start : start + FEW_ROWS] = products(few, vector)
        return found


class Vectors:
    """The embeddings of a file, open for searching; they follow the file as it grows or is replaced."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path = path
        self._type = record_type(dimension)
        self._lock = Lock()
        self._rows = self._nothing()

    def nearest(
        self, vector: Floats, *, limit: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The papers with the closest embeddings, and their cosines, best first; ties by number.

        Only papers among `allowed` count, if given: these are as complete as if there were no others.
        """
        rows = self._fresh()
        candidates = _candidates(rows, vector, allowed, at_least=max(RESCORED, limit))
        cosines = rows.cosines(candidates, vector)
        if len(cosines) > limit:
            # Only what may be among the closest is brought in order.
            close = cosines >= -np.partition(-cosines, limit - 1)[limit - 1]
            candidates, cosines = candidates[close], cosines[close]
        papers = rows.records["paper"][candidates]
        order = np.lexsort((papers, -cosines))[:limit]
        return list(zip(papers[order].tolist(), cosines[order].tolist(), strict=True))

    def of(self, papers: Sequence[int] | NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
        """Those of the papers that are embedded, in the same order, and their embeddings, a row each."""
        rows = self._fresh()
        found = rows.of(np.asarray(papers, np.int64))
        return rows.records["paper"][found], rows.vectors(found)

    def digests(self, papers: Sequence[int]) -> dict[int, bytes]:
        """Of each of the papers that is embedded, the digest of the embedded text."""
        rows = self._fresh()
        found = rows.records[rows.of(np.array(papers, np.int64))]
        return dict(zip(found["paper"].tolist(), map(bytes, found["text"]), strict=True))

    def known(self, digests: Sequence[bytes]) -> dict[bytes, Floats]:
        """The embeddings of the texts with these digests, as far as the file holds any.

        Also of papers that are gone and texts that were replaced: what was embedded once need not be again.
        One call for many digests takes little more time than a call for one.
        """
        if not digests:
            return {}
        rows = self._fresh()
        wanted = np.sort(_beginnings(np.frombuffer(b"".join(digests), "V16")))
        # What np.isin does, three times as fast: it would sort all that the file holds.
        found = np.flatnonzero(wanted[np.searchsorted(wanted[:-1], rows.texts)] == rows.texts)
        vectors = rows.vectors(found)
        texts = map(bytes, rows.records["text"][found])
        sound = {text: vectors[i] for i, text in enumerate(texts) if _is_sound(vectors[i : i + 1])[0]}
        return {digest: sound[digest] for digest in digests if digest in sound}

    def centre(self) -> Floats:
        """The mean of the embeddings, as the codes take it: of a sample, and zeros where there are none."""
        return self._fresh().centre.vector

    def papers(self) -> NDArray[np.int64]:
        """All papers that are embedded, in order."""
        return np.flatnonzero(self._fresh().places >= 0)

    def state(self) -> tuple[int, int]:
        """The file and its length, which change with any embedding."""
        rows = self._fresh()
        return rows.inode, len(rows.records)

    def count(self) -> int:
        """How many papers are embedded."""
        return int(np.count_nonzero(self._fresh().alive))

    def dead(self) -> int:
        """How many records are of no use any more, and would go if the file were compacted."""
        return int(np.count_nonzero(~self._fresh().alive))

    def living(self) -> Iterator[NDArray[np.void]]:
        """The records of all papers that are embedded, as they stand in the file, some at a time."""
        rows = self._fresh()
        for start in range(0, len(rows.records), BLOCK):
            yield rows.records[start : start + BLOCK][rows.alive[start : start + BLOCK]]

    def _nothing(self) -> _Rows:
        return _Rows(
            records=np.empty(0, self._type),
            blocks=(),
            places=np.empty(0, np.int32),
            alive=np.empty(0, np.bool_),
            texts=np.empty(0, np.int64),
            centre=Centre.none(self._type["vector"].shape[0]),
            inode=0,
        )

    def _fresh(self) -> _Rows:
        """The rows that are in the file now; looking costs one call to the system."""
        with self._lock:
            try:
                if not self._is_current(self._path.stat()):
                    with self._path.open("rb") as file:
                        self._rows = self._read(file)
            except (FileNotFoundError, NotADirectoryError):
                self._rows = self._nothing()
            return self._rows

    def _is_current(self, status: os.stat_result) -> bool:
        rows = self._rows
        return (status.st_ino, status.st_size // self._type.itemsize) == (rows.inode, len(rows.records))

    def _read(self, file: BinaryIO) -> _Rows:
        """Take up what has been added; from the beginning if the file is another one or was cut."""
        status = os.fstat(file.fileno())
        size = status.st_size // self._type.itemsize
        if size == 0:
            return self._nothing()
        rows = self._rows
        # The codes say on which side of the centre a vector lies, so the centre must fit what is there.
        if rows.inode != status.st_ino or not len(rows.records) <= size <= 2 * rows.centre.rows:
            # A mapping of its own: what it touches goes with it.
            centre = Centre.of(self._mapped(file, size)["vector"])
            rows = replace(self._nothing(), centre=centre, inode=status.st_ino)
        return _grown(rows, self._mapped(file, size), file)

    def _mapped(self, file: BinaryIO, size: int) -> NDArray[np.void]:
        return np.memmap(file, self._type, mode="r", shape=(size,)).view(np.ndarray)


@cache
def vectors(path: Path, dimension: int) -> Vectors:
    """The embeddings in that file, opened once in this process."""
    return Vectors(path, dimension)


def vectors_of(folder: Path, model: EmbeddingModel) -> Vectors:
    """The embeddings that the index folder has of that model, opened once in this process."""
    return vectors(vectors_file(folder, model.identity), model.dimension)


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


def compact(path: Path, dimension: int) -> None:
    """Give back the room of the records that are of no use any more; their texts are no longer known.

    The file is written anew beside the old one and takes its place in one step, so that a reader sees one or
    the other, and so does whoever looks after a kill. Only the process that may append may do this.
    """
    known = vectors(path, dimension)
    if not known.dead():
        return
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        for records in known.living():
            file.write(records.tobytes())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    flush(path.parent)


def _append(path: Path, records: NDArray[np.void]) -> None:
    with path.open("ab") as file:
        # A killed writer may have left part of a record; the next one must begin at its place.
        file.truncate(file.tell() // records.itemsize * records.itemsize)
        file.seek(0, os.SEEK_END)
        file.write(records.tobytes())
        file.flush()
        os.fsync(file.fileno())


def _candidates(
    rows: _Rows, vector: Floats, allowed: NDArray[np.int64] | None, *, at_least: int
) -> NDArray[np.int32] | NDArray[np.int64]:
    """The rows to be compared exactly."""
    among = rows.alive
    if allowed is not None:
        few = rows.of(allowed)
        if len(few) <= max(FEW, at_least):
            return few
        among = np.zeros(len(rows.records), np.bool_)
        among[few] = True
    return nearest(rows.blocks, code(vector[None], rows.centre), among, at_least=at_least)


def _grown(rows: _Rows, records: NDArray[np.void], file: BinaryIO) -> _Rows:
    """The rows, and the records that follow them.

    The file is read here, not mapped: only what searches look up shall count as memory of this process.
    """
    first, size = len(rows.records), len(records)
    blocks, papers, texts, sound = list(rows.blocks), [], [rows.texts], []
    file.seek(first * records.itemsize)
    for start in range(first, size, BLOCK):
        taken = np.fromfile(file, records.dtype, min(BLOCK, size - start))
        vectors = widened(taken["vector"])
        papers.append(taken["paper"].copy())  # without holding on to all of it
        texts.append(_beginnings(taken["text"]))
        sound.append(_is_sound(vectors))
        codes = code(vectors, rows.centre)
        if blocks and blocks[-1].shape[1] + codes.shape[1] <= BLOCK:
            codes = np.concatenate([blocks.pop(), codes], axis=1)
        blocks.append(codes)
    places = _places(rows.places, np.concatenate(papers), np.concatenate(sound), first)
    alive = np.zeros(size, np.bool_)
    alive[places[places >= 0]] = True
    return replace(
        rows, records=records, blocks=tuple(blocks), places=places, alive=alive, texts=np.concatenate(texts)
    )


def _places(
    before: NDArray[np.int32], papers: NDArray[np.int64], sound: NDArray[np.bool_], first: int
) -> NDArray[np.int32]:
    """Where each paper stands once the rows from `first` on hold these papers."""
    valid = np.flatnonzero((papers >= 0) & (papers < LAST_PAPER))
    papers, sound, rows = papers[valid], sound[valid], (first + valid).astype(np.int32)
    places = np.full(max(len(before), papers.max(initial=-1) + 1), -1, np.int32)
    places[: len(before)] = before
    np.maximum.at(places, papers, rows)  # of several rows of a paper the last one counts,
    places[papers[(places[papers] == rows) & ~sound]] = -1  # also if it says that there is nothing
    return places


def _is_sound(vectors: Floats) -> NDArray[np.bool_]:
    sound: NDArray[np.bool_] = np.abs(np.einsum("ij,ij->i", vectors, vectors) - 1) < TOLERANCE
    return sound


def _beginnings(digests: NDArray[np.void]) -> NDArray[np.int64]:
    """The first 8 bytes of each digest."""
    return np.ascontiguousarray(digests).view(np.int64)[::2].copy()
