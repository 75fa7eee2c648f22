"""The file of a SQLite database: whether it is still the one that this process opened, or was emptied.

Whoever restores a backup moves folders; a program that has the old file open would go on writing into it, and
nobody would ever see that again. A database on a server has no file here, and none of this happens to it.
"""

from __future__ import annotations

import sqlite3
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
    "The database {path} is no longer the file that was opened: it was moved, removed, replaced or emptied."
    " Nothing more is written; start Broadsheet again when the right file is in its place."
)
EMPTIED = (
    "The database {path} is {what}, and beside it there is {rest}. Restore the backup; or, to begin anew,"
    " remove {rest}."
)

_opened: dict[Path, Place] = {}
# The write-ahead log of each, and a connection for which it stays; a file system may not allow for one.
_logs: dict[Path, Place] = {}
_held: dict[Path, sqlite3.Connection] = {}


def watch() -> None:
    """Remember which file each database of this process was when it was opened first."""
    connection_created.connect(_remember, dispatch_uid="database_file")


def gone() -> str:
    """Why nothing can be written any more, as a sentence; "" while the file is the one that was opened."""
    path = _path()
    opened = _opened.get(path) if path else None
    if path is None or opened is None or (_place(path) == opened and _has_its_log(path)):
        return ""
    return GONE.format(path=path)


def wait_until_gone() -> str:
    """Look each second whether the file is in its place; return why nothing can be written any more.

    It returns "" at once where the database is on a server.
    """
    if _path() is None:
        return ""
    connection.ensure_connection()
    while not (why := gone()):
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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
