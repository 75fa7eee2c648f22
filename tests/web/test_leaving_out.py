"""What a reader leaves out, on pages and in feeds of their own."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.library import ignoring
from broadsheet.library.models import ListFeed

pytestmark = pytest.mark.django_db
SECRET = "unheard-of"
TITLE = re.compile(r"Paper \d+ on [\w-]+")
PAGES = [
    "/",
    "/papers/date/2026-11-20",
    "/papers/week/2026-W47",
    "/papers/month/2026-11",
    "/papers/trending",
    "/authors/author-a-of-1",
    "/organizations/mira",
    "/categories/cs.LG",
    "/papers",
]


@pytest.fixture
def ada() -> Client:
    """Somebody who leaves out a word that no other reader has heard of."""
    publish(
        *(
            paper(number, title=f"Paper {number} on {SECRET if number % 2 else 'soup'}")
            for number in range(1, 9)
        )
    )
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    person = Person.objects.create(handle="ada", joined_at=SUNDAY, vouched_at=SUNDAY)
    ignoring.ignore(Viewer(person), "word", SECRET, now=SUNDAY)
    client.force_login(person)
    return client


def html(client: Client, address: str) -> str:
    return unescape(client.get(address).content.decode())


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_is_without_what_its_reader_leaves_out_and_says_how_much_and_nothing_of_it_is_kept(
    ada, client, address, is_first
):
    everybody = "" if is_first else html(client, address)
    mine = ada.get(address)
    shown = unescape(mine.content.decode())
    assert SECRET not in shown
    assert mine.headers["Cache-Control"] == "private, no-store"
    everybody = everybody or html(client, address)
    theirs = {one for one in TITLE.findall(everybody) if SECRET in one}
    assert theirs
    said = re.search(r"(\d+) papers? (?:is|are) hidden by what you leave out\.", shown)
    assert int(said[1]) == len(theirs)
    assert {*TITLE.findall(shown)} == {*TITLE.findall(everybody)} - theirs
    assert "hidden by what you leave out" not in everybody
    assert html(client, address) == everybody


def test_a_page_of_which_all_is_left_out_does_not_say_that_there_is_nothing(ada):
    ada.post("/settings/left-out", {"kind": "category", "name": "cs.LG"})
    shown = html(ada, "/categories/cs.LG")
    assert "8 papers are hidden by what you leave out." in shown
    assert "No paper that we have" not in shown


def test_places_stay_those_of_everybody(ada, client):
    places = re.compile(r'<li value="(\d+)">.*?(Paper \d+)', re.DOTALL)
    everybody = dict(map(reversed, places.findall(html(client, "/papers/trending"))))
    mine = dict(map(reversed, places.findall(html(ada, "/papers/trending"))))
    assert mine
    assert mine == {title: place for title, place in everybody.items() if title in mine}


def test_something_is_left_out_and_shown_again_by_forms(ada):
    assert f"“{SECRET}”" in html(ada, "/settings/left-out")
    ada.post("/settings/left-out", {"kind": "word", "name": SECRET, "stands": "no"})
    assert "Nothing yet" in html(ada, "/settings/left-out")
    where = {"Referer": "http://testserver/authors/author-a-of-1"}
    answer = ada.post("/settings/left-out", {"kind": "author", "name": "author-a-of-1"}, headers=where)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/authors/author-a-of-1")
    assert "Left out of my lists" in html(ada, "/authors/author-a-of-1")
    assert "Author A of 1" in html(ada, "/settings/left-out")
    answer = ada.post("/settings/left-out", {"kind": "author", "name": "nobody"})
    assert answer.status_code == 422
    assert "There is no author of that name here." in answer.content.decode()


def test_only_a_reader_leaves_out_anything(client, ada):
    assert client.get("/settings/left-out").headers["Location"].startswith("/accounts/login/")
    answer = client.post(
        "/settings/left-out", {"kind": "word", "name": "x"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.headers["Location"].startswith("/accounts/login/")


def feeds_of(client: Client, of: str) -> list[str]:
    shown = client.post("/settings/feeds", {"of": of}).content.decode()
    return [address.removeprefix("http://testserver") for address in re.findall("<code>(.*?)</code>", shown)]


@pytest.mark.parametrize("of", [*PAGES, "http://testserver/papers/trending?over=day"])
def test_any_list_is_a_feed_of_ones_own_at_a_secret_address(ada, client, of, settings):
    addresses = feeds_of(ada, of)
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"reading": "members"})
    assert len(addresses) == 3
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        content = answer.content.decode()
        assert SECRET not in content
        assert ("hidden by what you leave out" in content) == ("soup" in content)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert address.rpartition(".")[0] in content
        assert address not in html(ada, "/settings/feeds")
    assert not ListFeed.objects.filter(
        digest__in=[one.split("/")[2].split(".")[0] for one in addresses]
    ).exists()


def test_a_feed_follows_what_is_left_out_and_ends(ada, client):
    atom, *_ = feeds_of(ada, "/categories/cs.LG")
    assert "on soup" in client.get(atom).content.decode()
    ada.post("/settings/left-out", {"kind": "word", "name": "soup"})
    assert "on soup" not in client.get(atom).content.decode()
    other = Client(headers={"Sec-Fetch-Site": "same-origin"})
    other.force_login(Person.objects.create(handle="ben"))
    key = ListFeed.objects.get().pk
    assert other.post("/settings/feeds/end", {"feed": key}).status_code == 404
    assert client.get(atom).status_code == 200
    ada.post("/settings/feeds/end", {"feed": key})
    for address in (atom, atom.replace(".atom", ".rss"), "/feeds/x.atom", "/feeds/x.json"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "of",
    [
        "",
        "nothing",
        "/settings",
        "/papers/2611.00001",
        "http://[",
        "/authors/nobody",
        "/papers/trending?as_of=x",
    ],
)
def test_what_is_no_list_is_no_feed(ada, of):
    answer = ada.post("/settings/feeds", {"of": of})
    assert answer.status_code == 422
    assert not ListFeed.objects.exists()


def test_a_feed_for_everybody_is_the_same_for_everybody(ada, client):
    for address in ("/categories/cs.LG.atom", "/categories/cs.LG.bib"):
        assert SECRET in ada.get(address).content.decode()
        assert SECRET in client.get(address).content.decode()
