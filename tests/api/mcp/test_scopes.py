"""The SDK's own client over HTTP: the tools of a token, dry runs, and where one sees that an agent wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import pytest
from anyio.from_thread import start_blocking_portal
from django.apps import apps
from django.test import Client as Browser
from django.utils import timezone
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from tests.api.mcp.agents import Agent
from tests.people import bearer, person
from tests.web.press import paper, publish

from broadsheet.accounts.models import Person
from broadsheet.community.models import Comment
from broadsheet.http.shelf import shelf

pytestmark = pytest.mark.django_db(transaction=True)
WRITING = {
    "vote",
    "comment",
    "submit",
    "follow",
    "save_topic",
    "leave_out",
    "save",
    "tag",
    "note",
    "hide",
    "library",
}
PAPER, TALK = "2611.00001", "/papers/2611.00001/discussion"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def papers(db, settings) -> None:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})
    recent = timezone.now().date() - timedelta(days=2)
    publish(paper(1), paper(7, listed=None, published=recent, signals=()))


@contextmanager
def agent(live_server, headers: dict[str, str], query: str = "") -> Iterator[Agent]:
    with start_blocking_portal() as portal:
        asking = httpx2.AsyncClient(headers=headers)
        way = streamable_http_client(f"{live_server.url}/mcp{query}", http_client=asking)
        client = Client(way, raise_exceptions=True)
        with portal.wrap_async_context_manager(asking), portal.wrap_async_context_manager(client):
            yield Agent(client, portal)


def tools(one: Agent) -> set[str]:
    return {tool.name for tool in one.portal.call(one.client.list_tools).tools}


def stored() -> str:
    """All that is stored of people, what they took of their limits among it."""
    tables = [
        table
        for table in apps.get_models()
        if table._meta.app_label in {"accounts", "community", "library", "http", "sources"}
    ]
    # That a token was used is written down once a day, whatever it does.
    names = {
        table: [one.attname for one in table._meta.fields if one.attname != "used_on"] for table in tables
    }
    return repr([list(table._default_manager.order_by("pk").values(*names[table])) for table in tables])


def test_the_client_sees_the_tools_of_its_token_alone(papers, live_server):
    mira = person()
    with agent(live_server, {}) as nobody:
        reading = tools(nobody)
        assert not reading & WRITING
        assert nobody.refusal("vote", id=PAPER).startswith("vote takes a token with the scope 'vote'")
    with agent(live_server, {"Authorization": "Bearer hf_of_somebody_else"}) as stranger:
        assert tools(stranger) == reading
        assert stranger.call("read_paper", id=PAPER)["title"] == "Paper number 1"
    with agent(live_server, bearer(mira, ["read", "vote", "follow"])) as some:
        assert tools(some) - reading == {"vote", "follow", "library"}
        assert some.refusal("comment", id=PAPER, text="a").startswith("comment takes a token with the scope")
    with agent(live_server, bearer(mira)) as whole:
        assert tools(whole) - reading == WRITING


def test_a_token_in_the_address_is_no_token(papers, live_server):
    text = bearer(person())["Authorization"].split()[1]
    for name in ("access_token", "token", "Authorization"):
        with agent(live_server, {}, f"?{name}={text}") as nobody:
            assert not tools(nobody) & WRITING
            assert "takes a token" in nobody.refusal("vote", id=PAPER)


def test_a_dry_run_of_each_tool_writes_no_row(papers, live_server):
    # Somebody who did nothing in public yet: the first deed gives them a handle.
    mira = Person.objects.create(name="Mira Koren", vouched_at=timezone.now())
    with agent(live_server, bearer(mira)) as one:
        before = stored()
        for tool, given in (
            ("vote", {"id": PAPER}),
            ("vote", {"id": PAPER, "stands": False}),
            ("comment", {"id": PAPER, "text": "Is it **tight**?"}),
            ("submit", {"paper": "2611.00007"}),
            ("submit", {"paper": "2611.00099"}),
            ("follow", {"kind": "category", "name": "cs.LG"}),
            ("leave_out", {"kind": "word", "name": "soup"}),
            ("save", {"id": PAPER, "state": "read"}),
            ("tag", {"id": PAPER, "tags": ["survey"]}),
            ("note", {"id": PAPER, "text": "An agent read it."}),
            ("hide", {"id": PAPER}),
        ):
            if given.get("paper") == "2611.00099":
                assert "nobody can be asked for it" in one.refusal(tool, **given, dry_run=True)
                continue
            answer = one.call(tool, **given, dry_run=True)
            assert answer["is_written"] is False, tool
            assert "left" in answer
        assert stored() == before
        assert one.call("comment", id=PAPER, text="Is it **tight**?")["is_written"] is True
        assert stored() != before


def test_what_an_agent_wrote_is_labelled_wherever_it_stands(papers, live_server, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    mira = person("mira", name="Mira Koren", votes_private=False)
    tom, cleo = person("tom"), person("cleo", role="moderator")
    with agent(live_server, bearer(tom)) as of_tom:
        root = of_tom.call("comment", id=PAPER, text="Tom's agent asks.")["comment"]
    signed_in = {one: Browser(headers=OURS) for one in (mira, tom, cleo)}
    for one, browser in signed_in.items():
        browser.force_login(one)

    # The owner confirms it on the page, which nobody else may.
    assert signed_in[mira].post(f"{TALK}/{root}/confirm").status_code == 404
    assert "Let it appear" in signed_in[tom].get(TALK).content.decode()
    assert signed_in[tom].post(f"{TALK}/{root}/confirm").status_code == 303
    assert Comment.objects.get(pk=root).state == "visible"

    with agent(live_server, bearer(mira, publishes=True)) as one:
        comment = one.call("comment", id=PAPER, text="An answer.", answers=root)
        assert comment["state"] == "visible"
        assert one.call("vote", id=PAPER)["counts"] is False
        assert one.call("submit", paper="2611.00007")["state"] == "waiting"
    shelf.clear()
    everybody = Browser()
    page = everybody.get(TALK).content.decode()
    assert page.count('<span class="badge">agent</span>') == 2
    assert '<span class="badge">agent</span>' in everybody.get(f"/papers/{PAPER}").content.decode()
    assert "Mira Koren (agent) wrote" in everybody.get(f"{TALK}.atom").content.decode()
    profile = everybody.get("/people/mira").content.decode()
    assert profile.count('<span class="badge">agent</span>') == 3
    [said, answered] = everybody.get(f"/api/v1/papers/{PAPER}/comments").json()["comments"]
    assert said["is_by_agent"]
    assert answered["is_by_agent"]
    theirs = everybody.get(f"/api/papers/{PAPER}?field=comments").json()
    assert [one["author"]["isAgent"] for one in theirs["comments"]] == [True, True]
    assert (theirs["upvotes"], theirs["here"]["by_agents"], theirs["here"]["counted"]) == (2, 1, 0)
    assert theirs["here"]["talkers"] == 0
    assert "Mira Koren (agent) answered you" in signed_in[tom].get("/notices").content.decode()
    assert '<span class="badge">agent</span>' in signed_in[cleo].get("/curate").content.decode()
    shown = everybody.get("/api/v1/people/mira").json()
    assert [one["is_by_agent"] for part in ("submissions", "votes", "comments") for one in shown[part]] == [
        True
    ] * 3

    # Accepted, its list names who sent it in, and how, in every form.
    token = bearer(cleo)
    [queued] = everybody.get("/api/v1/curation/submissions", headers=token).json()["waiting"]
    assert queued["submission"]["is_by_agent"]
    at = f"/api/v1/submissions/{queued['submission']['id']}/decision"
    done = everybody.put(at, {"verdict": "accepted"}, content_type="application/json", headers=token)
    assert done.status_code == 200
    shelf.clear()
    day = str(timezone.now().date())
    [item] = everybody.get("/api/daily_papers", {"date": day}).json()
    assert item["submittedBy"]["fullname"] == "Mira Koren (agent)"
    assert "Mira Koren (agent)" in everybody.get(f"/papers/date/{day}").content.decode()
    reported = everybody.post(
        f"/api/v1/comments/{root}/reports",
        {"reason": "spam"},
        content_type="application/json",
        headers=bearer(mira),
    )
    assert reported.status_code == 201
    assert '<span class="badge">agent</span>' in signed_in[cleo].get("/moderation").content.decode()


def test_what_an_agent_edits_waits_for_its_person_and_says_so(papers, live_server, client):
    mira = person("mira")
    mine, agents = bearer(mira), bearer(mira, is_agent=True)
    at = f"/api/v1/papers/{PAPER}/comments"
    made = client.post(at, {"text": "By hand."}, content_type="application/json", headers=mine).json()
    assert (made["state"], made["is_by_agent"]) == ("visible", False)
    address = f"/api/v1/comments/{made['id']}"
    edited = client.put(
        address, {"text": "By a program."}, content_type="application/json", headers=agents
    ).json()
    assert (edited["state"], edited["is_by_agent"]) == ("held", True)
    assert client.get(address).status_code == 404
    held = client.get("/api/v1/comments?held=true", headers=mine).json()["comments"]
    assert [one["comment"]["id"] for one in held] == [made["id"]]
    confirmed = client.put(f"{address}/confirmed", headers=mine).json()
    assert (confirmed["state"], confirmed["is_by_agent"]) == ("visible", True)
