"""Whatever somebody types into the address bar, the answer is a page."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
ROOMS = st.sampled_from(
    [
        "",
        "papers/",
        "papers/date/",
        "papers/week/",
        "papers/month/",
        "authors/",
        "organizations/",
        "sitemaps/",
        "categories/",
        "papers/doi:10.1234/",
    ]
)
same_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@same_database
@given(ROOMS, st.text(max_size=80), st.sampled_from(["", "/", "/similar", ".atom", ".json", "/similar.rss"]))
@example("papers/", "..", "/")
@example("papers/", "\\evil.example", "/")
@example("papers/week/", "9998-W53", "")
@example("papers/date/", "0002-01-01", "")
def test_any_address_is_answered(client: Client, room: str, name: str, end: str):
    response = client.get(
        "/", PATH_INFO=f"/{room}{name}{end}".encode("utf-8", "surrogatepass").decode("latin-1")
    )
    assert response.status_code in {200, 301, 404}
    assert not response.headers.get("Location", "/").startswith(("//", "/\\", "http"))


@same_database
@given(st.binary(max_size=80))
@example(b"q=" + b"%00%ff" * 20)
@example(b"page=1&page=2&q=a")
def test_any_question_is_answered(client: Client, query: bytes):
    for address in ("/papers", "/papers.atom", "/papers.json"):
        response = client.get(address, QUERY_STRING=query.decode("latin-1"))
        assert response.status_code in {200, 400, 404}
