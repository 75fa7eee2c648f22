"""One request and its answer, within limits of time and size, and whole or not at all."""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import responses
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self

import httpx2

from broadsheet.sources.live.fetching.backoff import RefusalError

USABLE = {
    HTTPStatus.OK,
    HTTPStatus.NOT_MODIFIED,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
}
REDIRECTS = {301, 302, 303, 307, 308}
# Seconds: to be connected, without a byte, for the whole answer.
CONNECTING, SILENCE, WHOLE = 20.0, 60.0, 150.0
MOST_ADDRESSES = 4
MIB = 2**20
LARGEST = 64 * MIB
GZIP = 16 + zlib.MAX_WBITS
# What httpx2 calls the moments at which it has another socket.
CONNECTED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}
IN_WORDS = {
    httpx2.ConnectError: "cannot be reached",
    httpx2.ConnectTimeout: "cannot be reached",
    httpx2.ReadTimeout: "stopped sending",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, decompressed."""

    status: int
    headers: httpx2.Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A request; how many seconds all of it may take, and how many bytes of the answer are read at most."""

    method: str
    url: httpx2.URL
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float
    most: int


class _Deadline:
    """Hangs up on a host that is not done in time: who sends a byte now and then is never silent for long."""

    def __init__(self, seconds: float) -> None:
        self._is_over = False
        self._seconds = seconds
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        self._timer.cancel()
        if self._is_over:  # whatever came of it: the end of the connection may look like that of the answer
            raise RefusalError(f"was not done after {self._seconds:g} seconds") from problem

    def check(self) -> None:
        """Go on only where there is time left."""
        if self._is_over:
            raise RefusalError("was not reached in time")

    def follow(self, event: str, about: Mapping[str, Any]) -> None:
        """Learn from httpx2 (its extension `trace`) over which socket it talks."""
        if event in CONNECTED:
            self._socket = about["return_value"].get_extra_info("socket")
            if self._is_over:
                self._end()

    def _end(self) -> None:
        self._is_over = True
        if self._socket:
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket: it would take the connection from under the reader's feet.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The certificates of this machine: reading them takes longer than many an answer."""
    return httpx2.create_ssl_context()


def open_client() -> httpx2.Client:
    """A client that asks nobody but whom it is told to.

    It knows no proxies from the environment (behind one, the address that we checked would not be the one
    that is connected to), keeps no cookies, follows no redirects, and closes a connection after its
    answer: in the seconds until the next turn it would only grow stale.
    """
    limits = httpx2.Limits(max_connections=1, max_keepalive_connections=0)
    return httpx2.Client(
        trust_env=False,
        transport=httpx2.HTTPTransport(verify=_trusted(), limits=limits),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=httpx2.Timeout(SILENCE, connect=CONNECTING),
    )


def exchange(
    client: httpx2.Client, url: httpx2.URL, addresses: Sequence[str], headers: Mapping[str, str]
) -> Reply:
    """What `url` answers at the first of the addresses that can be reached. Raises RefusalError."""
    question = Question("GET", url, {**headers, "Accept-Encoding": "gzip"}, b"", WHOLE, LARGEST)
    return _asked(client, question, addresses, _reply)


def send(client: httpx2.Client, question: Question, addresses: Sequence[str]) -> Reply:
    """What is answered at the first of the addresses that can be reached, whatever it is, with the beginning
    of its body. Raises RefusalError for no answer.
    """

    def beginning(response: httpx2.Response) -> Reply:
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) >= question.most:
                break
        return Reply(response.status_code, response.headers, bytes(body[: question.most]))

    return _asked(client, question, addresses, beginning)


def _asked(
    client: httpx2.Client,
    question: Question,
    addresses: Sequence[str],
    read: Callable[[httpx2.Response], Reply],
) -> Reply:
    with _Deadline(question.seconds) as deadline:
        try:
            return _ask(client, question, addresses, read, deadline)
        except httpx2.TransportError as problem:
            what = IN_WORDS.get(type(problem), "broke off its answer")
            raise RefusalError(f"{what} ({problem})") from problem
        except zlib.error as problem:
            raise RefusalError(f"sent broken gzip ({problem})") from problem


def _ask(
    client: httpx2.Client,
    question: Question,
    addresses: Sequence[str],
    read: Callable[[httpx2.Response], Reply],
    deadline: _Deadline,
) -> Reply:
    url = question.url

    def ask(address: str) -> Reply:
        request = client.build_request(
            question.method,
            url.copy_with(host=address),
            content=question.body or None,
            headers={"Accept-Encoding": "identity", **question.headers, "Host": host, "Connection": "close"},
            timeout=patience,
            # The certificate is that of the name, not of the address.
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": deadline.follow},
        )
        with contextlib.closing(client.send(request, stream=True)) as response:
            return read(response)

    host = url.netloc.decode("ascii")
    patience = httpx2.Timeout(min(SILENCE, question.seconds), connect=min(CONNECTING, question.seconds))
    *others, last = addresses[:MOST_ADDRESSES]
    for address in others:
        with contextlib.suppress(httpx2.ConnectError, httpx2.ConnectTimeout):
            return ask(address)
        deadline.check()
    return ask(last)


def _reply(response: httpx2.Response) -> Reply:
    status, headers = response.status_code, response.headers
    if status in USABLE:
        return Reply(status, headers, _body(response))
    if status in REDIRECTS:
        return Reply(status, headers, b"")
    phrase = responses.get(status, "unknown").lower()
    raise RefusalError(
        f"answered {status} ({phrase})", status=status, retry_after=headers.get("retry-after", "")
    )


def _body(response: httpx2.Response) -> bytes:
    if int(response.headers.get("content-length", 0)) > LARGEST:
        raise RefusalError(f"announced more than {LARGEST // MIB} MiB")
    coding = response.headers.get("content-encoding", "identity").lower()
    if coding not in {"identity", "gzip", "x-gzip"}:
        raise RefusalError(f"sent what is encoded as {coding}, which was not asked for")
    pieces = response.iter_raw()
    body = bytearray()
    for piece in pieces if coding == "identity" else _decompressed(pieces):
        body += piece
        if len(body) > LARGEST:
            raise RefusalError(f"sent more than {LARGEST // MIB} MiB")
    return bytes(body)


def _decompressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What was in gzip, a MiB at a time at most. Raises zlib.error where it is broken or ends too early."""
    inflater = zlib.decompressobj(GZIP)
    is_begun = False
    for piece in pieces:
        rest = piece
        while rest:
            if inflater.eof:  # several may follow one another (RFC 1952, 2.2)
                inflater = zlib.decompressobj(GZIP)
            is_begun = True
            while part := inflater.decompress(rest, MIB):
                yield part
                rest = inflater.unconsumed_tail
            rest = inflater.unused_data
    if is_begun and not inflater.eof:
        raise zlib.error("it ends too early")
