"""The disk below the data folder: how what is written outlives a power cut, and whether there is room."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

# With less room than this nothing more is fetched: what people do comes first.
LEAST_FREE = 200_000_000
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNWRITABLE = _NO_ROOM | {errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO}
# SQLite, which cannot even begin to write with less, calls that an input/output error.
_LEAST_FOR_SQLITE = 1_000_000


def flush(path: Path) -> None:
    """Make the content of a file, or the names in a folder, outlive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def free_bytes(folder: Path) -> int:
    """How much may still be written on the disk of the folder, or on that where the folder was."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    return shutil.disk_usage(there).free


def is_full(problem: BaseException, *, folder: Path) -> bool:
    """True if the error, or one that caused it, says that the disk of the folder has no more room."""
    return any(_says_full(error, folder) for error in _causes(problem))


def is_unwritable(problem: OSError) -> bool:
    """True if the error is of the disk: it is full, may only be read, or fails."""
    return problem.errno in _UNWRITABLE


def shortage(folder: Path, *, name: str = "") -> str:
    """Why nothing is fetched on the disk of the folder now, as a sentence; "" while there is room.

    With a `name` the sentence is for visitors, whom the path does not concern.
    """
    free = free_bytes(folder)
    if free >= LEAST_FREE:
        return ""
    return (
        f"The disk of {name or folder} has {free / 1e6:,.0f} MB left. Below {LEAST_FREE / 1e6:,.0f} MB"
        " nothing is fetched; it goes on by itself when there is more room."
    )


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _says_full(error: BaseException, folder: Path) -> bool:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return True
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        fails = code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
        return code == sqlite3.SQLITE_FULL or (fails and free_bytes(folder) < _LEAST_FOR_SQLITE)
    # PostgreSQL (SQLSTATE 53100) and tantivy tell it in the words of the system.
    return getattr(error, "sqlstate", None) == "53100" or os.strerror(errno.ENOSPC) in str(error)
