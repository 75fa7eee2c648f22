"""Answers that are too large, too slow, or not whole, and how little they cost us."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import httpx2
import pytest
from tests.sources.local_server import Reply, serving

from broadsheet.sources.live.fetching import exchange as limits
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.exchange import exchange, open_client

MIB = 2**20
GZIP = {"Content-Encoding": "gzip"}
CHUNKED = {"Transfer-Encoding": "chunked"}
UNTIL_CLOSED = {"Content-Length": ""}


@pytest.fixture(scope="module")
def client():
    with open_client() as client:
        yield client


def ask(client, reply, *addresses, name="127.0.0.1"):
    with serving(lambda _: reply) as server:
        url = httpx2.URL(server.url).copy_with(host=name)
        return exchange(client, url, addresses or ["127.0.0.1"], {}), url, server.requests[-1]


def refusal(client, reply) -> str:
    with pytest.raises(RefusalError) as caught:
        ask(client, reply)
    return str(caught.value)


def bomb(mib: int) -> bytes:
    """So many MiB of zeros in gzip, a thousandth of their size."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([packer.compress(bytes(MIB)) for _ in range(mib)]) + packer.flush()


def test_gzip_is_asked_for_and_unpacked(client):
    body = b"<feed/>" * 300_000
    reply, _, request = ask(client, Reply(gzip.compress(body), headers=GZIP))
    assert (reply.status, reply.body) == (200, body)
    assert ask(client, Reply(gzip.compress(body), headers=GZIP | UNTIL_CLOSED))[0].body == body
    assert request.headers["accept-encoding"] == "gzip"


def test_gzip_in_several_parts_and_pieces_is_unpacked(client):
    packed = gzip.compress(b"one ") + gzip.compress(b"two ") + gzip.compress(b"three")
    pieces = b"".join(b"1\r\n" + packed[at : at + 1] + b"\r\n" for at in range(len(packed))) + b"0\r\n\r\n"
    assert ask(client, Reply(pieces, headers=GZIP | CHUNKED))[0].body == b"one two three"


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"<feed/>" * 1000, mtime=0)[:-1],
        gzip.compress(b"<feed/>" * 1000, mtime=0)[:40],
        gzip.compress(b"<feed/>", mtime=0) + b"more",
        gzip.compress(b"<feed/>" * 1000, mtime=0).replace(b"\x00\x00", b"\x01\x00"),
        b"<feed/>",
        b"\x1f",
    ],
)
def test_broken_gzip_is_no_answer(client, body):
    assert "sent broken gzip (" in refusal(client, Reply(body, headers=GZIP))


def test_what_was_not_asked_for_is_no_answer(client):
    said = refusal(client, Reply(b"?", headers={"Content-Encoding": "br"}))
    assert said == "sent what is encoded as br, which was not asked for"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"half", headers={"Content-Length": "8"}),
        Reply(b"x" * 9000, cut_after=4000),
        Reply(b"x" * 9000, cut_after=0),
        Reply(b"4\r\nhalf\r\n", headers=CHUNKED),
        Reply(b"8\r\nhalf", headers=CHUNKED),
        Reply(b"nonsense\r\nhalf\r\n0\r\n\r\n", headers=CHUNKED),
        Reply(b"half", headers={"Content-Length": "many"}),
        Reply(b"half", headers={"Content-Length": "-4"}),
    ],
)
def test_half_an_answer_is_no_answer(client, reply):
    assert refusal(client, reply).startswith("broke off its answer (")


def test_a_bomb_costs_little_memory(client):
    reply = Reply(bomb(256), headers=GZIP)
    assert len(reply.body) < 2 * MIB
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        assert refusal(client, reply) == "sent more than 64 MiB"
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 2.5 * limits.LARGEST


def test_the_largest_answer_is_read_and_one_byte_more_is_not(client, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST", MIB)
    assert ask(client, Reply(bytes(MIB)))[0].body == bytes(MIB)
    assert ask(client, Reply(bomb(1), headers=GZIP))[0].body == bytes(MIB)
    assert refusal(client, Reply(bytes(MIB + 1))) == "announced more than 1 MiB"
    assert refusal(client, Reply(gzip.compress(bytes(MIB + 1)), headers=GZIP)) == "sent more than 1 MiB"
    chunk = b"100001\r\n" + bytes(MIB + 1) + b"\r\n0\r\n\r\n"
    assert refusal(client, Reply(chunk, headers=CHUNKED)) == "sent more than 1 MiB"


def test_what_is_announced_as_too_large_is_not_read(client):
    began = time.monotonic()
    reply = Reply(b"x" * 1000, headers={"Content-Length": str(65 * MIB)}, pause=1)
    assert refusal(client, reply) == "announced more than 64 MiB"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("headers", [{}, UNTIL_CLOSED, CHUNKED, GZIP])
def test_a_host_that_drips_is_hung_up_on(client, monkeypatch, headers):
    body = gzip.compress(b"0" * 1000, mtime=0) if headers == GZIP else b"0" * 1000
    monkeypatch.setattr(limits, "WHOLE", 0.3)
    began = time.monotonic()
    assert refusal(client, Reply(body, headers=headers, pause=0.05)) == "was not done after 0.3 seconds"
    assert time.monotonic() - began < 5


def test_a_host_that_falls_silent_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(limits, "SILENCE", 0.1)
    with open_client() as client:
        assert refusal(client, Reply(b"xx", pause=10)) == "stopped sending (timed out)"


def test_the_connection_goes_to_the_address_that_was_checked_and_the_request_to_the_name(client):
    reply, url, request = ask(client, Reply(b"yes"), "127.0.0.1", name="papers.example")
    assert reply.body == b"yes"
    assert request.headers["host"] == f"papers.example:{url.port}"


def test_an_address_that_cannot_be_reached_gives_way_to_the_next(client):
    assert ask(client, Reply(b"yes"), "::1", "127.0.0.1", name="papers.example")[0].body == b"yes"


def test_cookies_are_not_kept_and_proxies_of_the_environment_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with open_client() as client:
        ask(client, Reply(headers={"Set-Cookie": "id=1"}))
        assert "cookie" not in ask(client, Reply())[2].headers
