"""Double opt-in: an address gets mail after whoever reads it has pressed a button behind a link sent there.

What is asked for is one row, whatever is known of the address: who asks learns nothing from the answer, nor
from how long it takes. The worker looks what is known, and sends the link, the link that manages, or nothing.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from broadsheet.accounts import limits
from broadsheet.accounts.limits import Counted, TakenTooMuchError
from broadsheet.accounts.mail import why_no_mail
from broadsheet.accounts.tokens import digest
from broadsheet.configured import instance
from broadsheet.digests import links, relay, subscribing, suppressing
from broadsheet.digests.failures import Fate, fate
from broadsheet.digests.letters import headers, short
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import ADDRESS_LENGTH, Channel, Confirmation, Recipient
from broadsheet.digests.relay import Line
from broadsheet.digests.suppressing import key_of
from broadsheet.digests.wishes import Wish, from_json

GOOD_FOR = timedelta(hours=48)
MAILS_AT_ONCE = 100


class AddressError(ValueError):
    """That is no address that mail can go to; the message says so."""


class NothingToConfirmError(LookupError):
    """The link was used already, is too old, or never was; the message says so."""

    def __init__(self) -> None:
        super().__init__("This link was used already, or it is older than two days. Subscribe once more.")


def ask(address: str, wanted: Wish, *, asks: Counted, now: datetime) -> None:
    """Have a mail sent there that asks whether it is wanted. The same is done for every address.

    Raises AddressError, and TakenTooMuchError where too much was asked from one network. An address gets so
    many of these mails in a day and no more, and who asks is not told.
    """
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError as problem:
        raise AddressError("That is no mail address; write one such as ada@example.org.") from problem
    if len(address) > ADDRESS_LENGTH or not address.isascii() or not address.isprintable():
        raise AddressError(
            "Mail can only go to an address of at most 254 letters, digits and signs of ASCII."
        )
    limits.take("subscribe", asks, now=now)
    Confirmation.objects.create(
        key=key_of(address),
        address=address,
        # The one of a token that nobody has: the worker makes the one that is sent.
        digest=digest(secrets.token_urlsafe(24)),
        wanted=asdict(wanted),
        asked_at=now,
        network=asks[0][0] if asks else "",
        is_mail_due=_may_be_mailed(address, now=now),
    )


def _may_be_mailed(address: str, *, now: datetime) -> bool:
    try:
        limits.take("confirm", limits.mail_address(key_of(address), from_all=1), now=now)
    except TakenTooMuchError:
        return False
    return True


def waiting(token: str, *, now: datetime) -> Confirmation:
    """What the link of that token confirms; to look at it changes nothing. Raises NothingToConfirmError."""
    found = Confirmation.objects.filter(digest=digest(token), asked_at__gt=now - GOOD_FOR).first()
    if found is None:
        raise NothingToConfirmError
    return found


@transaction.atomic
def confirm(token: str, *, network: str, now: datetime) -> Recipient:
    """Let mail come as it was asked for; the link is used up. Raises NothingToConfirmError and WishError."""
    found = waiting(token, now=now)
    if not Confirmation.objects.filter(pk=found.pk).delete()[0]:
        raise NothingToConfirmError
    recipient = subscribing.begin(found.address, network=network, now=now)
    wanted = from_json(found.wanted)
    if _gets_mail(recipient):
        known = [topic.pk for topic in subscribing.topics_of(recipient)]
        wanted = Wish(**{**asdict(wanted), "topics": tuple(dict.fromkeys([*known, *wanted.topics]))})
    subscribing.change(recipient, wanted, now=now)
    return recipient


def forget(*, now: datetime) -> int:
    """Drop what nobody confirmed in time; how many."""
    return Confirmation.objects.filter(asked_at__lte=now - GOOD_FOR).delete()[0]


def mail_due(*, now: datetime) -> int:
    """Send the mails that were asked for; how many were. A relay that is away is asked again in a minute.

    A mail is taken before it goes out: it goes out once or, where the process dies, not at all, and is asked
    for once more.
    """
    forget(now=now)
    if why_no_mail():
        return 0
    line, sent = relay.line(), 0
    with closing(line):
        for waits in Confirmation.objects.filter(is_mail_due=True).order_by("pk")[:MAILS_AT_ONCE]:
            if not Confirmation.objects.filter(pk=waits.pk, is_mail_due=True).update(is_mail_due=False):
                continue
            became = _mailed(waits, line, now=now)
            sent += became is Fate.SENT
            if became in {Fate.LATER, Fate.AWAY}:
                Confirmation.objects.filter(pk=waits.pk).update(is_mail_due=True)
            if became is Fate.AWAY:
                break
    return sent


def _mailed(waits: Confirmation, line: Line, *, now: datetime) -> Fate:
    """What became of the mail. One that is sent again has a link of its own; the one before is of no use."""
    if suppressing.is_suppressed(waits.address):
        return Fate.ENDED
    known = Recipient.objects.filter(key=waits.key).first()
    if known and _gets_mail(known):
        content = short.managing(waits.address, links.url(Purpose.MANAGE, known), at=now)
    else:
        token = secrets.token_urlsafe(24)
        Confirmation.objects.filter(pk=waits.pk).update(digest=digest(token))
        url = f"{instance().site_url}/confirm/{token}"
        content = short.confirmation(waits.address, url, at=now)
    return fate(
        line.hand_over(headers.sender_address(), waits.address, content, name=f"confirmation {waits.pk}")
    )


def _gets_mail(recipient: Recipient) -> bool:
    channel = subscribing.mail_of(recipient)
    return channel is not None and channel.state != Channel.State.ENDED
