"""Notices by mail: a bundle whose time has come is a digest like any other, and is sent as they are."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.db import transaction

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.mail import why_no_mail
from broadsheet.accounts.models import Person
from broadsheet.community import bundling, shown_notices
from broadsheet.community.bundling import Due
from broadsheet.community.models import Every
from broadsheet.digests import freezing, links, subscribing
from broadsheet.digests.letters import notices
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.settling import NOTICES
from broadsheet.digests.suppressing import key_of

AT_ONCE = 500


def close_due(*, now: datetime) -> int:
    """Close the bundles whose time has come; each is a digest then, frozen and due. How many."""
    if why_no_mail():
        bundling.drop_all()
        return 0
    return sum(_close(due, now=now) for due in islice(bundling.due(now=now), AT_ONCE))


@transaction.atomic
def _close(due: Due, *, now: datetime) -> bool:
    closed = bundling.close(due, now=now)
    channel = _channel(closed[0].person, now=now) if closed else None
    if closed is None or channel is None:
        return False
    bundle, rows = closed
    digest = Digest(channel=channel, window=f"{NOTICES}{bundle.pk}", due_at=now)
    digest.message_id = freezing.message_id(digest)
    content = notices.compose(
        channel.recipient.address,
        shown_notices.shown(rows, Viewer(person=bundle.person, scopes=frozenset({"read"}))),
        unsubscribe=links.unsubscribe_url(Purpose.NOTICES, channel.recipient),
        at=now,
        message_id=digest.message_id,
    )
    digest.content = freezing.frozen(content)
    digest.save()
    return True


def stop(recipient: Recipient) -> None:
    """Mail no more notices to the person whose address that is."""
    person = subscribing.owner_of(recipient.key or "") or recipient.person
    if person:
        bundling.choose(person, Every.NEVER)


def _channel(person: Person, *, now: datetime) -> Channel | None:
    """The way by mail to the address that the person has shown to be theirs; None where there is none.

    Where they get nothing else by it, it is ended: no window opens, and notices go all the same.
    """
    address = subscribing.verified_address(person)
    if not address:
        return None
    known = Recipient.objects.filter(key=key_of(address)).first()
    ended = {"state": Channel.State.ENDED, "made_at": now}
    return Channel.objects.get_or_create(
        recipient=known or subscribing.begin(address, network="", now=now),
        kind=Channel.Kind.MAIL,
        defaults=ended,
    )[0]
