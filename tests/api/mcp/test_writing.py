"""An agent writes for the person whose token it has, and only what that token was made for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.people import bearer, person
from tests.web.press import paper, publish

from broadsheet.accounts.models import Kind
from broadsheet.api.mcp.server import SCOPES
from broadsheet.community.models import Comment, Vote
from broadsheet.library.models import Saved

pytestmark = pytest.mark.django_db
WRITING = {"vote", "comment", "submit", "follow", "save_topic", "leave_out", "save", "tag", "note", "hide"}
READING = {"library"}


@pytest.fixture
def papers(db) -> None:
    publish(*(paper(number) for number in range(1, 4)))


@pytest.fixture
def rpc(client):
    """What the server answers to a message: `rpc("tools/list", **headers)`."""

    def ask(method: str, params: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params or {}}
        answer = client.post(
            "/mcp",
            message,
            content_type="application/json",
            headers={"Accept": "application/json, text/event-stream"} | headers,
        )
        assert answer.status_code == 200, answer.content
        return answer.json()["result"]

    return ask


@pytest.fixture
def call(rpc):
    """What a tool answers: `call("vote", token, id="2611.00001")`; a text where it refuses."""

    def ask(tool: str, token: dict[str, str], **arguments: object) -> Any:
        said = rpc("tools/call", {"name": tool, "arguments": arguments}, **token)
        return said["content"][0]["text"] if said["isError"] else said["structuredContent"]

    return ask


def names(rpc, **headers: str) -> set[str]:
    return {tool["name"] for tool in rpc("tools/list", **headers)["tools"]}


def test_tools_that_write_are_there_for_the_scopes_of_the_token_alone(papers, rpc):
    nobody = names(rpc)
    assert not nobody & (WRITING | READING)
    assert names(rpc, Authorization="Bearer hf_of_somebody_else") == nobody
    mira = person()
    assert names(rpc, **bearer(mira)) - nobody == WRITING | READING
    for scope in {*SCOPES.values()}:
        of_scope = {name for name, needed in SCOPES.items() if needed == scope}
        assert names(rpc, **bearer(mira, [scope])) - nobody == of_scope
    assert names(rpc, **bearer(mira, ["read"])) == nobody | READING
    assert names(rpc, Cookie="sessionid=x") == nobody


def test_tools_that_write_say_so(papers, rpc):
    tools = {tool["name"]: tool for tool in rpc("tools/list", **bearer(person()))["tools"]}
    for name in WRITING:
        hints = tools[name]["annotations"]
        assert (hints["readOnlyHint"], hints["destructiveHint"]) == (False, False)
        assert "dry_run" in tools[name]["inputSchema"]["properties"]
        assert tools[name]["outputSchema"]["properties"]["is_written"]
        assert "agent" in tools[name]["description"]


def test_an_agents_vote_is_written_labelled_and_not_counted(papers, call):
    token = bearer(person())
    tried = call("vote", token, id="2611.00001", dry_run=True)
    assert (tried["is_written"], tried["stands"], tried["counts"]) == (False, True, False)
    assert not Vote.objects.exists()
    done = call("vote", token, id="2611.00001")
    assert done["is_written"]
    assert {**tried, "is_written": True} == done
    vote = Vote.objects.get()
    assert (vote.via, vote.is_by_agent, vote.why_not) == ("mcp", True, "agent")
    assert call("vote", token, id="2611.00001", stands=False)["stands"] is False
    assert not Vote.objects.exists()


def test_what_cannot_be_written_is_said_in_a_sentence(papers, call, settings):
    assert call("vote", {}, id="2611.00001") == (
        "vote takes a token with the scope 'vote' (Authorization: Bearer)."
    )
    token = bearer(person())
    assert call("vote", token, id="2611.99999") == "No paper here is known as 2611.99999."
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "vote=1/day"})
    assert call("vote", token, id="2611.00001")["left"] == 0
    assert call("vote", token, id="2611.00002").startswith("At most 1 vote a day; ask again in")
    assert call("vote", token, id="2611.00002", dry_run=True).startswith("At most 1 vote a day")


def test_an_agents_comment_is_tried_then_held_for_its_person(papers, call):
    mira = person()
    token = bearer(mira)
    tried = call("comment", token, id="2611.00001", text="Is $O(n)$ <i>tight</i>?", dry_run=True)
    assert (tried["is_written"], tried["comment"], tried["state"]) == (False, None, "held")
    assert "<math" in tried["html"]
    assert "<i>" not in tried["html"]
    assert not Comment.objects.exists()
    done = call("comment", token, id="2611.00001", text="Is $O(n)$ <i>tight</i>?")
    assert {**tried, "is_written": True, "comment": done["comment"]} == done
    comment = Comment.objects.get(pk=done["comment"])
    assert (comment.via, comment.is_by_agent, comment.person) == ("mcp", True, mira)
    shown = call("comment", bearer(mira, publishes=True), id="2611.00001", text="Another.")
    assert shown["state"] == "visible"
    answer = call("comment", token, id="2611.00001", text="An answer.", answers=shown["comment"])
    assert Comment.objects.get(pk=answer["comment"]).parent_id == shown["comment"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"text": ""}, "text: String should have at least 1 character."),
        ({"text": "x" * 65_537}, "text: String should have at most 65536 characters."),
        ({"text": "\u202e\u200b"}, "Write something first."),
        ({"text": "a", "answers": 99}, "There is no such comment."),
        ({"text": "a", "answers": 2**70}, "answers: Input should be less than or equal to"),
        ({"text": 5}, "text: Input should be a valid string."),
        ({"text": "a", "state": "visible"}, "comment takes id, text, answers, dry_run, and nothing else."),
    ],
)
def test_what_is_no_comment_is_said_in_a_sentence(papers, call, arguments, said):
    assert call("comment", bearer(person()), id="2611.00001", **arguments).startswith(said)
    assert not Comment.objects.exists()


def test_a_program_with_an_account_of_its_own_is_an_agent_too(papers, call, client):
    bot = person("robot", kind=Kind.BOT, owner=person())
    assert call("vote", bearer(bot), id="2611.00001")["counts"] is False
    assert client.get("/api/v1/me", headers=bearer(bot)).json()["is_agent"] is True


def test_an_agent_follows_what_there_is_and_a_dry_run_follows_nothing(papers, call, client):
    token = bearer(person())
    assert call("follow", token, kind="category", name="cs.LG", dry_run=True)["is_written"] is False
    assert client.get("/api/v1/follows", headers=token).json() == {"follows": []}
    assert call("follow", token, kind="category", name="cs.LG")["stands"] is True
    (followed,) = client.get("/api/v1/follows", headers=token).json()["follows"]
    assert (followed["kind"], followed["name"]) == ("category", "cs.LG")
    assert call("follow", token, kind="category", name="cs.LG", stands=False)["stands"] is False
    assert client.get("/api/v1/follows", headers=token).json() == {"follows": []}
    assert (
        call("follow", token, kind="author", name="nobody-at-all") == "There is no author of that name here."
    )


def test_what_a_person_follows_is_set_and_ended_by_programs(papers, client):
    token, at = bearer(person()), "/api/v1/follows/category/cs.LG"
    for _ in range(2):
        assert client.put(at, headers=token).json()["name"] == "cs.LG"
    for _ in range(2):
        assert client.delete(at, headers=token).status_code == 204
    assert client.put("/api/v1/follows/author/nobody", headers=token).status_code == 404
    assert client.put("/api/v1/follows/colour/red", headers=token).status_code == 400


def test_an_agent_keeps_papers_for_its_person_and_says_so(papers, call):
    mira, tom = bearer(person()), bearer(person("tom"))
    assert call("save", mira, id="2611.00001", state="reading", dry_run=True)["changed"] is True
    assert not Saved.objects.exists()
    assert call("save", mira, id="2611.00001", state="reading")["is_written"]
    assert call("save", mira, id="2611.00001", state="reading")["changed"] is False
    assert Saved.objects.get().via == "mcp"
    assert call("tag", mira, id="2611.00001", tags=["b", "a"])["tags"] == ["a", "b"]
    assert call("tag", mira, id="2611.00001", tags=["b"], stands=False)["tags"] == ["a"]
    assert call("note", mira, id="2611.00001", text="An agent read it.")["note"]
    [kept] = call("library", mira, query="tag:a note:agent")["papers"]
    assert (kept["id"], kept["state"], kept["via"]) == ("2611.00001", "reading", "mcp")
    assert (kept["tags"], kept["notes"]) == (["a"], ["An agent read it."])
    assert call("library", tom)["papers"] == []
    assert call("library", tom, query="note:*")["total"] == 0
    assert call("hide", mira, id="2611.00002")["stands"]
    assert [one["id"] for one in call("library", mira, query="state:hidden")["papers"]] == ["2611.00002"]
    assert call("tag", mira, id="2611.00001", tags=["x" * 500]).startswith("tags.0:")
    assert call("library", {}).startswith("library takes a token with the scope 'read'")
