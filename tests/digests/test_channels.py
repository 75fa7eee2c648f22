"""A person has other channels than mail; where they lead and what signs is told to nobody."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from standardwebhooks.webhooks import Webhook
from tests.digests.receiver import OPEN, receiving
from tests.digests.test_managing import member, topic
from tests.digests.test_secrets import log  # noqa: F401 (a fixture)
from tests.people import bearer

from broadsheet.accounts import exporting
from broadsheet.accounts.access import NobodyError, NoScopeError, Viewer
from broadsheet.accounts.limits import TakenTooMuchError
from broadsheet.digests import channels, planning, sealing, subscribing
from broadsheet.digests.channels import ChannelError, NoChannelError
from broadsheet.digests.models import Channel, Recipient
from broadsheet.digests.wishes import Wish, WishError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOOK = "https://93.184.215.14/hooks/s3cr3tpath0123"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def viewer() -> Viewer:
    return Viewer(person=member())


def wish(**more) -> Wish:
    return Wish(topics=(topic("Vision").pk,), **more)


def browser(person) -> Client:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(person)
    return client


def test_a_webhook_is_added_with_a_secret_and_is_told_at_its_own_times():
    ada, wanted = viewer(), wish(hour=19, zone="Asia/Tokyo")
    added = channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", added.secret)
    kept = Channel.objects.get()
    assert kept.shown == "https://93.184.215.14/…0123"
    assert sealing.opened(kept.target) == HOOK
    assert (kept.minute // 60, kept.recipient.zone) == (19, "Asia/Tokyo")
    assert kept.due_at > NOW
    assert planning.next_due(kept, now=NOW) == kept.due_at
    assert [one.slug for one in subscribing.told_by(kept)] == ["vision"]
    assert (kept.recipient.person, kept.recipient.key) == (ada.person, None)
    assert subscribing.mail_of(kept.recipient) is None


def test_a_service_has_no_secret_and_shows_four_signs():
    added = channels.add(viewer(), "service", SLACK, wish(), now=NOW)
    assert (added.secret, added.channel.shown) == ("", "slack://…i7FQ")
    with pytest.raises(ChannelError):
        channels.renew(Viewer(person=added.channel.recipient.person), added.channel.pk, now=NOW)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("webhook", "http://127.0.0.1/x"),
        ("webhook", "http://[::1]/x"),
        ("webhook", "http://169.254.169.254/latest"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", SLACK),
        ("webhook", "https://93.184.215.14/a b"),
        ("service", "ntfy://127.0.0.1/x"),
        ("service", "gotify://10.0.0.1/abcdefghijklmn"),
        ("service", "json://93.184.215.14/"),
        ("service", HOOK),
        ("mail", "ada@lab.example"),
        ("", HOOK),
        ("webhook", ""),
        ("webhook", "https://93.184.215.14/\0"),
    ],
)
def test_what_is_no_target_is_refused_and_nothing_is_kept(kind, target):
    with pytest.raises(ChannelError):
        channels.add(viewer(), kind, target, wish(), now=NOW)
    assert not Channel.objects.exists()


def test_who_may_have_how_many(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"limits": "channel=12/hour"})
    ada, wanted = viewer(), wish()
    for _ in range(channels.MOST):
        channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    with pytest.raises(ChannelError, match="the most"):
        channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    channels.end(ada, Channel.objects.first().pk, now=NOW)
    for _ in range(2):
        channels.add(ada, "webhook", HOOK, wanted, now=NOW)
        channels.end(ada, Channel.objects.first().pk, now=NOW)
    with pytest.raises(TakenTooMuchError):
        channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    with pytest.raises(NobodyError):
        channels.add(Viewer(), "webhook", HOOK, wanted, now=NOW)
    with pytest.raises(NoScopeError):
        channels.add(Viewer(person=ada.person, scopes=("read",)), "webhook", HOOK, wanted, now=NOW)


def test_a_channel_of_somebody_else_and_ones_own_mail_are_not_there():
    ada, wanted = viewer(), wish()
    key = channels.add(ada, "webhook", HOOK, wanted, now=NOW).channel.pk
    ben = Viewer(person=member("ben@other.example", "ben"))
    recipient = subscribing.begin("ben@other.example", network="", now=NOW)
    mail = subscribing.change(recipient, wanted, now=NOW).pk
    for deed in (
        channels.find,
        channels.renew,
        channels.pause,
        channels.resume,
        channels.end,
        channels.try_out,
    ):
        for one in (key, mail, 0):
            with pytest.raises(NoChannelError):
                deed(ben, one, now=NOW)
    with pytest.raises(NoChannelError):
        channels.change(ben, key, wanted, now=NOW)
    client = browser(ben.person)
    assert client.get(f"/settings/channels/{key}").status_code == 404
    assert client.post(f"/settings/channels/{key}", {"do": "delete"}).status_code == 404
    assert Channel.objects.count() == 2


def test_a_private_topic_of_somebody_else_is_told_nowhere():
    ben = member("ben@other.example", "ben")
    hidden = topic("Hidden", owner=ben, visibility="private")
    with pytest.raises(WishError):
        channels.add(viewer(), "webhook", HOOK, Wish(topics=(hidden.pk,)), now=NOW)
    assert not Channel.objects.exists()


def test_a_new_secret_signs_and_the_old_one_no_more():
    ada = viewer()
    with receiving() as receiver:
        added = channels.add(ada, "webhook", receiver.url, wish(), now=NOW, fence=OPEN)
        renewed = channels.renew(ada, added.channel.pk, now=NOW)
        assert renewed != added.secret
        assert channels.try_out(ada, added.channel.pk, now=NOW, fence=OPEN) == "It arrived."
        _, headers, body = receiver.came[0]
        assert Webhook(renewed).verify(body, headers)["type"] == "test"
        receiver.answer = lambda _: 404
        said = channels.try_out(ada, added.channel.pk, now=NOW, fence=OPEN)
        assert (
            said
            == f"It did not arrive: http://hooks.example.org:{receiver.port}/…cdef answered 404 Not Found."
        )
        assert channels.try_out(ada, added.channel.pk, now=NOW).endswith("leads to no public address.")
        assert len(receiver.came) == 2


def test_the_mail_of_a_reader_is_deleted_without_their_other_channels():
    ada, wanted = viewer(), wish()
    recipient = subscribing.begin("ada@lab.example", network="", now=NOW)
    subscribing.change(recipient, wanted, now=NOW)
    channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    subscribing.delete(Recipient.objects.get())
    assert [one.kind for one in Channel.objects.all()] == ["webhook"]
    assert Recipient.objects.get().address == ""
    assert len(channels.mine(ada, now=NOW)) == 1


def test_all_is_done_on_the_page_without_script():
    ada = member()
    topic("Vision"), topic("Speech")
    client = browser(ada)
    assert "slack://" in client.get("/settings/channels").content.decode()
    form = {
        "kind": "webhook",
        "target": HOOK,
        "topic": "vision",
        "cadence": "weekly",
        "hour": "9",
        "day": ["4"],
    }
    answer = client.post("/settings/channels", form)
    assert answer.status_code == 200
    secret = re.search(r"whsec_[\w+/=]+", answer.content.decode())[0]
    channel = Channel.objects.get()
    here = f"/settings/channels/{channel.pk}"
    shown = client.get(here).content.decode() + client.get("/settings/channels").content.decode()
    assert "93.184.215.14/…0123" in shown
    assert secret not in shown
    assert "s3cr3tpath" not in shown
    assert client.post(here, {**form, "do": "save", "topic": ["speech"]})["Location"] == here
    assert [one.slug for one in subscribing.told_by(channel)] == ["speech"]
    again = client.post(here, {"do": "renew"}).content.decode()
    assert "whsec_" in again
    assert secret not in again
    for do, state in (("pause", "paused"), ("resume", "active")):
        client.post(here, {"do": do})
        assert Channel.objects.get().state == state
    assert client.post(here, {"do": "nonsense"}).status_code == 422
    assert client.post(here, {"do": "delete"})["Location"] == "/settings/channels"
    assert not Channel.objects.exists()
    bad = client.post("/settings/channels", {**form, "target": "http://10.0.0.1/"})
    assert bad.status_code == 422
    assert "cannot be reached in the internet" in bad.content.decode()


def test_no_secret_is_in_a_log_an_export_a_repr_an_error_page_or_a_metric(
    log: io.StringIO,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    ada, wanted = viewer(), wish()
    added = channels.add(ada, "webhook", HOOK, wanted, now=NOW)
    channels.add(ada, "service", SLACK, wanted, now=NOW)
    channels.add(ada, "service", "ntfys://ada:pa55word@93.184.215.14/secretpapers", wanted, now=NOW)
    client = browser(ada.person)
    client.raise_request_exception = False
    said = [repr(one) + str(one) + repr(vars(one)) for one in Channel.objects.all()]
    # What is sealed with a key that is lost, and a place that cannot be reached.
    Channel.objects.filter(kind="service").update(target=b"nonsense")
    for one in channels.mine(ada, now=NOW):
        here = f"/settings/channels/{one.pk}"
        said += [client.post(here, {"do": "test"}).content.decode(), client.get(here).content.decode()]
    monkeypatch.delattr(subscribing, "next_of")
    broken = client.get(here)
    assert broken.status_code == 500
    with exporting.export(ada, now=NOW) as file, ZipFile(file) as packed:
        said += [packed.read(name).decode() for name in packed.namelist()]
    assert "slack://…i7FQ" in "".join(said)
    said += [broken.content.decode(), client.get("/metrics").content.decode(), log.getvalue()]
    for secret in ("s3cr3tpath", "TIiajkdn", "pa55word", "secretpapers", added.secret.removeprefix("whsec_")):
        assert not any(secret in text for text in said), secret


def test_programs_have_channels_with_a_token_and_see_a_secret_by_put_alone():
    ada = member()
    topic("Vision")
    client, token = Client(), bearer(ada, ["read", "follow"])

    def ask(method: str, path: str, **said: object):
        return client.generic(method, f"/api/v1/channels{path}", json.dumps(said), headers=token)

    made = ask("POST", "", kind="webhook", target=HOOK, topics=["vision", "trending"], days=[0, 4], hour=9)
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/channels/{made.json()['id']}")
    said = made.json()
    assert (said["to"], said["topics"]) == ("https://93.184.215.14/…0123", ["vision", "trending"])
    assert (said["days"], said["hour"], said["state"]) == ([0, 4], 9, "active")
    here = f"/{said['id']}"
    assert ask("PUT", here, topics=["trending"], cadence="weekly").json()["topics"] == ["trending"]
    secret = ask("PUT", f"{here}/secret").json()["secret"]
    assert secret == sealing.opened(Channel.objects.get().key)
    assert "whsec_" not in ask("GET", "").content.decode() + made.content.decode()
    for target in ("http://127.0.0.1/x", "http://10.0.0.1/", SLACK):
        wrong = ask("POST", "", kind="webhook", target=target, topics=["vision"])
        assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (400, "target")
    assert ask("DELETE", here).status_code == 204
    assert ask("GET", here).status_code == 404
    assert client.get("/settings/channels/99999999999999999999999").status_code in {303, 404}
