"""Embeddings are kept, found and, after damage, told apart from nonsense."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search import vectors as vectors_module
from broadsheet.search.vectors import Vectors, append, compact, forget, record_type

ROOT = Path(__file__).resolve().parents[2]
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
    assert known.of([2, 3])[1] == pytest.approx(rows[3:], abs=1e-3)
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


def test_a_record_with_an_impossible_number_counts_as_missing(path):
    rows = some(3)
    put(path, rows)
    content = bytearray(path.read_bytes())
    content[RECORD : RECORD + 8] = b"\x7f" * 8
    path.write_bytes(content)
    known = Vectors(path, DIMENSION)
    assert known.papers().tolist() == [1, 3]
    assert known.dead() == 1
    assert known.digests([-1, 2, 0x7F7F7F7F7F7F7F7F]) == {}


def test_embeddings_come_in_the_order_asked_for_without_the_papers_that_have_none(path):
    rows = some(5)
    put(path, rows)
    papers, found = Vectors(path, DIMENSION).of([4, 77, 2, 5])
    assert papers.tolist() == [4, 2, 5]
    assert found == pytest.approx(rows[[3, 1, 4]], abs=1e-3)
    papers, found = Vectors(path, DIMENSION).of([])
    assert (papers.shape, found.shape) == ((0,), (0, DIMENSION))


def test_half_precision_is_widened_without_changing_a_number():
    sound = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    sound = sound[np.isfinite(sound)]
    assert np.array_equal(vectors_module.widened(sound), sound.astype(np.float32))


@pytest.mark.parametrize("few", [0, 8_000])
def test_a_filter_never_hides_a_paper_that_satisfies_it(path, monkeypatch, few):
    monkeypatch.setattr(vectors_module, "FEW", few)
    monkeypatch.setattr(vectors_module, "RESCORED", 5)
    rows = some(400)
    put(path, rows)
    known = Vectors(path, DIMENSION)
    furthest = np.array(sorted(brute_force(rows, rows[7], 400)[-20:]))
    assert {paper for paper, _ in known.nearest(rows[7], limit=20, allowed=furthest)} == set(
        furthest.tolist()
    )
    assert known.nearest(rows[7], limit=5, allowed=np.array([], np.int64)) == []
    assert known.nearest(rows[7], limit=5, allowed=np.array([401, 9_999_999])) == []


def test_a_text_is_known_whoever_has_it_and_even_after_it_was_replaced(path):
    rows = some(4)
    put(path, rows[:3])
    append(path, DIMENSION, {1: (digest(50), rows[3])})
    forget(path, DIMENSION, [2])
    found = Vectors(path, DIMENSION).known([digest(n) for n in (3, 2, 1, 50, 60)])
    assert Vectors(path, DIMENSION).known([]) == {}
    assert list(found) == [digest(n) for n in (3, 2, 1, 50)]
    assert found[digest(50)] == pytest.approx(rows[3], abs=1e-3)
    assert found[digest(2)] == pytest.approx(rows[1], abs=1e-3)


def test_texts_whose_digests_begin_alike_are_not_taken_for_each_other(path):
    put(path, some(1))
    assert Vectors(path, DIMENSION).known([digest(1)[:8] + b"x" * 8, bytes(16)]) == {}


def test_nothing_is_known_of_a_file_that_is_not_there(path):
    known = Vectors(path, DIMENSION)
    assert known.known([digest(1)]) == {}
    assert known.known([]) == {}
    compact(path, DIMENSION)
    assert not path.exists()


def test_compaction_gives_back_the_room_of_what_is_gone_and_an_open_file_follows(path):
    rows = some(6)
    put(path, rows)
    append(path, DIMENSION, {2: (digest(99), rows[0])})
    forget(path, DIMENSION, [3, 4])
    known = Vectors(path, DIMENSION)
    assert (known.count(), known.dead()) == (4, 5)
    before = known.nearest(rows[0], limit=9)
    compact(path, DIMENSION)
    assert path.stat().st_size == 4 * RECORD
    assert (known.count(), known.dead()) == (4, 0)
    assert known.nearest(rows[0], limit=9) == before
    assert known.known([digest(2), digest(3), digest(99)]).keys() == {digest(99)}
    put(path, rows[2:3], first=3)
    assert known.count() == 5


@pytest.mark.thorough
def test_a_compaction_killed_anywhere_loses_nothing_and_the_next_one_ends_it(tmp_path):
    folder = tmp_path / "index"
    folder.mkdir()
    path, rows = folder / "vectors", some(3)
    put(path, rows)
    forget(path, DIMENSION, [2])
    command = [sys.executable, "-m", "tests.search.compacting", str(path), str(DIMENSION)]
    environment = {**os.environ, "BROADSHEET_DATA": str(tmp_path / "data")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 20
    assert all(one == {"1": digest(1).hex(), "3": digest(3).hex()} for one in found)
    compact(path, DIMENSION)
    assert path.stat().st_size == 2 * RECORD
    assert list(folder.iterdir()) == [path]


PAPERS = st.integers(1, 12)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(PAPERS, max_size=6, unique=True)),
        st.tuples(st.just("forget"), st.lists(PAPERS, max_size=3, unique=True)),
        st.tuples(st.just("compact"), st.just([])),
    ),
    max_size=12,
)


@given(CHANGES, st.sets(PAPERS), st.booleans())
def test_after_any_changes_the_file_holds_the_last_embedding_of_each_paper(changes, allowed, scanned):
    rows = some(80)
    expected: dict[int, int] = {}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(vectors_module, "BLOCK", 4)
        patch.setattr(vectors_module, "RESCORED", 0 if scanned else 1_000)
        patch.setattr(vectors_module, "FEW", 0 if scanned else 8_000)
        path = Path(folder, "vectors")
        known, texts = Vectors(path, DIMENSION), 0
        for what, papers in changes:
            new = dict(zip(papers, range(texts, texts + len(papers)), strict=True))
            if what == "append":
                append(path, DIMENSION, {paper: (digest(text), rows[text]) for paper, text in new.items()})
                expected |= new
                texts += len(papers)
            elif what == "forget":
                forget(path, DIMENSION, papers)
                expected = {paper: text for paper, text in expected.items() if paper not in papers}
            else:
                compact(path, DIMENSION)
            assert known.papers().tolist() == sorted(expected)
        assert known.digests(list(expected)) == {paper: digest(text) for paper, text in expected.items()}
        asked = some(1, seed=9)[0]
        closeness = {paper: float(rows[expected[paper]] @ asked) for paper in expected.keys() & allowed}
        found = known.nearest(asked, limit=20, allowed=np.array(sorted(allowed), np.int64))
        assert [paper for paper, _ in found] == sorted(closeness, key=lambda paper: -closeness[paper])
        assert dict(found) == pytest.approx(closeness, abs=1e-2)
