"""Who stands in the door: connections of this process that are of use to nobody are ended.

The server accepts whoever comes and ends who says nothing for a while; it does not count. So twice a second
all its connections are looked at, and where there are too many of one address, or in all, those go first that
were quiet the longest. What is being answered stays.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.http import capacity

# Of one address; a proxy, or a program on this machine, may speak for many people.
OF_AN_ADDRESS, OF_A_PROXY = 64, 1024
LOOK_EACH_SECONDS = 0.5
# A reader that takes nothing for so long is gone, be it there or not (TCP_USER_TIMEOUT of Linux).
STALLED_MS = 20_000
DESCRIPTORS = Path("/dev/fd")


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection, by its other end (`peer` is its address with the port), quiet since that time."""

    peer: str
    address: str
    is_of_this_machine: bool
    quiet_since: float


def too_many(
    quiet: Iterable[Connection], counts: Counter[str], *, all_are_proxies: bool, room: int
) -> list[Connection]:
    """Those to be ended, of those that wait for their clients; `counts` has all, by address."""
    counts, in_all, ended = counts.copy(), counts.total(), []
    for one in sorted(quiet, key=lambda connection: connection.quiet_since):
        limit = OF_A_PROXY if all_are_proxies or one.is_of_this_machine else OF_AN_ADDRESS
        if counts[one.address] > limit or in_all > room:
            ended.append(one)
            counts[one.address] -= 1
            in_all -= 1
    return ended


class Doors:
    """Looks at the connections of this process from time to time."""

    def __init__(self, *, many_speak_through_one: bool) -> None:
        self._all_are_proxies = many_speak_through_one
        # A quarter stays free for those who come between two looks.
        self._room = capacity.room() * 3 // 4
        self._quiet_since: dict[str, float] = {}
        self._held: set[str] = set()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look now and then, until the loop ends."""
        loop.call_later(LOOK_EACH_SECONDS, self.watch, loop)
        self._look(now=loop.time())

    @contextmanager
    def held(self, peer: str) -> Iterator[None]:
        """While a request of this connection is being answered it is not ended."""
        self._held.add(peer)
        self._quiet_since.pop(peer, None)
        try:
            yield
        finally:
            self._held.discard(peer)

    def _look(self, *, now: float) -> None:
        sockets = _accepted()
        counts = Counter(address for address, _, _ in sockets.values())
        self._quiet_since = {
            peer: self._quiet_since.get(peer, now) for peer in sockets if peer not in self._held
        }
        quiet = [
            Connection(peer, sockets[peer][0], sockets[peer][1], since)
            for peer, since in self._quiet_since.items()
        ]
        for one in too_many(quiet, counts, all_are_proxies=self._all_are_proxies, room=self._room):
            _end(sockets[one.peer][2], one.peer)


def _accepted() -> dict[str, tuple[str, bool, int]]:
    """The connections that were accepted, by their peers: address, whether it is ours, descriptor.

    No descriptor is duplicated or closed here: closing the double of a database's would give up its locks.
    """
    connected: dict[int, tuple[tuple[str, int], tuple[str, int]]] = {}
    ports: set[int] = set()
    for path in DESCRIPTORS.iterdir():
        # What is a file or a pipe, or gone meanwhile, is no connection.
        with suppress(OSError), _borrowed(int(path.name)) as held:
            if held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                ports.add(held.getsockname()[1])
                _end_stalled_readers(held)
            elif isinstance(peer := held.getpeername(), tuple):
                connected[int(path.name)] = held.getsockname()[:2], peer[:2]
    return {
        _peer(*theirs): (theirs[0], theirs[0] == ours[0], descriptor)
        for descriptor, (ours, theirs) in connected.items()
        if ours[1] in ports
    }


@contextmanager
def _borrowed(descriptor: int) -> Iterator[socket.socket]:
    held = socket.socket(socket.AF_INET6, socket.SOCK_STREAM, 0, fileno=descriptor)
    try:
        yield held
    finally:
        held.detach()


def _end(descriptor: int, peer: str) -> None:
    # It may have ended by itself.
    with suppress(OSError), _borrowed(descriptor) as held:
        if _peer(*held.getpeername()[:2]) == peer:
            held.shutdown(socket.SHUT_RDWR)


def _end_stalled_readers(listener: socket.socket) -> None:
    """What a listening socket is told holds for each connection that it accepts."""
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MS)


def _peer(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
