"""What a digest looks like as bytes, and how it is read."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from django.conf import settings as django_settings

from broadsheet.daily.models import Topic
from broadsheet.digests.choosing import Choice, ChosenPaper, ChosenTopic
from broadsheet.digests.composing import compose
from broadsheet.digests.letters import short
from broadsheet.digests.models import Channel, Recipient
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 7, tzinfo=UTC)


@pytest.fixture
def site(settings):
    settings.BROADSHEET = django_settings.BROADSHEET.model_copy(
        update={"site_url": "https://papers.example.org"}
    )
    settings.DEFAULT_FROM_EMAIL = "digests@papers.example.org"


def papers(*titles: str) -> list[int]:
    records = [
        Record(
            source="demo",
            key=f"demo-{number}",
            title=title,
            abstract=f"Much is known. We propose method number {number} and show that it works. More follows.",
            authors=tuple(AuthorName(f"Author {letter}") for letter in "ABCDE"),
            published_at=NOW,
        )
        for number, title in enumerate(titles)
    ]
    store(records, now=NOW)
    known = dict(Paper.objects.values_list("title", "pk"))
    return [known[title] for title in titles]


def topic(
    name: str, *pks: int, kind: str = "search", wanted: str = "wide networks", new: int = 0
) -> ChosenTopic:
    made = Topic.objects.create(
        slug=f"topic-{Topic.objects.count()}", name=name, wanted={"kind": kind, "name": wanted}, made_at=NOW
    )
    chosen = tuple(ChosenPaper(pk, number) for number, pk in enumerate(pks, 1))
    return ChosenTopic(made.pk, made.slug, made.name, chosen, new or len(pks))


def subscriber(address: str = "ada@example.org", **more) -> Channel:
    recipient = Recipient.objects.create(key=address, address=address, confirmed_at=NOW, **more)
    return Channel.objects.create(recipient=recipient, kind="mail", made_at=NOW)


def sent(choice: Choice, channel: Channel | None = None, at: datetime = NOW) -> bytes:
    channel = channel or subscriber()
    return compose(
        channel.recipient,
        channel,
        choice,
        at=at,
        message_id="<0123@papers.example.org>",
        window="2026-11-20",
        next_at=LATER,
    )


def read(mail: bytes):
    return message_from_bytes(mail, policy=policy.default)


def contents(mail) -> list[str]:
    """The text and the HTML of a mail."""
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    return [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]


def test_a_mail_says_what_is_new():
    mail = read(sent(Choice((topic("Wide networks", *papers("Bounds for wide networks", "Deep ones")),), 0)))
    text, html = contents(mail)
    assert mail["Subject"] == "2 new in Wide networks: Bounds for wide networks"
    assert " 1. Bounds for wide networks" in text
    assert ">Bounds for wide networks</a>" in html


def test_a_confirmation_says_nothing_but_what_it_is_for():
    mail = read(short.confirmation("ada@example.org", "https://papers.example.org/confirm/x", at=NOW))
    text, html = contents(mail)
    assert "\nhttps://papers.example.org/confirm/x\n" in text
    assert 'href="https://papers.example.org/confirm/x"' in html
    assert mail["List-Unsubscribe"] is None
