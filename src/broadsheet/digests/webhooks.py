"""Webhooks: a digest as JSON, sent to an address and signed as Standard Webhooks say.

`webhook-id` names the digest and is the same at each attempt, `webhook-timestamp` is the time of the attempt,
and `webhook-signature` signs both and the body with the secret that the reader was shown once.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version

import httpx2
import orjson
from standardwebhooks.webhooks import Webhook

from broadsheet.configured import instance
from broadsheet.digests import sealing, telling
from broadsheet.digests.choosing import Choice
from broadsheet.digests.composing import Composed, NothingLeftError
from broadsheet.digests.failures import Reply, Step
from broadsheet.digests.fence import FENCE, Fence, FencedError
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.sealing import SealError
from broadsheet.digests.ways import HandOver, Way
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.exchange import open_client

SECRET_BYTES = 32
# How what nobody answered counts: as an answer that came from us.
FENCED = Reply(403, "was not asked: it leads to no public address", Step.WEB)
SEALED = Reply(503, "was not asked: it is sealed with another secret key", Step.WEB)


def new_secret() -> str:
    """A secret that signs, in the form in which receivers take it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


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
    """What a webhook is told, as JSON. Raises NothingLeftError."""
    del recipient, channel, message_id, next_at
    papers = telling.told(choice)
    if not papers:
        raise NothingLeftError
    topics = list(telling.topics(choice, papers))
    data = {"window": window, "site": instance().site_url, "topics": topics, "left": choice.left}
    content = orjson.dumps({"type": "digest", "timestamp": at.astimezone(UTC).isoformat(), "data": data})
    return Composed(content, [one.paper.pk for one in papers])


def trial(*, at: datetime) -> bytes:
    """What a webhook is told when its reader tries it."""
    data = {"site": instance().site_url}
    return orjson.dumps({"type": "test", "timestamp": at.astimezone(UTC).isoformat(), "data": data})


def name_of(digest: Digest) -> str:
    """The `webhook-id`, the same at each attempt."""
    return f"msg_{digest.message_id.partition('@')[0]}"


def send(
    client: httpx2.Client, fence: Fence, channel: Channel, name: str, content: bytes, *, at: datetime
) -> Reply:
    """Hand the content over, and say what was answered."""
    try:
        headers = _headers(name, content, sealing.opened(channel.key), at=at)
        reply = fence.send(client, "POST", sealing.opened(channel.target), headers, content)
    except FencedError:
        return FENCED
    except SealError:
        return SEALED
    except RefusalError:
        return Reply(0, "gave no answer", Step.WEB)
    return Reply(reply.status, httpx2.codes.get_reason_phrase(reply.status), Step.WEB)


def _headers(name: str, content: bytes, secret: str, *, at: datetime) -> Mapping[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Broadsheet/{version('broadsheet')}",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at.astimezone(UTC), content.decode()),
    }


def host_of(channel: Channel) -> str:
    """The server, for the pace and for operators: what may be shown of the address has it."""
    return channel.shown.partition("://")[2].partition("/")[0]


def way(fence: Fence = FENCE) -> Way:
    """How webhooks are served."""

    @contextmanager
    def opened() -> Iterator[HandOver]:
        with open_client() as client:
            yield lambda digest, channel, content: send(
                client, fence, channel, name_of(digest), content, at=datetime.now(UTC)
            )

    return Way(compose, opened, host_of)
