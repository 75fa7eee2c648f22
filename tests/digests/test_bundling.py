"""What people are told comes by mail in bundles: gathered, once, and never what they have read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.community.talk import NOW, a_paper, reader, say
from tests.digests.post import Office

from broadsheet.accounts.access import Viewer
from broadsheet.community import bundling as community
from broadsheet.community import commenting, notices
from broadsheet.community.models import Bundle, Every, Notice
from broadsheet.digests import bundling, links, sending
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Digest, Recipient
from broadsheet.digests.pace import Pace

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]
ADA = "ada@lab.example"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def unlimited(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "off"})


def with_mail(handle: str = "ada") -> Viewer:
    viewer = reader(handle, email=f"{handle}@lab.example")
    EmailAddress.objects.create(user=viewer.person, email=viewer.person.email, verified=True, primary=True)
    return viewer


def send(now=NOW) -> int:
    return sending.send_due(Pace(0), clock=lambda: now)


def note(
    viewer: Viewer, kind: str = notices.SUBMISSION, target: int = 1, now=NOW, said: str = "It is in."
) -> None:
    notices.note([viewer.pk], kind, target=target, said=said, now=now)


def text(mail) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_what_was_waited_for_comes_at_once_and_once(office: Office):
    ada = with_mail()
    for kind in (notices.SUBMISSION, notices.CLAIM, notices.MENTION):
        note(ada, kind, said=f"Your {kind} was decided.")
    assert (send(), send()) == (1, 0)
    (mail,) = office.mails(ADA)
    assert mail["Subject"] == "Your submission was decided. and 1 more"
    assert "Your claim was decided.\nhttps://papers.example.org/notices\n" in text(mail)
    assert "mention" not in text(mail)


def test_answers_are_gathered_for_a_day_and_are_one_mail(office: Office):
    ada, ben, paper = with_mail(), reader("ben", name="Ben Example"), a_paper()
    root = say(ada, paper)
    first = say(ben, paper, answers=root.pk)
    say(ben, paper, "Hello @ada", now=NOW + MINUTE)
    assert send(NOW + DAY - MINUTE) == 0
    assert (send(NOW + DAY), send(NOW + 9 * DAY)) == (1, 0)
    (mail,) = office.mails(ADA)
    assert mail["Subject"] == "Ben Example answered you: Paper number 1 and 1 more"
    assert f"/papers/2611.00001/discussion/{first.pk}\n" in text(mail)
    assert "Ben Example named you:" in text(mail)
    bundle = Bundle.objects.get()
    assert (bundle.opened_at, bundle.notices.count()) == (NOW, 2)
    assert Digest.objects.get().window == f"notices:{bundle.pk}"


@pytest.mark.parametrize(
    ("every", "wait"), [(Every.HALF_HOUR, 30 * MINUTE), (Every.DAY, DAY), (Every.WEEK, 7 * DAY)]
)
def test_a_person_says_how_long_they_are_gathered(office: Office, every, wait):
    ada = with_mail()
    community.choose(ada.person, every)
    note(ada, notices.FOLLOWED)
    assert (send(NOW + wait - MINUTE), send(NOW + wait)) == (0, 1)


def test_never_is_never(office: Office):
    ada = with_mail()
    note(ada, notices.FOLLOWED)
    community.choose(ada.person, Every.NEVER)
    note(ada)
    assert send(NOW + 30 * DAY) == 0
    assert notices.unread(ada) == 2


def test_what_was_read_or_taken_back_or_muted_meanwhile_is_not_mailed(office: Office):
    ada, ben, paper = with_mail(), reader("ben"), a_paper()
    root = say(ada, paper)
    say(ben, paper, "One.", answers=root.pk)
    notices.read(ada, until=Notice.objects.get().pk, now=NOW)
    gone = say(ben, paper, "Two.", answers=root.pk)
    commenting.withdraw(ben, gone.pk, now=NOW)
    other = say(ada, paper, "Another.")
    say(ben, paper, "Three.", answers=other.pk)
    notices.mute(ada, other.pk)
    assert send(NOW + DAY) == 0
    assert not Bundle.objects.exists()


def test_no_second_mail_of_a_thread_until_it_was_opened(office: Office):
    ada, ben, paper = with_mail(), reader("ben"), a_paper()
    root = say(ada, paper)
    say(ben, paper, "One.", answers=root.pk)
    assert send(NOW + DAY) == 1
    say(ben, paper, "Two.", answers=root.pk, now=NOW + DAY)
    assert send(NOW + 2 * DAY) == 0
    notices.read(ada, until=Notice.objects.latest("pk").pk, now=NOW + 2 * DAY)
    say(ben, paper, "Three.", answers=root.pk, now=NOW + 2 * DAY)
    assert send(NOW + 3 * DAY) == 1


def test_a_mail_has_twenty_notices_and_says_how_many_more_there_are(office: Office):
    ada = with_mail()
    for number in range(51):
        note(ada, notices.FOLLOWED, target=number, said=f"Paper {number} is new.")
    send(NOW + DAY)
    (mail,) = office.mails(ADA)
    assert text(mail).count("is new.") == 20
    assert "And 31 more:\nhttps://papers.example.org/notices\n" in text(mail)
    assert mail["Subject"] == "Paper 0 is new. and 50 more"
    assert send(NOW + 9 * DAY) == 0


def test_one_click_ends_notices_and_nothing_else(office: Office):
    ada = with_mail()
    note(ada)
    send()
    (mail,) = office.mails(ADA)
    token = mail["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    assert mail["List-Id"] == "Broadsheet <notices.papers.example.org>"
    assert links.recipient_of(Purpose.UNSUBSCRIBE, token) is None
    client = Client()
    assert b"no more mail of this kind" in client.get(f"/unsubscribe/{token}").content
    assert community.every(ada.person) == Every.DAY
    for _ in range(2):
        assert b"no more mail of this kind" in client.post(f"/unsubscribe/{token}").content
    note(ada, target=2)
    assert send(NOW + DAY) == 0


def test_no_window_opens_for_who_gets_notices_alone(office: Office):
    ada = with_mail()
    note(ada)
    send()
    assert send(NOW + 9 * DAY) == 0
    assert Digest.objects.count() == 1
    assert Recipient.objects.get().person == ada.person


def test_who_has_shown_no_address_to_be_theirs_is_mailed_nothing(office: Office):
    note(reader("ada", email=ADA))
    note(reader("ben"), target=2)
    assert send(NOW + DAY) == 0
    assert not office.asked


def test_a_site_without_mail_keeps_none_for_later():
    note(with_mail())
    assert bundling.close_due(now=NOW) == 0
    assert not Notice.objects.filter(is_mail_due=True).exists()
