"""What comes back: reports that a mail could not be delivered (RFC 3464), and complaints (RFC 5965).

Whose mail it was is told by the address that it comes back to, which holds a token of its recipient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from functools import partial

from broadsheet.digests import failures, links, settling, suppressing
from broadsheet.digests.failures import Reply, Step
from broadsheet.digests.links import Purpose
from broadsheet.digests.models import REPLY_LENGTH, Channel, Recipient

MOST_BYTES, FAILED = 2_000_000, 550
_ENVELOPE = re.compile(r"\bb\+([0-9a-f]{48})@", re.IGNORECASE)
_LINK = re.compile(r"/unsubscribe/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")
_ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "Original-Rcpt-To")


class NoBounceError(ValueError):
    """The message is no report about a mail of this site; the text says what it lacks."""


def record(raw: bytes, *, now: datetime) -> str:
    """Do what a report asks for, and say so in a sentence. Raises NoBounceError."""
    message = message_from_bytes(raw, policy=policy.compat32)
    recipient = _recipient(message, raw)
    if recipient is None:
        raise NoBounceError("The message is about no mail of this site: it has no address b+…@ of it.")
    channel = (
        Channel.objects.select_related("recipient")
        .filter(recipient=recipient, kind=Channel.Kind.MAIL)
        .first()
    )
    if _is_complaint(message):
        return _complained(recipient, channel, now)
    reply = _reply(message)
    if reply is None:
        raise NoBounceError("The message is no report of a delivery that failed for good; nothing was done.")
    if channel is None:
        return "The recipient gets no digests any more; nothing was done."
    settling.follow(channel, failures.fate(reply), reply, now=now)
    recipient.refresh_from_db()
    return f"A mail to recipient {recipient.pk} came back ({reply}); the recipient is {recipient.state}."


def _complained(recipient: Recipient, channel: Channel | None, now: datetime) -> str:
    if channel:
        Channel.objects.filter(pk=channel.pk).update(state=Channel.State.ENDED, reason=failures.COMPLAINT)
    suppressing.suppress(recipient.address, failures.COMPLAINT, now=now)
    return f"Recipient {recipient.pk} complained, and is sent nothing any more."


def _recipient(message: Message, raw: bytes) -> Recipient | None:
    """Whose mail came back: by the address of the report, or by what it says of the mail."""
    addressed = " ".join(str(value) for name in _ADDRESSED for value in message.get_all(name, []))
    text = raw.decode("ascii", "replace").replace("=\r\n", "").replace("=\n", "")
    for pattern, whose, where in (
        (_ENVELOPE, links.recipient_of_bounces, addressed),
        (_ENVELOPE, links.recipient_of_bounces, text),
        (_LINK, partial(links.recipient_of, Purpose.UNSUBSCRIBE), text),
    ):
        for found in pattern.finditer(where):
            if recipient := whose(found[1]):
                return recipient
    return None


def _is_complaint(message: Message) -> bool:
    reports = _parts(message, "message/feedback-report")
    return any(report.get("Feedback-Type", "").strip().lower() != "not-spam" for report in reports)


def _reply(message: Message) -> Reply | None:
    """What a report says of a recipient, as a relay would have said it at once."""
    for report in _parts(message, "message/delivery-status"):
        status = str(report.get("Status", "")).strip()
        if str(report.get("Action", "")).strip().lower() != "failed" or not failures.status_of(status):
            continue
        said = f"{status} {report.get('Diagnostic-Code', '')}"[:REPLY_LENGTH]
        # Whoever reports a failure has given up, whatever the status says.
        return Reply(FAILED, " ".join(said.split()), Step.RECIPIENT)
    return None


def _parts(message: Message, wanted: str) -> Iterator[Message]:
    """The groups of fields of such a part of the report."""
    for part in message.walk():
        if part.get_content_type() == wanted:
            payload = part.get_payload()
            for group in payload if isinstance(payload, list) else [message_from_string(str(payload))]:
                assert isinstance(group, Message)
                yield group
