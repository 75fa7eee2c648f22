"""The page about the API works without a script."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client) -> str:
    return client.get("/api/docs").content.decode()


def test_every_route_of_the_description_is_on_the_page(client, page):
    described = client.get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/static/keys.js[^>]*>', page)
    assert "style=" not in page


def test_a_form_leads_to_the_answer_and_leaves_out_what_is_empty(client, edition):
    filled = {
        "operation": "edition",
        "kind": "day",
        "name": "2026-11-20",
        "limit": "2",
        "cursor": "",
        "fields": "",
    }
    response = client.get("/api/docs", filled)
    assert response["Location"] == "/api/v1/editions/day/2026-11-20?limit=2"
    assert len(client.get(response["Location"]).json()["papers"]) == 2


def test_a_form_of_an_unknown_route_leads_nowhere(client):
    assert client.get("/api/docs", {"operation": "delete_all"}).status_code == 404


def test_every_page_leads_to_it(client):
    assert re.search(r'<a href="/api/docs">API</a>', client.get("/").content.decode())


def test_the_answers_of_a_route_stand_by_their_numbers_and_several_are_many(page):
    for answers in re.findall(r"</form>\s*<ul>(.*?)</ul>", page, re.DOTALL):
        statuses = re.findall(r"<code>(\d{3})</code>", answers)
        assert statuses == sorted(statuses)
    assert "a list of strings." in page
    assert "list of string." not in page
