"""Who takes gzip says so with a weight above nothing."""

from __future__ import annotations

import pytest

from broadsheet.http.encoding import accepts_gzip


@pytest.mark.parametrize(
    "header",
    [
        "gzip",
        "GZIP",
        "br, gzip",
        "gzip;q=0.5",
        "gzip ; q=1.0",
        "*",
        "*;q=0.1",
        "identity;q=0, gzip",
        "x-gzip",
    ],
)
def test_gzip_is_sent_to_whoever_takes_it(header):
    assert accepts_gzip(header)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "identity",
        "gzip;q=0",
        "gzip;q=0.000",
        "identity, gzip;q=0",
        "br",
        "*;q=0",
        "gzip;q=0, *",
        "gzip;q=no",
    ],
)
def test_gzip_is_sent_to_nobody_else(header):
    assert not accepts_gzip(header)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/status", "/api/v1/categories", "/about/ranking"])
def test_no_answer_is_compressed_for_a_client_that_refuses_it(client, address):
    answer = client.get(address, headers={"accept-encoding": "identity, gzip;q=0"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer
