"""A digest is sent to webhooks, signed as Standard Webhooks say, and once."""

from __future__ import annotations

import io
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.digests.post import Office
from tests.digests.readers import DAY, MORNING, SEVEN, come_in, papers, reader, topic
from tests.digests.receiver import OPEN, Receiver, receiving
from tests.digests.test_secrets import log  # noqa: F401 (a fixture)

from broadsheet.digests import carrying, sealing, sending, webhooks
from broadsheet.digests.models import Channel, Delivery, Digest, Recipient, Told
from broadsheet.digests.pace import Pace
from broadsheet.library.told import unpacked
from broadsheet.papers.models import Paper
from broadsheet.sources.live.fetching.exchange import open_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def receiver(monkeypatch):
    """A receiver that this site may reach."""
    monkeypatch.setitem(carrying.ways, Channel.Kind.WEBHOOK, webhooks.way(OPEN))
    with receiving() as opened:
        yield opened


def hook(receiver: Receiver, *topics) -> tuple[Channel, str]:
    channel, secret = reader("ada@lab.example", *topics), webhooks.new_secret()
    channel.kind, channel.shown = Channel.Kind.WEBHOOK, "http://hooks.example.org/…cdef"
    channel.target, channel.key = sealing.sealed(receiver.url), sealing.sealed(secret)
    channel.save()
    return channel, secret


def send(now: datetime) -> int:
    return sending.send_due(Pace(0), clock=lambda: now)


def states() -> list[str]:
    return list(Digest.objects.order_by("pk").values_list("state", flat=True))


def test_a_digest_arrives_as_json_that_the_secret_verifies(receiver: Receiver):
    cats = topic("cats")
    channel, secret = hook(receiver, cats)
    come_in(cats, papers("one", "two"))
    assert send(SEVEN) == 1
    ((path, headers, body),) = receiver.came
    assert path == "/hook/0123456789abcdef"
    assert headers["content-type"] == "application/json"
    said = Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.new_secret()).verify(body, headers)
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    (told,) = said["data"]["topics"]
    assert (said["type"], said["data"]["left"], told["slug"], told["new"]) == ("digest", 0, "cats", 2)
    assert told["url"] == "https://papers.example.org/topics/cats"
    first = told["papers"][0]
    name = Paper.objects.get(title="On two").public_id
    assert (first["id"], first["title"], first["number"]) == (name, "On two", 2)
    assert first["url"] == f"https://papers.example.org/papers/{name}"
    assert first["point"].startswith("We propose a method for two")
    assert first["authors"] == ["Ada Example"]
    assert len(unpacked(bytes(Told.objects.get(channel=channel).papers))) == 2
    assert send(SEVEN + DAY) == 0
    assert len(receiver.came) == 1


def test_a_server_that_cannot_take_it_gets_the_same_id_and_bytes_again(receiver: Receiver):
    cats = topic("cats")
    _, secret = hook(receiver, cats)
    come_in(cats, papers("one"))
    receiver.answer = lambda count: {1: 503, 2: 429}.get(count, 200)
    assert send(SEVEN) == 0
    assert send(SEVEN + timedelta(minutes=7)) == 0
    assert send(SEVEN + timedelta(minutes=35)) == 1
    ids = {headers["webhook-id"] for _, headers, _ in receiver.came}
    assert len(ids) == 1
    assert len({body for *_, body in receiver.came}) == 1
    for _, headers, body in receiver.came:
        Webhook(secret).verify(body, headers)
    assert list(Delivery.objects.order_by("pk").values_list("code", "host")) == [
        (503, "hooks.example.org"), (429, "hooks.example.org"), (200, "hooks.example.org"),
    ]  # fmt: skip


def test_a_server_that_says_nothing_is_asked_again_and_given_up_after_a_day(receiver: Receiver):
    cats = topic("cats")
    channel, _ = hook(receiver, cats)
    come_in(cats, papers("one"))
    channel.target = sealing.sealed("http://hooks.example.org:9/hook")
    channel.save()
    for minutes in range(0, 24 * 60, 30):
        send(SEVEN + timedelta(minutes=minutes))
    assert states()[0] == "failed"
    assert Delivery.objects.filter(digest__window="2026-11-30").count() == 6
    channel.refresh_from_db()
    assert channel.state == "active"


def test_410_ends_it_and_the_log_says_nothing_of_where_it_was(
    receiver: Receiver,
    log: io.StringIO,  # noqa: F811
):
    cats = topic("cats")
    channel, _ = hook(receiver, cats)
    come_in(cats, papers("one"))
    receiver.answer = lambda _: 410
    assert send(SEVEN) == 0
    channel.refresh_from_db()
    assert (channel.state, channel.reason) == ("ended", "410 Gone")
    assert "0123456789abcdef" not in log.getvalue()
    come_in(cats, papers("two"))
    assert send(SEVEN + DAY) == 0
    assert len(receiver.came) == 1


@pytest.mark.parametrize("status", [302, 404])
def test_three_refusals_in_a_row_pause_it_and_not_the_mail_of_its_reader(receiver: Receiver, status: int):
    cats = topic("cats")
    channel, _ = hook(receiver, cats)
    receiver.answer, receiver.location = lambda _: status, "http://127.0.0.1:9/"
    for day in range(3):
        come_in(cats, papers(f"paper {day}"), at=MORNING + day * DAY)
        send(SEVEN + day * DAY)
    channel.refresh_from_db()
    assert channel.state == "paused"
    assert str(status) in channel.reason
    assert Recipient.objects.get().state == "active"


def test_a_reader_whose_mail_is_suppressed_or_paused_has_the_webhook_still(receiver: Receiver):
    cats = topic("cats")
    channel, _ = hook(receiver, cats)
    come_in(cats, papers("one"))
    Recipient.objects.filter(pk=channel.recipient_id).update(state="suppressed")
    assert send(SEVEN) == 1


def test_a_target_that_leads_inside_by_now_is_not_asked(receiver: Receiver, monkeypatch):
    cats = topic("cats")
    hook(receiver, cats)
    come_in(cats, papers("one"))
    monkeypatch.setitem(carrying.ways, Channel.Kind.WEBHOOK, webhooks.way())
    assert send(SEVEN) == 0
    assert not receiver.came
    assert Delivery.objects.get().code == webhooks.FENCED.code


def test_a_trial_is_signed_too(receiver: Receiver):
    channel, secret = hook(receiver)
    now = datetime.now(UTC)
    with open_client() as client:
        reply = webhooks.send(client, OPEN, channel, "msg_test", webhooks.trial(at=now), at=now)
    assert reply.code == 204
    _, headers, body = receiver.came[0]
    assert Webhook(secret).verify(body, headers) == json.loads(body)


def test_mail_does_not_wait_for_webhooks(receiver: Receiver, office: Office):
    cats = topic("cats")
    hook(receiver, cats)
    reader("ben@lab.example", cats)
    come_in(cats, papers("one"))
    assert sending.send_due(Pace(0), clock=lambda: SEVEN, kinds={Channel.Kind.MAIL}) == 1
    assert office.mails("ben@lab.example")
    assert not receiver.came
    assert sending.send_due(Pace(0), clock=lambda: SEVEN, kinds={Channel.Kind.WEBHOOK}) == 1
    assert len(receiver.came) == 1
