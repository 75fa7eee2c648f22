"""What is made once for many mails, and kept for some minutes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Made = TypeVar("Made")
# For so long all mails say the same of a paper: votes of the last minutes wait for the next window.
FOR = timedelta(minutes=5)


class Kept(Generic[Made]):
    """What `make` gives by keys of rows, the last `most` of it, by the clock of whoever asks."""

    def __init__(self, make: Callable[[Collection[int]], Mapping[int, Made]], *, most: int) -> None:
        self._make, self._most = make, most
        self._made: OrderedDict[int, tuple[datetime, Made]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Collection[int], *, at: datetime) -> Mapping[int, Made]:
        """What there is by these keys."""
        with self._lock:
            there = {key: self._made[key] for key in keys if key in self._made}
        found = {key: made for key, (since, made) in there.items() if abs(at - since) <= FOR}
        if missing := [key for key in keys if key not in found]:
            fresh = self._make(missing)
            self._keep(fresh, at)
            return {**found, **fresh}
        return found

    def _keep(self, fresh: Mapping[int, Made], at: datetime) -> None:
        with self._lock:
            self._made.update((key, (at, made)) for key, made in fresh.items())
            while len(self._made) > self._most:
                self._made.popitem(last=False)

    def forget(self) -> None:
        """Make all of it anew."""
        with self._lock:
            self._made.clear()
