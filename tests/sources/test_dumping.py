"""The public dump: whole or not there, described by itself, and the same catalogue elsewhere."""

from __future__ import annotations

import gc
import hashlib
import re
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from filelock import FileLock
from tests.cast import ARXIV, HUGGING_FACE

from broadsheet.jobs import tasks
from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.reading import revision
from broadsheet.papers.record import Link, Listing, Version
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.outgoing import dumping
from broadsheet.sources.outgoing.dump_tables import TABLES
from broadsheet.sources.outgoing.dumping import DumpBusyError, dump, dumps, is_due
from broadsheet.sources.outgoing.export import read

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 17, 45, 1, tzinfo=UTC)
LISTED = replace(HUGGING_FACE, listings=(Listing(date(2025, 3, 5), 2, "Mira", "mira"),))
FULL = replace(
    ARXIV,
    versions=(Version(1, NOW), Version(2)),
    links=(Link("code", "https://github.com/north/bounds"),),
    keywords=("bounds",),
    license="CC-BY-4.0",
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Path], sqlite3.Connection]]:
    """Unpack the tables of a dump, as anybody would, and open them until the test ends."""
    with ExitStack() as until_the_end:

        def opened_tables(folder: Path) -> sqlite3.Connection:
            to = tmp_path / "tables"
            with (folder / dumping.SQLITE).open("rb") as packed, to.open("wb") as plain:
                zstandard.ZstdDecompressor().copy_stream(packed, plain)
            return until_the_end.enter_context(closing(sqlite3.connect(to)))

        yield opened_tables


def test_the_lines_of_a_dump_are_the_export(tmp_path: Path) -> None:
    store([FULL, LISTED], now=NOW)
    made = dump(tmp_path, now=NOW)
    with open_source(made.path / dumping.LINES, now=NOW) as source:
        assert list(read(source)) == [FULL, LISTED]


def test_the_tables_hold_what_the_catalogue_says_in_plain_columns(tmp_path: Path, opened: Any) -> None:
    store(
        [FULL, LISTED, replace(ARXIV, key="b", title="B", identifiers=(Identifier("doi", "10.1000/b"),))],
        now=NOW,
    )
    tables = opened(dump(tmp_path, now=NOW).path)
    tables.row_factory = sqlite3.Row
    first, second = map(dict, tables.execute("SELECT * FROM papers ORDER BY id"))
    assert (first["id"], first["title"], first["license"]) == ("2503.00001", ARXIV.title, "CC-BY-4.0")
    assert (first["published_at"], first["author_count"]) == ("2025-03-04T00:00:00+00:00", 2)
    assert (first["keywords"], first["withdrawn"], first["abstract_source"]) == ('["bounds"]', 0, "arxiv")
    assert second["id"] == "doi:10.1000/b"

    def rows(table: str) -> list[tuple[Any, ...]]:
        return [tuple(row)[1:] for row in tables.execute(f"SELECT * FROM {table} WHERE paper = '2503.00001'")]

    assert rows("identifiers") == [("arxiv", "2503.00001")]
    assert rows("authors")[1] == (2, "Bo Li", "bo-li")
    assert rows("organizations") == [(1, "North Lab", "northlab")]
    assert rows("categories") == [(1, "cs.LG")]
    assert rows("versions") == [(1, NOW.isoformat()), (2, None)]
    assert rows("links") == [(1, "code", "https://github.com/north/bounds")]
    assert rows("listings") == [("huggingface", "2025-03-05", 2, "Mira", "mira")]
    assert rows("signals") == [("huggingface", "upvotes", 7, "2025-03-04T00:00:00+00:00")]


def test_the_description_names_every_column_and_the_sums_are_right(tmp_path: Path, opened: Any) -> None:
    store([FULL], now=NOW)
    made = dump(tmp_path, now=NOW)
    text = (made.path / dumping.README).read_text()
    assert "1 papers, written on 2026-11-22 at 17:45 UTC" in text
    assert f"`/api/v1/changes?since={revision()}`" in text
    tables = opened(made.path)
    for table in TABLES:
        described = text.partition(f"### `{table.name}`")[2].partition("###")[0]
        there = [name for _, name, *_ in tables.execute(f"PRAGMA table_info({table.name})")]
        assert re.findall(r"^\| `(\w+)` \|", described, re.MULTILINE) == there
    for line in (made.path / dumping.SUMS).read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((made.path / name).read_bytes()).hexdigest() == digest


def test_a_dump_that_breaks_off_leaves_the_ones_before_and_nothing_else(
    tmp_path: Path, monkeypatch: Any
) -> None:
    store([FULL], now=NOW)
    first = dump(tmp_path, now=NOW)

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(dumping, "_readme", full_disk)
    with pytest.raises(OSError, match="No space left"):
        dump(tmp_path, now=NOW + timedelta(days=7))
    assert dumps(tmp_path) == [first]
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [first.path.name]


def test_a_dump_whose_tables_fill_the_disk_fails_as_any_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(dumping, "INDEXES", ("PRAGMA max_page_count = 1", "CREATE TABLE more (x)"))
    with pytest.raises(OSError, match="full"):
        dump(tmp_path, now=NOW)
    assert dumps(tmp_path) == []


def test_what_a_killed_dump_left_is_removed_and_of_whole_ones_the_newest_two_are_kept(tmp_path: Path) -> None:
    store([FULL], now=NOW)
    (tmp_path / ".2026-11-01T000000Z.part").mkdir()
    (tmp_path / "of-the-operator").mkdir()
    made = [dump(tmp_path, now=NOW + timedelta(days=7 * n)) for n in range(3)]
    assert dumps(tmp_path) == [made[2], made[1]]
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {made[1].path.name, made[2].path.name, "of-the-operator"}


def test_two_at_once_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(DumpBusyError, match="another process"):
        dump(tmp_path, now=NOW)


def test_a_dump_is_due_each_week_and_a_day_after_a_failure(tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "public"
    assert is_due(folder, now=NOW)
    dump(folder, now=NOW)
    assert not is_due(folder, now=NOW + timedelta(days=6, hours=23))
    week = NOW + timedelta(days=7)
    assert is_due(folder, now=week)
    monkeypatch.setattr(dumping, "export_rows", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dump(folder, now=week)
    assert not is_due(folder, now=week + timedelta(hours=23))
    assert is_due(folder, now=week + timedelta(days=1))


@pytest.mark.parametrize("is_on", [True, False])
def test_the_worker_writes_the_dump_where_it_is_wanted(tmp_path: Path, settings: Any, is_on: bool) -> None:
    store([FULL], now=NOW)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path, "dump": is_on})
    assert tasks.dump() == set()
    assert tasks.dump() == set()
    assert len(dumps(tmp_path / dumping.FOLDER)) == is_on


@pytest.mark.thorough
def test_a_dump_of_many_papers_takes_no_more_memory_than_one_of_few(
    tmp_path: Path, peak: Callable[..., int]
) -> None:
    def papers(first: int, count: int) -> list[Any]:
        return [
            replace(FULL, key=f"{n}", title=f"Title {n}", identifiers=(Identifier("arxiv", f"2611.{n:05}"),))
            for n in range(first, first + count)
        ]

    store(papers(1, 1500), now=NOW)
    few = peak(dump, tmp_path, now=NOW)
    store(papers(1501, 4500), now=NOW)
    assert peak(dump, tmp_path, now=NOW + timedelta(days=7)) < 1.3 * few


@pytest.fixture
def peak() -> Callable[..., int]:
    """The most memory of Python's that a call takes, in bytes."""

    def measured(call: Callable[..., object], *arguments: object, **options: object) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            call(*arguments, **options)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measured
