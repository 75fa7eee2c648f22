"""Who stands in the door: connections of this process that are of use to nobody are ended.

The server accepts whoever comes and ends who says nothing for a while; it does not count. So twice a second
all its connections are looked at, and where there are too many of one address, or in all, those go first that
were quiet the longest; and whoever does not take what was written for them is ended, too. What is being
answered stays.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.http import capacity

# Of one address; a proxy, or a program on this machine, may speak for many people.
OF_AN_ADDRESS, OF_A_PROXY = 64, 1024
LOOK_EACH_SECONDS = 0.5
# Who takes less of what waits for them in so long is ended: a phone on the slowest line takes more.
TAKEN_AT_LEAST, WITHIN_SECONDS = 20_000, 20.0
# What the system holds for a reader, besides what is on its way; else it is up to 4 MB.
HELD_BY_THE_SYSTEM = 256 * 1024
DESCRIPTORS = Path("/dev/fd")
# Where `struct tcp_info` of Linux has what the peer did not acknowledge, did acknowledge, and was not sent.
UNACKNOWLEDGED, ACKNOWLEDGED, UNSENT, TCP_INFO_BYTES = 24, 120, 144, 148


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection, by its other end (`peer` is its address with the port), quiet since that time."""

    peer: str
    address: str
    is_of_this_machine: bool
    quiet_since: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """A connection as the system sees it: what its peer has taken so far, and whether more waits for them."""

    descriptor: int
    address: str
    is_of_this_machine: bool
    taken: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Quiet:
    """Since when a connection is quiet, and how much its peer had taken by then."""

    since: float
    taken: int

    def after(self, taken: int, *, now: float) -> Quiet:
        """What is true now; who goes on reading is not quiet."""
        return Quiet(now, taken) if taken - self.taken >= TAKEN_AT_LEAST else self

    def is_stalled(self, *, now: float) -> bool:
        """True if the peer, for whom something waits, has taken too little."""
        return now - self.since > WITHIN_SECONDS


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
        self._quiet: dict[str, Quiet] = {}
        self._held: set[str] = set()

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look now and then, until the loop ends."""
        loop.call_later(LOOK_EACH_SECONDS, self.watch, loop)
        self._look(now=loop.time())

    @contextmanager
    def held(self, peer: str) -> Iterator[None]:
        """While a request of this connection is being answered it is not ended."""
        self._held.add(peer)
        self._quiet.pop(peer, None)
        try:
            yield
        finally:
            self._held.discard(peer)

    def _look(self, *, now: float) -> None:
        accepted = _accepted()
        counts = Counter(connection.address for connection in accepted.values())
        self._quiet = {
            peer: self._quiet.get(peer, Quiet(now, connection.taken)).after(connection.taken, now=now)
            for peer, connection in accepted.items()
            if peer not in self._held
        }
        quiet = [
            Connection(peer, accepted[peer].address, accepted[peer].is_of_this_machine, quiet.since)
            for peer, quiet in self._quiet.items()
        ]
        for connection in too_many(quiet, counts, all_are_proxies=self._all_are_proxies, room=self._room):
            _end(accepted[connection.peer].descriptor, connection.peer)
        for peer, stalled in self._quiet.items():
            if accepted[peer].has_more and stalled.is_stalled(now=now):
                _end(accepted[peer].descriptor, peer)


def _accepted() -> dict[str, Accepted]:
    """The connections that were accepted, by their peers.

    No descriptor is duplicated or closed here: closing the double of a database's would give up its locks.
    """
    connected: list[tuple[int, str, Accepted]] = []
    ports: set[int] = set()
    for path in DESCRIPTORS.iterdir():
        # What is a file or a pipe, or gone meanwhile, is no connection.
        with suppress(OSError), _borrowed(int(path.name)) as held:
            if held.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                ports.add(held.getsockname()[1])
                _hold_little(held)
            elif isinstance(peer := held.getpeername(), tuple):
                ours, (taken, has_more) = held.getsockname(), _taken(held)
                found = Accepted(held.fileno(), peer[0], peer[0] == ours[0], taken, has_more)
                connected.append((ours[1], _peer(*peer[:2]), found))
    return {peer: found for port, peer, found in connected if port in ports}


def _taken(connection: socket.socket) -> tuple[int, bool]:
    """How many bytes the peer has taken, and whether more waits for them; without Linux nobody says so."""
    if sys.platform != "linux":
        return 0, False
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
    if len(told) < TCP_INFO_BYTES:
        return 0, False
    (unacknowledged,) = struct.unpack_from("=I", told, UNACKNOWLEDGED)
    (acknowledged,) = struct.unpack_from("=Q", told, ACKNOWLEDGED)
    (unsent,) = struct.unpack_from("=I", told, UNSENT)
    return acknowledged, bool(unacknowledged or unsent)


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
            # What still waits for the peer is thrown away, or the system would go on offering it.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            held.shutdown(socket.SHUT_RDWR)


def _hold_little(listener: socket.socket) -> None:
    """What a listening socket is told holds for each connection that it accepts."""
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, HELD_BY_THE_SYSTEM)


def _peer(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
