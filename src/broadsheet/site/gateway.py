"""Between granian and Django: whatever depends on a client's pace happens here, while no thread waits for it.

granian calls `application` (its interface RSGI) on an event loop. A body is read there; only then one of few
threads runs Django, which stays synchronous (WSGI); the answer is written by granian at the reader's pace, a
large file straight from the disk. Health is asked in a thread of its own.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any

from django.conf import settings

from broadsheet.accounts.limits import client_of
from broadsheet.site import doors
from broadsheet.site.bodies import UNREAD, Bodies, Unread
from broadsheet.site.finished import Finished
from broadsheet.site.limits import COUNTED, counted_as
from broadsheet.site.lines import Lines, LineTooLongError
from broadsheet.site.wsgi import application as django

THREADS, THREADS_OF_EACH, WAITING_OF_EACH = 4, 3, 64
# Of feeds, exports and APIs, some of which take half a second, half of the threads; an address one of them.
EXPORTS_AT_ONCE = 2
HEALTH = "/healthz"
# What is no larger is read at once; for a page's stylesheet the disk need not be asked piece by piece.
LARGE_FILE = 1024 * 1024
FINISHED = Finished()
# Nearly all that a request makes goes with its last reference. To look for circles at every 700 objects, as
# Python does, takes a fiftieth of all time.
MADE_BEFORE_A_LOOK = 20_000
BUSY = b"Too many of your requests wait here already; try again in a moment.\n"


class FileToSend:
    """The file of an answer, as `wsgi.file_wrapper` of PEP 3333 hands it over."""

    def __init__(self, file: IO[bytes], block_size: int) -> None:
        self._file, self._block_size = file, block_size

    @property
    def path(self) -> str | None:
        """Where the server can read it by itself, if it is a whole file and large."""
        name = getattr(self._file, "name", None)
        is_large = isinstance(name, str) and os.fstat(self._file.fileno()).st_size > LARGE_FILE
        return name if is_large and self._file.tell() == 0 else None

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._file.read(self._block_size):
            yield piece

    def close(self) -> None:
        """Close it, and end the answer that it is of."""
        self._file.close()


class Gateway:
    """The application as granian calls it, with what belongs to the process it runs in."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")
        self._health = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._lines = Lines(each=THREADS_OF_EACH, in_all=THREADS, longest=WAITING_OF_EACH)
        self._exports = Lines(each=1, in_all=EXPORTS_AT_ONCE, longest=WAITING_OF_EACH)
        self._bodies = Bodies()
        self._doors = doors.Doors(many_speak_through_one=bool(settings.BROADSHEET.proxies))

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called once, before the first request."""
        gc.freeze()
        gc.set_threshold(MADE_BEFORE_A_LOOK, 10, 10)
        self._doors.watch(loop)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer a request."""
        environ = _environ(scope)
        address = counted_as(client_of(environ))
        if not await self._has_body(environ, protocol, address):
            protocol.response_empty(HTTPStatus.BAD_REQUEST, [("Connection", "close")])
            return
        with self._doors.held(scope.client):
            await self._answered(environ, protocol, address)

    async def _has_body(self, environ: dict[str, Any], protocol: Any, address: str) -> bool:
        """Put the body into the environment, or why it is not there; False where its sender is gone."""
        length = environ.get("CONTENT_LENGTH", "0")
        if "HTTP_TRANSFER_ENCODING" in environ:
            environ[UNREAD] = Unread.UNMEASURED
        elif length.isascii() and length.isdigit() and int(length):
            path = environ["PATH_INFO"]
            body = await self._bodies.read(protocol, length=int(length), path=path, address=address)
            if body is Unread.CUT:
                return False
            if isinstance(body, Unread):
                environ[UNREAD] = body
            else:
                environ["wsgi.input"] = BytesIO(body)
        return True

    async def _answered(self, environ: dict[str, Any], protocol: Any, address: str) -> None:
        loop = asyncio.get_running_loop()
        if environ["PATH_INFO"].startswith(HEALTH):
            await loop.run_in_executor(self._health, _answer, environ, protocol)
            return
        try:
            async with AsyncExitStack() as turns:
                if COUNTED.match(environ["PATH_INFO"]):
                    await turns.enter_async_context(self._exports.turn(address))
                await turns.enter_async_context(self._lines.turn(address))
                await loop.run_in_executor(self._pool, _answer, environ, protocol)
        except LineTooLongError:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "1")]
            protocol.response_bytes(HTTPStatus.SERVICE_UNAVAILABLE, headers, BUSY)


def _answer(environ: dict[str, Any], protocol: Any) -> None:
    """Have Django answer, and hand its answer to granian, which writes it while this thread goes on."""
    if known := FINISHED.find(environ):
        protocol.response_bytes(HTTPStatus.OK, *known)
        return
    told: list[tuple[int, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        del exc_info
        told.append((int(status[:3]), headers))
        return bytes  # PEP 3333 wants a function that writes, which Django never calls

    answer: Any = django(environ, start_response)
    try:
        status, headers = told[0]
        if UNREAD in environ:
            headers.append(("Connection", "close"))  # nobody will listen to the rest
        if isinstance(answer, FileToSend) and answer.path:
            protocol.response_file(status, headers, answer.path)
        else:
            body = b"".join(answer)
            FINISHED.keep(environ, answer, headers, body)
            protocol.response_bytes(status, headers, body)
    finally:
        answer.close()


def _environ(scope: Any) -> dict[str, Any]:
    """The request as PEP 3333 describes it, with an empty body."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "HTTP_HOST": scope.authority or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileToSend,
    }
    seen: set[str] = set()
    for name, value in scope.headers.items():
        key = name.replace("-", "_").upper()
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        if key in seen:
            environ[key] += f"{';' if key == 'HTTP_COOKIE' else ','}{value}"
        else:
            environ[key] = value
            seen.add(key)
    return environ


application = Gateway()
