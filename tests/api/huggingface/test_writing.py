"""What Hugging Face's API takes is written, and read back by its clients."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from huggingface_hub import HfApi
from tests.api.huggingface.recorded import SUNDAY, complete, publish
from tests.people import bearer, person, said
from tests.sources.inputs import records

import clients
from broadsheet.community.models import Comment
from broadsheet.sources.files.huggingface import read_items

pytestmark = pytest.mark.django_db
PAPER = "/api/papers/2611.04242"
ASKING = Path(__file__).with_name("asking.py")
# All of what a comment is there.
FIELDS = {"id", "type", "author", "createdAt", "data"}
DATA = {
    "latest", "edited", "numEdits", "hidden", "hiddenReason", "hiddenBy", "held", "parentCommentId", "reactions",
}  # fmt: skip


@pytest.fixture
def post(client):
    """Post JSON: `post("/api/papers/index", mira, arxivId="2611.04242")`."""

    def send(address: str, who: dict[str, str], **body: object):
        return client.post(address, body, content_type="application/json", headers=who)

    return send


@pytest.fixture
def tides(db) -> None:
    publish(complete())


def test_a_comment_and_a_reply_are_written_and_read_with_the_paper(tides, client, post):
    mira = bearer(person("mira", name="Mira"))
    first = post(f"{PAPER}/comment", mira, comment="Is it $O(n)$?")
    assert first.status_code == 201
    one = first.json()
    assert (set(one), set(one["data"])) == (FIELDS, DATA)
    assert one["author"]["name"] == one["author"]["user"] == "mira"
    assert one["data"]["latest"]["raw"] == "Is it $O(n)$?"
    reply = post(f"{PAPER}/comment/{one['id']}/reply", mira, comment="It is.").json()
    assert reply["data"]["parentCommentId"] == one["id"]
    assert post(f"{PAPER}/comments", mira, comment="Under the other name.").status_code == 201
    whole = client.get(PAPER, {"field": "comments"}).json()
    assert [each["data"]["latest"]["raw"] for each in whole["comments"]] == [
        "Is it $O(n)$?",
        "It is.",
        "Under the other name.",
    ]
    assert (whole["numComments"], whole["here"]["comments"]) == (5, 3)
    assert "comments" not in client.get(PAPER).json()


@pytest.mark.django_db(transaction=True)
def test_what_was_written_is_read_back_by_the_client(tides, client, post, live_server):
    post(f"{PAPER}/comment", bearer(person()), comment="Is it?")
    client.put("/api/v1/papers/2611.04242/vote", headers=bearer(person("tom")))
    client.put("/api/v1/papers/2611.04242/vote", headers=bearer(person("ann"), is_agent=True))
    hub = HfApi(endpoint=live_server.url, token=False)
    lists = (*hub.list_daily_papers(date="2026-11-09"), *hub.list_papers(query="tide"))
    for info in (hub.paper_info("2611.04242"), *lists):
        assert (info.comments, info.upvotes) == (3, 8)
        assert (info.here["comments"], info.here["votes"], info.here["counted"]) == (1, 2, 1)
    assert len(lists) == 2


def test_a_paper_that_was_read_just_before_shows_the_vote_and_the_comment_at_once(tides, client, post):
    assert (client.get(PAPER).json()["upvotes"], client.get(PAPER).json()["numComments"]) == (7, 2)
    mira = bearer(person())
    client.put("/api/v1/papers/2611.04242/vote", headers=mira)
    assert client.get(PAPER).json()["upvotes"] == 8
    post(f"{PAPER}/comment", mira, comment="Is it?")
    assert client.get(PAPER).json()["numComments"] == 3
    client.delete("/api/v1/papers/2611.04242/vote", headers=mira)
    assert client.get(PAPER).json()["upvotes"] == 7


def test_a_site_that_reads_another_one_takes_its_peoples_votes_for_nobodys_elsewhere(tides, client, post):
    mira = bearer(person())
    client.put("/api/v1/papers/2611.04242/vote", headers=mira)
    post(f"{PAPER}/comment", mira, comment="Is it?")
    [item] = client.get("/api/daily_papers", {"date": "2026-11-09"}).json()
    alone = client.get(PAPER).json()
    assert (item["upvotes"], alone["upvotes"], alone["numComments"]) == (8, 8, 3)
    for told in (item, alone):
        [record] = records(read_items([(told, date(2026, 11, 9))], day=None, observed_at=SUNDAY))
        counted = {signal.name: signal.value for signal in record.signals}
        assert (counted["upvotes"], counted["comments"]) == (7, 2)
    publish(item)
    assert client.get(PAPER).json()["upvotes"] == 8
    [exported] = client.get("/api/v1/changes").json()["changes"][0]["records"]
    assert {"name": "upvotes", "value": 7} in exported["signals"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", clients.VERSIONS)
def test_what_was_written_is_read_back_by_older_clients(tides, post, live_server, tmp_path, version):
    if not clients.is_installed(version):
        pytest.skip(f"needs {clients.PACKAGE} {version}: run python tools/clients.py")
    mira = bearer(person())
    post(f"{PAPER}/comment", mira, comment="Is it?")
    Client().put("/api/v1/papers/2611.04242/vote", headers=mira)
    environment = os.environ | {"PYTHONPATH": str(clients.folder(version)), "HF_HOME": str(tmp_path)}
    asked = subprocess.run(
        [sys.executable, ASKING, live_server.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    assert {paper[2] for paper in json.loads(asked.stdout)["papers"]} == {8}


def test_who_may_not_write_is_told_why(tides, client, post):
    mira = person()
    first = said("Mine.", by=mira, paper="2611.04242")
    writes = [f"{PAPER}/comment", f"{PAPER}/comment/{first.pk:024x}/reply"]
    for address in writes:
        assert post(address, {}, comment="a").status_code == 401
        assert post(address, {"Authorization": "Bearer hf_x"}, comment="a").status_code == 401
        refused = post(address, bearer(mira, ["read", "vote"]), comment="a")
        assert (refused.status_code, refused["X-Error-Message"]) == (
            403,
            "This token has no scope 'comment'.",
        )
        read = client.get(address)
        assert (read.status_code, read["Allow"]) == (405, "POST")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"comment": ""}', b'{"comment": 5}', b'{"comment": null}',
        b'{"comment": "' + b"x" * 65_537 + b'"}', b'{"comment": "\xff"}', b'{"comment": "\\u202e"}',
        b'{"comment": "\\ud800"}',
    ],
)  # fmt: skip
def test_what_is_no_comment_is_refused(tides, client, content):
    answer = client.post(
        f"{PAPER}/comment", content, content_type="application/json", headers=bearer(person())
    )
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Comment.objects.exists()


def test_what_is_not_there_cannot_be_answered(tides, post):
    mira = bearer(person())
    for address in (
        "/api/papers/2611.99999/comment",
        f"{PAPER}/comment/{99:024x}/reply",
        f"{PAPER}/comment/{2**70:024x}/reply",
        f"{PAPER}/comment/first/reply",
    ):
        assert post(address, mira, comment="a").status_code == 404


def test_a_hidden_comment_comes_without_its_text(tides, client):
    comment = said("An insult.", by=person(), paper="2611.04242")
    Comment.objects.filter(pk=comment.pk).update(state="hidden")
    (hidden,) = client.get(PAPER, {"field": "comments"}).json()["comments"]
    assert hidden["data"]["latest"] == {"raw": "", "html": ""}
    assert (hidden["data"]["hidden"], hidden["data"]["hiddenBy"]) == (True, "moderator")
