"""The discussion of a paper as a feed: what everybody reads, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from lxml import etree
from tests.people import person, said
from tests.web.press import SUNDAY, paper, publish
from tests.web.test_feeds import FORMS, TYPES, checked

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import commenting
from broadsheet.community.models import Comment
from broadsheet.http.shelf import shelf

pytestmark = pytest.mark.django_db
HERE = "/papers/2611.00001/discussion"


@pytest.fixture(autouse=True)
def _talk(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})
    publish(paper(1))


def say(text: str, who: Person, **more) -> Comment:
    return said(text, by=who, paper="2611.00001", **more)


def read(client, form: str = "atom") -> str:
    shelf.clear()
    answer = client.get(f"{HERE}.{form}")
    assert (answer.status_code, answer["Content-Type"]) == (200, f"{TYPES[form]}; charset=utf-8")
    return answer.content.decode()


def test_the_page_leads_to_its_feeds_which_keep_the_rules_of_their_forms(client):
    mira = person("mira", name="Mira Koren")
    first = say("Is $x^2$ <script>alert(1)</script> **tight**?", mira)
    with time_machine.travel(SUNDAY + timedelta(days=90)):
        say("It is.", person("tom"), answers=first)
    page = etree.HTML(client.get(HERE).content)
    linked = {one.get("type"): one.get("href") for one in page.xpath('//head/link[@rel="alternate"][@title]')}
    ids = []
    for form in FORMS:
        assert linked[TYPES[form]] == f"{HERE}.{form}"
        content = read(client, form)
        ids.append(checked(form, content.encode()))
        assert "<script" not in content
        assert "Mira Koren wrote" in content
    assert ids[0] == ids[1] == ids[2]
    assert len(ids[0]) == 2


def test_only_what_everybody_reads_is_in_it(client):
    mira, tom = person("mira"), person("tom")
    shown, hidden, withdrawn = say("Seen.", mira), say("An insult.", tom), say("Regretted.", tom)
    say("By a program.", mira, via=Viewer(mira, is_agent=True))
    Comment.objects.filter(pk=hidden.pk).update(state="hidden")
    commenting.withdraw(Viewer(tom), withdrawn.pk, now=SUNDAY)
    client.force_login(tom)
    for form in FORMS:
        content = read(client, form)
        assert "Seen." in content
        assert not [text for text in ("insult", "Regretted", "program", "people/tom") if text in content]
    assert f"{HERE}/{shown.pk}" in read(client)


def test_what_an_agent_wrote_says_so(client):
    mira = person("mira", name="Mira Koren")
    say("By a program.", mira, via=Viewer(mira, is_agent=True, publishes=True))
    for form in FORMS:
        assert "Mira Koren (agent) wrote" in read(client, form)


def test_a_vote_changes_nothing_and_an_edit_its_item_alone(client):
    mira, tom = person("mira"), person("tom")
    first = say("First.", mira)
    before = read(client)
    commenting.find_helpful(Viewer(tom), first.pk, stands=True, now=SUNDAY)
    assert read(client) == before
    commenting.edit(Viewer(mira), first.pk, "First of all.", now=first.written_at + timedelta(hours=1))
    after = read(client)
    assert "First of all." in after
    assert checked("atom", after.encode()) == checked("atom", before.encode())


def test_it_is_asked_for_again_only_where_something_changed(client):
    say("First.", person("mira"))
    first = client.get(f"{HERE}.atom")
    again = client.get(f"{HERE}.atom", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    say("Second.", person("tom"))
    assert client.get(f"{HERE}.atom", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_another_name_leads_on_and_what_is_not_there_is_not_found(client):
    answer = client.get("/papers/arXiv:2611.00001v1/discussion.rss")
    assert (answer.status_code, answer["Location"]) == (301, f"{HERE}.rss")
    assert client.get("/papers/2611.99999/discussion.atom").status_code == 404
    assert client.post(f"{HERE}.atom", headers={"sec-fetch-site": "same-origin"}).status_code == 405


def test_a_site_for_members_shows_it_to_nobody_else(client, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open", "reading": "members"})
    say("First.", person("mira"))
    answer = client.get(f"{HERE}.atom")
    assert answer.status_code == 401
    assert "First." not in answer.content.decode()


def test_who_left_is_named_no_more(client):
    mira = person("mira", name="Mira Koren")
    say("First.", mira)
    Person.objects.filter(pk=mira.pk).update(leaving_at=SUNDAY)
    content = read(client)
    assert "a reader who left wrote" in content
    assert "Mira" not in content
    assert "people/" not in content
