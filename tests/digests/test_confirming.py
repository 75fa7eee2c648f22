"""Mail without an account: asked for, confirmed by the button behind a link, and by nothing else."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from tests.digests.post import open_office
from tests.digests.site import ADA, BEN, PUBLIC, Reader
from tests.ports import free_port
from tests.web.press import paper, publish

from broadsheet.daily import topics
from broadsheet.digests import confirming, links, subscribing, suppressing
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Confirmation, Recipient, Subscription
from broadsheet.http.shelf import shelf

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """Friday noon."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_mail_comes_after_the_button_behind_the_link_was_pressed_and_not_before(reader: Reader):
    answer = reader.ask(topic="trending", cadence="weekly", hour="6", zone="Europe/Berlin", day=["2", "4"])
    assert (answer.status_code, answer["Location"]) == (303, "/subscribe/asked")
    assert not Recipient.objects.exists()
    link = reader.link("confirm")
    shown = reader.get(link).content.decode()
    assert "weekly, on Wednesday, Friday, between 6:00 and 6:59 (Europe/Berlin)" in shown
    assert "a…@lab.example" in shown
    assert ADA not in shown
    assert reader.post(link).status_code == 303
    recipient, channel = Recipient.objects.get(), Channel.objects.get()
    assert (recipient.address, recipient.zone, recipient.confirmed_at) == (ADA, "Europe/Berlin", NOW)
    assert (recipient.wording, recipient.network) == (subscribing.WORDING, "127.0.0.1")
    assert (channel.cadence, channel.days, channel.minute // 60) == ("weekly", 0b10100, 6)
    assert channel.due_at == datetime(2026, 11, 25, 5, channel.minute % 60, tzinfo=UTC)
    assert [row.topic.slug for row in Subscription.objects.all()] == ["trending"]


def test_to_look_at_the_link_changes_nothing_however_often(reader: Reader):
    reader.ask()
    link = reader.link("confirm")
    for _ in range(3):
        assert reader.get(link).status_code == 200
        assert reader.client.head(link.removeprefix(PUBLIC)).status_code == 200
    assert not Recipient.objects.exists()
    assert reader.post(link).status_code == 303


def test_a_link_confirms_once_and_for_two_days(reader: Reader, clock):
    reader.ask()
    link = reader.link("confirm")
    reader.post(link)
    assert (reader.post(link).status_code, reader.get(link).status_code) == (404, 404)
    reader.ask(BEN)
    late = reader.link("confirm")
    clock.move_to(NOW + timedelta(hours=48))
    assert (reader.get(late).status_code, reader.post(late).status_code) == (404, 404)
    confirming.mail_due(now=NOW + timedelta(hours=48))
    assert not Confirmation.objects.exists()
    assert Recipient.objects.count() == 1


def test_what_is_kept_does_not_hold_the_token(reader: Reader):
    reader.ask()
    token = reader.link("confirm").rpartition("/")[2]
    assert token not in repr(list(Confirmation.objects.values()))


def test_who_gets_mail_already_is_sent_the_link_that_manages_it(reader: Reader):
    reader.subscribe()
    reader.ask(" Ada@LAB.example ")
    assert links.recipient_of(Purpose.MANAGE, reader.link("manage").rpartition("/")[2])
    assert len(reader.mails()) == 2


def test_a_suppressed_address_is_sent_nothing(reader: Reader):
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    assert reader.ask().status_code == 303
    assert not reader.mails()
    assert Confirmation.objects.filter(is_mail_due=True).count() == 0


def test_the_answer_is_the_same_for_a_known_an_unknown_and_a_suppressed_address(
    reader: Reader, django_assert_num_queries
):
    reader.subscribe(ADA)
    suppressing.suppress(BEN, "It bounced.", now=NOW)
    Confirmation.objects.all().delete()
    # What begins with the first question is there for all.
    reader.ask("zoe@lab.example")
    answers = []
    for address in (ADA, BEN, "new@lab.example"):
        with django_assert_num_queries(2):
            answer = reader.post("/subscribe", address=address, topic="trending")
        said = {name: text for name, text in answer.items() if name != "X-Request-Id"}
        answers.append((answer.status_code, answer.content, said))
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.thorough
def test_nor_does_the_time_of_the_answer_tell_them_apart(reader: Reader):
    reader.subscribe(ADA)
    suppressing.suppress(BEN, "It bounced.", now=NOW)
    taken: dict[str, list[float]] = {ADA: [], BEN: [], "new@lab.example": []}
    for _ in range(100):
        for address, times in taken.items():
            began = time.perf_counter()
            reader.post("/subscribe", address=address, topic="trending")
            times.append(time.perf_counter() - began)
    medians = [sorted(times)[50] for times in taken.values()]
    assert max(medians) - min(medians) < 0.020


def test_one_address_is_asked_three_times_a_day_and_nobody_is_told(reader: Reader, site, clock):
    site(limits="subscribe=100/hour")
    answers = [reader.ask() for _ in range(5)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, "/subscribe/asked")}
    assert len(reader.mails()) == 3
    clock.move_to(NOW + timedelta(days=1))
    reader.ask()
    assert len(reader.mails()) == 4


def test_one_network_asks_ten_times_an_hour(reader: Reader, site):
    site(limits="confirm=3/day")
    asked = [reader.ask(f"reader{number}@lab.example").status_code for number in range(11)]
    assert asked == [303] * 10 + [429]
    assert len(reader.mails()) == 10


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@lab.example", "ada@lab", "a b@lab.example", "ada@lab.example\nBcc: x@y.example"],
)
def test_what_is_no_address_is_said_to_be_none(reader: Reader, address: str):
    answer = reader.ask(address)
    assert answer.status_code == 422
    assert "That is no mail address" in answer.content.decode()
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"cadence": "hourly"}, "Mail comes daily, weekly, monthly"),
        ({"zone": "Europe/Nowhere"}, "no such time zone"),
        ({"hour": "24"}, "Give the hour as a number from 0 to 23"),
        ({"cadence": "when_many", "many": "0"}, "from 1 to 100"),
        ({"topic": []}, "Choose at least one topic"),
        ({"topic": ["no-such-topic"]}, "There is no topic at the address"),
    ],
)
def test_a_wish_that_cannot_be_had_is_said_to_be_none_and_stays_in_the_form(reader: Reader, said, why):
    answer = reader.ask("kept@lab.example", **said)
    page = answer.content.decode()
    assert (answer.status_code, why in page, "kept@lab.example" in page) == (422, True, True)


def test_what_came_before_somebody_subscribed_is_not_new(reader: Reader):
    topic = topics.trending(NOW)
    type(topic).objects.filter(pk=topic.pk).update(last=40)
    reader.subscribe()
    assert Subscription.objects.get().told == 40


def test_the_mail_arrives_at_a_server_that_asks_to_come_again(reader: Reader, site):
    with open_office() as office:
        site(smtp_url=office.url)
        office.at_recipient = lambda of, *_: "450 4.7.1 later" if of.asked < 3 else "250 good"
        reader.ask()
        assert confirming.mail_due(now=NOW) == 0
        assert confirming.mail_due(now=NOW) == 1
        assert confirming.mail_due(now=NOW) == 0
        (mail,) = office.mails(ADA)
    body = mail.get_body(("plain",)).get_content()
    link = re.search(rf"{PUBLIC}/confirm/[\w-]+", body)
    assert link
    assert reader.post(link[0]).status_code == 303


def test_a_server_that_refuses_an_address_for_good_is_not_asked_again(reader: Reader, site):
    with open_office() as office:
        site(smtp_url=office.url)
        office.at_recipient = lambda *_: "550 5.1.1 no such user"
        reader.ask()
        assert confirming.mail_due(now=NOW) == 0
        assert office.asked == 1


def test_a_relay_that_is_away_is_asked_again(reader: Reader, site):
    site(smtp_url=f"smtp://127.0.0.1:{free_port()}")
    reader.ask()
    assert Confirmation.objects.get().is_mail_due
    site()
    assert confirming.mail_due(now=NOW) == 1
    assert reader.post(reader.link("confirm")).status_code == 303


def test_where_no_mail_is_sent_the_page_says_why(reader: Reader, site):
    site(smtp_url="")
    assert "BROADSHEET_SMTP_URL names no relay" in reader.get("/subscribe").content.decode()
    assert "BROADSHEET_SMTP_URL names no relay" in reader.ask().content.decode()
    site(site_url="")
    assert "BROADSHEET_SITE_URL does not say" in reader.get("/subscribe").content.decode()
    assert not Confirmation.objects.exists()


def test_the_front_page_has_a_line_for_it_where_mail_is_sent_and_else_none(reader: Reader, site):
    publish(paper(1))
    line = '<form class="subscribing" method="post" action="/subscribe">'
    assert line in reader.get("/").content.decode()
    site(smtp_url="")
    shelf.clear()
    assert line not in reader.get("/").content.decode()


def test_a_site_for_members_sends_mail_to_nobody_else(reader: Reader, site):
    site(reading="members")
    for answer in (reader.get("/subscribe"), reader.ask()):
        assert answer.status_code in {302, 401}
    assert not Confirmation.objects.exists()


def test_a_form_on_another_site_asks_for_nothing(reader: Reader):
    elsewhere = Client(headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"})
    assert elsewhere.post("/subscribe", {"address": ADA, "topic": "trending"}).status_code == 403
    assert not Confirmation.objects.exists()
