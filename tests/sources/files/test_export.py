"""Our own export: what goes out comes back, and other programs can read it."""

from __future__ import annotations

import gzip
import os
import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest
import zstandard
from tests.cast import ARXIV, HUGGING_FACE, SAVED_PAGE
from tests.sources.inputs import SEEN, source

from broadsheet.papers.record import Link, Listing, OldText, Version
from broadsheet.sources.files.readings import FileError, Refusal
from broadsheet.sources.outgoing.export import lines, read, write

RICH = replace(
    HUGGING_FACE,
    versions=(Version(1, SEEN), Version(2)),
    links=(Link("code", "https://github.com/north/bounds"),),
    listings=(Listing(date(2025, 3, 5), 1, "Mira", "mira"),),
    keywords=("bounds",),
    withdrawn=True,
    retracted=True,
    notice="The authors took it back.",
    announced_on=date(2025, 3, 5),
    old_texts=(OldText(1, "Loose Bounds", "We bound\n\nthe loss.", SEEN), OldText(2, "Bounds", "", SEEN)),
)
PAPERS = [("2503.00001", ARXIV, [ARXIV, RICH]), ("local:0123456789ab", SAVED_PAGE, [SAVED_PAGE])]


def exported() -> bytes:
    return b"".join(lines(PAPERS, words=(), exported_at=datetime(2026, 11, 22, tzinfo=UTC)))


def test_records_come_back_as_they_went_out() -> None:
    assert list(read(source(exported()))) == [ARXIV, RICH, SAVED_PAGE]


def test_texts_that_a_record_had_before_come_back_with_it_alone() -> None:
    assert [record.old_texts for record in read(source(exported()))] == [(), RICH.old_texts, ()]


def test_an_export_from_before_there_were_old_texts_is_read() -> None:
    header, paper, _ = exported().splitlines()
    older = orjson.loads(paper)
    del older["old_texts"]
    assert [one.old_texts for one in read(source(header + b"\n" + orjson.dumps(older)))] == [(), ()]


def test_each_paper_is_a_line_that_other_programs_understand() -> None:
    header, paper, _ = map(orjson.loads, exported().splitlines())
    assert header == {"broadsheet_export": 1, "exported_at": "2026-11-22T00:00:00+00:00"}
    assert {name: paper[name] for name in ("id", "title", "authors", "published", "categories")} == {
        "id": "2503.00001",
        "title": ARXIV.title,
        "authors": ["Ada van der Berg", "Bo Li"],
        "published": "2025-03-04T00:00:00+00:00",
        "categories": ["cs.LG"],
    }


def test_an_export_by_a_later_broadsheet_is_refused() -> None:
    with pytest.raises(FileError, match="version 2; this Broadsheet reads version 1"):
        list(read(source(b'{"broadsheet_export": 2}\n')))


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        (b"{", "line 2", "not a JSON object"),
        (b"[1]", "line 2", "not a JSON object"),
        (b'{"id": "x"}', "line 2", "no records"),
        (b'{"records": 7}', "line 2", "records is a whole number"),
        (b'{"records": [7]}', "line 2", "not an object"),
        (b'{"records": [{"source": "x", "key": "y"}]}', "line 2, record 1", "title"),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "colour": 1}]}',
            "line 2, record 1",
            "colour",
        ),
        (b'{"records": [{"source": "x", "key": "y", "title": 7}]}', "line 2, record 1", ""),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "old_texts": []}]}',
            "line 2, record 1",
            "old_texts",
        ),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z"}], "old_texts": [{"title": "a"}]}',
            "line 2",
            "no time",
        ),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z"}], "old_texts": [7]}',
            "line 2",
            "not an object",
        ),
        (b'{"records": [{"source": "x", "key": "y", "title": "z", "authors": 7}]}', "line 2, record 1", ""),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "authors": [{"name": null}]}]}',
            "line 2, record 1",
            "name is null",
        ),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "signals": [{"name": "upvotes"}]}]}',
            "line 2, record 1",
            "value is missing",
        ),
        (
            b'{"records": [{"source": "x", "key": "' + b"y" * 300 + b'", "title": "z"}]}',
            "line 2, record 1",
            "key is missing or too long",
        ),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "links": [{"kind": "code", "url": 7}]}]}',
            "line 2, record 1",
            "",
        ),
        (
            b'{"records": [{"source": "x", "key": "y", "title": "z", "published_at": "0001-01-01T00:00+14:00"}]}',
            "line 2, record 1",
            "",
        ),
    ],
)
def test_a_broken_line_is_refused_with_its_number_and_the_others_stay(
    line: bytes, place: str, reason: str
) -> None:
    header, first, last = exported().splitlines()
    refusal, *rest = read(source(b"\n".join([header, line, first, b"", last])))
    assert rest == [ARXIV, RICH, SAVED_PAGE]
    assert isinstance(refusal, Refusal)
    assert refusal.place == place
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("name", "open_again"),
    [
        ("a.jsonl", bytes),
        ("a.jsonl.gz", gzip.decompress),
        ("a.jsonl.zst", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)),
    ],
)
def test_a_file_is_compressed_as_its_name_says(tmp_path: Path, name: str, open_again) -> None:
    write(tmp_path / name, exported().splitlines(keepends=True))
    assert open_again((tmp_path / name).read_bytes()) == exported()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_text("the one of yesterday")

    def failing():
        yield b"half"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, failing())
    assert path.read_text() == "the one of yesterday"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received = []
    thread = threading.Thread(target=lambda: received.append(path.read_bytes()))
    thread.start()
    write(path, [b"one\n", b"two\n"])
    thread.join()
    assert received == [b"one\ntwo\n"]
    assert path.is_fifo()
