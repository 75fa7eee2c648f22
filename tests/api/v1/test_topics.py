"""Topics by the API and by every other way: the same papers in the same order, and nothing of others."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.test import Client
from tests.people import bearer, person
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.api.mcp import asking, tools, writing
from broadsheet.daily import noting, topics
from broadsheet.daily.entries import ListName
from broadsheet.daily.models import Topic
from broadsheet.http.shelf import shelf
from broadsheet.papers.models import Paper
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db
LEARNING = {"list": {"kind": "category", "name": "cs.LG"}, "name": "Learning"}


@pytest.fixture
def send(client):
    """Send JSON: `send("PATCH", "topics/learning", ada, name="Deep")`."""
    publish(paper(1), paper(2))

    def ask(method: str, address: str, who: Person | None = None, status: int = 200, /, **body: Any) -> Any:
        scopes = body.pop("scopes", None)
        answer = client.generic(
            method,
            f"/api/v1/{address}",
            b"" if method == "GET" else orjson.dumps(body),
            content_type="application/json",
            headers=(bearer(who, scopes) if scopes else bearer(who)) if who else {},
        )
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    return ask


def test_a_topic_is_saved_changed_stopped_followed_and_deleted(send):
    ada, ben = person("ada"), person("ben")
    made = send("POST", "topics", ada, 201, **LEARNING)
    assert (made["slug"], made["last"], made["is_mine"], made["followers"]) == ("learning", 2, True, 0)
    assert made["definition"] == "Papers in Machine Learning, newest first"
    changed = send("PATCH", "topics/learning", ada, name="Deep", order="added", is_stopped=True)
    assert (changed["name"], changed["list"]["order"], changed["size"]) == ("Deep", "added", 10)
    assert changed["stopped_at"]
    assert send("PUT", "topics/learning/follow", ben)["followers"] == 1
    assert [one["slug"] for one in send("GET", "topics/followed", ben)["topics"]] == ["learning"]
    followed = {"kind": "topic", "name": "learning", "shown": "Deep"}
    assert send("GET", "follows", ben)["follows"] == [followed]
    send("DELETE", "follows/topic/learning", ben, 204)
    assert send("PUT", "follows/topic/learning", ben) == followed
    send("PUT", "follows/topic/nothing", ben, 404)
    assert send("POST", "topics/learning/reports", ben, 201, reason="rude")["target"] is None
    assert send("GET", "topics/mine", ben)["topics"] == []
    send("PATCH", "topics/learning", ben, 403, name="Mine")
    send("DELETE", "topics/learning", ben, 403)
    send("DELETE", "topics/learning/follow", ben, 204)
    assert send("GET", "topics")["topics"][0] | {"is_mine": True} == changed
    send("DELETE", "topics/learning", ada, 204)
    send("GET", "topics/learning", ada, 404)


def test_a_private_topic_takes_a_token_of_its_owner_that_may_read(send):
    ada, ben = person("ada"), person("ben")
    slug = send("POST", "topics", ada, 201, **LEARNING, visibility="private")["slug"]
    for address in (f"topics/{slug}", f"topics/{slug}/papers", f"topics/{slug}/papers?since=0"):
        send("GET", address, ada)
        send("GET", address, ada, 404, scopes=["vote"])
        send("GET", address, ben, 404)
        send("GET", address, None, 404)
    for method, address in (("PATCH", ""), ("DELETE", ""), ("PUT", "/follow")):
        send(method, f"topics/{slug}{address}", ben, 404)
    assert send("GET", "topics", ben)["topics"] == []
    assert [one["slug"] for one in send("GET", "topics/mine", ada)["topics"]] == [slug]
    send("GET", "topics/mine", None, 401)


def test_what_cannot_be_saved_is_a_problem_that_says_why(send):
    ada = person("ada")
    for body, said in (
        ({"list": {"kind": "day", "name": "2026-11-20"}, "name": "x"}, "or 'library'"),
        ({"list": {"kind": "author", "name": "nobody"}, "name": "x"}, "There is no author"),
        ({"list": {"kind": "category", "name": "cs.LG", "order": "votes"}, "name": "x"}, "no such order"),
        (LEARNING | {"size": 41}, "less than or equal to 40"),
        (LEARNING | {"name": " "}, "Give the topic a name"),
        (LEARNING | {"visibility": "secret"}, "or 'private'"),
        (LEARNING | {"more": 1}, "Extra inputs"),
    ):
        assert said in send("POST", "topics", ada, 400, **body)["detail"]
    send("POST", "topics", ada, 403, **LEARNING, scopes=["read"])
    send("POST", "topics", None, 401, **LEARNING)
    assert not Topic.objects.exists()


def test_a_topic_that_is_sent_again_under_its_key_is_saved_once(send, client):
    headers = bearer(person("ada")) | {"Idempotency-Key": str(uuid4())}
    twice = [
        client.post(
            "/api/v1/topics", orjson.dumps(LEARNING), content_type="application/json", headers=headers
        )
        for _ in range(2)
    ]
    assert [one.json() for one in twice] == [twice[0].json()] * 2
    assert twice[1]["Location"] == "/api/v1/topics/learning"
    assert Topic.objects.count() == 1


def by_program(send, slug: str, since: int) -> list[str]:
    found, address = [], f"topics/{slug}/papers?since={since}&limit=2&fields=id"
    cursor = ""
    while cursor is not None:
        answer = send("GET", f"{address}&cursor={cursor}" if cursor else address)
        found += [one["paper"]["id"] for one in answer["papers"]]
        cursor = answer["next"]
    return found


def by_agent(slug: str, since: int) -> list[str]:
    found: list[str] = []
    while True:
        answer = tools.topic(slug, since, 2, len(found))
        found += [one.id for one in answer.papers]
        if len(found) == answer.total:
            return found


def by_page(slug: str, since: int) -> list[str]:
    html = Client().get(f"/topics/{slug}", {"since": since}).content.decode()
    return re.findall(r'class="headline"><a href="/papers/([0-9.]+)"', html)


def by_feed(slug: str, since: int) -> list[str]:
    items = Client().get(f"/topics/{slug}.json", {"since": since}).json()["items"]
    return [one["url"].rpartition("/")[2] for one in items]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_new_since_a_number_is_the_same_in_the_same_order_by_every_way(send, seed):
    chance = random.Random(seed)
    wanted = chance.choice([ListName("category", "cs.LG"), ListName("search", "paper"), ListName("trending")])
    while indexing.catch_up():
        pass
    topic = topics.save(Viewer(person("ada")), wanted, name="Mixed", size=3, now=SUNDAY)
    numbers = list(range(3, 14))
    chance.shuffle(numbers)
    for hour in range(1, 5):
        publish(*(paper(numbers.pop()) for _ in range(chance.randrange(3))))
        while indexing.catch_up():
            pass
        noting.note_new(topic, now=SUNDAY + timedelta(hours=hour))
    Paper.objects.filter(public_id=f"2611.{chance.randrange(1, 3):05}").update(withdrawn=True)
    shelf.clear()
    for since in range(topic.last + 1):
        mailed = [entry.paper.public_id for entry in noting.new_since(topic, since, limit=100)][::-1]
        ways = [by_program(send, "mixed", since), by_agent("mixed", since), by_page("mixed", since)]
        assert ways == [mailed] * 3
        assert by_feed("mixed", since) == mailed


def test_an_agent_saves_a_topic_with_a_dry_run_first_and_reads_what_is_new(send):
    asks = asking.viewer.set(Viewer(person("ada"), scopes=frozenset({"read", "save", "follow"}), via="mcp"))
    try:
        tried = writing.save_topic("category", "Learning", name="cs.LG", dry_run=True)
        assert (tried.is_written, tried.papers) == (False, 2)
        assert not Topic.objects.exists()
        made = writing.save_topic("category", "Learning", name="cs.LG")
        assert writing.save_topic("category", "Learning", name="cs.LG").slug == made.slug
        assert Topic.objects.get().visibility == "private"
        assert [one.id for one in tools.topic(made.slug).papers] == ["2611.00002", "2611.00001"]
        assert [one.slug for one in tools.list_topics().topics] == [made.slug]
        with pytest.raises(tools.RefusalError, match="There is no author"):
            writing.save_topic("author", "Nobody", name="nobody")
        assert writing.follow("topic", made.slug).stands
        assert not writing.follow("topic", made.slug, stands=False).stands
    finally:
        asking.viewer.reset(asks)
    with pytest.raises(tools.RefusalError, match="There is no topic"):
        tools.topic(made.slug)
    assert tools.list_topics().topics == []
