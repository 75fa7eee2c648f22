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

from broadsheet.sources.files.opening import LINE_LIMIT, SMALL, find_files, open_source
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


@pytest.mark.parametrize("compress", COMPRESSIONS.values())
def test_a_text_packed_to_fill_the_memory_is_refused(compress) -> None:
    bomb = compress(bytes(SMALL + 1))
    with pytest.raises(FileError, match="unpacks to more than 50 times its size"):
        source(bomb).text()


def test_a_text_too_large_to_be_held_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.sources.files.opening.WHOLE_LIMIT", 1 << 20)
    with pytest.raises(FileError, match="larger than 1 MB"):
        source(b"a" * ((1 << 20) + 1)).text()


@pytest.mark.parametrize("compress", COMPRESSIONS.values())
@pytest.mark.parametrize(("content", "size"), [(b"\n", 1 << 18), (b"a", 1 << 27)], ids=["lines", "a line"])
def test_memory_stays_small_whatever_is_packed(compress, content: bytes, size: int) -> None:
    bomb = compress(content * size)
    tracemalloc.start()
    try:
        for _ in source(bomb).lines():
            pass
        assert tracemalloc.get_traced_memory()[1] < 80_000_000
    finally:
        tracemalloc.stop()


def test_a_text_broken_within_a_character_is_kept_up_to_it() -> None:
    text = "é" * 30_000
    compressed = gzip.compress(text.encode(), compresslevel=0)
    found, problem = source(compressed[:20_001]).text()
    assert problem
    assert set(found) == {"é"}


WORDS = "naïve café, “Ærø” – Łódź 海\n" * 3
WESTERN = "% the naïve café – “Ærø”\nmore\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_read_with_and_without_their_mark(encoding: str) -> None:
    opened = source(WORDS.encode(encoding))
    assert opened.text() == (WORDS, None)
    assert opened.encoding.startswith(encoding[:6].upper())
    assert [line.decode() for _, line in source(WORDS.encode(encoding)).lines()] == WORDS.splitlines()


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "windows-1252"), ("utf-8", ""), ("utf-8-sig", "")])
def test_western_text_is_read_whatever_wrote_it(encoding: str, name: str) -> None:
    opened = source(WESTERN.encode(encoding))
    assert opened.text() == (WESTERN, None)
    assert opened.encoding == name
    again = source(WESTERN.encode(encoding))
    assert [line for _, line in again.text_lines()] == WESTERN.splitlines()
    assert again.encoding == name


def test_latin_1_is_read() -> None:
    assert source("café".encode("latin-1")).text() == ("café", None)


def test_a_line_in_another_encoding_leaves_the_others_as_they_are() -> None:
    mixed = "Ærø Łódź\n".encode() + "café\n".encode("cp1252")
    assert source(mixed).text() == ("Ærø Łódź\ncafé\n", None)


@pytest.mark.parametrize("encoding", ["windows-1250", "ISO8859_2", "GBK", "x-MacRoman", "Cp1252"])
def test_the_encoding_that_a_file_names_is_believed(encoding: str) -> None:
    text = f"% Encoding: {encoding}\n\ncaféé {'海' if encoding == 'GBK' else ''}\n"
    name = encoding.removeprefix("x-")
    opened = source(text.encode(name))
    assert opened.text() == (text, None)
    assert opened.encoding == name


@pytest.mark.parametrize("encoding", ["utf-8", "hex", "none of ours", "US-ASCII"])
def test_a_wrong_name_of_the_encoding_is_not_believed(encoding: str) -> None:
    text = f"% Encoding: {encoding}\ncafé\n"
    assert source(text.encode("cp1252")).text() == (text, None)
    assert source(text.encode()).text() == (text, None)


@pytest.mark.parametrize(("text", "encoding"), [("조석과 파랑", "euc-kr"), ("Прилив и отлив", "cp1251")])
def test_an_encoding_that_is_not_western_is_refused_with_what_to_do(text: str, encoding: str) -> None:
    with pytest.raises(FileError, match=r"its encoding is not known.*save it as UTF-8"):
        source(text.encode(encoding)).text()


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
