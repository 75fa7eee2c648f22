"""A process that `broadsheet serve` started ends with it, even where `serve` was killed on the spot."""

from __future__ import annotations

import os
import signal
import threading
import time

# Set by `serve` for the processes below it.
SERVED_BY = "BROADSHEET_SERVED_BY"
LOOK_EACH_SECONDS = 1.0
END_WITHIN_SECONDS = 15.0


def end_with_parent() -> None:
    """Watch the process named in SERVED_BY, if any: an orphan would hold the port and work on unseen."""
    parent = os.environ.get(SERVED_BY)
    if parent:
        threading.Thread(target=_watch, args=(int(parent),), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EACH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(END_WITHIN_SECONDS)
    os._exit(1)
