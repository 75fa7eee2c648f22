"""A site for its members: strangers see the way in, and nothing else; what is kept for some never reaches others."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.accounts.visiting import ADA

from broadsheet.accounts import handles, joining, tokens
from broadsheet.accounts.models import Person
from broadsheet.site.identity import FOR_ALL
from broadsheet.site.limits import COUNTED

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def addresses(patterns=None, before: str = "/") -> list[str]:
    """An address of every kind that the site has."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        said = re.sub(r"<[^>]+>", "x", str(pattern.pattern)).strip("^$")
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, before + said)
        elif isinstance(pattern, URLPattern) and re.fullmatch(r"[\w./-]*", said):
            found.append(before + said)
    return found


FEEDS = ["/feed.atom", "/papers/trending.json", "/papers.bib", "/categories.opml", "/papers/2611.00001.md"]
FEEDS += [
    "/api/daily_papers",
    "/api/query?search_query=all:x",
    "/api/v1/papers",
    "/mcp",
    "/api/docs",
    "/api/none",
]


def test_every_address_but_those_for_all_is_closed_to_strangers(site):
    site(reading="members", access="invitation")
    closed = 0
    for address in addresses() + FEEDS:
        if address.startswith(FOR_ALL):
            continue
        said = Client().get(address)
        if COUNTED.match(address.partition("?")[0]):
            assert said.status_code == 401, address
            assert said.headers["WWW-Authenticate"] == "Bearer"
        else:
            assert said.status_code == 302, address
            assert said.headers["Location"].startswith("/accounts/login/?next="), address
        assert "public" not in said.headers["Cache-Control"]
        closed += 1
    assert closed > 60


def test_every_form_is_closed_to_strangers(site):
    site(reading="members")
    for address in addresses():
        if not address.startswith(FOR_ALL):
            said = Client(headers={"Sec-Fetch-Site": "same-origin"}).post(address)
            assert said.status_code == 401, address


def test_robots_are_told_to_stay_away(site):
    site(reading="members")
    assert Client().get("/robots.txt").text.split() == ["User-agent:", "*", "Disallow:", "/"]


def test_whoever_is_asked_in_gets_in_and_reads(site, visitor):
    site(reading="members", access="invitation")
    ada = visitor()
    assert ada.get("/").headers["Location"] == "/accounts/login/?next=%2F"
    ada.get(f"/join/{joining.invite(None, now=datetime.now(UTC))}")
    ada.sign_up()
    assert ada.get("/").status_code == 200
    assert ada.get("/feed.atom").status_code in {200, 503}


def test_what_was_kept_for_a_member_never_reaches_a_stranger(site, visitor):
    site(reading="members")
    ada = visitor()
    ada.sign_up()
    for address in ("/", "/papers/trending", "/feeds"):
        said = ada.get(address)
        assert said.status_code == 200
        assert said.headers["Cache-Control"] == "private, no-store"
        assert Client().get(address).status_code == 302


def test_a_cookie_says_nothing_to_programs(site, visitor):
    site(reading="members")
    ada = visitor()
    ada.sign_up()
    assert ada.get("/").status_code == 200
    for address in ("/api/daily_papers", "/api/v1/papers", "/mcp"):
        assert ada.get(address).status_code == 401
        assert ada.client.post(address, "{}", content_type="application/json").status_code == 401


def test_a_token_says_nothing_to_pages(site):
    site(reading="members")
    ada = Person.objects.create(joined_at=NOW, email=ADA)
    handles.choose(ada, "ada")
    _, text = tokens.make(ada, name="reader", scopes=["read"], now=NOW)
    program = Client(headers={"Authorization": f"Bearer {text}"})
    assert program.get("/api/daily_papers").status_code == 200
    assert program.get("/settings").status_code == 302
