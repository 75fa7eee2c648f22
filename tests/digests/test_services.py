"""A digest is sent to services for messages, and to no others."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import datetime

import pytest
from tests.digests.readers import SEVEN, come_in, papers, reader, topic
from tests.digests.receiver import HOST, OPEN, Receiver, receiving
from tests.digests.test_secrets import log  # noqa: F401 (a fixture)

from broadsheet.digests import apprising, carrying, sealing, sending, services
from broadsheet.digests.fence import Fence
from broadsheet.digests.models import Channel, Delivery, Digest
from broadsheet.digests.pace import Pace
from broadsheet.digests.services import SERVICES, ServiceError
from broadsheet.papers.models import Paper

EVERYWHERE = Fence(resolve=lambda _: ["93.184.215.14"])
GOOD = {
    "Slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "Discord": "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz",
    "Telegram": "tgram://123456789:abcdefg_hijklmnop/12315544",
    "Matrix": "matrixs://ada:secret@matrix.example.org/!room:example.org",
    "ntfy": "ntfys://ntfy.example.org/topic",
    "Mattermost": "mmosts://chat.example.org/3ccdd113474722377935511fc85d3dd4",
    "Zulip": "zulip://bot@club/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/general",
    "Teams": "workflows://flow.example.org:443/643a03416c1b4c1eb0e08d6d4a0fa2bd/643a03416c1b4c1eb0e08d6d4a0fa2bd",
    "Gotify": "gotifys://push.example.org/abcdefghijklmn",
}


@pytest.mark.parametrize("title", [one.title for one in SERVICES])
def test_each_service_takes_its_addresses_and_asks_through_the_fence_alone(title):
    service, _ = services.checked(GOOD[title], EVERYWHERE)
    assert service.title == title
    loaded = apprising.plugin_class(*service.plugin)
    assert sys.modules[loaded.__module__].requests is apprising._THROUGH


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack"),
        ("https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz", "Discord"),
        ("https://ntfy.sh/papers-of-ada", "ntfy"),
    ],
)
def test_the_addresses_that_services_show_are_taken_too(url, title):
    assert services.checked(url, EVERYWHERE)[0].title == title


@pytest.mark.parametrize(
    "url",
    [
        "syslog://localhost",
        "mailto://ada:secret@example.org",
        "json://127.0.0.1:8080",
        "form://example.org",
        "file:///etc/passwd",
        "config://example.org",
        "exec://ls",
        "https://example.org/hook",
        "slack",
        "",
    ],
)
def test_every_other_scheme_is_refused(url):
    with pytest.raises(ServiceError):
        services.checked(url, EVERYWHERE)


@pytest.mark.parametrize(
    "argument",
    [
        "template=/etc/passwd",
        "attach=/etc/passwd",
        "verify=no",
        "redirect=yes",
        "avatar_url=http://127.0.0.1/",
        "%74emplate=/etc/passwd",
        "+x=y",
        ":x=y",
        "overflow=split",
        "to=other",
    ],
)
@pytest.mark.parametrize("title", list(GOOD))
def test_arguments_that_read_files_or_open_the_fence_are_refused(title, argument):
    with pytest.raises(ServiceError):
        services.checked(f"{GOOD[title]}?{argument}", EVERYWHERE)


@pytest.mark.parametrize(
    "url", ["slack://x", "discord://", "ntfys://chat.example.org/one/two", "ntfy://127.0.0.1", "tgram://x/y"]
)
def test_addresses_that_are_not_whole_or_name_two_places_are_refused(url):
    with pytest.raises(ServiceError):
        services.checked(url, EVERYWHERE)


def test_no_page_loads_apprise():
    code = (
        "import sys, django; django.setup(); import broadsheet.site.urls;"
        "from broadsheet.digests import sending; print('apprise' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.fixture
def receiver(monkeypatch):
    monkeypatch.setitem(carrying.ways, Channel.Kind.SERVICE, services.way(OPEN))
    with receiving() as opened:
        yield opened


def told_by(url: str, shown: str, *topics) -> Channel:
    channel = reader("ada@lab.example", *topics)
    channel.kind, channel.shown, channel.target = Channel.Kind.SERVICE, shown, sealing.sealed(url)
    channel.save()
    return channel


def send(now: datetime) -> int:
    return sending.send_due(Pace(0), clock=lambda: now)


@pytest.mark.django_db
@pytest.mark.usefixtures("office")
class TestSending:
    def test_a_service_gets_titles_and_links(self, receiver: Receiver):
        cats = topic("cats")
        told_by(f"ntfy://{HOST}:{receiver.port}/papers", f"ntfy://{HOST}/…", cats)
        come_in(cats, papers("one", "two"))
        receiver.answer = lambda _: 200
        assert send(SEVEN) == 1
        said = json.loads(receiver.came[0][2])
        assert said["topic"] == "papers"
        assert said["title"].endswith(": 2 new papers")
        names = dict(Paper.objects.values_list("title", "public_id"))
        lines = (
            f"• {title}\n  https://papers.example.org/papers/{names[title]}" for title in ("On two", "On one")
        )
        assert said["message"] == "\n".join(("Cats", *lines))
        assert Delivery.objects.get().host == HOST

    def test_a_title_calls_nobody_and_links_nowhere(self, receiver: Receiver):
        cats = topic("cats")
        told_by(f"ntfy://{HOST}:{receiver.port}/papers", f"ntfy://{HOST}/…", cats)
        come_in(cats, papers("@everyone <!channel> [here](https://evil.example)"))
        receiver.answer = lambda _: 200
        send(SEVEN)
        message = json.loads(receiver.came[0][2])["message"]
        assert not any(sign in message for sign in ("@everyone", "<!", "]("))

    def test_more_than_there_is_room_for_is_a_link_and_not_told(self, receiver: Receiver):
        cats = topic("cats")
        told_by(f"ntfy://{HOST}:{receiver.port}/papers", f"ntfy://{HOST}/…", cats)
        come_in(cats, papers(*(f"{'long ' * 20}{number}" for number in range(40))))
        receiver.answer = lambda _: 200
        assert send(SEVEN) == 1
        message = json.loads(receiver.came[0][2])["message"]
        assert len(message.encode()) <= 3_000
        told = message.count("•")
        assert message.endswith(f"And {40 - told} more: https://papers.example.org/topics/cats")

    @pytest.mark.parametrize(
        ("status", "state"), [(503, "due"), (404, "bounced"), (307, "bounced"), (410, "bounced")]
    )
    def test_what_a_service_answers_decides_as_for_webhooks(
        self,
        receiver: Receiver,
        log: io.StringIO,  # noqa: F811
        status,
        state,
    ):
        cats = topic("cats")
        channel = told_by(f"gotify://{HOST}:{receiver.port}/abcdefghijklmn", f"gotify://{HOST}/…", cats)
        come_in(cats, papers("one"))
        receiver.answer, receiver.location = lambda _: status, "http://127.0.0.1:9/"
        assert send(SEVEN) == 0
        assert Digest.objects.get().state == state
        assert (Delivery.objects.get().code, len(receiver.came)) == (status, 1)
        channel.refresh_from_db()
        assert channel.state == ("ended" if status == 410 else "active")
        assert log.getvalue()
        assert "abcdefghijklmn" not in log.getvalue()

    def test_a_name_that_leads_inside_by_now_is_not_asked(self, receiver: Receiver, monkeypatch):
        cats = topic("cats")
        told_by(f"ntfy://127.0.0.1:{receiver.port}/papers", "ntfy://127.0.0.1/…", cats)
        come_in(cats, papers("one"))
        monkeypatch.setitem(carrying.ways, Channel.Kind.SERVICE, services.way())
        assert send(SEVEN) == 0
        assert not receiver.came
        assert Delivery.objects.get().code == 403
