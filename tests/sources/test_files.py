"""Opening files: plain and compressed, whole and broken, folders and standard input."""

from __future__ import annotations

import gzip
import io
import os
import random
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard
from tests.sources.inputs import SEEN, source

from broadsheet.sources.files.opening import LINE_LIMIT, WHOLE_LIMIT, find_files, open_source
from broadsheet.sources.files.readings import BrokenOffError, FileError

CHANCE = random.Random(1)
LINES = [f"line {i} {CHANCE.random()}".encode() for i in range(60_000)]
CONTENT = b"\n".join(LINES)
COMPRESSIONS = {"gzip": gzip.compress, "zstd": zstandard.compress}


def lines_before_the_end(content: bytes) -> tuple[list[bytes], str]:
    """The lines that can be read, and why there are no more."""
    found = []
    try:
        for _, line in source(content).lines():
            found.append(line)
    except BrokenOffError as problem:
        return found, str(problem)
    return found, ""


@pytest.mark.parametrize("compress", [bytes, *COMPRESSIONS.values()])
def test_lines_come_out_as_they_went_in_however_they_are_compressed(compress) -> None:
    assert lines_before_the_end(compress(CONTENT)) == (LINES, "")
    assert lines_before_the_end(compress(CONTENT + b"\n")) == (LINES, "")


@pytest.mark.parametrize("compress", COMPRESSIONS.values())
def test_files_put_together_by_cat_are_read_as_one(compress) -> None:
    assert lines_before_the_end(compress(b"a\nb") + compress(b"c\nd")) == ([b"a", b"bc", b"d"], "")


def test_zeros_after_a_gzip_member_are_padding() -> None:
    assert lines_before_the_end(gzip.compress(b"a") + bytes(10_000)) == ([b"a"], "")


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_of_a_file_cut_off_the_lines_before_the_cut_are_kept(name: str) -> None:
    compressed = COMPRESSIONS[name](CONTENT)
    found, problem = lines_before_the_end(compressed[: len(compressed) // 2])
    assert 15_000 < len(found) < len(LINES)
    assert found == LINES[: len(found)]
    assert problem == f"the {name} data ends too early"


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_of_a_damaged_file_what_comes_before_the_damage_is_kept(name: str) -> None:
    compressed = bytearray(COMPRESSIONS[name](CONTENT))
    middle = len(compressed) // 2
    compressed[middle : middle + 4000] = bytes(4000)
    found, problem = lines_before_the_end(bytes(compressed))
    assert found[:1000] == LINES[:1000]
    assert f"the {name} data is damaged" in problem


@pytest.mark.parametrize("start", [b"\x1f\x8b", b"\x28\xb5\x2f\xfd"])
def test_a_file_damaged_from_its_first_byte_is_refused_at_once(start: bytes) -> None:
    with pytest.raises(BrokenOffError, match=r"damaged|too early"):
        source(start + b"garbage")


def test_a_byte_order_mark_is_no_content() -> None:
    assert lines_before_the_end(b"\xef\xbb\xbf{}") == ([b"{}"], "")
    assert source(b"\xef\xbb\xbfcaf\xc3\xa9").text() == ("café", None)


def test_a_line_without_end_takes_no_more_memory_than_the_longest_allowed() -> None:
    found = [len(line) for _, line in source(gzip.compress(b"a" * (LINE_LIMIT + 5_000_000) + b"\nb")).lines()]
    assert found[0] > LINE_LIMIT
    assert found[1] == 1


def test_memory_stays_flat_while_a_bomb_is_read() -> None:
    bomb = gzip.compress((b"a" * 1_000_000 + b"\n") * 100, compresslevel=9)
    tracemalloc.start()
    try:
        assert sum(1 for _ in source(bomb).lines()) == 100
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_a_text_too_large_to_be_held_is_refused() -> None:
    bomb = zstandard.compress(bytes(WHOLE_LIMIT + 1))
    with pytest.raises(FileError, match="larger than 256 MB"):
        source(bomb).text()


def test_a_text_broken_within_a_character_is_kept_up_to_it() -> None:
    text = "é" * 30_000
    compressed = gzip.compress(text.encode(), compresslevel=0)
    found, problem = source(compressed[:20_001]).text()
    assert problem
    assert set(found) == {"é"}


def test_a_text_in_another_encoding_is_refused_with_the_place() -> None:
    with pytest.raises(FileError, match="byte 4 is not UTF-8"):
        source("café".encode("latin-1")).text()


def test_a_file_says_when_it_was_modified(tmp_path: Path) -> None:
    path = tmp_path / "day.json"
    path.write_bytes(b"[]")
    os.utime(path, (0, 86_400))
    with open_source(path, now=SEEN) as opened:
        assert opened.observed_at == datetime(1970, 1, 2, tzinfo=UTC)
        assert opened.name == str(path)


def test_a_dash_is_standard_input_seen_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(gzip.compress(b"a\nb"))))
    with open_source(Path("-"), now=SEEN) as opened:
        assert [line for _, line in opened.lines()] == [b"a", b"b"]
        assert (opened.name, opened.observed_at) == ("standard input", SEEN)


def test_a_name_that_cannot_be_shown_is_shown_with_replacement_characters(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\x1b[31m"))
    path.write_bytes(b"")
    with open_source(path, now=SEEN) as opened:
        assert opened.name == f"{tmp_path}/caf\ufffd\ufffd[31m"


def test_folders_are_searched_in_order_and_what_is_hidden_or_no_file_is_passed_by(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.json", "a/.hidden", ".git/config", "a/b/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    os.mkfifo(tmp_path / "pipe")
    files, passed_by = find_files([tmp_path / "b.json", tmp_path, Path("-")])
    assert files == [tmp_path / name for name in ("b.json", "b.json", "a/z.json", "a/b/c.txt")] + [Path("-")]
    assert passed_by == 3
