"""Services for messages: a digest as a short text, handed over by apprise from behind the fence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx2
import orjson

from broadsheet.configured import instance
from broadsheet.daily.wording import counted
from broadsheet.digests import sealing, telling
from broadsheet.digests.choosing import Choice
from broadsheet.digests.composing import Composed, NothingLeftError
from broadsheet.digests.failures import Reply, Step
from broadsheet.digests.fence import FENCE, Fence
from broadsheet.digests.letters.wording import clean, shortened, site_name
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.sealing import SealError
from broadsheet.digests.telling import Told
from broadsheet.digests.ways import HandOver, Way
from broadsheet.digests.webhooks import FENCED, SEALED
from broadsheet.sources.live.fetching.exchange import open_client

if TYPE_CHECKING:
    from apprise.plugins.base import NotifyBase

REFUSED = 400
LONGEST, LONGEST_NAME = 120, 60
_SCHEME = re.compile(r"([a-z]+)://")
# What would call people, show as a link to elsewhere, or as another face of letters.
_TAMED = str.maketrans({"@": "@\u2060", "<": "‹", ">": "›", "`": "'", "[": "(", "]": ")", "*": "∗", "~": "∼"})


class ServiceError(ValueError):
    """The address of a service is not one; the message says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its plugin in apprise, how its addresses begin, and which arguments these may have.

    A text has `most` bytes at most. `host` is the server that a reader has named, empty where the service
    has its own. Addresses that begin like one of `native` are those that the service itself shows.
    """

    title: str
    plugin: tuple[str, str]
    schemes: tuple[str, ...]
    example: str
    most: int
    arguments: frozenset[str] = frozenset()
    native: tuple[str, ...] = ()
    host: Callable[[Any], str] = lambda _: ""


def _named(plugin: Any) -> str:
    return str(plugin.host or "")


def _of_ntfy(plugin: Any) -> str:
    if plugin.mode != "cloud":
        return _named(plugin)
    if not plugin.topics:
        raise ServiceError("Name a topic of ntfy in the address.")
    return ""


def _of_zulip(plugin: Any) -> str:
    return f"{plugin.organization}.{plugin.hostname}"


SERVICES: tuple[Service, ...] = (
    Service(
        "Slack", ("slack", "NotifySlack"), ("slack",), "slack://TokenA/TokenB/TokenC", 9_000,
        frozenset({"mode"}), ("https://hooks.slack.com/",),
    ),
    Service(
        "Discord", ("discord", "NotifyDiscord"), ("discord",), "discord://WebhookID/WebhookToken", 1_700,
        frozenset({"thread"}), ("https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"),
    ),
    Service(
        "Telegram", ("telegram", "NotifyTelegram"), ("tgram",), "tgram://BotToken/ChatID", 3_500,
        frozenset({"topic", "thread", "silent", "preview"}),
    ),
    Service(
        "Matrix", ("matrix.base", "NotifyMatrix"), ("matrix", "matrixs"),
        "matrixs://user:password@matrix.example.org/!room:example.org", 9_000,
        frozenset({"mode", "version", "msgtype"}), host=_named,
    ),
    Service(
        "ntfy", ("ntfy", "NotifyNtfy"), ("ntfy", "ntfys"), "ntfys://ntfy.example.org/topic", 3_000,
        frozenset({"priority", "mode", "auth", "token"}), ("https://ntfy.sh/",), _of_ntfy,
    ),
    Service(
        "Mattermost", ("mattermost", "NotifyMattermost"), ("mmost", "mmosts"),
        "mmosts://mattermost.example.org/Token", 3_500, host=_named,
    ),
    Service(
        "Zulip", ("zulip", "NotifyZulip"), ("zulip",), "zulip://Bot@Organization/Token/Stream", 9_000,
        host=_of_zulip,
    ),
    Service(
        "Teams", ("workflows", "NotifyWorkflows"), ("workflow", "workflows"),
        "workflows://Host:443/WorkflowID/Signature", 900, frozenset({"pa", "route", "ver"}), host=_named,
    ),
    Service(
        "Gotify", ("gotify", "NotifyGotify"), ("gotify", "gotifys"), "gotifys://gotify.example.org/Token",
        9_000, frozenset({"priority"}), host=_named,
    ),
)  # fmt: skip


def of_url(url: str) -> Service:
    """The service that has this address. Raises ServiceError."""
    found = _SCHEME.match(url)
    for one in SERVICES:
        if (found and found[1] in one.schemes) or url.startswith(one.native or ("\0",)):
            return one
    known = ", ".join(one.title for one in SERVICES)
    raise ServiceError(f"This is no address of a service that is taken here: {known}.")


def checked(url: str, fence: Fence = FENCE) -> tuple[Service, str]:
    """The service of an address that may be saved, and the server that it names: it is whole, means one
    place, and leads to no address that is not public. Raises ServiceError and FencedError.
    """
    service, plugin = of_url(url), _plugin(url)
    if len(plugin) != 1:
        raise ServiceError("Give an address of one room, chat or topic; add others by themselves.")
    server = service.host(plugin)
    if server:
        fence.checked(f"https://{server}/")
    return service, server


def _plugin(url: str) -> NotifyBase:
    from broadsheet.digests import apprising  # noqa: PLC0415 (slow to load)

    service = of_url(url)
    try:
        return apprising.made(apprising.plugin_class(*service.plugin), url, service.arguments)
    except apprising.AddressError as problem:
        raise ServiceError(str(problem)) from problem


def compose(
    recipient: Recipient,
    channel: Channel,
    choice: Choice,
    *,
    at: datetime,
    message_id: str,
    window: str,
    next_at: datetime | None,
) -> Composed:
    """What a service is told: a title and a text, as JSON. Raises NothingLeftError."""
    del recipient, at, message_id, window, next_at
    papers = telling.told(choice)
    if not papers:
        raise NothingLeftError
    body, fitting = _text(papers, _most(channel), left=choice.left)
    many = counted(len(fitting) + _left(papers, fitting, choice), "new paper")
    return Composed(written(f"{site_name()}: {many}", body), [one.paper.pk for one in fitting])


def written(title: str, body: str) -> bytes:
    """A title and a text as they are frozen."""
    return orjson.dumps({"title": _tamed(title, LONGEST), "body": body})


def trial() -> bytes:
    """What a service is told when its reader tries it."""
    return written(site_name(), f"This is where new papers will be told.\n{instance().site_url}")


def _left(papers: Sequence[Told], fitting: Sequence[Told], choice: Choice) -> int:
    return choice.left + len(papers) - len(fitting)


def _most(channel: Channel) -> int:
    """How long a text may be there; where nobody can tell, as long as everywhere."""
    scheme = channel.shown.partition("://")[0]
    return next((one.most for one in SERVICES if scheme in one.schemes), min(one.most for one in SERVICES))


def _text(papers: Sequence[Told], most: int, *, left: int) -> tuple[str, Sequence[Told]]:
    """The text with the papers for which there is room, the first at least, and those."""
    lines, fitting, topic = list[str](), list[Told](), 0
    # For the last line, which leads to the rest.
    room = most - LONGEST - len(telling.topic_url(papers[0].topic)) if papers else 0
    for one in papers:
        named = [_tamed(one.topic.name, LONGEST_NAME)] if one.topic.pk != topic else []
        more = [*named, f"• {_tamed(one.title, LONGEST)}", f"  {one.url}"]
        room -= sum(len(line.encode()) + 1 for line in more)
        if room < 0 and fitting:
            break
        lines += more
        fitting.append(one)
        topic = one.topic.pk
    if count := left + len(papers) - len(fitting):
        lines.append(f"And {count:,} more: {telling.topic_url(papers[0].topic)}")
    return "\n".join(lines), fitting


def _tamed(text: str, most: int) -> str:
    return shortened(clean(text), most).translate(_TAMED)


def send(client: httpx2.Client, fence: Fence, channel: Channel, content: bytes) -> Reply:
    """Hand the content over, and say what was answered: nothing of its text."""
    from broadsheet.digests import apprising  # noqa: PLC0415 (slow to load)

    said = orjson.loads(content)
    line = apprising.Line(client, fence)
    try:
        plugin = _plugin(sealing.opened(channel.target))
    except SealError:
        return SEALED
    except ServiceError:
        return Reply(REFUSED, "was not asked: its address is no longer taken", Step.WEB)
    is_taken = apprising.notify(plugin, line, title=said["title"], body=said["body"])
    reply = _reply(line, is_taken=is_taken)
    with apprising.through(line):
        # It may sign out.
        del plugin
    return reply


def _reply(line: Any, *, is_taken: bool) -> Reply:
    if line.is_fenced:
        return FENCED
    if is_taken:
        return Reply(200, "taken", Step.WEB)
    if line.is_doubtful:
        return Reply(0, "gave no answer", Step.CONTENT)
    if not line.status:
        return Reply(0, "cannot be reached", Step.WEB)
    if line.status // 100 == 2:  # noqa: PLR2004
        return Reply(REFUSED, "did not take it", Step.WEB)
    return Reply(line.status, httpx2.codes.get_reason_phrase(line.status), Step.WEB)


def host_of(channel: Channel) -> str:
    """The server that a reader has named, or the service: for the pace and for operators."""
    scheme, _, rest = channel.shown.partition("://")
    return rest.partition("/")[0].rstrip("…") or scheme


def way(fence: Fence = FENCE) -> Way:
    """How services are served."""

    @contextmanager
    def opened() -> Iterator[HandOver]:
        def hand_over(digest: Digest, channel: Channel, content: bytes) -> Reply:
            del digest
            return send(client, fence, channel, content)

        with open_client() as client:
            yield hand_over

    return Way(compose, opened, host_of)
