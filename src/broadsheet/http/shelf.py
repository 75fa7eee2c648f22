"""Answers that are kept in the memory of the process: bounded by their weight, each made by one thread."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# As many pages as a day's readers ask for; what nobody asked for longest gives way.
MOST_BYTES = 64 * 1024 * 1024
# An entry weighs something even where its answer is short.
ENTRY_BYTES = 1024
MAKERS = 64


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was sent: compressed, since nearly everybody asks for it so."""

    compressed: bytes
    headers: dict[str, str]

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.compressed) + ENTRY_BYTES


class Shelf:
    """Answers by their keys, each for a number of seconds after it was made; safe for threads."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._answers: OrderedDict[str, tuple[float, Kept]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()
        # A page may be made of another kept page: the same thread may come again.
        self._makers = [threading.RLock() for _ in range(MAKERS)]

    def get(self, key: str, make: Callable[[], Kept], *, seconds: float, largest: int) -> Kept:
        """The answer kept under the key, else what `make` makes, kept where it has at most `largest` bytes.

        While a thread makes an answer, others that want the same wait for it. Raises what `make` raises.
        """
        if kept := self.find(key):
            return kept
        with self._makers[hash(key) % MAKERS]:
            if kept := self.find(key):
                return kept
            made = make()
            if len(made.compressed) <= largest:
                self._put(key, made, seconds)
            return made

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._answers.clear()
            self._weight = 0

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, key: str) -> Kept | None:
        """The answer kept under the key, if there is one."""
        with self._lock:
            until, kept = self._answers.get(key, (0.0, None))
            if kept is None:
                return None
            # The time since the start of the machine: a clock that is put right makes no page older.
            if until <= time.monotonic():
                self._drop(key)
                return None
            self._answers.move_to_end(key)
            return kept

    def _put(self, key: str, kept: Kept, seconds: float) -> None:
        with self._lock:
            self._drop(key)
            self._answers[key] = (time.monotonic() + seconds, kept)
            self._weight += kept.weight
            while self._weight > self.most_bytes:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: str) -> None:
        _, kept = self._answers.pop(key, (0.0, None))
        if kept:
            self._weight -= kept.weight


shelf = Shelf()
