"""The worker: one process that runs the tasks of the queue; it indexes while it waits for a host."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime

import structlog
from huey import crontab

from broadsheet.jobs import life, looking, mailing
from broadsheet.jobs.queue import queue
from broadsheet.jobs.wake import wake
from broadsheet.papers import database_file

# How long after a wake-up the worker looks into a queue that is a file, at most.
LONGEST_NAP_SECONDS = 0.2
# A task ends sooner, unless it waits for a host; a kill does no harm either.
STOP_WITHIN_SECONDS = 5
# Pages come first where both want the processor.
NICENESS = 10

log = structlog.get_logger(__name__)


def run_worker() -> None:
    """Run tasks until SIGTERM (the task under way is finished) or SIGINT (it is dropped), and send mail.

    Where the database is moved or replaced under it, it ends the process with exit code 1.
    """
    os.nice(NICENESS)
    lost, stop = _watched(), threading.Event()
    mail = threading.Thread(target=mailing.run, args=(stop,), name="mail", daemon=True)
    mail.start()
    life.give(now=datetime.now(UTC))
    queue().store.periodic_task(crontab(), name="sign_of_life")(lambda: life.give(now=datetime.now(UTC)))
    # A new instance need not wait for the minute to end.
    wake("fetch")
    consumer = queue().store.create_consumer(
        workers=2,
        max_delay=LONGEST_NAP_SECONDS,
        graceful_signal="TERM",
        shutdown_timeout=STOP_WITHIN_SECONDS,
    )
    consumer.run()
    stop.set()
    mail.join(STOP_WITHIN_SECONDS)
    life.end()
    if lost.is_set():
        sys.exit(1)


def run_kinds(names: Collection[str]) -> None:
    """Do the work of these kinds, and nothing else, until SIGTERM or SIGINT; see `run_worker`.

    What is under way is finished, but for a fetch that waits for its host.
    """
    os.nice(NICENESS)
    lost, stop = _watched(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    looking.run(names, stop)
    if lost.is_set():
        sys.exit(1)


def _watched() -> threading.Event:
    """Watch the database from now on: the event says that it is lost, and this process ends."""
    lost = threading.Event()
    threading.Thread(target=_end_without_database, args=(lost,), name="database-watch", daemon=True).start()
    return lost


def _end_without_database(lost: threading.Event) -> None:
    """End this process when the database is not the one any more that it opened."""
    why = database_file.wait_until_gone()
    if not why:
        return
    log.error("the worker ends", reason=why)
    lost.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_WITHIN_SECONDS)
    os._exit(1)
