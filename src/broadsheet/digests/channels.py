"""Other ways than mail to a person: services and webhooks, with topics and times of their own.

A person has them with their account alone, not by a link in a mail.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx2
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.accounts import access, limits
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.digests import sealing, services, subscribing, webhooks
from broadsheet.digests.failures import Fate, Reply, fate
from broadsheet.digests.fence import FENCE, Fence, FencedError
from broadsheet.digests.models import Channel, Recipient
from broadsheet.digests.services import ServiceError
from broadsheet.digests.wishes import Wish
from broadsheet.sources.live.fetching.exchange import open_client

KINDS = (Channel.Kind.WEBHOOK, Channel.Kind.SERVICE)
# So many channels a person may have, besides mail.
MOST = 10
# Of a secret part that is as long, the last signs are shown.
LONG, LAST = 12, 4
_STATED = re.compile(r"[^\s\x00-\x1f\x7f]{1,2000}")


class ChannelError(ValueError):
    """A channel cannot be had so; the message says why."""


class NoChannelError(LookupError):
    """There is no such channel of this person; the message says so."""

    def __init__(self) -> None:
        super().__init__("You have no such channel.")


@dataclass(frozen=True, slots=True)
class Added:
    """A new channel, and the secret that signs what it is told, shown this once; a service has none."""

    channel: Channel
    secret: str


def mine(viewer: Viewer, *, now: datetime) -> Sequence[Channel]:
    """The channels of the viewer besides mail, the oldest first. Raises NotAllowedError."""
    return list(_own(access.check(viewer, "read", now=now)).order_by("pk"))


def find(viewer: Viewer, pk: int, *, now: datetime) -> Channel:
    """That channel of the viewer. Raises NotAllowedError and NoChannelError, also for another's."""
    return _found(access.check(viewer, "read", now=now), pk)


def add(
    viewer: Viewer, kind: str, target: str, wanted: Wish, *, now: datetime, fence: Fence = FENCE
) -> Added:
    """Tell those topics there at those times from now on. Raises NotAllowedError, TakenTooMuchError,
    ChannelError and WishError.
    """
    person = access.check(viewer, "follow", now=now)
    _check_room(person)
    limits.take("channel", limits.person(person.pk), now=now)
    target = target.strip()
    shown = _shown(kind, target, fence)
    secret = webhooks.new_secret() if kind == Channel.Kind.WEBHOOK else ""
    with transaction.atomic():
        recipient = _recipient(person)
        _check_room(person)
        channel = Channel(recipient=recipient, kind=kind, shown=shown, made_at=now)
        channel.target = sealing.sealed(target)
        channel.key = sealing.sealed(secret) if secret else b""
        subscribing.fit(channel, wanted, is_new=True, now=now)
    return Added(channel, secret)


def change(viewer: Viewer, pk: int, wanted: Wish, *, now: datetime) -> Channel:
    """Tell other topics there, or at other times. Raises NotAllowedError, NoChannelError and WishError."""
    channel = _found(access.check(viewer, "follow", now=now), pk)
    return subscribing.fit(channel, wanted, is_new=False, now=now)


def renew(viewer: Viewer, pk: int, *, now: datetime) -> str:
    """A new secret of a webhook, which signs from now on and is shown this once. Raises NotAllowedError,
    NoChannelError, and ChannelError for a service, which has none.
    """
    channel = _found(access.check(viewer, "follow", now=now), pk)
    if channel.kind != Channel.Kind.WEBHOOK:
        raise ChannelError("Only a webhook has a secret that signs.")
    secret = webhooks.new_secret()
    channel.key = sealing.sealed(secret)
    channel.save(update_fields=["key"])
    return secret


def pause(viewer: Viewer, pk: int, *, now: datetime) -> None:
    """Tell nothing there until that is called off. Raises NotAllowedError and NoChannelError."""
    channel = _found(access.check(viewer, "follow", now=now), pk)
    Channel.objects.filter(pk=channel.pk, state=Channel.State.ACTIVE).update(
        state=Channel.State.PAUSED, reason=""
    )


@transaction.atomic
def resume(viewer: Viewer, pk: int, *, now: datetime) -> None:
    """Tell what is new there again, be it that its owner paused it or that it was refused. Raises
    NotAllowedError and NoChannelError.
    """
    channel = _found(access.check(viewer, "follow", now=now), pk)
    subscribing.go_on(channel, now=now)


def end(viewer: Viewer, pk: int, *, now: datetime) -> None:
    """Delete the channel, with its secrets and what it told. Raises NotAllowedError and NoChannelError."""
    _found(access.check(viewer, "follow", now=now), pk).delete()


def try_out(viewer: Viewer, pk: int, *, now: datetime, fence: Fence = FENCE) -> str:
    """Send a word there now; what came of it, in a sentence. Raises NotAllowedError, TakenTooMuchError and
    NoChannelError.
    """
    person = access.check(viewer, "follow", now=now)
    channel = _found(person, pk)
    limits.take("channel", limits.person(person.pk), now=now)
    with open_client() as client:
        reply = _tried(client, channel, fence, now)
    if fate(reply) == Fate.SENT:
        return "It arrived."
    return f"It did not arrive: {channel.shown} {_in_words(reply)}."


def _tried(client: httpx2.Client, channel: Channel, fence: Fence, now: datetime) -> Reply:
    if channel.kind == Channel.Kind.WEBHOOK:
        name = f"msg_{secrets.token_hex(16)}"
        return webhooks.send(client, fence, channel, name, webhooks.trial(at=now), at=now)
    return services.send(client, fence, channel, services.trial())


def _in_words(reply: Reply) -> str:
    is_ours = not reply.code or reply.text.startswith("was not asked")
    return reply.text if is_ours else f"answered {reply.code} {reply.text}".strip()


def _shown(kind: str, target: str, fence: Fence) -> str:
    """What may be shown of a target that is one. Raises ChannelError."""
    if not _STATED.fullmatch(target):
        raise ChannelError("Give an address without spaces, 2,000 characters at most.")
    if kind not in KINDS:
        raise ChannelError("A channel is a webhook or a service.")
    try:
        if kind == Channel.Kind.WEBHOOK:
            url, _ = fence.checked(target)
            return _in_part(f"{url.scheme}://{url.netloc.decode()}/", url.raw_path.decode())
        service, server = services.checked(target, fence)
        return _in_part(f"{service.schemes[-1]}://{server}{'/' if server else ''}", urlsplit(target).path)
    except (FencedError, ServiceError) as problem:
        raise ChannelError(str(problem)) from problem


def _in_part(begun: str, secret: str) -> str:
    """The beginning, and the last signs of what is long enough to stay secret without them."""
    secret = secret.strip("/")
    return f"{begun[:100]}…{secret[-LAST:] if len(secret) >= LONG else ''}"


def _recipient(person: Person) -> Recipient:
    """The recipient that is this person, locked."""
    known = subscribing.claim(person)
    if known is None:
        known, _ = Recipient.objects.get_or_create(person=person)
    return Recipient.objects.select_for_update().get(pk=known.pk)


def _check_room(person: Person) -> None:
    if _own(person).count() >= MOST:
        raise ChannelError(f"You have {MOST} channels already, which are the most; delete one first.")


def _own(person: Person) -> QuerySet[Channel]:
    return Channel.objects.filter(recipient__person=person, kind__in=KINDS)


def _found(person: Person, pk: int) -> Channel:
    found = _own(person).select_related("recipient").filter(pk=pk).first()
    if found is None:
        raise NoChannelError
    return found
