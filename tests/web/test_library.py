"""A reader's library as a page: states, search, tags, notes, and what is done with all of it at once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.library import notes, own, saving, tagging
from broadsheet.library.models import Note, Saved, Tagged
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.reading import resolve

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def papers():
    publish(*(paper(number) for number in range(1, 6)))


@pytest.fixture
def ana() -> Viewer:
    return Viewer(Person.objects.create(handle="ana", vouched_at=SUNDAY, joined_at=SUNDAY))


@pytest.fixture
def browser(ana) -> Client:
    browser = Client(headers=OURS)
    browser.force_login(ana.person)
    return browser


def one(number: int) -> tuple[int, str]:
    pk, public_id = resolve(f"2611.{number:05}")
    return pk, with_scheme(public_id)


def save(viewer: Viewer, number: int, state: str = "to_read", *tags: str) -> int:
    pk, named = one(number)
    saving.save(viewer, pk, named, state=state, now=SUNDAY)
    if tags:
        tagging.tag(viewer, {pk: named}, tags, now=SUNDAY)
    return pk


def shown(page) -> list[int]:
    return list(map(int, re.findall(r'data-paper="(\d+)"', page.content.decode())))


def test_the_library_has_its_states_as_tabs_with_counts(browser, ana):
    first, second = save(ana, 1), save(ana, 2, "read")
    page = browser.get("/library")
    assert shown(page) == [second, first]
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", page.content.decode()))
    for tab in ("All 2", "To read 1", "Reading 0", "Read 1", "Set aside 0", "Voted 0", "Hidden 0"):
        assert tab in text
    assert shown(browser.get("/library?q=state:read")) == [second]
    assert page["Cache-Control"] == "private, no-store"


def test_a_tab_keeps_what_else_is_asked_for(browser, ana):
    save(ana, 1, "read", "survey")
    page = browser.get("/library?q=state:read tag:survey").content.decode()
    assert 'href="/library?q=state%3Areading+tag%3Asurvey"' in page
    assert 'href="/library?q=tag%3Asurvey"' in page
    assert re.search(r'href="/library\?q=state%3Aread"[^>]*>\s*tag:survey', page)


def test_notes_and_tags_stand_with_their_paper(browser, ana):
    pk = save(ana, 1, "to_read", "survey")
    notes.write(ana, pk, one(1)[1], "Worth a <second> look", now=SUNDAY)
    page = browser.get("/library").content.decode()
    assert "Worth a &lt;second&gt; look" in page
    assert 'href="/library?q=tag%3Asurvey"' in page


def test_an_empty_library_says_how_to_fill_it(browser):
    assert "Nothing is saved yet" in browser.get("/library").content.decode()
    assert "Nothing in your library" in browser.get("/library?q=tag:x").content.decode()


def test_a_stranger_is_led_in_and_nobody_sees_what_is_anothers(client, ana):
    save(ana, 1, "to_read", "secret-tag")
    assert client.get("/library").status_code == 303
    assert client.get("/library/tags").status_code == 303
    bea = Client(headers=OURS)
    bea.force_login(Person.objects.create(handle="bea"))
    for address in ("/library", "/library?q=tag:secret*", "/library/tags", "/papers/2611.00001"):
        page = bea.get(address)
        assert "secret-tag" not in page.content.decode()
        assert address.startswith("/papers") or shown(page) == []


@pytest.mark.parametrize("address", ["/library?sort=votes", "/library?page=2", "/library?page=x"])
def test_what_there_is_not_is_not_found(browser, address):
    assert browser.get(address).status_code == 404


def test_an_act_on_all_results_reaches_those_on_other_pages(browser, ana, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"page_size": 10})
    publish(*(paper(number) for number in range(6, 30)))
    for number in range(1, 30):
        save(ana, number, "to_read" if number < 25 else "read")
    answer = browser.post("/library/change", {"q": "state:to_read", "do": "tag", "tag": "term"})
    assert (answer.status_code, answer["Location"]) == (303, "/library?q=state%3Ato_read")
    assert Tagged.objects.count() == 24
    browser.post("/library/change", {"q": "tag:term", "do": "state", "state": "set_aside"})
    assert own.states(ana.pk) == {"set_aside": 24, "read": 5}
    browser.post("/library/change", {"q": "tag:term", "do": "untag", "tag": "term"})
    assert Tagged.objects.count() == 0
    browser.post("/library/change", {"q": "state:set_aside", "do": "end"})
    assert Saved.objects.count() == 5
    for _ in range(4):
        browser.post("/library/undo")
    assert (Saved.objects.count(), Tagged.objects.count()) == (29, 0)
    assert own.states(ana.pk) == {"to_read": 24, "read": 5}


@pytest.mark.parametrize(
    "form", [{"do": "tag", "tag": ""}, {"do": "state", "state": "lost"}, {"do": "x"}, {}]
)
def test_an_act_that_says_nothing_is_refused(browser, ana, form):
    save(ana, 1)
    answer = browser.post("/library/change", form)
    assert answer.status_code == 422
    assert own.states(ana.pk) == {"to_read": 1}


def test_tags_are_renamed_joined_and_deleted_in_place(browser, ana):
    save(ana, 1, "to_read", "a", "b")
    save(ana, 2, "to_read", "b")
    assert browser.post("/library/tags", {"tag": "a", "to": "b"})["Location"] == "/library/tags"
    assert [(tag.name, tag.papers) for tag in tagging.mine(ana)] == [("b", 2)]
    browser.post("/library/tags", {"tag": "b", "to": "c/d", "do": "rename"})
    browser.post("/library/tags", {"tag": "c/d", "do": "delete"})
    assert tagging.mine(ana) == []
    assert Saved.objects.count() == 2
    assert browser.post("/library/tags", {"tag": "gone", "do": "delete"}).status_code == 404
    assert browser.post("/library/tags", {"tag": "gone", "to": ""}).status_code == 422


def test_the_page_of_a_paper_has_its_tags_and_private_notes(browser, client, ana):
    pk, address = one(1)[0], "/papers/2611.00001"
    browser.post(f"{address}/tags", {"tag": "survey"}, headers={"Referer": f"http://testserver{address}"})
    answer = browser.post(f"{address}/notes", {"text": "A *fine* lemma."})
    assert answer["Location"] == address
    page = browser.get(address).content.decode()
    assert "A <em>fine</em> lemma." in page
    assert "To read, saved" in page
    assert 'id="tag"' in page
    assert 'id="note"' in page
    note = Note.objects.get()
    browser.post(f"{address}/notes/{note.pk}", {"text": "Other."})
    assert Note.objects.get().source == "Other."
    for other in (client, _other()):
        text = other.get(address).content.decode()
        assert "Other." not in text
        assert "survey" not in text
    assert _other("bob").post(f"{address}/notes/{note.pk}", {"do": "delete"}).status_code == 404
    browser.post(f"{address}/notes/{note.pk}", {"do": "delete"})
    assert not Note.objects.exists()
    browser.post(f"{address}/tags", {"tag": "survey", "stands": "no"})
    assert own.details(ana.pk, [pk])[pk].tags == ()


def _other(handle: str = "bea") -> Client:
    other = Client(headers=OURS)
    other.force_login(Person.objects.get_or_create(handle=handle)[0])
    return other


def test_what_is_written_wrongly_is_said(browser):
    address = "/papers/2611.00001"
    assert browser.post(f"{address}/notes", {"text": " "}).status_code == 400
    assert browser.post(f"{address}/tags", {"tag": "x" * 500}).status_code == 400
    assert browser.post("/papers/2611.99999/notes", {"text": "x"}).status_code == 404


def test_a_filter_is_saved_from_the_page_as_a_topic_for_oneself(browser, ana):
    save(ana, 1, "read")
    form = browser.get("/topics/new?kind=library&name=state:read").content.decode()
    assert "What I keep that matches" in form
    assert 'value="public"' not in form
    sent = {"kind": "library", "name": "state:read", "title": "Read", "size": "5", "visibility": "private"}
    slug = browser.post("/topics/new", sent)["Location"]
    assert "Read</a>" in browser.get("/library").content.decode()
    assert Client().get(slug).status_code == 404
    assert browser.post("/topics/new", sent | {"visibility": "public"}).status_code == 422
    assert topics.mine(ana).get().wanted == {"kind": "library", "name": "state:read", "order": "saved"}


def test_a_feed_of_a_filter_is_at_a_secret_address(browser, ana):
    save(ana, 1, "read", "survey")
    page = browser.post("/settings/feeds", {"of": "/library?q=tag:survey"}).content.decode()
    atom = re.search(r"/feeds/[\w-]+\.atom", page)[0]
    assert "Paper number 1" in Client().get(atom).content.decode()
    assert Client().get(atom.replace(".atom", "x.atom")).status_code == 404


def test_a_paper_opened_from_the_library_leads_on_in_it(browser, ana):
    save(ana, 1)
    save(ana, 2)
    page = browser.get("/papers/2611.00002", headers={"Referer": "http://testserver/library?q=state:to_read"})
    walk = re.search(r'<nav class="walk".*?</nav>', page.content.decode(), re.DOTALL)[0]
    assert "/papers/2611.00001?of=%2Flibrary%3Fq%3Dstate%253Ato_read&amp;at=2" in walk
    assert Client().get("/papers/2611.00002?of=/library&at=1").content.decode().count('class="walk"') == 0


def test_the_page_of_a_library_asks_as_much_for_many_papers_as_for_few(browser, ana, count_queries):
    save(ana, 1, "read", "a")
    few = count_queries(browser.get, "/library")
    for number in range(2, 6):
        save(ana, number, "read", "a", f"b{number}")
    assert count_queries(browser.get, "/library") <= few + 1


def test_a_list_of_a_library_is_read_by_nobody_through_other_addresses(client, ana):
    save(ana, 1, "read", "survey")
    for form in ("atom", "rss", "json", "bib", "ris", "csl.json"):
        assert client.get(f"/library.{form}").status_code == 404
    assert "survey" not in str(ListName("library"))
