"""Lines before what is scarce: each address stands in its own, so that none keeps the others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class LineTooLongError(Exception):
    """So many requests of this address wait already that this one is refused rather than queued."""


class _Line(asyncio.Semaphore):
    waiting = 0


class Lines:
    """So many at once of each address and in all; the others of an address wait behind it, up to a number."""

    def __init__(self, *, each: int, in_all: int, longest: int) -> None:
        self._each, self._longest = each, longest
        self._all = asyncio.Semaphore(in_all)
        self._lines: WeakValueDictionary[str, _Line] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for a turn and have it. Raises LineTooLongError at once where the line is full."""
        line = self._lines.get(address)
        if line is None:
            # Held by those who stand in it alone: it goes with the last of them.
            line = self._lines[address] = _Line(self._each)
        if line.waiting >= self._longest:
            raise LineTooLongError
        line.waiting += 1
        try:
            await line.acquire()
        finally:
            line.waiting -= 1
        try:
            async with self._all:
                yield
        finally:
            line.release()
