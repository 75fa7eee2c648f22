"""The public dump: the whole catalogue as files that anybody can take away, our export and a SQLite file.

Each dump is a folder of its own, named by the time at which it was begun. It is written beside and gets its
name when it is complete and on the disk: whatever has a name is whole, after a power cut too, and stays as it
is until it is removed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import zstandard
from filelock import FileLock, Timeout

from broadsheet.papers.catalogue import export_rows
from broadsheet.papers.disk import flush
from broadsheet.papers.merging import combine
from broadsheet.papers.name_words import every_word
from broadsheet.papers.reading import revision
from broadsheet.papers.record import Record
from broadsheet.sources.outgoing import export
from broadsheet.sources.outgoing.dump_tables import INDEXES, TABLES, Dumped, schema
from broadsheet.stored_times import has_come

# Whoever began to take the one before must be able to end.
KEPT = 2
EACH = timedelta(days=7)
# What failed will not do better a minute later, and costs as much again.
AFTER_A_FAILURE = timedelta(days=1)
# In the data folder.
FOLDER = "public"
LINES, SQLITE, README, SUMS = "papers.jsonl.zst", "papers.sqlite3.zst", "README.md", "SHA256SUMS"
FILES = (LINES, SQLITE, README, SUMS)
NAME = "%Y-%m-%dT%H%M%SZ"
# Papers whose rows are held in memory.
AT_ONCE = 500

_NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
Exported = tuple[str, Record, list[Record]]


class DumpBusyError(Exception):
    """Another process is writing a dump into the same folder."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A whole dump: its folder, when it was begun, and its files with their sizes in bytes."""

    path: Path
    begun_at: datetime
    files: tuple[tuple[str, int], ...]


def dumps(folder: Path) -> list[Dump]:
    """The dumps in the folder, the newest first; none where there is no such folder."""
    there = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    found = (_found(path) for path in there if _NAMED.fullmatch(path.name))
    return [one for one in found if one]


def _found(path: Path) -> Dump | None:
    begun_at = datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
    try:
        return Dump(path, begun_at, tuple((name, (path / name).stat().st_size) for name in FILES))
    except FileNotFoundError:  # it is being removed
        return None


def is_due(folder: Path, *, now: datetime) -> bool:
    """True if the last dump is a week old, and nobody tried to write one today."""
    # One that was begun when the clock ran ahead is of no known age.
    due_at = next((dump.begun_at + EACH for dump in dumps(folder) if dump.begun_at <= now), None)
    tried = _tried(folder)
    tried_at = datetime.fromtimestamp(tried.stat().st_mtime, UTC) if tried.exists() else None
    again_at = tried_at + AFTER_A_FAILURE if tried_at else None
    return has_come(due_at, now=now, longest=EACH) and has_come(again_at, now=now, longest=AFTER_A_FAILURE)


def dump(folder: Path, *, now: datetime) -> Dump:
    """Write a dump into the folder, and remove all but the newest ones.

    Raises DumpBusyError, and OSError where it cannot be written; then it leaves the folder as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            return _dump(folder, now)
    except Timeout as problem:
        raise DumpBusyError(f"another process is writing a dump into {folder}") from problem
    except sqlite3.OperationalError as problem:  # what SQLite makes of a full disk
        raise OSError(errno.EIO, str(problem)) from problem


def _dump(folder: Path, now: datetime) -> Dump:
    for abandoned in folder.glob(".*.part"):
        shutil.rmtree(abandoned)
    _tried(folder).touch()
    os.utime(_tried(folder), (now.timestamp(), now.timestamp()))
    name = now.strftime(NAME)
    part = folder / f".{name}.part"
    part.mkdir()
    try:
        _write(part, now)
        for file in FILES:
            flush(part / file)
        flush(part)
        part.rename(folder / name)
        flush(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    _tried(folder).unlink()
    written, *others = sorted(dumps(folder), key=lambda dump: (dump.begun_at > now, now - dump.begun_at))
    for old in others[KEPT - 1 :]:
        shutil.rmtree(old.path)
    return written


def _write(part: Path, now: datetime) -> None:
    # Changes made while we write may be in it or not: whoever follows them from here on has all.
    number = revision()
    tables = part / SQLITE.removesuffix(".zst")
    with closing(sqlite3.connect(tables, isolation_level=None)) as connection:
        papers = _noted(export_rows(), connection, now=now)
        export.write(part / LINES, export.lines(papers, every_word(), exported_at=now))
        (count,) = connection.execute("SELECT count(*) FROM papers").fetchone()
    with tables.open("rb") as plain, (part / SQLITE).open("wb") as compressed:
        zstandard.ZstdCompressor().copy_stream(plain, compressed)
    tables.unlink()
    (part / README).write_text(_readme(count, number, now), encoding="utf-8")
    (part / SUMS).write_text("".join(_sums(part)), encoding="utf-8")


def _noted(
    papers: Iterable[Exported], connection: sqlite3.Connection, *, now: datetime
) -> Iterator[Exported]:
    """The papers as they come, once they are in the tables."""
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for table in TABLES:
        connection.execute(table.create())
    coming = iter(papers)
    while several := list(islice(coming, AT_ONCE)):
        dumped = [_dumped(public_id, records, now=now) for public_id, _, records in several]
        for table in TABLES:
            connection.executemany(table.insert(), (row for one in dumped for row in table.rows(one)))
        yield from several
    for index in INDEXES:
        connection.execute(index)
    connection.execute("COMMIT")


def _dumped(public_id: str, records: list[Record], *, now: datetime) -> Dumped:
    return Dumped(public_id, combine(records, now=now), records[0].known_as)


def _readme(papers: int, number: int, now: datetime) -> str:
    return f"""# The catalogue of a Broadsheet

{papers:,} papers, written on {now:%Y-%m-%d} at {now:%H:%M} UTC. All changes up to number {number} are in it;
the address `/api/v1/changes?since={number}` of the same site has those that came after.

- `{LINES}`: JSON Lines, compressed with Zstandard. The first line is a header, each other one a paper with
  what every source says about it; the last are what curators said of names of authors and organizations.
  `broadsheet import {LINES}` makes the same catalogue of it elsewhere.
- `{SQLITE}`: the same papers as a SQLite database, compressed likewise (`zstd -d {SQLITE}`).
- `{SUMS}`: check them with `sha256sum -c {SUMS}`.

Titles and abstracts belong to their authors; the column `license` says what they allow, where that is known.

## Tables

{schema()}
"""


def _sums(part: Path) -> Iterator[str]:
    for name in (LINES, SQLITE, README):
        with (part / name).open("rb") as file:
            yield f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"


def _tried(folder: Path) -> Path:
    return folder / ".tried"
