"""What protects people holds at every address, whoever wrote the view."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.http.private import TOKENS_ONLY

pytestmark = pytest.mark.django_db
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# What each part of an address may hold, so that every route is reached.
PARTS = {
    "kind": "day",
    "name": "2611.00001",
    "form": "bib",
    "folder": "2026-11-29",
    "slug": "ada-vale",
    "code": "cs.LG",
    "path": "papers",
}
FOREIGN = [
    {},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"origin": "https://testserver"},
    {"origin": "http://testserver:8080"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
]


def _part(found: re.Match[str]) -> str:
    return PARTS.get(found[1] or found[2], "x")


def addresses(patterns=None, before: str = "/") -> Iterator[str]:
    """An address of every route of the site."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        written = re.sub(r"/\?\$|[\^$]|\\Z", "", str(pattern.pattern))
        written = re.sub(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>", _part, written)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, before + written)
        elif isinstance(pattern, URLPattern) and "\0" not in written:
            yield before + written


ADDRESSES = sorted(set(addresses()))
# Servers of mail ask for it, and its address is a secret (RFC 8058): `tests.digests.test_managing`.
ONE_CLICK = "POST", "/unsubscribe/x"
PAGES = [address for address in ADDRESSES if not address.startswith(TOKENS_ONLY)]


def test_the_walk_reaches_forms_pages_and_programs():
    assert {"/papers/ask", "/status/fetch", "/", "/mcp", "/api/daily_papers"} <= set(ADDRESSES)
    assert len(ADDRESSES) > 60


@pytest.mark.parametrize("address", PAGES)
def test_no_unsafe_method_is_let_through_without_proof_that_a_page_of_ours_asked(client, address):
    for method in UNSAFE:
        for headers in FOREIGN:
            answer = client.generic(method, address, headers=headers)
            if (method, address) == ONE_CLICK:
                assert answer.status_code == 200
                continue
            assert answer.status_code == 403, (method, headers)
            assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address.startswith(TOKENS_ONLY)])
def test_an_address_for_programs_changes_nothing_for_a_cookie(client, address):
    client.cookies["session"] = "a-reader"
    plain = Client().generic("POST", address, headers={"origin": "https://elsewhere.example"})
    with_cookie = client.generic("POST", address, headers={"origin": "https://elsewhere.example"})
    assert with_cookie.status_code == plain.status_code
    assert with_cookie.status_code in {400, 401, 403, 404, 405, 411}
    read = client.get(address)
    assert "private" not in read.get("Cache-Control", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_whatever_depends_on_who_asks_is_kept_by_nobody(address):
    client = Client(headers={"authorization": "Bearer hf_planted"})
    answers = [client.get(address)]
    if not address.startswith(TOKENS_ONLY):
        answers.append(Client(headers={"cookie": "session=planted"}).get(address))
    answers.append(client.options(address))
    for answer in answers:
        assert answer["Cache-Control"] == "private, no-store"
        assert {"Cookie", "Authorization"} <= set(answer["Vary"].split(", "))
        assert b"planted" not in b"".join(answer)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_says_how_long_it_may_be_kept(client, address):
    for answer in (client.get(address), client.options(address)):
        assert answer.get("Cache-Control")


def test_a_form_of_our_own_pages_is_taken(client, settings):
    for headers in ({"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}):
        assert client.post("/papers/ask", {"id": "x"}, headers=headers).status_code == 400


def test_behind_a_proxy_the_public_address_is_what_counts(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"site_url": "https://papers.example"})
    own, plain = {"origin": "https://papers.example"}, {"origin": "http://papers.example"}
    assert client.post("/papers/ask", {"id": "x"}, headers=own).status_code == 400
    assert client.post("/papers/ask", {"id": "x"}, headers=plain).status_code == 403


def test_other_sites_may_read_the_api_and_nothing_else(client):
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    allowed = client.options("/api/v1/papers", headers=asked)["Access-Control-Allow-Methods"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"}
    for address in ADDRESSES:
        answer = client.get(address, headers={"origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Credentials" not in answer
        if not address.startswith("/api/"):
            assert "Access-Control-Allow-Origin" not in answer


def test_static_files_are_the_same_for_everybody(client):
    answer = client.get("/static/broadsheet.css", headers={"cookie": "session=a"})
    assert "private" not in answer["Cache-Control"]
    answer.close()


def test_a_static_file_that_is_not_there_is_a_page_like_any_other(client):
    assert client.get("/static/nothing.css")["Cache-Control"] == "no-cache"
    assert "private" in client.get("/static/nothing.css", headers={"cookie": "session=a"})["Cache-Control"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.168.1.5:8000", 200),
        ("[fe80::1]:8000", 200),
        ("nas", 200),
        ("papers.local:8000", 200),
        ("papers.home.arpa", 200),
        ("localhost", 200),
        ("rebound.example.com", 421),
        ("192.168.1.5.example.com", 421),
        ("local.example", 421),
    ],
)
def test_a_site_without_a_name_answers_to_no_name_that_a_stranger_may_own(client, settings, host, status):
    settings.ALLOWED_HOSTS, settings.ONLY_NEARBY = ["*"], True
    assert client.get("/", headers={"host": host}).status_code == status
