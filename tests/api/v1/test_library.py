"""A reader's library by programs: what its page does, for whose token it is."""

from __future__ import annotations

import json

import pytest
from tests.people import bearer, person
from tests.web.press import paper, publish

from broadsheet.library.models import Note, Saved

pytestmark = pytest.mark.django_db
ONE, TWO = "2611.00001", "2611.00002"


@pytest.fixture(autouse=True)
def papers(db) -> None:
    publish(*(paper(number) for number in range(1, 6)))


@pytest.fixture
def send(client):
    """Ask for something with a token: `send("PUT", "papers/2611.00001", token, state="read")`."""

    def ask(method: str, path: str, token: dict[str, str], status: int = 200, **body: object):
        answer = client.generic(
            method,
            f"/api/v1/library{path}",
            json.dumps(body) if method in {"PUT", "POST", "PATCH"} else b"",
            content_type="application/json",
            headers=token,
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return ask


def test_a_program_keeps_papers_with_tags_and_notes(send):
    ada = bearer(person("ada"))
    kept = send("PUT", f"/papers/{ONE}", ada, state="reading", tags=["survey", "two words"])
    assert (kept["state"], kept["tags"], kept["via"]) == ("reading", ["survey", "two words"], "api")
    assert send("PUT", f"/papers/{ONE}", ada, state="reading") == kept
    note = send("POST", f"/papers/{ONE}/notes", ada, 201, text="A *lemma*.")
    send("PUT", f"/notes/{note['id']}", ada, text="Another.")
    send("PUT", f"/papers/{TWO}", ada)
    found = send("GET", "?q=tag:survey", ada)
    assert (found["total"], found["title"]) == (1, "Library: tag:survey")
    [one] = found["papers"]
    assert (one["paper"]["id"], one["mine"]["notes"][0]["text"]) == (ONE, "Another.")
    assert [each["paper"]["id"] for each in send("GET", "", ada)["papers"]] == [TWO, ONE]
    assert send("GET", "/tags", ada) == {
        "tags": [{"name": "survey", "papers": 1}, {"name": "two words", "papers": 1}]
    }
    assert send("PATCH", "/tags/two%20words", ada, name="survey") == {"papers": 1}
    assert send("DELETE", "/tags/survey", ada) == {"papers": 1}
    send("DELETE", f"/notes/{note['id']}", ada, 204)
    assert send("DELETE", f"/papers/{ONE}", ada)["state"] == ""
    assert send("GET", "", ada)["total"] == 1


def test_what_is_hidden_seen_and_undone(send):
    ada = bearer(person("ada"))
    assert send("PUT", f"/papers/{ONE}/hidden", ada)["is_hidden"]
    assert [one["paper"]["id"] for one in send("GET", "?q=state:hidden", ada)["papers"]] == [ONE]
    assert not send("DELETE", f"/papers/{ONE}/hidden", ada)["is_hidden"]
    assert send("POST", "/seen", ada, ids=[ONE, TWO]) == {"papers": 2}
    assert send("GET", f"/papers/{TWO}", ada)["is_seen"]
    send("POST", "/seen", ada, 404, ids=["9999.99999"])
    assert send("POST", "/undo", ada)["verb"] == "see"
    assert not send("GET", f"/papers/{TWO}", ada)["is_seen"]


def test_all_that_a_query_finds_is_changed_at_once(send):
    ada = bearer(person("ada"))
    for number in range(1, 6):
        send("PUT", f"/papers/2611.0000{number}", ada)
    assert send("POST", "/change", ada, q="state:to_read", state="read", tags=["term"]) == {"papers": 5}
    assert send("GET", "?q=state:read tag:term&limit=2", ada)["total"] == 5
    assert send("POST", "/change", ada, q="tag:term", untags=["term"]) == {"papers": 5}
    assert send("POST", "/change", ada, is_ended=True) == {"papers": 5}
    assert "Say what to do" in send("POST", "/change", ada, 400)["detail"]


def test_a_library_goes_on_by_its_cursor(send):
    ada = bearer(person("ada"))
    for number in range(1, 6):
        send("PUT", f"/papers/2611.0000{number}", ada)
    first = send("GET", "?limit=2&fields=id", ada)
    rest = send("GET", f"?limit=9&fields=id&cursor={first['next']}", ada)
    assert [one["paper"] for one in (*first["papers"], *rest["papers"])] == [
        {"id": f"2611.0000{number}"} for number in range(5, 0, -1)
    ]
    send("GET", f"?q=tag:x&cursor={first['next']}", ada, 409)


def test_nobody_reads_or_writes_what_is_anothers(send, client):
    ada, bea = bearer(person("ada")), bearer(person("bea"))
    send("PUT", f"/papers/{ONE}", ada, state="read", tags=["secret-tag"])
    note = send("POST", f"/papers/{ONE}/notes", ada, 201, text="secret note")
    said = [send("GET", path, bea) for path in ("", "?q=tag:*", "?q=note:*", "/tags", f"/papers/{ONE}")]
    assert "secret" not in json.dumps(said)
    send("PUT", f"/notes/{note['id']}", bea, 404, text="x")
    send("DELETE", f"/notes/{note['id']}", bea, 404)
    send("PATCH", "/tags/secret-tag", bea, 404, name="x")
    send("GET", "", {}, 401)
    send("GET", "", bearer(person("cleo"), ["save"]), 403)
    send("PUT", f"/papers/{ONE}", bearer(person("dan"), ["read"]), 403, state="read")
    assert (Saved.objects.count(), Note.objects.get().source) == (1, "secret note")
    for path in (f"papers/{ONE}", f"papers?ids={ONE}", "search?q=number", "categories/cs.LG"):
        assert "secret" not in client.get(f"/api/v1/{path}", headers=bea).content.decode()


def test_a_post_that_is_sent_again_is_done_once(send, client):
    ada = bearer(person("ada")) | {"Idempotency-Key": "a"}
    first = send("POST", f"/papers/{ONE}/notes", ada, 201, text="Once.")
    assert send("POST", f"/papers/{ONE}/notes", ada, 201, text="Once.") == first
    assert Note.objects.count() == 1
