"""Topics as pages, feeds and files: whose they are, what is new in them, and the forms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community.models import Deed
from broadsheet.daily import noting, topics
from broadsheet.daily.entries import ListName
from broadsheet.daily.models import Topic
from broadsheet.http.shelf import shelf
from broadsheet.papers.models import Paper
from broadsheet.search import indexing
from broadsheet.web.topic_weeks import weeks

pytestmark = pytest.mark.django_db
LATER = SUNDAY + timedelta(hours=1)
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def ada() -> Viewer:
    publish(paper(1), paper(2))
    return Viewer(person=Person.objects.create(handle="ada"))


def of(viewer: Viewer) -> Client:
    client = Client(**HERE)
    client.force_login(viewer.person)
    return client


def save(viewer: Viewer, **more) -> Topic:
    return topics.save(viewer, ListName("category", "cs.LG"), **{"name": "Learning", "now": SUNDAY, **more})


def come(topic: Topic, *numbers: int) -> None:
    publish(*(paper(number) for number in numbers))
    noting.note_new(topic, now=LATER)
    shelf.clear()


def ids(html: str) -> list[str]:
    return re.findall(r'class="headline"><a href="/papers/([0-9.]+)"', html)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_list_is_saved_by_a_form_that_its_page_leads_to(ada):
    while indexing.catch_up():
        pass
    client = of(ada)
    for address in (
        "/categories/cs.LG",
        "/authors/author-a-of-1",
        "/organizations/mira",
        "/papers/trending?over=day",
        "/papers/discussed",
        "/papers/undiscovered",
        "/papers/2611.00001/similar",
        "/papers?q=paper&sort=votes",
    ):
        leads = re.search(r'href="(/topics/new\?[^"]+)"', text(client, address))
        form = text(client, leads[1].replace("&amp;", "&"))
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        order = re.search(r'<option value="(\w*)" selected', form)
        sent = fields | {"title": f"From {address}", "size": "5", "visibility": "public"}
        response = client.post("/topics/new", sent | ({"order": order[1]} if order else {}))
        assert response.status_code == 303
        assert 'class="kicker"' in text(client, response["Location"])
    assert Topic.objects.count() == 8
    assert Topic.objects.get(name__endswith="votes").wanted == {
        "kind": "search",
        "name": "paper",
        "order": "votes",
    }


def test_a_stranger_who_wants_to_save_is_led_to_where_one_signs_in(ada):
    response = Client().get("/topics/new?kind=category&name=cs.LG")
    assert response.status_code == 303
    assert response["Location"].startswith("/accounts/login")
    assert Client(**HERE).post("/topics/new", {"kind": "category", "name": "cs.LG"}).status_code == 303
    assert not Topic.objects.exists()


def test_what_cannot_be_saved_is_said_beside_the_form(ada):
    sent = {"kind": "category", "name": "cs.LG", "title": "", "size": "5", "visibility": "public"}
    response = of(ada).post("/topics/new", sent)
    assert response.status_code == 422
    assert "Give the topic a name" in response.content.decode()
    assert of(ada).post("/topics/new", sent | {"name": "nothing at all"}).status_code == 404
    assert of(ada).post("/topics/new", sent | {"kind": "day", "title": "x"}).status_code == 422


def test_the_page_has_what_came_the_last_first_and_what_is_new_since_one_looked(ada):
    topic, client = save(ada), of(ada)
    assert ids(text(client, "/topics/learning")) == ["2611.00002", "2611.00001"]
    client.post("/topics/learning/look", {"number": "2"})
    come(topic, 3, 4)
    html = text(client, "/topics/learning")
    assert ids(html) == ["2611.00004", "2611.00003", "2611.00002", "2611.00001"]
    assert html.count("New since you looked") == 2
    assert '<a href="/topics/learning?since=2">2 new since you looked</a>' in html
    assert ids(text(client, "/topics/learning?since=2")) == ["2611.00004", "2611.00003"]
    assert "New since you looked" not in text(Client(), "/topics/learning")
    client.post("/topics/learning/look", {"number": "4"})
    assert "Nothing new since you looked" in text(client, "/topics/learning")


def test_reading_a_topic_changes_nothing(ada):
    save(ada)
    client = of(ada)
    text(client, "/topics/learning")
    before = list(Topic.objects.values())
    text(client, "/topics/learning?since=1")
    assert list(Topic.objects.values()) == before
    assert topics.looked_until(ada, Topic.objects.get()) is None


def test_a_private_topic_is_not_there_for_others_by_any_address(ada):
    topic = save(ada, visibility="private")
    ben = Viewer(person=Person.objects.create(handle="ben"))
    places = ["", ".atom", ".rss", ".json", ".bib", ".ris", ".csl.json", "?since=0"]
    for place in places:
        address = f"/topics/{topic.slug}{place}"
        assert of(ada).get(address).status_code == 200, address
        for other in (Client(), of(ben)):
            assert other.get(address).status_code == 404, address
    for form in ("change", "follow", "look"):
        assert of(ben).post(f"/topics/{topic.slug}/{form}", {"deed": "delete"}).status_code == 404
    assert topic.slug not in text(of(ben), "/topics")
    assert topic.slug in text(of(ada), "/topics")


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_what_is_not_for_everybody_is_kept_by_nobody_and_found_by_no_search_engine(ada, visibility):
    topic = save(ada, visibility=visibility)
    shelf.clear()
    for form in ("", ".atom", ".bib"):
        response = of(ada).get(f"/topics/{topic.slug}{form}")
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
    assert not len(shelf)
    if visibility == "unlisted":
        assert "no-store" in Client().get(f"/topics/{topic.slug}")["Cache-Control"]
        assert not len(shelf)


def test_a_topic_that_becomes_private_is_gone_at_once(ada):
    topic = save(ada)
    assert Client().get("/topics/learning").status_code == 200
    assert Client().get("/topics/learning.atom").status_code == 200
    topics.change(ada, topic.slug, visibility="private", now=SUNDAY)
    assert Client().get("/topics/learning").status_code == 404
    assert Client().get("/topics/learning.atom").status_code == 404


def test_the_feeds_have_the_papers_of_the_page_in_its_order(ada):
    come(save(ada), 3, 4)
    expected = ids(text(Client(), "/topics/learning"))
    feed = ET.fromstring(Client().get("/topics/learning.atom").content)
    link = "{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}link[@rel='alternate']"
    assert [one.get("href").rpartition("/")[2] for one in feed.findall(link)] == expected
    since = Client().get("/topics/learning.json?since=2").json()
    assert [one["url"].rpartition("/")[2] for one in since["items"]] == expected[:2]
    rss = Client().get("/topics/learning.rss?since=3").content.decode()
    assert re.findall(r"<item>.*?/papers/([0-9.]+)</link>", rss, re.DOTALL) == expected[:1]


@pytest.mark.parametrize("since", ["x", "-1", "1" * 30, "²"])
def test_a_number_that_is_none_is_refused(ada, since):
    save(ada)
    assert Client().get("/topics/learning", {"since": since}).status_code == 404
    assert Client().get("/topics/learning.atom", {"since": since}).status_code == 404


def test_the_owner_changes_stops_and_deletes_a_topic_by_its_forms(ada):
    save(ada)
    client = of(ada)
    sent = {"deed": "change", "title": "Deep learning", "size": "7", "visibility": "public", "order": "added"}
    assert client.post("/topics/learning/change", sent).status_code == 303
    topic = Topic.objects.get()
    assert (topic.name, topic.size, topic.wanted["order"]) == ("Deep learning", 7, "added")
    assert "Deep learning" in text(Client(), "/topics/learning")
    client.post("/topics/learning/change", {"deed": "stop"})
    assert Topic.objects.get().stopped_at
    client.post("/topics/learning/change", {"deed": "go-on"})
    assert not Topic.objects.get().stopped_at
    assert client.post("/topics/learning/change", sent | {"size": "99"}).status_code == 422
    client.post("/topics/learning/change", {"deed": "delete"})
    assert not Topic.objects.exists()


def test_moderators_make_a_reported_topic_private_and_its_owner_cannot_undo_that(ada):
    save(ada, name="Rude")
    ben, mo = (
        Viewer(person=Person.objects.create(handle=handle, role=role))
        for handle, role in (("ben", "reader"), ("mo", "moderator"))
    )
    assert "/topics/rude/report" in text(of(ben), "/topics/rude")
    assert "/topics/rude/report" not in text(of(ada), "/topics/rude")
    assert "Reported" in of(ben).post("/topics/rude/report", {"reason": "rude"}).content.decode()
    assert '<a href="/topics/rude">Rude</a>' in text(of(mo), "/moderation")
    said = {"verb": "withhold", "kind": "topic", "target": Topic.objects.get().pk, "reason": "Its name."}
    assert of(mo).post("/moderation/act", said).status_code == 303
    assert Client().get("/topics/rude").status_code == 404
    assert "Rude" not in text(Client(), "/topics") + text(Client(), "/moderation/log")
    assert "A topic was made private" in text(Client(), "/moderation/log")
    assert "Moderators made this topic private" in text(of(ada), "/topics/rude")
    sent = {"deed": "change", "title": "Rude", "size": "7", "visibility": "public"}
    assert of(ada).post("/topics/rude/change", sent).status_code == 422
    of(mo).post("/moderation/undo", {"deed": Deed.objects.get().pk, "reason": "It was a word of theirs."})
    assert "Rude" in text(Client(), "/topics/rude")
    assert of(ada).post("/topics/rude/change", sent).status_code == 303


def test_the_settings_list_the_topics_that_one_follows_and_end_that(ada):
    topic, client = save(ada), of(ada)
    topics.follow(ada, topic.slug, now=SUNDAY)
    assert '<a href="/topics/learning">Learning</a>' in text(client, "/settings")
    client.post(
        "/topics/learning/follow", {"stands": "no"}, headers={"Referer": "http://testserver/settings"}
    )
    assert "/topics/learning" not in text(client, "/settings")


def test_the_list_of_topics_has_those_for_everybody_by_followers_and_ones_own(ada):
    for name in ("Alpha", "Beta", "Gamma"):
        save(ada, name=name)
    ben = Viewer(person=Person.objects.create(handle="ben"))
    of(ben).post("/topics/gamma/follow", {"stands": "yes"})
    shelf.clear()
    shown = [
        re.findall(r'<a href="/topics/(\w+)">', text(who, "/topics")) for who in (Client(), of(ben), of(ada))
    ]
    public = ["gamma", "alpha", "beta"]
    assert shown == [public, ["gamma", *public], ["alpha", "beta", "gamma", *public]]
    of(ben).post("/topics/gamma/follow", {"stands": "no"})
    assert not topics.followed_by(ben)


def test_a_list_of_topics_takes_as_many_queries_for_many_as_for_few(ada, count_queries):
    while indexing.catch_up():
        pass
    save(ada)
    shelf.clear()
    few = count_queries(Client().get, "/topics")
    for number in range(20):
        kind, name = [
            ("author", "author-a-of-1"),
            ("organization", "mira"),
            ("similar", "2611.00001"),
            ("search", "x"),
        ][number % 4]
        topics.save(ada, ListName(kind, name), name=f"Topic {number}", now=SUNDAY)
    shelf.clear()
    assert count_queries(Client().get, "/topics") <= few + 6


def test_the_page_shows_papers_a_week_as_a_drawing_and_as_a_table(ada):
    come(save(ada), 3)
    html = text(Client(), "/topics/learning")
    assert 'aria-labelledby="weeks-title weeks-desc"' in html
    assert "the first on" in html
    drawn = weeks(
        {date(2026, 11, 20): 3, date(2026, 11, 22): 1, date(2025, 1, 1): 9}, today=date(2026, 11, 24)
    )
    assert [(week.first, week.papers) for week in drawn.weeks[-2:]] == [
        (date(2026, 11, 16), 4),
        (date(2026, 11, 23), 0),
    ]
    assert (drawn.first, drawn.last, drawn.most, len(drawn.weeks)) == (
        date(2025, 1, 1),
        date(2026, 11, 22),
        4,
        26,
    )


def test_a_withdrawn_paper_is_in_no_form_of_a_topic(ada):
    save(ada)
    Paper.objects.filter(public_id="2611.00002").update(withdrawn=True)
    shelf.clear()
    assert ids(text(Client(), "/topics/learning")) == ["2611.00001"]
