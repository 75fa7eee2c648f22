"""The queue of a test: its own, and closed when the test is over."""

from __future__ import annotations


def forget() -> None:
    """Empty and close the queue of this process, if it has one, so that the next use opens another."""
    from broadsheet.jobs.queue import queue

    if queue.cache_info().currsize:
        queue().store.flush()
        queue().store.storage.close()
    queue.cache_clear()
