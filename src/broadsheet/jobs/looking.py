"""Workers that do some kinds of work: each kind has a thread, which looks by itself for what is due."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from django.db import connections

from broadsheet.jobs import mailing
from broadsheet.jobs.kinds import KINDS, MAIL, Kind
from broadsheet.jobs.queue import do, queue
from broadsheet.jobs.wake import wake


def run(names: Collection[str], stop: threading.Event) -> None:
    """Do the work of these kinds, each in a thread of its own, until `stop` is set."""
    threads = [threading.Thread(target=_run_of(name, stop), name=name, daemon=True) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _run_of(name: str, stop: threading.Event) -> Callable[[], None]:
    return (lambda: mailing.run(stop)) if name == MAIL else (lambda: _look(KINDS[name], stop))


def _look(kind: Kind, stop: threading.Event) -> None:
    while not stop.is_set():
        _do_all(kind.tasks, stop)
        stop.wait(kind.look_each_seconds)
    # A thread has its own connections to the queue and to the database.
    queue().store.storage.close()
    connections.close_all()


def _do_all(tasks: Collection[str], stop: threading.Event) -> None:
    """Do these tasks, each again as long as it has work left, and wake the worker for what else has."""
    waiting = dict.fromkeys(tasks)
    while waiting and not stop.is_set():
        task = next(iter(waiting))
        del waiting[task]
        names = do(task)
        waiting |= dict.fromkeys(name for name in names if name in tasks)
        for name in names.difference(tasks):
            wake(name)
