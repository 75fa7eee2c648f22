"""Embeddings are kept, found and, after damage, told apart from nonsense."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from broadsheet.search import vectors as vectors_module
from broadsheet.search.vectors import Vectors, append, forget, record_type

DIMENSION = 96
RECORD = record_type(DIMENSION).itemsize


def some(count: int, *, seed: int = 1) -> np.ndarray:
    """Vectors of length 1 that lean to one side, as those of a language model do."""
    rows = np.random.default_rng(seed).normal(0.2, 1, (count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def digest(number: int) -> bytes:
    return number.to_bytes(16, "big")


def put(path: Path, rows: np.ndarray, *, first: int = 1) -> None:
    append(path, DIMENSION, {first + i: (digest(first + i), row) for i, row in enumerate(rows)})


def brute_force(rows: np.ndarray, vector: np.ndarray, limit: int) -> list[int]:
    return [int(i) + 1 for i in np.argsort(-(rows.astype(np.float16).astype(np.float32) @ vector))[:limit]]


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "vectors"


def test_the_closest_papers_come_first_with_their_cosines(path):
    rows = some(300)
    put(path, rows)
    found = Vectors(path, DIMENSION).nearest(rows[41], limit=10)
    assert [paper for paper, _ in found] == brute_force(rows, rows[41], 10)
    assert found[0] == (42, pytest.approx(1, abs=1e-3))


def test_the_coarse_scan_loses_almost_none_of_the_true_ten_best(path, monkeypatch):
    monkeypatch.setattr(vectors_module, "RESCORED", 1_000)
    topics = some(200, seed=2)
    rows = np.repeat(topics, 50, axis=0) + some(10_000) / 2
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    put(path, rows)
    known, hit = Vectors(path, DIMENSION), 0
    for topic in topics[:40]:
        best = {paper for paper, _ in known.nearest(topic, limit=10)}
        hit += len(best & set(brute_force(rows, topic, 10)))
    assert hit >= 0.99 * 10 * 40


def test_equally_close_papers_stand_in_the_order_of_their_numbers(path):
    same = some(1)
    put(path, np.repeat(same, 5, axis=0))
    assert [paper for paper, _ in Vectors(path, DIMENSION).nearest(same[0], limit=5)] == [1, 2, 3, 4, 5]


def test_a_later_record_replaces_an_earlier_one_and_a_forgotten_paper_is_gone(path):
    rows = some(4)
    put(path, rows[:3])
    append(path, DIMENSION, {2: (digest(99), rows[3])})
    forget(path, DIMENSION, [3])
    known = Vectors(path, DIMENSION)
    assert sorted(known.papers().tolist()) == [1, 2]
    assert known.count() == 2
    assert known.digests([1, 2, 3]) == {1: digest(1), 2: digest(99)}
    assert known.vector(3) is None
    assert known.vector(2) == pytest.approx(rows[3], abs=1e-3)
    put(path, rows[2:3], first=3)
    assert known.count() == 3


def test_an_open_file_follows_what_is_added_and_survives_being_replaced_or_removed(path, monkeypatch):
    monkeypatch.setattr(vectors_module, "BLOCK", 64)
    rows = some(300)
    known = Vectors(path, DIMENSION)
    assert known.nearest(rows[0], limit=3) == []
    for first in range(0, 300, 50):
        put(path, rows[first : first + 50], first=first + 1)
        assert known.count() == first + 50
    assert [paper for paper, _ in known.nearest(rows[0], limit=5)] == brute_force(rows, rows[0], 5)
    other = path.with_name("other")
    put(other, rows[:10])
    other.replace(path)
    assert known.count() == 10
    os.truncate(path, 4 * RECORD)
    assert known.count() == 4
    path.unlink()
    assert known.count() == 0


@pytest.mark.parametrize("torn", [1, RECORD // 2, RECORD - 1])
def test_a_torn_record_at_the_end_is_overwritten_by_the_next_one(path, torn):
    rows = some(3)
    put(path, rows[:2])
    os.truncate(path, RECORD + torn)
    assert Vectors(path, DIMENSION).count() == 1
    put(path, rows[2:], first=3)
    assert path.stat().st_size == 2 * RECORD
    assert Vectors(path, DIMENSION).digests([1, 2, 3]) == {1: digest(1), 3: digest(3)}


@pytest.mark.parametrize("nonsense", [b"\x00", b"\xff", b"\x7c", b"a"])
def test_a_damaged_record_counts_as_missing_and_harms_no_other(path, nonsense):
    rows = some(3)
    put(path, rows)
    content = bytearray(path.read_bytes())
    content[RECORD + 24 : 2 * RECORD] = nonsense * (RECORD - 24)
    path.write_bytes(content)
    known = Vectors(path, DIMENSION)
    assert sorted(known.papers().tolist()) == [1, 3]
    assert known.nearest(rows[2], limit=5)[0][0] == 3
