"""A person with Hugging Face's client: who am I, index, submit, comment, reply, and read it all back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import huggingface_hub
import pytest
from django.utils import timezone
from tests.people import bearer, person
from tests.web.press import paper, publish

import clients
from broadsheet.community.models import Comment, Submission
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db(transaction=True)
TELLING = Path(__file__).with_name("telling.py")
NAME = "2611.00007"


@pytest.fixture
def environments(tmp_path) -> Iterator[dict[str, dict[str, str]]]:
    """The environment of each version of the client that is there: the oldest and the newest."""
    plain = os.environ | {"HF_HOME": str(tmp_path), "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    found = {huggingface_hub.__version__: plain}
    for version in clients.VERSIONS[:1]:
        if clients.is_installed(version):
            found[version] = plain | {"PYTHONPATH": str(clients.folder(version))}
    return found


def run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def posted(url: str, token: str, address: str, status: int, **body: str) -> dict[str, Any]:
    answer = httpx2.post(f"{url}/api/{address}", json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.thorough
def test_what_a_person_does_by_plain_http_is_read_back_by_the_clients(live_server, environments):
    today = timezone.now().date()
    published = today - timedelta(days=2)
    publish(paper(7, listed=None, published=published, signals=()))
    while indexing.catch_up():
        pass
    mira = person("mira", name="Mira Koren", email="mira@example.org")
    token = bearer(mira)["Authorization"].split()[1]
    for environment in environments.values():
        asked = environment | {"HF_ENDPOINT": live_server.url, "HF_TOKEN": token}
        assert "mira" in run(asked, "-m", "huggingface_hub.cli.hf", "auth", "whoami")

    assert posted(live_server.url, token, "papers/index", 200, arxivId=NAME) == {}
    submitted = posted(live_server.url, token, "papers/submit", 201, paperId=NAME, comment="Worth a look.")
    assert submitted == {"state": "accepted", "url": f"{live_server.url}/papers/{NAME}"}
    first = posted(live_server.url, token, f"papers/{NAME}/comment", 201, comment="Is it $O(n)$?")
    reply = posted(
        live_server.url, token, f"papers/{NAME}/comment/{first['id']}/reply", 201, comment="It is."
    )
    assert reply["data"]["parentCommentId"] == first["id"]
    vote = httpx2.put(
        f"{live_server.url}/api/v1/papers/{NAME}/vote", headers={"Authorization": f"Bearer {token}"}
    )
    assert vote.json()["counts"] is True
    assert Submission.objects.get().state == "accepted"
    assert Comment.objects.count() == 3

    whole = httpx2.get(f"{live_server.url}/api/papers/{NAME}?field=comments").json()
    assert [one["data"]["latest"]["raw"] for one in whole["comments"]] == [
        "Worth a look.",
        "Is it $O(n)$?",
        "It is.",
    ]
    assert {one["author"]["name"] for one in whole["comments"]} == {"mira"}
    for version, environment in environments.items():
        said = json.loads(run(environment, str(TELLING), live_server.url, token, NAME, str(today)))
        assert said["version"] == version
        assert said["whoami"] == ["user", "mira", "Mira Koren", "mira@example.org", []]
        (listed,) = said["listed"]
        assert said["alone"] == listed
        assert listed == {
            "id": NAME,
            "title": "Paper number 7",
            "upvotes": 1,
            "comments": 3,
            "authors": [one["name"] for one in whole["authors"]],
            "published_at": f"{published} 08:00:00+00:00",
            "submitted_at": f"{today} 00:00:00+00:00",
            "submitted_by": "mira",
        }
