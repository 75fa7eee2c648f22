"""What is due is sent once, and what was told is never told again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from tests.digests.post import Office
from tests.digests.readers import DAY, MORNING, SEVEN, come_in, papers, reader, topic

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.digests import (
    freezing,
    links,
    planning,
    sending,
    settling,
    subscribing,
    suppressing,
    switch,
)
from broadsheet.digests.carrying import ways
from broadsheet.digests.composing import Composed
from broadsheet.digests.models import Channel, Delivery, Digest, Recipient, Subscription, Told
from broadsheet.digests.offering import Offers
from broadsheet.digests.pace import Pace
from broadsheet.digests.ways import MAIL
from broadsheet.digests.wishes import wish
from broadsheet.library import ignoring
from broadsheet.library.told import unpacked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
ADA = "ada@lab.example"


def send(now: datetime) -> int:
    return sending.send_due(Pace(0), clock=lambda: now)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def states() -> list[str]:
    return list(Digest.objects.order_by("pk").values_list("state", flat=True))


def test_one_mail_a_window_tells_all_topics_and_a_paper_is_told_once(office: Office):
    cats, dogs = topic("cats"), topic("dogs")
    one, two, three = papers("one", "two", "three")
    channel = reader(ADA, cats, dogs)
    come_in(cats, [one, two])
    come_in(dogs, [two, three])
    assert send(MORNING) == 0
    assert send(SEVEN) == 1
    (mail,) = office.mails(ADA)
    text = text_of(mail)
    assert [text.count(f"On {key}\n") for key in ("one", "two", "three")] == [1, 1, 1]
    assert office.senders == [f"b+{links.name_of_bounces(channel.recipient)}@papers.example.org"]
    come_in(cats, [three])
    assert send(SEVEN + DAY) == 0
    assert states() == ["sent", "empty"]
    assert Delivery.objects.get().host == "lab.example"
    assert send(SEVEN + DAY) == 0


def test_nothing_new_is_no_mail(office: Office):
    reader(ADA, topic("cats"))
    assert send(SEVEN) == 0
    assert states() == ["empty"]
    assert not office.asked


def test_after_an_outage_one_mail_tells_what_was_missed_and_older_papers_by_a_link(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    for number in range(6):
        come_in(cats, papers(f"day {number}"), at=MORNING + number * DAY)
    assert send(SEVEN + 5 * DAY) == 1
    (mail,) = office.mails(ADA)
    text = text_of(mail)
    assert [f"On day {number}\n" in text for number in range(6)] == [False, False, False, True, True, True]
    assert send(SEVEN + 6 * DAY) == 0


def test_a_mail_that_is_refused_for_now_is_sent_again_with_the_same_bytes(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    seen = []

    def grey(_: Office, recipient: str, content: bytes) -> str:
        del recipient
        seen.append(content)
        return "451 4.7.1 come again" if len(seen) == 1 else "250 taken"

    office.at_content = grey
    assert send(SEVEN) == 0
    assert send(SEVEN + timedelta(minutes=3)) == 0
    assert len(seen) == 1
    assert send(SEVEN + timedelta(minutes=7)) == 1
    assert seen[0] == seen[1]
    assert list(Delivery.objects.order_by("pk").values_list("code", flat=True)) == [451, 250]


def test_it_is_given_up_after_six_tries_in_a_day(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    office.at_recipient = lambda *_: "452 4.2.2 full"
    for minutes in range(0, 24 * 60 + 30, 30):
        send(SEVEN + timedelta(minutes=minutes))
    assert states()[0] == "failed"
    assert Delivery.objects.filter(digest__window="2026-11-30").count() == 6


def test_a_relay_that_is_away_or_refuses_us_costs_no_try(office: Office, settings):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    url = settings.BROADSHEET.smtp_url
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"smtp_url": type(url)("smtp://127.0.0.1:9")})
    for minutes in range(0, 60, 2):
        assert send(SEVEN + timedelta(minutes=minutes)) == 0
    assert switch.state().trouble
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"smtp_url": url})
    assert send(SEVEN + timedelta(minutes=61)) == 1
    assert office.mails(ADA)


def test_a_digest_that_cannot_be_composed_holds_up_no_other(office: Office, monkeypatch):
    def compose(recipient: Recipient, *said: object, **more: object) -> Composed:
        if recipient.address != ADA:
            raise ZeroDivisionError
        return MAIL.compose(recipient, *said, **more)

    monkeypatch.setitem(ways, "mail", replace(MAIL, compose=compose))
    cats = topic("cats")
    reader("eve@lab.example", cats)
    reader(ADA, cats)
    come_in(cats, papers("one"))
    assert send(SEVEN) == 1
    assert len(office.mails(ADA)) == 1
    waiting = Digest.objects.get(state="due")
    assert (waiting.tries, waiting.retry_at > SEVEN) == (1, True)
    for minutes in range(30, 24 * 60, 30):
        send(SEVEN + timedelta(minutes=minutes))
    assert "failed" in states()


def test_a_zone_that_is_not_known_here_counts_as_utc(office: Office):
    cats = topic("cats")
    reader(ADA, cats, zone="Mars/Base")
    come_in(cats, papers("one"))
    assert send(SEVEN) == 1
    assert office.mails(ADA)


def test_an_address_that_is_not_there_is_suppressed_at_once(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    office.at_recipient = lambda *_: "550 5.1.1 nobody of that name"
    assert send(SEVEN) == 0
    assert suppressing.is_suppressed(ADA)
    assert Recipient.objects.get().state == "suppressed"
    assert "5.1.1" in Recipient.objects.get().reason
    come_in(cats, papers("two"))
    assert send(SEVEN + DAY) == 0
    assert office.asked == 1


def test_three_refusals_in_a_row_pause_and_say_so(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    office.at_content = lambda *_: "554 5.7.1 no"
    for day in range(3):
        assert Recipient.objects.get().state == "active"
        come_in(cats, papers(f"day {day}"))
        assert send(SEVEN + day * DAY) == 0
    assert Recipient.objects.get().state == "paused"
    assert "554" in Recipient.objects.get().reason
    assert states() == ["bounced"] * 3


def composed(now: datetime = SEVEN) -> Digest:
    """A digest that is composed, and not handed over yet."""
    planning.plan(now)
    (digest,) = sending.claim(10, now=now)
    assert freezing.freeze([digest], Offers(), now=now)
    return digest


def paused() -> None:
    Recipient.objects.update(state="paused", paused_until=SEVEN + 3 * DAY)


def ended() -> None:
    Channel.objects.update(state="ended")


def unsubscribed() -> None:
    Subscription.objects.all().delete()


def suppressed() -> None:
    suppressing.suppress(ADA, "asked by phone", now=SEVEN)


@pytest.mark.parametrize("happens", [paused, ended, unsubscribed, suppressed])
def test_who_pauses_or_leaves_between_composing_and_sending_is_sent_nothing(office: Office, happens):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    sending.release([composed()])
    happens()
    assert send(SEVEN) == 0
    assert states() == ["empty"]
    assert not office.asked


@pytest.mark.parametrize("is_released", [True, False])
def test_a_topic_that_was_left_since_a_mail_was_composed_is_not_told(office: Office, is_released):
    cats, dogs = topic("cats"), topic("dogs")
    channel = reader(ADA, cats, dogs)
    both, bones = papers("both", "bones")
    come_in(cats, [both, *papers("milk")])
    come_in(dogs, [both, bones])
    digest = composed()
    if is_released:
        sending.release([digest])
    subscribing.change(channel.recipient, wish([dogs.pk], {"hour": "7"}, []), now=SEVEN)
    assert not settling.begin(digest, now=SEVEN)
    assert send(SEVEN) == 1
    (mail,) = office.mails(ADA)
    assert "On both" in text_of(mail)
    assert "On bones" in text_of(mail)
    assert "On milk" not in text_of(mail)
    assert "Cats" not in text_of(mail)
    assert unpacked(Told.objects.get().papers) == sorted([both, bones])


def test_a_mail_that_was_handed_over_once_stays_as_it_is_whatever_is_left_then(office: Office):
    cats, dogs = topic("cats"), topic("dogs")
    channel = reader(ADA, cats, dogs)
    come_in(cats, papers("milk"))
    office.at_content = lambda *_: "451 4.7.1 come again"
    assert send(SEVEN) == 0
    before = bytes(Digest.objects.get().content)
    subscribing.change(channel.recipient, wish([dogs.pk], {"hour": "7"}, []), now=SEVEN)
    assert bytes(Digest.objects.get().content) == before


def test_what_a_pause_kept_back_is_told_after_it(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    sending.release([composed()])
    paused()
    assert send(SEVEN) == 0
    come_in(cats, papers("two"), at=SEVEN + 3 * DAY)
    assert send(SEVEN + 3 * DAY) == 1
    (mail,) = office.mails(ADA)
    assert "On two" in text_of(mail)
    assert Subscription.objects.get().told == 2


def test_a_worker_that_was_overtaken_changes_nothing(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    planning.plan(SEVEN)
    (slow,) = sending.claim(10, now=SEVEN)
    later = SEVEN + timedelta(seconds=61)
    assert send(later) == 1
    assert freezing.freeze([slow], Offers(), now=later) == []
    assert not settling.begin(slow, now=later)
    assert states() == ["sent"]
    assert len(office.mails(ADA)) == 1


def test_a_worker_that_dies_in_doubt_is_followed_by_the_same_bytes_or_by_an_operator(
    office: Office, settings
):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    digest = composed()
    assert settling.begin(digest, now=SEVEN)
    frozen = freezing.thawed(Digest.objects.get().content)
    assert send(SEVEN + timedelta(minutes=10)) == 0
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"doubt": "hold"})
    assert send(SEVEN + timedelta(minutes=11)) == 0
    assert states() == ["held"]
    Digest.objects.update(state="handing")
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"doubt": "resend"})
    assert send(SEVEN + timedelta(minutes=12)) == 1
    assert office.boxes[ADA] == [frozen]


def test_a_clock_that_ran_ahead_holds_nobody_up(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    digest = composed(SEVEN + 2 * DAY)
    assert send(SEVEN) == 0
    Digest.objects.filter(pk=digest.pk).update(claimed_at=SEVEN + timedelta(days=300))
    assert send(SEVEN + 2 * DAY) == 1
    assert len(office.mails(ADA)) == 1


def test_when_there_are_many_it_waits_for_them_or_for_thirty_days(office: Office):
    cats = topic("cats")
    reader(ADA, cats, cadence="when_many", many=3)
    come_in(cats, papers("one", "two"))
    assert send(SEVEN) == 0
    come_in(cats, papers("three"))
    assert send(SEVEN + timedelta(hours=1)) == 0
    assert send(SEVEN + DAY) == 1
    come_in(cats, papers("four"))
    assert [send(SEVEN + day * DAY) for day in (2, 20, 30, 31)] == [0, 0, 0, 1]
    assert len(office.mails(ADA)) == 2


def test_a_pause_of_the_operator_stops_all_and_one_mail_follows(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    switch.pause("the relay moves", now=MORNING)
    assert [send(SEVEN + day * DAY) for day in range(3)] == [0, 0, 0]
    switch.resume()
    assert send(SEVEN + 2 * DAY) == 1
    assert Digest.objects.count() == 1
    assert len(office.mails(ADA)) == 1


def test_an_older_copy_of_the_database_does_not_send_by_itself(office: Office):
    cats = topic("cats")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    assert send(SEVEN) == 1
    switch.Sending.objects.update(round=0)
    come_in(cats, papers("two"))
    assert send(SEVEN + DAY) == 0
    assert "restored" in switch.state().reason
    switch.resume()
    assert send(SEVEN + DAY) == 1
    assert len(office.mails(ADA)) == 2


def test_a_private_topic_of_somebody_else_is_told_no_more(office: Office):
    cats = topic("cats", visibility="private")
    reader(ADA, cats)
    come_in(cats, papers("one"))
    assert send(SEVEN) == 0
    assert states() == ["empty"]


def test_what_a_reader_leaves_out_is_neither_told_nor_marked_as_told(office: Office):
    cats = topic("cats")
    ada, other = reader(ADA, cats), reader("ben@lab.example", cats)
    person = Person.objects.create(handle="ada", email=ADA)
    Recipient.objects.filter(pk=ada.recipient_id).update(person=person)
    ignoring.ignore(Viewer(person), "word", "soup", now=MORNING)
    soup, stars, bread = papers("soup", "stars", "bread")
    come_in(cats, [soup, stars])
    assert send(SEVEN) == 2
    (mine,), (theirs,) = office.mails(ADA), office.mails("ben@lab.example")
    assert "On stars\n" in text_of(mine)
    assert "On soup" not in mine.as_string()
    assert "1 paper is hidden by what you leave out." in " ".join(text_of(mine).split())
    assert "On soup\n" in text_of(theirs)
    assert "hidden" not in text_of(theirs)
    assert unpacked(Told.objects.get(channel=ada).papers) == [stars]
    assert unpacked(Told.objects.get(channel=other).papers) == sorted([soup, stars])
    ignoring.ignore(Viewer(person), "word", "bread", now=MORNING)
    come_in(cats, [bread], at=SEVEN + DAY / 2)
    assert send(SEVEN + DAY) == 1
    assert not office.mails(ADA)[1:]
