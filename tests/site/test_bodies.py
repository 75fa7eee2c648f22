"""Whoever sends more than we take is told so."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest
from tests.site.running import serving

TOO_MUCH = b"a=" + b"x" * 5_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with serving(tmp_path_factory.mktemp("site")) as (client, _):
        yield client


@pytest.mark.parametrize("address", ["/papers/ask", "/api/query", "/mcp", "/api/daily_papers", "/papers"])
def test_the_answer_reaches_whoever_sends_too_much(client, address):
    # Where the body is not read, the connection may close before the answer is read; and it may not.
    for _ in range(5):
        refused = client.post(address, content=TOO_MUCH, headers=FORM)
        assert refused.status_code == 413
        assert "no more than 4,194,304 bytes" in refused.text


def test_those_who_send_slowly_keep_nobody_from_reading(client):
    address = client.base_url.host, client.base_url.port
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(socket.create_connection(address, timeout=60)) for _ in range(6)]
        for one in slow:
            one.sendall(b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
        # All but two are told at once.
        answered, _, _ = select.select(slow, [], [], 60)
        assert answered[0].recv(1024).startswith(b"HTTP/1.1 503 ")
        assert client.get("/").status_code == 200
        refused = client.post("/api/query", data={"search_query": "all:soup"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.headers["Content-Type"].startswith("application/atom+xml")
    after = [client.post("/papers/ask", data={"id": "x"}).status_code for _ in range(20)]
    assert after[-1] != 503


def test_a_connection_is_used_again_after_a_body_that_nobody_wanted(client):
    ports = []
    for method, body in (("POST", TOO_MUCH), ("GET", None)):
        with client.stream(method, "/api/daily_papers", content=body) as answer:
            answer.read()
            ports.append(answer.extensions["network_stream"].get_extra_info("client_addr"))
    assert ports[0] == ports[1]


@pytest.mark.parametrize("name", ["/papers/", "/api/papers/", "/api/v1/papers/", "/papers?q="])
def test_an_address_that_is_very_long_has_an_answer(client, name):
    assert client.get(name + "9" * 60_000).status_code in {200, 404}
