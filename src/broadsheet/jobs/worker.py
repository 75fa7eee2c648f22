"""The worker: one process that runs the tasks of the queue; it indexes while it waits for a host."""

from __future__ import annotations

import os

from broadsheet.jobs.queue import queue
from broadsheet.jobs.wake import wake

# How long after a wake-up the worker looks into a queue that is a file, at most.
LONGEST_NAP_SECONDS = 0.2
# A task ends sooner, unless it waits for a host; a kill does no harm either.
STOP_WITHIN_SECONDS = 5
# Pages come first where both want the processor.
NICENESS = 10


def run_worker() -> None:
    """Run tasks until SIGTERM (the task under way is finished) or SIGINT (it is dropped)."""
    os.nice(NICENESS)
    # A new instance need not wait for the minute to end.
    wake("fetch")
    consumer = queue().store.create_consumer(
        workers=2,
        max_delay=LONGEST_NAP_SECONDS,
        graceful_signal="TERM",
        shutdown_timeout=STOP_WITHIN_SECONDS,
    )
    consumer.run()
