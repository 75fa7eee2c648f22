"""What becomes of mail when a person leaves, takes what is theirs with them, or moves to another address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from broadsheet.accounts import exporting, leaving
from broadsheet.accounts.leaving import Choice
from broadsheet.accounts.models import Person
from broadsheet.digests import links, subscribing, suppressing
from broadsheet.digests.models import Channel, Confirmation, Recipient, Subscription
from broadsheet.digests.suppressing import key_of


def _leave(person: Person, choice: Choice, now: datetime) -> None:
    """Delete who gets mail at any address of the person, and what waits to be confirmed."""
    del choice, now
    keys = {key_of(said) for said in EmailAddress.objects.filter(user=person).values_list("email", flat=True)}
    Confirmation.objects.filter(key__in=keys).delete()
    Recipient.objects.filter(person=person).delete()
    Recipient.objects.filter(person=None, key__in=keys).delete()


def _subscriptions(person: Person) -> Iterator[Mapping[str, Any]]:
    key = key_of(subscribing.verified_address(person))
    for recipient in Recipient.objects.filter(Q(person=person) | Q(person=None, key=key)).order_by("pk"):
        yield subscribing.exported(recipient)


leaving.steps[Recipient] = _leave
exporting.files["subscriptions"] = _subscriptions


@receiver(email_changed)
@transaction.atomic
def move(user: Person, to_email_address: EmailAddress, **_: object) -> None:
    """Send mail to the new address of a person; links in mails at the old one manage nothing any more.

    Where the new one got mail already, its topics come after those of the person.
    """
    recipient = Recipient.objects.filter(person=user).exclude(key=None).first()
    key = key_of(to_email_address.email)
    if recipient is None or recipient.key == key:
        return
    other = Recipient.objects.filter(key=key).first()
    if other:
        _join(other, recipient)
    recipient.key, recipient.address = key, to_email_address.email
    if suppressing.is_suppressed(key):
        recipient.state = Recipient.State.SUPPRESSED
    elif recipient.state == Recipient.State.SUPPRESSED:
        recipient.state, recipient.reason = Recipient.State.ACTIVE, ""
    recipient.save()
    links.made_new(recipient)


def _join(other: Recipient, recipient: Recipient) -> None:
    """Let the recipient have what the other one got by mail, who goes."""
    channel = subscribing.mail_of(recipient)
    if channel is None:
        other.channels.filter(kind=Channel.Kind.MAIL).update(recipient=recipient)
    else:
        known = [topic.pk for topic in subscribing.topics_of(recipient)]
        rows = Subscription.objects.filter(channel__recipient=other, channel__kind=Channel.Kind.MAIL)
        for place, row in enumerate(rows.exclude(topic__in=known).order_by("place"), len(known)):
            row.channel, row.place = channel, place
            row.save(update_fields=["channel", "place"])
    other.delete()
