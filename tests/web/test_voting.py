"""The vote is a form at the same place of every list: it says whether it is given, and whether it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html
from tests.web.press import SUNDAY, paper, publish

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import voting
from broadsheet.papers.models import Paper
from broadsheet.web import counts

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}
DAY = "/papers/date/2026-11-20"


@pytest.fixture
def ada(client) -> Person:
    person = Person.objects.create(handle="ada", vouched_at=SUNDAY)
    client.force_login(person)
    return person


def press(client, name: str, *, stands: str = "yes", page: str = DAY, **headers: str):
    referer = f"http://testserver{page}"
    return client.post(
        f"/papers/{name}/vote", {"stands": stands}, headers=OURS | {"Referer": referer} | headers
    )


def buttons(text: str) -> list[str]:
    """What a screen reader says of the votes on a page."""
    return [
        " ".join(one.text_content().split())
        for one in html.fromstring(text).xpath("//li[@class='vote']//button")
    ]


def first(records=(1, 2)) -> list[tuple[int, str]]:
    publish(*(paper(number) for number in records))
    return list(Paper.objects.order_by("pk").values_list("pk", "public_id"))


def test_a_vote_is_given_and_taken_back_by_a_form_that_leads_back_to_where_it_was_pressed(client, ada, read):
    (pk, name), *_ = first()
    assert "Vote for Paper number 1" in buttons(read(DAY))
    answer = press(client, name)
    assert (answer.status_code, answer["Location"]) == (303, f"{DAY}#p{pk}")
    assert "Voted for Paper number 1; press to take it back 1" in buttons(read(DAY))
    press(client, name)
    assert sum(button.startswith("Voted") for button in buttons(read(DAY))) == 1
    press(client, name, stands="no")
    assert not any(button.startswith("Voted") for button in buttons(read(DAY)))


def test_a_stranger_is_led_to_sign_in_and_then_back_and_sees_no_vote_of_theirs(client, read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "invitation"})
    (pk, name), *_ = first()
    answer = press(client, name)
    assert answer.status_code == 303
    assert answer["Location"].endswith(f"?next=%2Fpapers%2Fdate%2F2026-11-20%23p{pk}")
    assert not any(button.startswith("Voted") for button in buttons(read(DAY)))


def test_a_vote_that_is_asked_for_by_another_site_is_none(client, ada):
    (pk, name), *_ = first()
    assert press(client, name, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(f"/papers/{name}/vote").status_code in {302, 303, 405}
    assert not voting.standing(Viewer(ada), [pk])


def test_the_way_back_is_never_to_another_site(client, ada):
    (_, name), *_ = first()
    for elsewhere in (
        "https://evil.example/papers",
        "http://testserver//evil.example",
        "javascript:alert(1)",
    ):
        answer = client.post(f"/papers/{name}/vote", {"stands": "yes"}, headers=OURS | {"Referer": elsewhere})
        assert answer["Location"] == f"/papers/{name}"


def test_who_votes_too_often_is_told_what_how_often_and_until_when(client, ada, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "vote=1/minute"})
    (_, one), (_, other) = first()
    press(client, one)
    answer = press(client, other)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert (
        "At most 1 vote a minute; ask again in 60 seconds." in html.fromstring(answer.content).text_content()
    )


def test_a_vote_that_does_not_count_is_shown_apart_and_its_voter_sees_why(client, ada, read, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"access": "open"})
    (pk, name), *_ = first()
    ben = Person.objects.create(handle="ben", vouched_at=None)
    voting.cast(Viewer(ben), pk, f"arxiv:{name}", now=SUNDAY)
    voting.cast(Viewer(Person.objects.create(vouched_at=SUNDAY), via="mcp"), pk, f"arxiv:{name}", now=SUNDAY)
    voting.cast(Viewer(ada), pk, f"arxiv:{name}", now=SUNDAY)
    page = " ".join(html.fromstring(read(DAY)).text_content().split())
    assert "3 votes, 1 counted" in page
    assert "not counted: 1 by programs, 1 by people who are suspended or not vouched for yet" in page
    client.force_login(ben)
    assert "Your vote counts once you are vouched for" in read(DAY)


def test_a_paper_that_was_taken_back_has_no_button_and_refuses_votes(client, ada, read):
    (_, name), *_ = first()
    publish(replace(paper(1), withdrawn=True, observed_at=SUNDAY + timedelta(hours=1)))
    assert press(client, name).status_code == 409
    assert not buttons(read(f"/papers/{name}"))


def test_votes_here_and_upvotes_elsewhere_are_never_in_one_box(client, ada, read):
    (_, name), *_ = first()
    press(client, name)
    page = html.fromstring(read(DAY))
    for box in page.xpath("//div[@class='facts']//li"):
        text = box.text_content()
        assert not ("Vote" in text and "upvote" in text)
    assert page.xpath("//div[@class='facts']//li[@class='upvotes']")


def test_the_holes_of_a_page_cost_a_query_for_the_tallies_one_for_my_votes_and_two_for_what_is_mine(
    ada, count_queries
):
    pks = [pk for pk, _ in first(range(1, 20))]
    few, many = (count_queries(counts.of_papers, pks[:part], Viewer(ada)) for part in (1, len(pks)))
    # One is for the state of all this, one for numbers from elsewhere, one for unread notices.
    assert few == many <= 7
    # What is said to everybody is known for some seconds.
    assert count_queries(counts.of_papers, pks, Viewer(ada)) <= 5
