"""The queue (huey): an alarm clock for the worker, in a file beside the database or in PostgreSQL.

A task says which tasks have work now, itself perhaps; they are put into the queue, unless they wait there
already. So a long work neither delays a wake-up nor piles up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from django.db import DatabaseError, close_old_connections
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from broadsheet.configured import instance
from broadsheet.jobs.messages import JsonSerializer

log = structlog.get_logger(__name__)
Task = Callable[[], set[str]]
# Tasks that releases before this name wrote as pickles stay where they are, and are never read.
NAME = "alarms"

# Run when somebody wakes them, or another task does; functions of `jobs.tasks`, as those below.
ON_CALL = ("index", "fetch", "make_texts", "settle", "tell_followers", "note_topics")
# In case nobody did.
EACH_MINUTE = {
    "mend_index": "mend_index",
    "make_texts_due": "make_texts",
    "fetch_due": "fetch",
    "dump_due": "dump",
    "measure": "measure",
    "settle_due": "settle",
    "tell_followers_due": "tell_followers",
    "leave_due": "leave",
    "go_over_votes": "go_over_votes",
    "note_topics_due": "note_topics",
}


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue of an instance; each of `calls`, by name, puts a task into it."""

    store: Huey
    calls: dict[str, Callable[[], Any]]


@cache
def queue() -> Queue:
    """The queue of this instance, with all tasks known to it."""
    url = instance().database_url.get_secret_value()
    if url:
        store = PostgresHuey(NAME, dsn=url, results=False, serializer=JsonSerializer())
    else:
        file = Path(instance().data) / "tasks.sqlite3"
        store = SqliteHuey(NAME, filename=file, results=False, serializer=JsonSerializer())
    calls = {name: store.task(name=name)(_followed(name)) for name in ON_CALL}
    for name, task in EACH_MINUTE.items():
        store.periodic_task(crontab(), name=name)(_followed(task))
    return Queue(store, calls)


def do(task: str) -> set[str]:
    """Do the task, and give the names of those that have work now; what hinders it is only logged."""
    close_old_connections()
    # Loaded when it is done: whoever only wakes the worker does without the rooms that tasks need.
    run: Task = getattr(import_module("broadsheet.jobs.tasks"), task)
    try:
        return run()
    except (DatabaseError, sqlite3.Error, OSError) as problem:
        # A full disk, a database that is away: the next look tries again.
        log.warning("a task could not be done", task=task, reason=str(problem).strip())
        return set()
    finally:
        close_old_connections()


def _followed(task: str) -> Callable[[], None]:
    def run() -> None:
        if names := do(task):
            try:
                waiting = {one.name for one in queue().store.pending()}
                for name in sorted(names - waiting):
                    queue().calls[name]()
            except (sqlite3.Error, OSError) as problem:
                log.warning("no further task could be called", task=task, reason=str(problem).strip())

    return run
