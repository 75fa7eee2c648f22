"""The file of a SQLite database: whether it is still the one that this process opened, and whole.

Whoever restores a backup moves folders; a program that has the old file open would go on writing into it, and
nobody would ever see that again. A database on a server has no file here, and none of this happens to it.
"""

from __future__ import annotations

import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

# Device and inode.
Place: TypeAlias = tuple[int, int]

LOOK_EACH_SECONDS = 1.0
GONE = (
    "The database {path} is no longer the file that was opened: it was moved, removed or replaced."
    " Nothing more is written; start Broadsheet again when the right file is in its place."
)
CUT = "The database {path} was emptied or cut short. Nothing is stored until its content is back in it."
EMPTIED = (
    "The database {path} is {what}, and beside it there is {rest}. Restore the backup; or, to begin anew,"
    " remove {rest}."
)

_opened: dict[Path, Place] = {}
# The write-ahead log of each, and a connection for which it stays; a file system may not allow for one.
_logs: dict[Path, Place] = {}
_held: dict[Path, sqlite3.Connection] = {}
# How long each was when it was longest.
_longest: dict[Path, int] = {}


def watch() -> None:
    """Remember which file each database of this process was when it was opened first."""
    connection_created.connect(_remember, dispatch_uid="database_file")


def gone() -> str:
    """Why nothing can be written now, as a sentence; "" while the file is the one that was opened."""
    path = _path()
    opened = _opened.get(path) if path else None
    if path is None or opened is None:
        return ""
    if _file(path) != opened or not _has_its_log(path):
        return GONE.format(path=path)
    return CUT.format(path=path) if _is_cut(path) else ""


def wait_until_gone() -> str:
    """Look each second whether the file is in its place; return why nothing can be written any more.

    A file that was cut short is still in its place, and may be filled again: nobody need end for that.
    It returns "" at once where the database is on a server.
    """
    if (path := _path()) is None:
        return ""
    connection.ensure_connection()
    while (why := gone()) in {"", CUT.format(path=path)}:
        time.sleep(LOOK_EACH_SECONDS)
    return why


def is_missing_or_empty() -> bool:
    """True where there is no database yet, or nothing in it."""
    path = _path()
    return path is not None and _size(path) == 0


def loss() -> str:
    """Why an empty database must not be taken for a new one, as a sentence; "" where it may be.

    What belonged to its papers is still there. A missing file beside the secret key alone is a first start.
    """
    path = _path()
    if path is None or _size(path):
        return ""
    folder, is_there = path.parent, path.exists()
    kept = [_log(path), folder / "index", *([folder / "secret_key"] if is_there else [])]
    rest = [file.name for file in kept if _size(file) or (file.is_dir() and any(file.iterdir()))]
    if not rest:
        return ""
    if is_there:
        rest.insert(0, path.name)
    return EMPTIED.format(path=path, what="empty" if is_there else "missing", rest=" and ".join(rest))


def keep_to_oneself() -> None:
    """Let nobody but the user who runs this read the new database: addresses and sessions of people go in."""
    if path := _path():
        for file in (path, _log(path), path.with_name(f"{path.name}-shm")):
            # Some file systems have no such thing.
            with suppress(OSError):
                file.chmod(0o600)


def readers() -> str:
    """Who else may read the database, as a sentence; "" where nobody on this machine is."""
    path = _path()
    if path is None or not path.is_file() or not path.stat().st_mode & stat.S_IROTH:
        return ""
    return (
        f"{path} has the addresses and sessions of people, and everybody on this machine may read it;"
        f" unless its folder is closed to them: chmod 600 {path}"
    )


def _path() -> Path | None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or ":memory:" in name or "mode=memory" in name:
        return None
    return Path(name)


def _remember(connection: BaseDatabaseWrapper, **_: object) -> None:
    path = _path() if connection.alias == "default" else None
    place = _place(path) if path else None
    if path and place and path not in _opened:
        _opened[path] = place
        # An error here is one for whoever asks the database next.
        with suppress(sqlite3.Error):
            _hold(path)


def _hold(path: Path) -> None:
    """Have the database open until this process ends: so long nobody ends its log and begins another."""
    held = _held[path] = sqlite3.connect(path, check_same_thread=False)
    held.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if log := _file(_log(path)):
        _logs[path] = log


def _place(path: Path) -> Place | None:
    """Where the database lies; None where there is none, or nothing in it."""
    return _file(path) if _size(path) else None


def _file(path: Path) -> Place | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _has_its_log(path: Path) -> bool:
    """False where the write-ahead log was removed, be there another one since."""
    return path not in _logs or _logs[path] == _file(_log(path))


def _is_cut(path: Path) -> bool:
    """True for a file that became shorter than its first page says; SQLite itself may shorten both."""
    size = _size(path)
    longest = _longest[path] = max(size, _longest.get(path, 0))
    return not size or (size < longest and size < _length_it_says(path))


def _length_it_says(path: Path) -> int:
    """Size of a page times number of pages (https://www.sqlite.org/fileformat.html, 1.3)."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
    except OSError:
        return 0
    of_a_page = int.from_bytes(head[16:18], "big")
    return (of_a_page if of_a_page > 1 else 1 << 16) * int.from_bytes(head[28:32], "big")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
