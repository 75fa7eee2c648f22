"""What holds of every route that is for somebody, whoever wrote it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from tests.people import bearer, person, said
from tests.web.press import SUNDAY

from broadsheet.accounts.access import SCOPES, Viewer
from broadsheet.api.v1.interface import api
from broadsheet.community import claiming, submitting
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.digests import channels
from broadsheet.digests.wishes import Wish
from broadsheet.library import notes, tagging
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.reading import resolve

pytestmark = pytest.mark.django_db
LEARNING = ListName("category", "cs.LG")
BODIES = {
    "write_comment": {"text": "a"},
    "edit_comment": {"text": "a"},
    "add_note": {"text": "a"},
    "submit": {"paper": "2611.00007"},
    "read_notices": {"until": 1},
    "ask_claim": {"paper": "2611.00001", "author": "author-a-of-1"},
    "dispute_claim": {"reason": "a"},
    "decide_claim": {"verdict": "refused", "reason": "a"},
    "decide": {"verdict": "declined", "reason": "a"},
    "report_comment": {"reason": "spam"},
    "report_submission": {"reason": "spam"},
    "report_person": {"reason": "spam"},
    "report_topic": {"reason": "spam"},
    "add_word": {"organization": "a"},
    "act": {"verb": "hide", "kind": "comment", "target": 1, "reason": "a"},
    "undo": {"reason": "a"},
    "look": {"reason": "a"},
    "merge_names": {"into": "author-b-of-1"},
    "split_names": {"papers": ["2611.00001"]},
    "add_name": {"name": "a"},
    "invite": {"email": "a@lab.example"},
    "save_topic": {"list": {"kind": "category", "name": "cs.LG"}, "name": "a"},
    "change_topic": {"name": "a"},
    "add_channel": {"kind": "webhook", "target": "https://93.184.215.14/a", "topics": ["trending"]},
    "rename_tag": {"name": "ours"},
    "change_library": {"q": "state:to_read", "tags": ["a"]},
    "mark_seen": {"ids": ["2611.00001"]},
    "write_note": {"text": "a"},
    "change_note": {"text": "a"},
    "save_paper": {"state": "read", "tags": ["a"]},
    "change_channel": {"topics": ["trending"]},
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
                address = address.replace("{kind}/{slug}", "author/author-a-of-1").replace("{kind}", "author")
                scope = next((one for one in SCOPES if f"scope `{one}`" in operation["description"]), "")
                yield method.upper(), address, BODIES.get(operation["operationId"]), scope
    yield from ELSEWHERE


ROUTES = list(routes())
SCOPED = [route for route in ROUTES if route[3]]
# What is there to be done to what others wrote or claimed.
TO_OTHERS = (
    "helpful", "reply", "reports", "dispute", "decision", "undo", "mute", "confirmed", "{key}",
)  # fmt: skip
# Things of somebody's own, by the name that they have in an address; comments can be read and answered by all.
OWN = [
    route for route in ROUTES if "{" in route[1] and not route[1].endswith(TO_OTHERS) and route[0] != "GET"
]
# Of curators and moderators: a reader may not, whatever the token.
FOR_ROLES = [route for route in ROUTES if route[3] in {"curate", "moderate"}]


@pytest.fixture
def send(edition, client):
    """Send a request of a route: `send(route, headers)`."""
    tom = person("tom")
    things = {
        "comment": said("Tom's.", by=tom, paper="2611.00001").pk,
        "decision": 1,
        "submission": submitting.submit(Viewer(tom), "2611.00008", now=SUNDAY).pk,
        "claim": claiming.ask_author(Viewer(tom), *resolved("2611.00002"), "author-a-of-2", now=SUNDAY).pk,
        "slug": topics.save(Viewer(tom), LEARNING, name="Tom's", visibility="private", now=SUNDAY).slug,
        "deed": 1,
        "channel": channels.add(
            Viewer(tom), "webhook", "https://93.184.215.14/a", Wish((topics.trending(SUNDAY).pk,)), now=SUNDAY
        ).channel.pk,
        "handle": "tom",
        "invitation": 1,
        "note": notes.write(Viewer(tom), *resolved("2611.00001"), "Tom's.", now=SUNDAY).pk,
        "tag": "toms",
        "key": "arxiv:2611.00001+0a1b2c3d4e5f",
    }

    pk, named = resolved("2611.00001")
    tagging.tag(Viewer(tom), {pk: named}, ["toms"], now=SUNDAY)

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


def resolved(name: str) -> tuple[int, str]:
    pk, public_id = resolve(name)
    return pk, with_scheme(public_id)


def written() -> str:
    """All that people did."""
    tables = [table for app in ("community", "library") for table in apps.get_app_config(app).get_models()]
    return repr([list(table.objects.order_by("pk").values()) for table in tables])


def test_the_routes_are_found():
    assert len(ROUTES) > 14
    assert {route[3] for route in SCOPED} >= {"read", "vote", "comment", "submit"}
    assert [route[1] for route in ROUTES if not route[3]] == ["/api/v1/me"]
    assert len(OWN) >= 5
    assert len(FOR_ROLES) >= 9


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


@pytest.mark.parametrize("route", FOR_ROLES, ids=str)
def test_what_takes_a_role_is_done_for_nobody_else_and_for_no_agent(send, route):
    before = written()
    needed = "moderator" if route[3] == "moderate" else "curator"
    answer = send(route, bearer(person("mira")))
    assert (answer.status_code, answer.json()["detail"]) == (403, f"That takes a {needed}.")
    agent = send(route, bearer(person("ann", role="moderator"), is_agent=True))
    assert (answer.status_code, agent.json()["detail"].split(":")[0]) == (403, "People do that themselves")
    assert written() == before


@pytest.mark.parametrize("route", OWN, ids=str)
def test_what_is_anothers_is_not_there(send, route):
    before = written()
    assert send(route, bearer(person("mira", role="moderator"))).status_code == 404
    assert written() == before


WITH_BODIES = [route for route in ROUTES if route[2] is not None]
WRONG = (
    5, None, True, ["a"], {"a": "b"}, "", "a\0b", "x" * 70_000, "\u202e\u200b", "a\u0301" * 10_000, -1,
    2**70,
)  # fmt: skip


@pytest.mark.parametrize("route", WITH_BODIES, ids=str)
def test_wrong_values_are_refused_and_break_nothing(send, route):
    method, address, body, scope = route
    mira = bearer(person("mira", role="moderator"))
    for wrong in WRONG:
        answer = send((method, address, dict.fromkeys(body, wrong), scope), mira)
        # Some texts are long and strange and all the same texts; to give a paper no link is no mistake.
        is_fine = str(wrong).startswith("a\u0301") or (address.endswith("notices/read") and wrong == 5)
        is_fine |= address.endswith("links") and wrong in ("", None)
        # A paper may be saved in no state that is named.
        is_fine |= "library/papers" in address and wrong is None
        wanted = {200, 201, 204, 400, 404} if is_fine else {400, 404}
        assert answer.status_code in wanted, (repr(wrong)[:20], answer.content)


@pytest.mark.parametrize("route", WITH_BODIES, ids=str)
def test_what_is_no_object_is_refused(client, edition, route):
    address = re.sub("{[a-z]+}", "1", route[1])
    mira = bearer(person("mira", role="moderator"))
    for content in (b"", b"{", b"[]", b"null", b'"a"', b"\xff", b"[" * 100_000):
        answer = client.generic(route[0], address, content, content_type="application/json", headers=mira)
        assert answer.status_code in {400, 404}, content[:20]


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
        named = re.sub(
            r"^/api/v1/(submissions|claims|notices|follows|left-out|names|invitations|channels|library)/.*",
            r"/api/v1/\1",
            named,
        )
        named = re.sub(r"/moderation/deeds.*", "/moderation/deeds", named)
        assert named.rstrip("/") in manual, address
