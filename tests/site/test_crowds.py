"""A site that clients crowd, slowly: whoever else comes is served as ever, and the crowd is ended in time."""

from __future__ import annotations

import resource
import select
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx2
import pytest
from tests.site.running import serving

from broadsheet.site.doors import WITHIN_SECONDS
from broadsheet.sources.outgoing import dumping

CROWD, SOMEBODY, PROGRAM = "127.0.0.5", "127.0.0.9", "127.0.0.1"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
DUMP, DUMP_SIZE = "2026-11-22T174501Z", 60_000_000
# One second is what we promise; a machine that others use, too, may take more.
SOON = 5.0
Open = Callable[..., socket.socket]


@pytest.fixture(scope="module", autouse=True)
def _many_descriptors() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < 4096:
        pytest.skip(f"needs 4,096 descriptors, and the system gives {most:,}: ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, most))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    data = tmp_path_factory.mktemp("site")
    folder = data / dumping.FOLDER / DUMP
    folder.mkdir(parents=True)
    for name in dumping.FILES:
        (folder / name).write_bytes(b"")
    with (folder / dumping.LINES).open("wb") as file:
        file.truncate(DUMP_SIZE)
    with serving(data, DUMP="true") as (client, _):
        yield client.base_url.host, client.base_url.port


@pytest.fixture
def opened(address: tuple[str, int]) -> Iterator[Open]:
    """A connection from that address which has sent so much: `opened(CROWD, b"GET")`."""
    with ExitStack() as connections:

        def connect(source: str, sent: bytes = b"", *, takes: int = 0) -> socket.socket:
            link = connections.enter_context(socket.socket())
            if takes:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
            link.settimeout(60)
            link.bind((source, 0))
            link.connect(address)
            link.sendall(sent)
            return link

        yield connect


@contextmanager
def visitor(address: tuple[str, int], source: str = SOMEBODY) -> Iterator[httpx2.Client]:
    """Somebody who comes from an address, with a connection of their own for each request."""
    transport = httpx2.HTTPTransport(local_address=source)
    base = f"http://{address[0]}:{address[1]}"
    with httpx2.Client(
        base_url=base, transport=transport, trust_env=False, timeout=60, headers={"Connection": "close"}
    ) as client:
        yield client


def is_served_soon(address: tuple[str, int], source: str = SOMEBODY, times: int = 5) -> None:
    """A page, a form, and the health of the site."""
    with visitor(address, source) as client:
        for _ in range(times):
            began = time.monotonic()
            assert client.get("/").status_code == 200
            assert client.post("/papers/ask", content="id=x", headers=FORM).status_code == 400
            assert client.get("/healthz").text == "ok\n"
            assert time.monotonic() - began < SOON


def is_ended(link: socket.socket) -> None:
    """The site ends the connection, whatever it says before that."""
    try:
        while link.recv(65536):
            pass
    except ConnectionResetError:
        pass


CROWDS = {
    "idle": (1100, b""),
    "half a request": (2000, b"GET / HTTP/1.1\r\nHost: loc"),
    "kept": (1030, b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"),
}


@pytest.mark.parametrize("kind", CROWDS)
@pytest.mark.parametrize("source", [CROWD, PROGRAM])
@pytest.mark.thorough
def test_a_thousand_connections_that_want_nothing_keep_nobody_out_and_are_ended(
    address, opened, kind, source
):
    number, sent = CROWDS[kind]
    crowd = [opened(source, sent) for _ in range(number)]
    for visiting in (SOMEBODY, source):
        is_served_soon(address, visiting)
    for link in crowd:
        is_ended(link)


@pytest.mark.thorough
def test_a_connection_that_says_nothing_is_ended(address, opened):
    began = time.monotonic()
    for link in [opened(SOMEBODY, sent) for _, sent in CROWDS.values()]:
        is_ended(link)
    assert time.monotonic() - began < 30


def test_of_one_address_there_are_no_more_than_64_connections(address, opened):
    crowd = [opened("127.0.0.6") for _ in range(80)]
    for link in crowd[:16]:
        is_ended(link)
    crowd[-1].sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert crowd[-1].recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.thorough
@pytest.mark.parametrize("length", [1000, 1_000_000])
@pytest.mark.parametrize(
    "number",
    [2, 20, 100],
)
def test_those_who_send_slowly_keep_nobody_from_posting_and_are_ended(address, opened, number, length):
    head = f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()
    slow = [opened(CROWD, head + b" " * (length - 500)) for _ in range(number)]
    is_served_soon(address)
    is_served_soon(address, CROWD)
    answer = slow[-1].recv(65536)
    assert answer.startswith(b"HTTP/1.1 408 ") or (length > 64_000 and answer.startswith(b"HTTP/1.1 503 "))
    for link in slow:
        is_ended(link)


@pytest.mark.thorough
def test_whoever_sends_all_of_it_a_little_at_a_time_is_listened_to(address, opened):
    link = opened(
        SOMEBODY,
        b"POST /papers/ask HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: none\r\nContent-Length: 4\r\n",
    )
    for piece in (b"Content-Type: application/x-www-form-urlencoded\r\n\r\n", b"i", b"d", b"=x"):
        link.sendall(piece)
    assert link.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_body_of_unknown_length_is_refused_in_a_sentence(address):
    with visitor(address) as client:
        refused = client.post("/api/v1/search", content=iter([b"{}"]))
    assert (refused.status_code, refused.headers["Content-Type"]) == (411, "application/problem+json")
    assert "Content-Length" in refused.json()["detail"]


def stopping_readers(opened: Open, number: int) -> list[socket.socket]:
    request = f"GET /dumps/{DUMP}/{dumping.LINES} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    readers = [opened(CROWD, request, takes=4096) for _ in range(number)]
    for reader in readers:
        assert reader.recv(12) == b"HTTP/1.1 200"
    return readers


@pytest.mark.thorough
def test_readers_of_a_file_who_stop_reading_keep_nobody_waiting(address, opened):
    stopping_readers(opened, 20)
    is_served_soon(address)
    with visitor(address) as client:
        whole = client.get(f"/dumps/{DUMP}/{dumping.LINES}")
    assert len(whole.content) == int(whole.headers["Content-Length"]) == DUMP_SIZE


def take(reader: socket.socket, size: int) -> None:
    """Take as much of a file, or nothing from a connection that is ended."""
    with suppress(ConnectionResetError):
        reader.recv(size)


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a reader has taken")
def test_readers_who_take_next_to_nothing_are_ended_and_those_who_read_slowly_are_not(address, opened):
    stopped, dripping, slow = (stopping_readers(opened, number) for number in (40, 8, 8))
    left = {reader.fileno(): reader for reader in (*stopped, *dripping)}
    ends = select.poll()
    for descriptor in left:
        ends.register(descriptor, select.POLLERR)
    for second in range(90):
        for reader in dripping:
            take(reader, 100)
        for reader in slow:
            assert len(reader.recv(2048)) > 0
        for descriptor, _ in ends.poll(1000):
            assert second >= WITHIN_SECONDS / 2
            ends.unregister(descriptor)
            del left[descriptor]
    assert not left


@pytest.mark.thorough
def test_all_of_it_at_once_from_one_address_keeps_no_other_from_anything(address, opened):
    _ = [opened(CROWD) for _ in range(2000)]
    _ = stopping_readers(opened, 20)
    head = b"POST /papers/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nid="
    _ = [opened(CROWD, head) for _ in range(100)]
    is_served_soon(address, times=100)


def test_files_are_there_for_their_readers_as_they_are_on_disk(address):
    with visitor(address) as client:
        style = client.get("/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert client.get(style).headers["Content-Type"].startswith("text/css")
        assert client.head(f"/dumps/{DUMP}/{dumping.LINES}").headers["Content-Length"] == str(DUMP_SIZE)
