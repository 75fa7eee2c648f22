"""Small writes that wait for the database share its next transaction.

On SQLite each commit waits for the disk, and writers take turns unfairly: with twenty voters one transaction
a vote is slower than a loop of one writer. Whoever comes first does the work of all who came meanwhile
(group commit; DeWitt et al., 1984). A server's own commits are grouped by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection, transaction

Made = TypeVar("Made")
MOST_AT_ONCE = 64


class _Work(Generic[Made]):
    def __init__(self, write: Callable[[], Made]) -> None:
        self.write, self.is_done = write, threading.Event()
        self.made: Made | None = None
        self.problem: BaseException | None = None


_waiting: list[_Work[object]] = []
_lock, _turn = threading.Lock(), threading.Lock()


def written(write: Callable[[], Made]) -> Made:
    """What `write` gives, once it is committed. Raises what it raises, and then nothing of it is written.

    It may be called in another thread. A caller that is in a transaction writes within that.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return write()
    mine = _Work(write)
    with _lock:
        _waiting.append(mine)  # type: ignore[arg-type]
    with _turn:
        # More may wait before it than one transaction takes.
        while not mine.is_done.is_set():
            _write_all()
    if mine.problem:
        raise mine.problem
    return mine.made  # type: ignore[return-value]


def _write_all() -> None:
    """Write what waits, in one transaction; each piece of work may fail alone."""
    with _lock:
        ours = _waiting[:MOST_AT_ONCE]
        del _waiting[:MOST_AT_ONCE]
    try:
        with transaction.atomic():
            for work in ours:
                _write(work)
    except BaseException as problem:  # noqa: BLE001 (each waiting thread raises it)
        for work in ours:
            work.problem = work.problem or problem
    for work in ours:
        work.is_done.set()


def _write(work: _Work[object]) -> None:
    try:
        with transaction.atomic():
            work.made = work.write()
    except Exception as problem:  # noqa: BLE001 (the thread that waits raises it)
        work.problem = problem
