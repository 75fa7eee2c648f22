"""The worker's sign of life: what it does is promised only while it runs."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from huey.constants import EmptyData

from broadsheet.jobs.queue import queue
from broadsheet.stored_times import past

KEY = "worker"
# It is given each minute; both threads of a worker may be in the midst of something longer.
SILENT_AT_MOST = timedelta(minutes=5)


def give(*, now: datetime) -> None:
    """Say that a worker runs."""
    queue().store.storage.put_data(KEY, now.isoformat().encode())


def end() -> None:
    """Say that the worker has ended; another one that runs says otherwise within a minute."""
    queue().store.storage.pop_data(KEY)


def is_given(*, now: datetime) -> bool:
    """True if a worker runs, in whatever process."""
    try:
        said = queue().store.storage.peek_data(KEY)
    except sqlite3.Error:  # a queue that cannot be read wakes nobody
        return False
    given_at = None if said is EmptyData else past(datetime.fromisoformat(bytes(said).decode()), now=now)
    return given_at is not None and now - given_at < SILENT_AT_MOST
