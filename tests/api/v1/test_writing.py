"""Programs write for the person whose token they send, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from tests.people import bearer, person
from tests.web.press import SUNDAY

from broadsheet.accounts.models import Token
from broadsheet.community.models import Vote

pytestmark = pytest.mark.django_db
VOTE = "/api/v1/papers/2611.00001/vote"


def test_a_vote_is_cast_and_taken_back_however_often_it_is_sent(edition, client):
    mira = bearer(person())
    for _ in range(2):
        answer = client.put(VOTE, headers=mira)
        assert answer.status_code == 200
        said = answer.json()
        assert (said["id"], said["stands"], said["counts"], said["why_not"]) == ("2611.00001", True, True, "")
        assert said["here"] == {
            "votes": 1,
            "counted": 1,
            "by_agents": 0,
            "by_authors": 0,
            "comments": 0,
            "talkers": 0,
        }
        assert answer["Cache-Control"] == "private, no-store"
    paper = client.get("/api/v1/papers/2611.00001").json()
    assert paper["here"]["votes"] == 1
    assert [one["value"] for one in paper["signals"] if one["name"] == "upvotes"] == [2]
    for _ in range(2):
        said = client.delete(VOTE, headers=mira).json()
        assert (said["stands"], said["here"]["votes"]) == (False, 0)


def test_a_vote_of_an_agent_stands_and_is_not_counted(edition, client):
    said = client.put(VOTE, headers=bearer(person(), is_agent=True)).json()
    assert (said["stands"], said["counts"], said["why_not"]) == (True, False, "agent")
    assert "never counted" in said["said"]
    assert (said["here"]["votes"], said["here"]["counted"], said["here"]["by_agents"]) == (1, 0, 1)


def test_without_a_token_nothing_is_written(edition, client):
    answer = client.put(VOTE)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer["Content-Type"] == "application/problem+json"
    assert "takes a token" in answer.json()["detail"]
    assert not Vote.objects.exists()


@pytest.mark.parametrize("end", ["unknown", "revoked", "expired", "left"])
def test_a_token_that_is_no_longer_good_reads_and_writes_nothing(edition, client, end):
    mira = person()
    sent = bearer(mira, days=1)
    if end == "unknown":
        sent = {"Authorization": "Bearer hf_of_somebody_else"}
    elif end == "revoked":
        Token.objects.update(revoked_at=SUNDAY)
    elif end == "left":
        type(mira).objects.update(left_at=SUNDAY)
    with time_machine.travel(SUNDAY + timedelta(days=2 if end == "expired" else 0), tick=False):
        answer = client.put(VOTE, headers=sent)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
        assert client.get("/api/v1/papers/2611.00001", headers=sent).status_code == 200


def test_a_token_in_the_address_is_no_token(edition, client):
    text = bearer(person())["Authorization"].split()[1]
    for name in ("access_token", "token", "Authorization"):
        assert client.put(f"{VOTE}?{name}={text}").status_code in {400, 401}
    assert not Vote.objects.exists()


def test_a_token_without_the_scope_is_told_which_it_lacks(edition, client):
    answer = client.put(VOTE, headers=bearer(person(), ["read", "comment"]))
    assert answer.status_code == 403
    assert answer["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="vote"'
    assert "no scope 'vote'" in answer.json()["detail"]


def test_a_paper_that_was_taken_back_cannot_be_voted_on(filled, client):
    answer = client.put("/api/v1/papers/2408.00714/vote", headers=bearer(person()))
    assert answer.status_code == 409
    assert client.put("/api/v1/papers/2611.99999/vote", headers=bearer(person("tom"))).status_code == 404


def test_too_many_votes_are_refused_with_how_many_and_until_when(edition, client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "vote=1/minute"})
    mira = bearer(person())
    assert client.put(VOTE, headers=mira).status_code == 200
    answer = client.put(VOTE.replace("00001", "00002"), headers=mira)
    assert answer.status_code == 429
    assert answer.json()["detail"] == "At most 1 vote a minute; ask again in 60 seconds."
    assert answer["Retry-After"] == "60"


def test_a_token_says_whose_it_is_and_what_it_may(edition, client):
    mira = person(name="Mira Koren")
    answer = client.get("/api/v1/me", headers=bearer(mira, ["vote"])).json()
    assert answer == {
        "handle": "mira",
        "name": "Mira Koren",
        "role": "reader",
        "kind": "person",
        "scopes": ["vote"],
        "is_agent": False,
        "publishes": True,
        "left": {"vote": 60},
    }
    assert client.get("/api/v1/me").status_code == 401


def test_pages_of_other_sites_may_read_and_never_write(edition, client):
    elsewhere = {"Origin": "https://elsewhere.example"}
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        first = elsewhere | {
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization",
        }
        answer = client.options(VOTE, headers=first)
        assert answer.status_code == 204
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    answer = client.put(VOTE, headers=elsewhere | bearer(person()))
    assert "Access-Control-Allow-Origin" not in answer
    batch = client.post(
        "/api/v1/papers/batch", ["2611.00001"], content_type="application/json", headers=elsewhere
    )
    assert batch["Access-Control-Allow-Origin"] == "*"


def test_other_methods_are_refused_with_those_that_the_address_takes(edition, client):
    answer = client.post(VOTE, headers=bearer(person()))
    assert (answer.status_code, answer["Allow"]) == (405, "DELETE, PUT")
