"""A web server on loopback that answers as a test tells it to: rightly, wrongly, slowly, or half.

with serving(lambda request: Reply(b"<feed/>")) as server:
    ...  # ask server.url
assert [request.query for request in server.requests] == [{"verb": "Identify"}]
"""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx2

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
WITHOUT_BODY = {204, 304}


@dataclass(frozen=True)
class Request:
    """What was asked, when (`time.monotonic`). `query` is decoded and has the first value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]  # whatever the case of the name
    repeated: bool  # whether a name came twice in the query
    at: float


@dataclass(frozen=True)
class Reply:
    """What to answer. `headers` are sent as they are, wrong ones too.

    A body with a Content-Length or Transfer-Encoding of its own is sent raw, then the connection is closed;
    an empty Content-Length is left out, so that only this end tells the end of the body.
    `cut_after` so many bytes of the body the connection is reset; between two bytes `pause` seconds go by.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/xml"
    cut_after: int | None = None
    pause: float = 0


@dataclass(frozen=True)
class LocalServer:
    url: str
    requests: list[Request]


@contextlib.contextmanager
def serving(respond: Callable[[Request], Reply]) -> Iterator[LocalServer]:
    """Serve until the block ends; what `respond` could not do (a failed assertion, too) is raised there."""
    listener = _Listener(respond)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield LocalServer(f"http://127.0.0.1:{listener.server_port}", listener.requests)
    finally:
        listener.shutdown()
        thread.join()
        listener.hang_up()
        listener.server_close()
    for problem in listener.problems:
        raise problem


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 128

    def __init__(self, respond: Callable[[Request], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.respond = respond
        self.requests: list[Request] = []
        self.problems: list[BaseException] = []
        self.closing = threading.Event()
        self._open: set[socket.socket] = set()

    def process_request(self, request, client_address):
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        """As the original, but a connection to be reset is not said goodbye to."""
        self._open.discard(request)
        self.close_request(request)

    def handle_error(self, *_about):
        problem = sys.exc_info()[1]
        if problem is not None and not isinstance(problem, ConnectionError):  # the client may leave
            self.problems.append(problem)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        self.closing.set()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Connection(BaseHTTPRequestHandler):
    server: _Listener
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        request = self._request()
        self.server.requests.append(request)
        reply = self.server.respond(request)
        self._send_head(reply)
        if reply.status in WITHOUT_BODY:
            return
        if reply.cut_after is not None:
            self._cut(reply.body[: reply.cut_after])
        elif reply.pause:
            self._drip(reply)
        else:
            self.wfile.write(reply.body)

    def _request(self) -> Request:
        address = urlsplit(self.path)
        pairs = parse_qsl(address.query, keep_blank_values=True)
        query = dict(reversed(pairs))
        headers = httpx2.Headers(self.headers.items())
        repeated = len(query) < len(pairs)
        return Request(self.command, unquote(address.path), query, headers, repeated, time.monotonic())

    def _send_head(self, reply: Reply) -> None:
        headers = {"Content-Type": reply.content_type} | {
            name.title(): value for name, value in reply.headers.items()
        }
        if {"Content-Length", "Transfer-Encoding"} & headers.keys():
            self.close_connection = True
        elif reply.status not in WITHOUT_BODY:
            headers["Content-Length"] = str(len(reply.body))
        self.send_response(reply.status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()

    def _cut(self, part: bytes) -> None:
        self.wfile.write(part)
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.close_connection = True

    def _drip(self, reply: Reply) -> None:
        for at in range(len(reply.body)):
            self.wfile.write(reply.body[at : at + 1])
            self.wfile.flush()
            if self.server.closing.wait(reply.pause):
                return

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing: a test has `requests`."""
