"""Recipients and what they get: changed, paused, ended and deleted by whoever has their link or account.

Whoever calls these has found the recipient by a signed link (`links`) or by the account of the person: that
is what allows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Person
from broadsheet.daily import topics
from broadsheet.daily.kinds.topic import is_open_to
from broadsheet.daily.models import Topic
from broadsheet.digests import planning, settling, suppressing, windows
from broadsheet.digests.models import Channel, Confirmation, Recipient, Subscription
from broadsheet.digests.suppressing import key_of
from broadsheet.digests.wishes import Wish, WishError

# Which words people confirm: those of the mail that `confirming` sends and of the page behind its link.
WORDING = 1
MOST_WEEKS = 52
# So many topics a page offers.
OFFERED = 60


def of_person(person: Person) -> Recipient | None:
    """The recipient that is this person: theirs, or that of their address before they had an account."""
    own = Recipient.objects.filter(person=person).first()
    if own and own.key:
        return own
    return Recipient.objects.filter(key=key_of(verified_address(person)), person=None).first() or own


def claim(person: Person) -> Recipient | None:
    """The same, written down as theirs from now on."""
    address = verified_address(person)
    if address:
        _give_address(person, key_of(address), address)
        if not Recipient.objects.filter(person=person).exists():
            Recipient.objects.filter(key=key_of(address), person=None).update(person=person)
    return Recipient.objects.filter(person=person).first()


def verified_address(person: Person) -> str:
    """The address that the person has shown to be theirs; empty where there is none."""
    rows = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return rows.values_list("email", flat=True).first() or ""


def owner_of(address: str) -> Person | None:
    """The person who has shown that the address is theirs."""
    known = EmailAddress.objects.filter(email=key_of(address), verified=True).select_related("user").first()
    person = known.user if known else None
    return person if isinstance(person, Person) and person.left_at is None else None


@transaction.atomic
def begin(address: str, *, network: str, now: datetime) -> Recipient:
    """The recipient of an address that was shown to be theirs who ask; there is one for each address."""
    key = key_of(address)
    person = owner_of(address)
    if person:
        _give_address(person, key, address)
    recipient, _ = Recipient.objects.get_or_create(key=key, defaults={"address": address})
    if recipient.person_id is None and person and not Recipient.objects.filter(person=person).exists():
        recipient.person = person
    recipient.confirmed_at, recipient.wording, recipient.network = now, WORDING, network
    if suppressing.is_suppressed(address):
        recipient.state = Recipient.State.SUPPRESSED
    recipient.save()
    return recipient


def _give_address(person: Person, key: str, address: str) -> None:
    """Let who had other channels before they had mail be one recipient with that of the address."""
    own = Recipient.objects.filter(person=person, key=None).first()
    known = Recipient.objects.filter(key=key).first()
    if own is None or (known and known.person_id):
        return
    if known:
        own.channels.update(recipient=known)
        own.delete()
    else:
        own.key, own.address = key, address
        own.save(update_fields=["key", "address"])


def mail_of(recipient: Recipient) -> Channel | None:
    """The way by mail; None where the recipient never had one."""
    return Channel.objects.filter(recipient=recipient, kind=Channel.Kind.MAIL).first()


def next_of(channel: Channel) -> datetime | None:
    """When the channel is told next, by the clocks of its reader; None where that is not known yet."""
    return windows.at_place(channel.due_at, channel.recipient.zone) if channel.due_at else None


def topics_of(recipient: Recipient) -> Sequence[Topic]:
    """The topics of the recipient's mails, in their order."""
    channel = mail_of(recipient)
    return told_by(channel) if channel else []


def told_by(channel: Channel) -> Sequence[Topic]:
    """The topics that a channel tells, in their order."""
    rows = Subscription.objects.filter(channel=channel).select_related("topic")
    return [row.topic for row in rows.order_by("place", "pk")]


def of_keys(keys: Sequence[int]) -> Sequence[Topic]:
    """The topics of these keys in their order, of those that are left."""
    found = Topic.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def offered(viewer: Viewer = NOBODY, *, now: datetime) -> Sequence[Topic]:
    """The topics to choose from: what trends here, then those that a viewer finds, the newest first."""
    others = topics.seen_by(viewer).exclude(slug=topics.TRENDING).filter(stopped_at=None)
    return [topics.trending_to_show(now), *others.order_by("-made_at", "-pk")[: OFFERED - 1]]


def open_to(recipient: Recipient) -> QuerySet[Topic]:
    """The topics that may be told to the recipient."""
    return Topic.objects.filter(is_open_to(recipient.person_id))


@transaction.atomic
def change(recipient: Recipient, wanted: Wish, *, now: datetime) -> Channel:
    """Send those topics by mail at those times from now on. Raises WishError where none of them is left.

    A minute of the hour is drawn by chance once, and stays, so that not all mail is due at once.
    """
    Recipient.objects.select_for_update().get(pk=recipient.pk)
    known = mail_of(recipient)
    was_ended = known is None or known.state == Channel.State.ENDED
    channel = known or Channel(kind=Channel.Kind.MAIL, made_at=now)
    channel.recipient = recipient
    if was_ended:
        channel.state, channel.reason, channel.refusals = Channel.State.ACTIVE, "", 0
    return fit(channel, wanted, is_new=was_ended, now=now)


@transaction.atomic
def fit(channel: Channel, wanted: Wish, *, is_new: bool, now: datetime) -> Channel:
    """Save the channel with those topics and times. Raises WishError where none of the topics is left.

    The zone is that of its recipient, and with it that of their other channels.
    """
    recipient, minute = channel.recipient, channel.minute % 60 if channel.pk else secrets.randbelow(60)
    channel.cadence, channel.many, channel.days = wanted.cadence, wanted.many, wanted.days
    channel.minute = wanted.hour * 60 + minute
    if recipient.zone != wanted.zone:
        recipient.zone = wanted.zone
        recipient.save(update_fields=["zone"])
        for other in recipient.channels.exclude(pk=channel.pk).exclude(due_at=None):
            other.recipient = recipient
            other.due_at = next_due(other, now=now)
            other.save(update_fields=["due_at"])
    channel.due_at = next_due(channel, now=now)
    channel.save()
    _choose(channel, wanted.topics, is_new=is_new, now=now)
    return channel


def _choose(channel: Channel, keys: Sequence[int], *, is_new: bool, now: datetime) -> None:
    """Subscribe to those topics and to no other; what was there before somebody subscribed is not new."""
    found = open_to(channel.recipient).in_bulk(keys)
    chosen = [found[key] for key in dict.fromkeys(keys) if key in found]
    if not chosen:
        raise WishError("Choose at least one topic.")
    rows = Subscription.objects.filter(channel=channel)
    ended, _ = (rows if is_new else rows.exclude(topic__in=chosen)).delete()
    if ended:
        settling.take_back(channel)
    for place, topic in enumerate(chosen):
        Subscription.objects.update_or_create(
            channel=channel,
            topic=topic,
            defaults={"place": place},
            create_defaults={"place": place, "told": topic.last, "since": now},
        )


def next_due(channel: Channel, *, now: datetime) -> datetime:
    """When the next window opens: in the future, and not on a date that had one."""
    due = planning.next_due(channel, now=now)
    return due if due > now else windows.next_opening(None, now=now, times=planning.times_of(channel))


def pause(recipient: Recipient, weeks: int, *, now: datetime) -> None:
    """Send nothing for so many weeks; then one mail tells what is new. Raises WishError."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise WishError(f"A pause lasts 1 to {MOST_WEEKS} weeks.")
    Recipient.objects.filter(pk=recipient.pk).exclude(state=Recipient.State.SUPPRESSED).update(
        state=Recipient.State.PAUSED, paused_until=now + timedelta(weeks=weeks), reason=""
    )


@transaction.atomic
def resume(recipient: Recipient, *, now: datetime) -> None:
    """Send again what was paused, be it by the recipient or since mail came back."""
    Recipient.objects.filter(pk=recipient.pk, state=Recipient.State.PAUSED).update(
        state=Recipient.State.ACTIVE, paused_until=None, reason="", refusals=0
    )
    recipient.refresh_from_db()
    channel = mail_of(recipient)
    if channel is None:
        return
    if channel.state == Channel.State.ENDED:
        _forget_missed(channel)
    go_on(channel, now=now)


def go_on(channel: Channel, *, now: datetime) -> None:
    """Let the channel tell what is new again, whatever had stopped it."""
    channel.state, channel.reason, channel.refusals = Channel.State.ACTIVE, "", 0
    channel.due_at = next_due(channel, now=now)
    channel.save(update_fields=["state", "reason", "refusals", "due_at"])


def _forget_missed(channel: Channel) -> None:
    """What came while nothing was wanted is not new."""
    for row in Subscription.objects.filter(channel=channel).select_related("topic"):
        row.told = row.topic.last
        row.save(update_fields=["told"])


def leave(recipient: Recipient) -> None:
    """End all mail to the recipient: once or more often, it is the same."""
    Channel.objects.filter(recipient=recipient, kind=Channel.Kind.MAIL).update(
        state=Channel.State.ENDED, due_at=None, reason=""
    )


@transaction.atomic
def delete(recipient: Recipient) -> None:
    """Keep nothing of the recipient but the other channels of a person; that the address is suppressed stays,
    if it is.
    """
    Confirmation.objects.filter(key=recipient.key).delete()
    others = recipient.channels.exclude(kind=Channel.Kind.MAIL)
    if recipient.person and others.exists():
        others.update(recipient=_begun(recipient))
    recipient.delete()


def _begun(recipient: Recipient) -> Recipient:
    """A recipient without an address in the place of one with an address."""
    person, recipient.person = recipient.person, None
    recipient.save(update_fields=["person"])
    return Recipient.objects.create(person=person, zone=recipient.zone)


def shown_address(address: str) -> str:
    """The address in part: mails are forwarded, and with them their links."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"


def exported(recipient: Recipient) -> Mapping[str, Any]:
    """All that is kept of the recipient, in plain values; nothing in it opens anything."""
    ways = recipient.channels.order_by("pk").prefetch_related("subscriptions__topic")
    return {
        "address": recipient.address,
        "state": recipient.state,
        "reason": recipient.reason,
        "zone": recipient.zone,
        "paused_until": recipient.paused_until,
        "confirmed_at": recipient.confirmed_at,
        "confirmed_from": recipient.network,
        "confirmed_wording": recipient.wording,
        "channels": [_exported(channel) for channel in ways],
    }


def _exported(channel: Channel) -> Mapping[str, Any]:
    told = channel.subscriptions.order_by("place", "pk")
    return {
        "kind": channel.kind,
        "to": channel.shown,
        "state": channel.state,
        "reason": channel.reason,
        "cadence": channel.cadence,
        "many": channel.many,
        "days": channel.weekdays,
        "minute": channel.minute,
        "since": channel.made_at,
        "next": channel.due_at,
        "last": channel.sent_at,
        "topics": [{"name": row.topic.name, "address": row.topic.slug, "since": row.since} for row in told],
        "sent": [*channel.digests.filter(state="sent").order_by("pk").values("window", "sent_at")],
    }
