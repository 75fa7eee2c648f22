"""A web server on loopback that notes what is sent to it, and answers as a test wants; and a port that must
stay silent.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from broadsheet.digests.fence import Fence
from broadsheet.sources.live.fetching import addresses

# A name that only the fence of a test knows; it leads to loopback, and counts as outside.
HOST = "hooks.example.org"


def is_outside(address: str) -> bool:
    return address == "127.0.0.1" or addresses.is_public(address)


def resolve(host: str) -> list[str]:
    return ["127.0.0.1"] if host == HOST else addresses.resolve(host)


# Lets what is sent to HOST through, and nothing else that is not public.
OPEN = Fence(resolve, is_outside)


@dataclass
class Receiver:
    """What came: path, headers and body of each request."""

    port: int = 0
    answer: Callable[[int], int] = lambda _: 204
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    location: str = ""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook/0123456789abcdef"


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.came.append((self.path, headers, body))
            self.send_response(receiver.answer(len(receiver.came)))
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """A test says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def listening(family: socket.AddressFamily, host: str) -> Iterator[tuple[int, Callable[[], bool]]]:
    """A port there, and whether anybody has connected to it."""
    with socket.socket(family) as listener:
        listener.bind((host, 0))
        listener.listen()
        listener.setblocking(False)

        def was_called() -> bool:
            try:
                listener.accept()[0].close()
            except BlockingIOError:
                return False
            return True

        yield listener.getsockname()[1], was_called
