"""Whoever sends more than we take is told so."""

from __future__ import annotations

import pytest

TOO_MUCH = b"a=" + b"x" * 5_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.thorough
@pytest.mark.parametrize("address", ["/papers/ask", "/api/query", "/mcp", "/api/daily_papers", "/papers"])
def test_the_answer_reaches_whoever_sends_too_much(reader, address):
    # Where the body is not read, the connection may close before the answer is read; and it may not.
    for _ in range(5):
        refused = reader.post(address, content=TOO_MUCH, headers=FORM)
        assert refused.status_code == 413
        assert "no more than 4,194,304 bytes" in refused.text


def test_a_connection_is_used_again_after_a_body_that_nobody_wanted(reader):
    ports = []
    for method, body in (("POST", TOO_MUCH), ("GET", None)):
        with reader.stream(method, "/api/daily_papers", content=body) as answer:
            answer.read()
            ports.append(answer.extensions["network_stream"].get_extra_info("client_addr"))
    assert ports[0] == ports[1]


@pytest.mark.parametrize("name", ["/papers/", "/api/papers/", "/api/v1/papers/", "/papers?q="])
def test_an_address_that_is_very_long_has_an_answer(reader, name):
    assert reader.get(name + "9" * 60_000).status_code in {200, 404}
