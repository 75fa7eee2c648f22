"""Mails of a few sentences: somebody asked for mail to an address, which may get some already; an operator
tries whether mail arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from broadsheet.configured import instance
from broadsheet.digests.letters import headers
from broadsheet.digests.letters.frames import frame
from broadsheet.digests.letters.wording import site_name


def confirmation(address: str, url: str, *, at: datetime) -> bytes:
    """The mail with the link that confirms that mail may come to the address: it says nothing else."""
    name = site_name()
    return _short(
        address,
        f"Do you want mail from {name}?",
        before=(f"Somebody, perhaps you, asked {name} to send new papers to this address.",),
        url=url,
        label="Yes, send it to me",
        after=(
            "The link opens a page with a button, and is good for 48 hours.",
            "If it was not you, do nothing: no more mail will come.",
        ),
        at=at,
    )


def managing(address: str, url: str, *, at: datetime) -> bytes:
    """The mail with the link that manages mail, to an address that gets some already."""
    name = site_name()
    return _short(
        address,
        f"You get mail from {name} already",
        before=(
            f"Somebody, perhaps you, asked {name} to send new papers to this address. It gets them already.",
        ),
        url=url,
        label="Change what comes and when",
        after=("The page works for whoever has this link: keep it to yourself.",),
        at=at,
    )


def test(address: str, *, at: datetime) -> bytes:
    """The mail by which an operator sees whether mail arrives, and looks as it should."""
    name = site_name()
    return _short(
        address,
        f"Mail from {name} arrives",
        before=(f"This is a test: {name} can send mail, and it arrives at this address.",),
        url=f"{instance().site_url}/",
        label=f"To {name}",
        after=("An operator asked for it by hand. Nobody is subscribed to anything by it.",),
        at=at,
    )


def _short(
    address: str,
    subject: str,
    *,
    before: Sequence[str],
    url: str,
    label: str,
    after: Sequence[str],
    at: datetime,
) -> bytes:
    said = {"subject": subject, "before": before, "url": url, "label": label, "after": after}
    said |= {"site": instance().site_url, "site_name": site_name()}
    text, html = (frame(template, "head", **said).first for template in ("short.txt", "short.html"))
    usual = headers.usual(address, subject, at=at, message_id=headers.message_id(address, url, at))
    return headers.written(usual) + headers.body(text, html)
