"""From a paper one goes on to the next of the list that one came from, and back to its row."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.test import Client
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.library import ignoring
from broadsheet.papers.reading import resolve

pytestmark = pytest.mark.django_db
DAY = "/papers/date/2026-11-20"


@pytest.fixture(autouse=True)
def papers():
    publish(*(paper(number) for number in range(1, 6)))


def name(place: int) -> str:
    """The paper at that place of the day: the last has most upvotes."""
    return f"2611.0000{6 - place}"


def walk(page) -> str:
    found = re.search(r'<nav class="walk".*?</nav>', page.content.decode(), re.DOTALL)
    return found[0] if found else ""


def links(page) -> dict[str, str]:
    return {
        rel.split()[0]: href.replace("&amp;", "&")
        for rel, href in re.findall(r'<a (?:class="up" )?rel="([a-z ]+)" href="([^"]+)"', walk(page))
    }


def came(client, place: int, page: str, **more):
    return client.get(f"/papers/{name(place)}", headers={"Referer": f"http://testserver{page}"}, **more)


def test_a_paper_opened_from_a_day_leads_to_its_neighbours_and_back_to_its_row(client):
    page = came(client, 3, DAY)
    pk = resolve(name(3))[0]
    assert links(page) == {
        "prev": f"/papers/{name(2)}?of={quote(DAY, safe='')}&at=2",
        "next": f"/papers/{name(4)}?of={quote(DAY, safe='')}&at=4",
        "nofollow": f"{DAY}#p{pk}",
    }
    assert "20 Nov 2026, rank 3" in walk(page)
    assert re.search(r"←</span> 2 of 5", walk(page))
    assert re.search(r"4 of 5 <span", walk(page))


def test_one_goes_through_a_whole_list_without_going_back(client):
    page, met = came(client, 1, DAY), [name(1)]
    while "next" in links(page):
        met.append(re.search(r"/papers/([\d.]+)", links(page)["next"])[1])
        page = client.get(links(page)["next"])
    assert met == [name(place) for place in range(1, 6)]
    assert "the last" in walk(page)
    assert "prev" in links(page)


def test_a_page_is_the_same_for_everybody_who_comes_from_nowhere(client):
    for page in (client.get(f"/papers/{name(1)}"), came(client, 1, "/status"), came(client, 1, "/authors/x")):
        assert walk(page) == ""
        assert page["Cache-Control"] == "public, max-age=0, must-revalidate"
    walked = came(client, 1, DAY)
    assert walked["Cache-Control"] == "private, no-store"
    assert walk(client.get(f"/papers/{name(1)}")) == ""


@pytest.mark.parametrize(
    "query",
    [
        "of=/papers/date/2026-11-20&at=x",
        "of=/papers/date/2026-11-20",
        "at=3",
        "of=//evil.example/papers/date/2026-11-20&at=3",
        "of=/papers/date/1800-01-01&at=1",
        "of=/status&at=1",
        "of=/papers/date/2026-11-20&at=99999999999999999999",
        "of=/papers/date/2026-11-20&at=2000000000",
        "of=%00&at=1",
        "of=http://[&at=1",
    ],
)
def test_what_names_no_list_says_nothing(client, query):
    assert walk(client.get(f"/papers/{name(3)}?{query}")) == ""


def test_a_page_that_no_list_has_says_nothing(client):
    assert walk(came(client, 3, f"{DAY}?page=999999999")) == ""
    assert walk(came(client, 3, f"{DAY}?page={10**30}")) != ""


def test_a_list_that_moved_is_gone_on_with(client):
    assert "rank 3" in walk(client.get(f"/papers/{name(3)}?of={DAY}&at=1"))


def test_the_order_of_a_search_is_that_of_its_page(client):
    page = client.get(f"/papers/{name(3)}?of=/papers?q=&at=3")
    assert "of 5" in walk(page)
    assert links(page)["nofollow"].startswith("/papers?q=#p")


def test_who_leaves_a_paper_out_does_not_meet_it_on_the_way(client):
    ana = Person.objects.create(handle="ana")
    ignoring.ignore(Viewer(ana), "word", "paper number 2", now=SUNDAY)
    client.force_login(ana)
    assert "next" in links(came(client, 3, DAY))
    assert "/papers/2611.00001" in links(came(client, 3, DAY))["next"]


def test_a_private_topic_of_somebody_else_is_no_list(client):
    ana, bea = (Person.objects.create(handle=handle) for handle in ("ana", "bea"))
    own = topics.save(Viewer(ana), ListName("category", "cs.LG"), name="X", visibility="private", now=SUNDAY)
    browser = Client()
    browser.force_login(bea)
    assert walk(came(browser, 3, f"/topics/{own.slug}")) == ""
    browser.force_login(ana)
    assert walk(came(browser, 3, f"/topics/{own.slug}")) != ""
