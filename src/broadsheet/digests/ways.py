"""How a kind of channel is served: who writes what it says, and who hands that over; and how mail is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broadsheet.digests import composing, links, relay
from broadsheet.digests.choosing import Choice
from broadsheet.digests.composing import Composed
from broadsheet.digests.failures import Reply
from broadsheet.digests.letters.headers import sender_address
from broadsheet.digests.models import Channel, Digest, Recipient


class Compose(Protocol):
    """Writes what a channel is told; raises `composing.NothingLeftError`."""

    def __call__(
        self,
        recipient: Recipient,
        channel: Channel,
        choice: Choice,
        *,
        at: datetime,
        message_id: str,
        window: str,
        next_at: datetime | None,
    ) -> Composed:
        """The bytes that are frozen and handed over as they are, however often; and what they really tell."""


# Hands over what is frozen, and says what the other side said; raises nothing.
HandOver = Callable[[Digest, Channel, bytes], Reply]


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of channel is served. `open` gives what hands over, for one thread at a time.

    `host` is where it goes, for the pace.
    """

    compose: Compose
    open: Callable[[], AbstractContextManager[HandOver]]
    host: Callable[[Channel], str]


@contextmanager
def _mail() -> Iterator[HandOver]:
    line = relay.line()

    def hand_over(digest: Digest, channel: Channel, content: bytes) -> Reply:
        recipient = channel.recipient
        return line.hand_over(bounces_to(recipient), recipient.address, content, name=digest.message_id)

    try:
        yield hand_over
    finally:
        line.close()


def bounces_to(recipient: Recipient) -> str:
    """The sender on the envelope: whoever refuses a mail later says so to this address."""
    domain = sender_address().rpartition("@")[2]
    return f"b+{links.name_of_bounces(recipient)}@{domain}"


def _domain(channel: Channel) -> str:
    return channel.recipient.address.rpartition("@")[2].lower()


MAIL = Way(composing.compose, _mail, _domain)
