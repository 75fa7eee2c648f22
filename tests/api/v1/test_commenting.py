"""Comments are read, written, edited and withdrawn by programs."""

from __future__ import annotations

import pytest
from tests.people import bearer, person, said

from broadsheet.accounts.access import Viewer
from broadsheet.community import moderating
from broadsheet.community.models import Comment
from broadsheet.http.models import Answered

pytestmark = pytest.mark.django_db
COMMENTS = "/api/v1/papers/2611.00001/comments"
FIRST = "2611.00001"


@pytest.fixture
def post(client):
    """Post JSON: `post(COMMENTS, mira, text="Why?")`; with a `key`, as one that may be sent again."""

    def send(address: str, who: dict[str, str], *, key: str = "", **body: object):
        headers = who | ({"Idempotency-Key": key} if key else {})
        return client.post(address, body, content_type="application/json", headers=headers)

    return send


def test_a_comment_is_written_answered_edited_found_helpful_and_withdrawn(edition, client, post):
    mira, tom = bearer(person("mira", name="Mira")), bearer(person("tom"))
    made = post(COMMENTS, mira, text="Is $O(n^2)$ tight? <b>No</b>")
    assert made.status_code == 201
    first = made.json()
    assert first["writer"] == {"handle": "mira", "name": "Mira"}
    assert "<math" in first["html"]
    assert "<b>" not in first["html"]
    assert (first["state"], first["answers"], first["is_by_agent"]) == ("visible", None, False)
    at = f"/api/v1/comments/{first['id']}"
    edited = client.put(at, {"text": "Is it?"}, content_type="application/json", headers=mira).json()
    assert (edited["source"], edited["edits"]) == ("Is it?", 1)
    found = client.put(f"{at}/helpful", headers=tom).json()
    assert found == {"id": first["id"], "stands": True, "helpful": 1}
    assert client.delete(f"{at}/helpful", headers=tom).json()["helpful"] == 0
    answer = post(COMMENTS, tom, text="Yes.", answers=first["id"]).json()
    assert answer["answers"] == first["id"]
    page = client.get(COMMENTS, {"limit": 1}).json()
    assert [one["source"] for one in page["comments"]] == ["Is it?"]
    rest = client.get(COMMENTS, {"cursor": page["next"]}).json()
    assert ([one["source"] for one in rest["comments"]], rest["next"]) == (["Yes."], None)
    assert client.get(f"/api/v1/papers/{FIRST}").json()["here"]["comments"] == 2
    assert client.delete(at, headers=mira).status_code == 204
    gone, kept = client.get(COMMENTS).json()["comments"]
    assert (gone["source"], gone["html"], gone["why_not"]) == ("", "", "Withdrawn by its author.")
    assert kept["source"] == "Yes."


def test_what_an_agent_writes_is_held_unless_its_token_publishes(edition, client, post):
    mira = person()
    agent = bearer(mira, is_agent=True)
    held = post(COMMENTS, agent, text="As a program I find").json()
    assert (held["state"], held["is_by_agent"]) == ("held", True)
    assert client.get(COMMENTS).json()["comments"] == []
    assert client.get(COMMENTS, headers=bearer(person("tom"))).json()["comments"] == []
    assert client.get(f"/api/v1/comments/{held['id']}").status_code == 404
    assert len(client.get(COMMENTS, headers=agent).json()["comments"]) == 1
    shown = post(COMMENTS, bearer(mira, is_agent=True, publishes=True), text="Another").json()
    assert (shown["state"], shown["is_by_agent"]) == ("visible", True)


def test_a_hidden_comment_has_its_reason_and_no_text(edition, client):
    comment = said("An insult.", by=person("tom"), paper=FIRST)
    moderator = Viewer(person("mod", role="moderator"))
    moderating.act(moderator, "hide", "comment", comment.pk, reason="It insults.", now=comment.written_at)
    (hidden,) = client.get(COMMENTS).json()["comments"]
    assert (hidden["state"], hidden["source"], hidden["html"]) == ("hidden", "", "")
    assert hidden["why_not"] == "Hidden by moderators: It insults."
    assert client.get(f"/api/v1/comments/{comment.pk}").status_code == 404


def test_a_comment_of_another_is_not_there_to_be_changed(edition, client):
    at = f"/api/v1/comments/{said('Mine.', by=person('tom'), paper=FIRST).pk}"
    mira = bearer(person())
    for answer in (
        client.put(at, {"text": "Yours."}, content_type="application/json", headers=mira),
        client.delete(at, headers=mira),
        client.delete("/api/v1/comments/999", headers=mira),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such comment.")


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": 5}, {"text": None}, {"text": ["a"]}, {"text": "x" * 65_537},
        {"text": "a\0b"}, {"text": "\u200b\u202e"}, {"text": "a", "answers": "first"},
        {"text": "a", "answers": 0}, {"text": "a", "answers": 2**70}, {"text": "a", "state": "visible"},
        {"text": "a", "person": 1},
    ],
)  # fmt: skip
def test_what_is_no_comment_is_refused_and_nothing_is_written(edition, post, body):
    answer = post(COMMENTS, bearer(person()), **body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Comment.objects.exists()


def test_a_request_that_is_sent_again_is_done_once_and_gets_the_same_answer(edition, post):
    mira = bearer(person())
    first = post(COMMENTS, mira, key='"8e03978e-40d5"', text="Once.")
    again = post(COMMENTS, mira, key="8e03978e-40d5", text="Once.")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Content-Type"] == first["Content-Type"]
    Comment.objects.update(source="changed since")
    assert post(COMMENTS, mira, key="8e03978e-40d5", text="Once.").content == first.content
    other = post(COMMENTS, mira, key="8e03978e-40d5", text="Twice.")
    assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
    # Keys are a person's own.
    assert post(COMMENTS, bearer(person("tom")), key="8e03978e-40d5", text="Tom's.").status_code == 201
    assert Comment.objects.count() == 2


def test_what_was_refused_may_be_tried_again_under_its_key(edition, post, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "comment=1/day"})
    mira = bearer(person())
    assert post(COMMENTS, mira, text="First.").status_code == 201
    assert post(COMMENTS, mira, key="a-key", text="Second.").status_code == 429
    assert not Answered.objects.exists()
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "comment=9/day"})
    assert post(COMMENTS, mira, key="a-key", text="Second.").status_code == 201


@pytest.mark.parametrize("key", ["", '""', "a b", "\u00e9", "x" * 256])
def test_what_is_no_key_is_refused(edition, client, key):
    headers = bearer(person()) | {"Idempotency-Key": key}
    answer = client.post(COMMENTS, {"text": "a"}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
