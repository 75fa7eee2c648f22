"""Trying whether mail arrives."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from broadsheet.accounts.mail import why_no_mail
from broadsheet.digests import failures, relay
from broadsheet.digests.failures import Fate
from broadsheet.digests.letters import headers, short


class NotTakenError(Exception):
    """A message was not taken; the message of this says why."""


def test(address: str, *, now: datetime) -> str:
    """Hand a test message over, and give what was said to it. Raises NotTakenError."""
    if reason := why_no_mail():
        raise NotTakenError(reason)
    if "@" not in address or not address.isprintable() or " " in address:
        raise NotTakenError(f"{address!r} is no mail address.")
    content = short.test(address, at=now)
    with closing(relay.line()) as line:
        reply = line.hand_over(headers.sender_address(), address, content, name=f"test {now.isoformat()}")
    if failures.fate(reply) != Fate.SENT:
        raise NotTakenError(f"The relay did not take it: {reply}")
    return f"The relay took it: {reply}"
