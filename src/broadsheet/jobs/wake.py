"""The wake-up call: what was just written need not wait for the next look of the worker."""

from __future__ import annotations

from broadsheet.jobs.queue import queue


def wake(task: str) -> None:
    """Have the worker, if one runs, look for work of this kind now; else when it starts. Once is enough."""
    if all(waiting.name != task for waiting in queue().store.pending()):
        queue().calls[task]()
