"""One link manages everything without an account, and one ends it; with an account the same page does."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from tests.digests.site import ADA, BEN, PUBLIC, Reader
from tests.people import person

from broadsheet.accounts import exporting, leaving, managing
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import Person
from broadsheet.community.models import Every, NoticeMail
from broadsheet.daily import topics
from broadsheet.daily.entries import ListName
from broadsheet.daily.models import Topic, Visibility
from broadsheet.digests import confirming, links, planning, subscribing, suppressing
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Confirmation, Recipient, Subscription
from broadsheet.site.bodies import UNREAD, Unread

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LINKS = {"Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def clock():
    """Friday noon."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def topic(name: str, **more: object) -> Topic:
    return Topic.objects.create(
        slug=name.lower(), name=name, wanted={"kind": "search", "name": name}, made_at=NOW, **more
    )


def member(address: str = ADA, handle: str = "ada") -> Person:
    """Somebody with an account who has shown that address to be theirs."""
    made = person(handle, email=address)
    EmailAddress.objects.create(user=made, email=address, verified=True, primary=True)
    return made


def told() -> list[str]:
    return [row.topic.slug for row in Subscription.objects.order_by("place")]


def state() -> str:
    return Channel.objects.get().state


def test_topics_and_times_are_changed_and_the_minute_stays(reader: Reader):
    topic("Vision"), topic("Speech")
    page = reader.subscribe()
    minute = Channel.objects.get().minute % 60
    form = {
        "topic": ["trending", "vision", "speech"],
        "place-speech": "1",
        "place-trending": "2",
        "place-vision": "3",
    }
    answer = reader.post(page, do="save", hour="19", zone="Asia/Tokyo", cadence="monthly", day=["0"], **form)
    assert (answer.status_code, answer["Location"]) == (303, page)
    channel = Channel.objects.get()
    assert told() == ["speech", "trending", "vision"]
    assert (channel.minute, channel.cadence, channel.days) == (19 * 60 + minute, "monthly", 1)
    assert channel.due_at == datetime(2026, 12, 7, 10, minute, tzinfo=UTC)
    reader.post(page, do="save", topic=["vision"], named=f"{PUBLIC}/topics/speech")
    assert told() == ["vision", "speech"]


def test_the_page_shows_the_address_in_part_and_is_told_to_nobody(reader: Reader):
    page = reader.subscribe()
    answer = reader.get(page)
    html = answer.content.decode()
    assert "a…@lab.example" in html
    assert ADA not in html
    assert page.rpartition("/")[2] not in html
    assert {name: answer[name] for name in LINKS} == LINKS
    assert "no-store" in answer["Cache-Control"]


def test_mail_is_paused_for_weeks_and_comes_again(reader: Reader):
    page = reader.subscribe()
    reader.post(page, do="pause", weeks="2")
    recipient = Recipient.objects.get()
    assert (recipient.state, recipient.paused_until) == ("paused", NOW + timedelta(weeks=2))
    assert "It is paused until 4 Dec 2026" in reader.get(page).content.decode()
    assert planning.plan(NOW + timedelta(days=13)) == 0
    reader.post(page, do="resume")
    assert Recipient.objects.get().state == "active"
    assert reader.post(page, do="pause", weeks="53").status_code == 422


def test_what_was_told_stays_through_a_pause_and_what_came_after_the_end_is_not_new(reader: Reader):
    page = reader.subscribe()
    reader.post(page, do="pause", weeks="1")
    Topic.objects.update(last=5)
    reader.post(page, do="resume")
    assert Subscription.objects.get().told == 0
    reader.post(page, do="end")
    assert "No mail comes: it was ended" in reader.get(page).content.decode()
    reader.post(page, do="resume")
    assert (Subscription.objects.get().told, state()) == (5, "active")


def test_new_links_end_the_old_one_that_manages(reader: Reader):
    page = reader.subscribe()
    unsubscribe = links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get())
    new = reader.post(page, do="renew")["Location"]
    assert (reader.get(page).status_code, reader.post(page, do="end").status_code) == (404, 404)
    assert reader.get(new).status_code == 200
    reader.post(unsubscribe)
    assert state() == "ended"


def test_all_that_is_kept_can_be_taken_along_and_opens_nothing(reader: Reader):
    page = reader.subscribe()
    answer = reader.post(page, do="export")
    said = json.loads(answer.content)
    assert (said["address"], said["channels"][0]["topics"][0]["name"]) == (ADA, "Trending papers")
    assert "attachment" in answer["Content-Disposition"]
    secret = bytes(Recipient.objects.get().secret)
    assert page.rpartition("/")[2] not in answer.content.decode()
    assert secret.hex() not in answer.content.decode()


def test_whoever_deletes_leaves_nothing_but_that_nothing_may_be_sent(reader: Reader):
    page = reader.subscribe()
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    reader.ask()
    assert reader.post(page, do="delete").status_code == 200
    assert not Recipient.objects.exists()
    assert not Confirmation.objects.exists()
    assert suppressing.is_suppressed(ADA)
    assert reader.get(page).status_code == 404


def test_a_suppressed_recipient_is_told_so_and_cannot_lift_it(reader: Reader):
    page = reader.subscribe()
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    for do in ("resume", "pause", "save"):
        reader.post(page, do=do, weeks="1", topic="trending")
    assert Recipient.objects.get().state == "suppressed"
    html = reader.get(page).content.decode()
    assert "Nothing is sent there any more" in html
    assert "It bounced." in html


def test_a_private_topic_of_somebody_else_is_not_there(reader: Reader):
    topic("Secret", visibility=Visibility.PRIVATE, owner=person("bea"))
    page = reader.subscribe()
    assert reader.post(page, do="save", topic=["secret"]).status_code == 422
    assert told() == ["trending"]


BODIES = {
    "exact": ("List-Unsubscribe=One-Click", URLENCODED),
    "empty": ("", URLENCODED),
    "nothing": ("", ""),
    "multipart": (encode_multipart(BOUNDARY, {"List-Unsubscribe": "One-Click"}), MULTIPART_CONTENT),
    "broken multipart": (b"--x\r\n\r\n", "multipart/form-data; boundary=y"),
    "multipart without a boundary": (b"x", "multipart/form-data"),
    "bytes": (b"\xff\xfe\0", "application/octet-stream"),
    "json": ("{}", "application/json"),
    "many": ("&".join(f"a{number}=1" for number in range(2000)), URLENCODED),
}


@pytest.mark.parametrize("said", BODIES)
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}])
def test_one_click_unsubscribes_whatever_is_sent_with_it(reader: Reader, said: str, headers: dict[str, str]):
    reader.subscribe()
    path = links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get()).removeprefix(PUBLIC)
    body, kind = BODIES[said]
    answers = [Client().generic("POST", path, body, kind, headers=headers) for _ in range(2)]
    assert state() == "ended"
    Recipient.objects.all().delete()
    gone = (path, "/unsubscribe/" + "x" * 32)
    answers += [Client().generic("POST", one, body, kind, headers=headers) for one in gone]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert not any(answer.cookies or "Location" in answer for answer in answers)


def test_a_link_of_any_age_unsubscribes_and_looking_at_it_does_not(reader: Reader, clock):
    reader.subscribe()
    path = links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get()).removeprefix(PUBLIC)
    clock.move_to(NOW + timedelta(days=4000))
    for answer in (reader.get(path), reader.client.head(path), reader.client.options(path)):
        assert answer.status_code in {200, 405}
    assert state() == "active"
    assert Client().post(path).status_code == 200
    assert state() == "ended"


@pytest.mark.parametrize("reason", Unread)
def test_one_click_unsubscribes_though_the_body_could_not_be_read(reader: Reader, reason: Unread):
    reader.subscribe()
    path = links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get()).removeprefix(PUBLIC)
    assert Client().post(path, **{UNREAD: reason}).status_code == 200
    assert state() == "ended"


def test_one_click_is_not_counted_among_forms(reader: Reader, site):
    site(limits="post=1/minute")
    assert {Client().post("/unsubscribe/" + "x" * 32).status_code for _ in range(5)} == {200}


def test_one_click_ends_notices_and_no_papers(reader: Reader):
    reader.subscribe()
    ada = member()
    NoticeMail.objects.create(person=ada, every=Every.DAY)
    path = links.unsubscribe_url(Purpose.NOTICES, subscribing.of_person(ada)).removeprefix(PUBLIC)
    assert reader.get(path).status_code == 200
    assert NoticeMail.objects.get().every == Every.DAY
    Client().post(path)
    assert (NoticeMail.objects.get().every, state()) == (Every.NEVER, "active")


def test_a_person_has_the_same_page_for_the_address_that_is_theirs(reader: Reader):
    ada = member()
    assert reader.get("/settings/mail").status_code == 303
    reader.client.force_login(ada)
    assert reader.get("/subscribe?topic=trending")["Location"] == "/settings/mail?topic=trending"
    assert "No mail comes yet" in reader.get("/settings/mail").content.decode()
    assert reader.post("/settings/mail", do="save", topic="trending")["Location"] == "/settings/mail"
    recipient = Recipient.objects.get()
    assert (recipient.person, recipient.key, state()) == (ada, ADA, "active")
    assert ADA in reader.get("/settings/mail").content.decode()
    reader.post("/settings/mail", do="end")
    assert state() == "ended"


def test_who_got_mail_before_they_had_an_account_is_one_recipient(reader: Reader):
    reader.subscribe()
    reader.client.force_login(member())
    reader.post("/settings/mail", do="save", topic="trending", cadence="weekly")
    assert (Recipient.objects.count(), Channel.objects.get().cadence) == (1, "weekly")


def test_who_had_a_webhook_and_mail_before_they_were_one_is_one_recipient(reader: Reader):
    reader.subscribe()
    ada = member()
    hook = Channel.objects.create(recipient=Recipient.objects.create(person=ada), kind="webhook", made_at=NOW)
    reader.client.force_login(ada)
    assert "The next mail comes" in reader.get("/settings/mail").content.decode()
    reader.post("/settings/mail", do="save", topic="trending")
    recipient = Recipient.objects.get()
    hook.refresh_from_db()
    assert (recipient.person, recipient.key, hook.recipient) == (ada, ADA, recipient)


def test_the_page_of_a_topic_leads_to_its_papers_by_mail(reader: Reader):
    topic("Vision")
    assert "/subscribe?topic=vision" in reader.get("/topics/vision").content.decode()
    form = reader.get("/subscribe?topic=vision").content.decode()
    assert re.search(r'value="vision"\s+checked', form)
    assert not re.search(r'value="trending"\s+checked', form)


def test_a_topic_of_my_own_comes_by_mail_though_it_is_private(reader: Reader):
    ada = member()
    reader.client.force_login(ada)
    made = topics.save(
        Viewer(person=ada), ListName("search", "vision"), name="Mine", visibility=Visibility.PRIVATE, now=NOW
    )
    reader.post("/settings/mail", do="save", topic=made.slug)
    assert told() == [made.slug]


def test_what_is_kept_of_my_mail_is_in_all_that_is_mine(reader: Reader):
    reader.subscribe()
    ada = member()
    archive = exporting.export(Viewer(person=ada), now=NOW)
    with ZipFile(BytesIO(archive.read())) as packed:
        assert json.loads(packed.read("subscriptions.jsonl"))["address"] == ADA
    archive.close()


def test_who_leaves_takes_their_mail_with_them(reader: Reader):
    reader.subscribe()
    reader.ask()
    ada = member()
    suppressing.suppress(ADA, "It bounced.", now=NOW)
    leaving.leave(ada, Choice(), now=NOW)
    assert not Recipient.objects.exists()
    assert not Confirmation.objects.exists()
    assert suppressing.is_suppressed(ADA)


def test_mail_moves_with_the_address_and_two_of_one_address_become_one(reader: Reader):
    topic("Vision")
    page = reader.subscribe(ADA)
    reader.subscribe(BEN, topic="vision")
    ada = member()
    subscribing.claim(ada)
    old = links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get(person=ada))
    new = EmailAddress(user=ada, email=BEN, verified=True, primary=True)
    email_changed.send(EmailAddress, request=None, user=ada, from_email_address=None, to_email_address=new)
    recipient = Recipient.objects.get()
    assert (recipient.person, recipient.key, told()) == (ada, BEN, ["trending", "vision"])
    assert reader.get(page).status_code == 404
    reader.post(old)
    assert state() == "ended"


def test_a_page_that_is_only_looked_at_makes_no_topic_and_no_recipient_a_persons(reader: Reader):
    page = reader.subscribe()
    reader.client.force_login(member())
    Topic.objects.all().delete()
    for address in ("/subscribe?topic=trending", page, "/settings/mail", "/settings/mail?topic=trending"):
        assert "Trending papers" in reader.client.get(address, follow=True).text
    assert not Topic.objects.exists()
    assert Recipient.objects.get().person is None
    reader.post("/settings/mail", do="save", topic="trending")
    assert Topic.objects.get().slug == "trending"
    assert Recipient.objects.get().person == Person.objects.get()


def test_an_address_that_an_operator_gives_somebody_gets_their_mail(reader: Reader):
    reader.subscribe()
    ada = member()
    subscribing.claim(ada)
    managing.create("ada", email=BEN, instead_of=ada, now=NOW)
    assert Recipient.objects.get().key == BEN


def test_a_site_for_members_sends_to_members_alone_and_links_still_end_mail(reader: Reader, site):
    page = reader.subscribe()
    site(reading="members")
    assert planning.plan(NOW + timedelta(days=1)) == 0
    assert reader.get(page).status_code == 200
    reader.post(links.url(Purpose.UNSUBSCRIBE, Recipient.objects.get()))
    assert state() == "ended"
    ada = member()
    reader.client.force_login(ada)
    assert reader.get("/subscribe").status_code == 302
    reader.post("/settings/mail", do="save", topic="trending")
    assert planning.plan(NOW + timedelta(days=1)) == 1
    Person.objects.update(leaving_at=NOW + timedelta(days=9))
    assert planning.plan(NOW + timedelta(days=2)) == 0
    confirming.mail_due(now=NOW)
    assert len(reader.mails()) == 1
