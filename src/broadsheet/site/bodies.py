"""Bodies of requests, read at their senders' pace: no thread waits, and time and size are limited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from enum import Enum

from broadsheet.site.lines import Lines, LineTooLongError
from broadsheet.sources.library_formats import LARGEST

# What is no longer needs no turn: a slow sender of a form is in nobody's way.
SMALL = 64 * 1024
SMALL_SECONDS, LARGE_SECONDS, LIBRARY_SECONDS = 5.0, 10.0, 45.0
LARGE_AT_ONCE, LARGE_OF_EACH, LARGE_WAITING = 8, 1, 8
# As much as a message of MCP may have; and a library, in a form.
LONGEST = 4 * 1024 * 1024
LONGEST_LIBRARY = LARGEST + SMALL
LIBRARIES = ("/library/import", "/api/v1/library/import")
# How much is read of what is too long, so that its sender listens to the answer.
MOST_READ = LONGEST_LIBRARY
# The key of the environment under which Django is told why there is no body.
UNREAD = "broadsheet.unread"


class Unread(Enum):
    """Why a body was not read to its end."""

    LATE = "late"
    BUSY = "busy"
    UNMEASURED = "unmeasured"
    CUT = "cut"


def longest(path: str) -> int:
    """How long a body may be that is sent there."""
    return LONGEST_LIBRARY if path in LIBRARIES else LONGEST


class Bodies:
    """Reads bodies: of the large ones few at a time, and one of each address."""

    def __init__(self) -> None:
        self._turns = Lines(each=LARGE_OF_EACH, in_all=LARGE_AT_ONCE, longest=LARGE_WAITING)

    async def read(
        self, pieces: AsyncIterable[bytes], *, length: int, path: str, address: str
    ) -> bytes | Unread:
        """The body of `length` bytes that is sent to that path; of one that is too long, a part."""
        most = longest(path)
        held = bytearray()
        # The server's own pieces are for a single loop.
        incoming = (piece async for piece in pieces)
        is_waiting = False
        try:
            async with asyncio.timeout(SMALL_SECONDS) as limit:
                seen = await self._take(incoming, held, most, seen=0, until=min(length, SMALL))
                if seen >= SMALL and length > SMALL:
                    seconds = LARGE_SECONDS if most == LONGEST else LIBRARY_SECONDS
                    limit.reschedule((limit.when() or 0.0) + seconds - SMALL_SECONDS)
                    is_waiting = True
                    async with self._turns.turn(address):
                        is_waiting = False
                        seen = await self._take(incoming, held, most, seen=seen, until=length)
        except LineTooLongError:
            return Unread.BUSY
        except TimeoutError:
            return Unread.BUSY if is_waiting else Unread.LATE
        return bytes(held) if seen >= min(length, MOST_READ) else Unread.CUT

    async def _take(
        self, incoming: AsyncIterable[bytes], held: bytearray, most: int, *, seen: int, until: int
    ) -> int:
        async for piece in incoming:
            seen += len(piece)
            if seen <= most:
                held += piece
            if seen >= min(until, MOST_READ):
                break
        return seen
