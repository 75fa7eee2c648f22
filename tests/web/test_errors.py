"""What readers meet where there is nothing to read."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from tests.web.press import paper, publish

from broadsheet.web import errors

ADDRESSES = (
    "/",
    "/papers",
    "/papers?q=reading",
    "/papers/date/2026-11-20",
    "/papers/week/2026-W47",
    "/papers/month/2026-11",
    "/papers/trending",
    "/papers/2611.00001",
    "/papers/2611.00001/similar",
    "/organizations",
    "/organizations/mira",
    "/authors/author-a-of-1",
    "/about/ranking",
    "/status",
    "/robots.txt",
    "/llms.txt",
    "/sitemap.xml",
    "/sitemaps/pages.xml",
    "/sitemaps/2026-11.xml",
    "/favicon.ico",
    "/api/docs",
    "/healthz",
    "/metrics",
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_read_and_never_written(client, address):
    publish(paper(1))
    status = client.get(address).status_code
    assert status in {200, 302}
    head = client.head(address)
    assert (head.status_code, head.content) == (status, b"")
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(address, headers={"sec-fetch-site": "same-origin"}).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES[3:14])
def test_a_slash_typed_by_habit_leads_on(client, address):
    publish(paper(1))
    response = client.get(f"{address}/?page=1", follow=True)
    assert response.redirect_chain[0] == (f"{address}?page=1", 301)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "address", ["//evil.example/", "//evil.example/x/", "/\\evil.example/", "/\t/evil.example/"]
)
def test_a_slash_never_leads_to_another_host(client, address):
    location = client.get("/", PATH_INFO=address).headers["Location"]
    assert location[0] == "/"
    assert location[1] not in "/\\"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/papers/\0",
        "/authors/a%00b",
        "/papers/doi:10.1234/%00",
        "/organizations/%00",
        "/papers/%FF%FE",
        "/authors/%ED%A0%80",
        "/papers/date/%00",
        "/<script>alert(1)</script>",
        "/static/nowhere.css",
        "/papers/" + "9" * 10_000,
    ],
)
def test_whatever_is_asked_for_the_answer_is_a_page(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert b"<script>" not in response.content
    if not address.startswith("/static"):
        assert b"The latest edition".lower() in response.content.lower()


def test_the_page_for_our_own_mistakes_needs_no_database():
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"it is our fault" in response.content


def test_a_form_that_sends_too_much_is_not_read(client, settings):
    too_much = "name=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    form, ours = "application/x-www-form-urlencoded", {"Sec-Fetch-Site": "same-origin"}
    response = client.post("/papers/ask", too_much, form, headers=ours)
    assert response.status_code == 413
    assert b"A request has no more than 4,194,304 bytes." in response.content


def test_an_unknown_host_is_a_bad_request(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"BROADSHEET_ALLOWED_HOSTS" in response.content


@pytest.mark.django_db
def test_a_broken_page_is_answered_by_the_page_for_mistakes():
    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(_fail):
        response = client.get("/")
    assert response.status_code == 500
    assert b"Stop the presses" in response.content


def _fail(*_: object) -> None:
    raise OperationalError("the disk is gone")


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_why_and_only_that(client):
    listed = client.get("/papers?q=ink&page=7").content.decode()
    assert "There is no such page of this list." in listed
    assert "does not exist" not in listed
    assert "The page that you asked for does not exist." in client.get("/nonesuch").content.decode()
