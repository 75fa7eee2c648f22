"""Programs of curators merge, split and name pages, and take that back."""

from __future__ import annotations

import pytest
from tests.people import bearer, person

from broadsheet.papers.models import Attribution

pytestmark = pytest.mark.django_db
A, B = "author-a-of-1", "author-b-of-1"


@pytest.fixture
def send(edition, client):
    """Send as a curator: `send("post", "author/a/merge", into="b")`."""
    headers = bearer(person(role="curator"))

    def ask(method: str, path: str, key: str = "", **body: object):
        said = {"data": body, "content_type": "application/json"} if method == "post" else {}
        keyed = {"Idempotency-Key": key} if key else {}
        return getattr(client, method)(f"/api/v1/names/{path}", headers=headers | keyed, **said)

    return ask


def test_pages_are_merged_named_and_parted_again(send, client):
    said = send("post", f"author/{A}/merge", into=B).json()
    assert (said["slug"], said["also_written"]) == (B, ["Author A of 1"])
    assert (
        client.get(f"/api/v1/authors/{A}").json()["total"]
        == client.get(f"/api/v1/authors/{B}").json()["total"]
    )
    assert client.get("/api/v1/papers/2611.00001").json()["authors"][0] == {
        "slug": B,
        "name": "Author A of 1",
    }
    named = send("post", f"author/{B}/alias", name="Ada B", is_shown=True).json()
    assert named["name"] == "Ada B"
    assert [one["act"] for one in named["decisions"]] == ["show", "join", "join"]
    assert send("get", f"author/{A}").json() == named
    for decision in named["decisions"]:
        assert send("delete", f"author/decisions/{decision['id']}").status_code == 204
    assert send("get", f"author/{A}").json() == {
        "slug": A,
        "name": "Author A of 1",
        "also_written": [],
        "decisions": [],
    }


def test_papers_are_split_off_and_a_key_splits_them_once(send, client):
    for _ in range(2):
        said = send("post", f"author/{A}/split", "one-key", papers=["2611.00001"]).json()
    assert said["slug"] == f"{A}-2"
    assert [(one["act"], one["paper"]) for one in said["decisions"]] == [("move", "2611.00001")]
    assert Attribution.objects.count() == 1
    assert client.get(f"/api/v1/authors/{A}-2").json()["total"] == 1


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"author/{A}/merge", {"into": A}, 409),
        (f"author/{A}/merge", {"into": "nobody"}, 404),
        ("author/nobody/merge", {"into": A}, 404),
        ("category/cs.LG/merge", {"into": A}, 400),
        (f"author/{A}/merge", {"into": A, "kind": "organization"}, 400),
        (f"author/{A}/split", {"papers": []}, 400),
        (f"author/{A}/split", {"papers": ["2611.99999"]}, 404),
        (f"author/{A}/alias", {"name": "\u202e"}, 400),
        (f"author/{A}/alias", {"name": "Author B of 1"}, 409),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(send, path, body, status):
    answer = send("post", path, **body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert not Attribution.objects.exists()


def test_it_takes_a_curator_however_the_token_was_made(edition, client):
    answer = client.get(f"/api/v1/names/author/{A}", headers=bearer(person()))
    assert (answer.status_code, answer.json()["detail"]) == (403, "That takes a curator.")
