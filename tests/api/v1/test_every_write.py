"""What holds of every route that is for somebody, whoever wrote it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.people import bearer, person, said
from tests.web.press import SUNDAY

from broadsheet.accounts.access import SCOPES, Viewer
from broadsheet.api.v1.interface import api
from broadsheet.community import submitting
from broadsheet.community.models import Comment, Submission, Vote

pytestmark = pytest.mark.django_db
BODIES = {
    "write_comment": {"text": "a"},
    "edit_comment": {"text": "a"},
    "submit": {"paper": "2611.00007"},
    "read_notices": {"until": 1},
}
# What other APIs take.
ELSEWHERE = [
    ("POST", "/api/papers/index", {"arxivId": "2611.00001"}, "submit"),
    ("POST", "/api/papers/submit", {"paperId": "2611.00007"}, "submit"),
    ("POST", "/api/papers/2611.00001/comment", {"comment": "a"}, "comment"),
    ("POST", "/api/papers/2611.00001/comments", {"comment": "a"}, "comment"),
    ("POST", "/api/papers/2611.00001/comment/{comment}/reply", {"comment": "a"}, "comment"),
    ("POST", "/api/papers/2611.00001/links", {"githubRepo": "https://example.org/a"}, "submit"),
    (
        "POST",
        "/api/settings/papers/claim",
        {"paperId": "2611.00001", "claimAuthorId": "0" * 24, "targetUserId": "0" * 24},
        "submit",
    ),
]


def routes() -> Iterator[tuple[str, str, dict | None, str]]:
    """Each route that takes a token: method, address, body, scope; `{comment}` and the like are left open."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            if "security" in operation:
                address = path.replace("{id}", "2611.00001").replace("{kind}/{name}", "category/cs.LG")
                scope = next((one for one in SCOPES if f"scope `{one}`" in operation["description"]), "")
                yield method.upper(), address, BODIES.get(operation["operationId"]), scope
    yield from ELSEWHERE


ROUTES = list(routes())
SCOPED = [route for route in ROUTES if route[3]]
# Things of somebody's own, by the name that they have in an address; comments can be read and answered by all.
OWN = [
    route
    for route in ROUTES
    if "{" in route[1] and not route[1].endswith(("helpful", "reply")) and route[0] != "GET"
]


@pytest.fixture
def send(edition, client):
    """Send a request of a route: `send(route, headers)`."""
    tom = person("tom")
    things = {
        "comment": said("Tom's.", by=tom, paper="2611.00001").pk,
        "submission": submitting.submit(Viewer(tom), "2611.00008", now=SUNDAY).pk,
    }

    def ask(route, headers: dict[str, str], client: Client = client):
        method, address, body, _ = route
        if "reply" in address:
            address = address.replace("{comment}", f"{things['comment']:024x}")
        return client.generic(
            method,
            address.format(**things),
            b"" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    return ask


def written() -> tuple[int, ...]:
    return Vote.objects.count(), Comment.objects.count(), Submission.objects.count()


def test_the_routes_are_found():
    assert len(ROUTES) > 14
    assert {route[3] for route in SCOPED} >= {"read", "vote", "comment", "submit"}
    assert [route[1] for route in ROUTES if not route[3]] == ["/api/v1/me"]
    assert len(OWN) >= 3


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nothing_is_done_without_a_token_that_is_good(send, route):
    before = written()
    for headers in ({}, {"Authorization": "Bearer bs_unknown"}, {"Authorization": "Basic YTpi"}):
        answer = send(route, headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json().keys() & {"detail", "error"}
    assert written() == before


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_cookie_is_no_token(send, route):
    signed_in = Client()
    signed_in.force_login(person("mira"), backend="django.contrib.auth.backends.ModelBackend")
    assert signed_in.cookies
    before = written()
    assert send(route, {"Sec-Fetch-Site": "same-origin"}, signed_in).status_code == 401
    assert written() == before


@pytest.mark.parametrize("route", SCOPED, ids=str)
def test_a_token_does_no_more_than_it_was_made_for(send, route):
    before = written()
    others = [scope for scope in SCOPES if scope != route[3]]
    answer = send(route, bearer(person("mira"), others))
    assert answer.status_code == 403
    assert answer["WWW-Authenticate"] == f'Bearer error="insufficient_scope", scope="{route[3]}"'
    assert f"no scope '{route[3]}'" in answer.content.decode()
    assert written() == before


@pytest.mark.parametrize("route", OWN, ids=str)
def test_what_is_anothers_is_not_there(send, route):
    before = written()
    assert send(route, bearer(person("mira", role="moderator"))).status_code == 404
    assert written() == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route[2] is not None], ids=str)
@pytest.mark.parametrize(
    "wrong",
    [
        5, None, True, ["a"], {"a": "b"}, "", "a\0b", "x" * 70_000, "\u202e\u200b", "a\u0301" * 10_000, -1,
        2**70,
    ],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_wrong_values_are_refused_and_break_nothing(send, route, wrong):
    method, address, body, scope = route
    answer = send((method, address, dict.fromkeys(body, wrong), scope), bearer(person("mira")))
    is_fine = str(wrong).startswith("a\u0301") or (address.endswith("notices/read") and wrong == 5)
    # To give a paper no link is no mistake, but mira is no author of it.
    wanted = (
        {200, 201, 204, 400, 404} if is_fine else {400, 403, 404} if address.endswith("links") else {400, 404}
    )
    assert answer.status_code in wanted, answer.content


@pytest.mark.parametrize("route", [route for route in ROUTES if route[2] is not None], ids=str)
@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"a"', b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_refused(send, client, route, content):
    address = route[1].replace("{comment}", "1")
    answer = client.generic(
        route[0], address, content, content_type="application/json", headers=bearer(person("mira"))
    )
    assert answer.status_code in {400, 404}


def test_the_examples_of_the_manual_are_answered(edition, client):
    """Each `curl` of the section about writing, sent as it stands there."""
    manual = (Path(__file__).resolve().parents[3] / "docs/programs.md").read_text("utf-8")
    shown = re.search(r"## Writing\n.*?```sh\n(.*?)```", manual, re.DOTALL)[1].replace("\\\n", " ")
    token = bearer(person("mira"))["Authorization"].split()[1]
    statuses = []
    for line in shown.strip().splitlines():
        words = shlex.split(line.replace("$TOKEN", token).replace("2408.00714", "2611.00001"))[1:]
        headers = dict(words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H")
        body = next((words[at + 1] for at, word in enumerate(words) if word == "-d"), "")
        method = next(
            (words[at + 1] for at, word in enumerate(words) if word == "-X"), "POST" if body else "GET"
        )
        answer = client.generic(
            method, words[-1].removeprefix("SITE"), body, content_type="application/json", headers=headers
        )
        statuses.append(answer.status_code)
    assert statuses == [200, 201, 200]


def test_the_manual_names_every_route_that_takes_a_token():
    manual = (Path(__file__).resolve().parents[3] / "docs/programs.md").read_text("utf-8")
    for _, address, _, _ in ROUTES:
        named = re.sub(r"/2611.00001/comments?", "/{id}/comment", address)
        named = (
            named.replace("2611.00001/links", "{_id}/links")
            .replace("2611.00001", "{id}")
            .replace("{comment}/reply", "")
        )
        named = re.sub(r"^/api/v1/(submissions|notices|follows)/.*", r"/api/v1/\1", named)
        assert named.rstrip("/") in manual, address
