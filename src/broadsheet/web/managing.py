"""What a recipient may do on the page that manages their mail, be it by a link or with an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from django.http import HttpRequest, HttpResponse, JsonResponse

from broadsheet.accounts.access import Viewer
from broadsheet.digests import links, subscribing
from broadsheet.digests.models import Channel, Recipient
from broadsheet.digests.wishes import WishError
from broadsheet.web.templating import page
from broadsheet.web.wishing import choices, wish_in

Act: TypeAlias = Callable[[HttpRequest, Recipient, datetime], HttpResponse | None]


def acted(request: HttpRequest, recipient: Recipient, *, now: datetime) -> HttpResponse | None:
    """Do what the form asks for; what it answers, if it is not the page. Raises WishError."""
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise WishError("The form did not say what to do; try again.")
    return act(request, recipient, now)


def managed(
    request: HttpRequest, recipient: Recipient | None, viewer: Viewer, now: datetime
) -> dict[str, Any]:
    """What the page shows, with the topics that the viewer finds."""
    channel = subscribing.mail_of(recipient) if recipient else None
    return {
        "recipient": recipient,
        "state": _state(recipient, channel, now),
        "next": subscribing.next_of(channel) if channel else None,
        "enough": channel.many if channel and channel.cadence == Channel.Cadence.WHEN_MANY else 0,
        "reason": recipient.reason or (channel.reason if channel else "") if recipient else "",
        **choices(request, viewer, now=now, channel=channel, zone=recipient.zone if recipient else "UTC"),
    }


def _state(recipient: Recipient | None, channel: Channel | None, now: datetime) -> str:
    """In a word: `none`, `suppressed`, `ended`, `paused` or `active`."""
    if recipient is None or channel is None:
        return "none"
    if recipient.state == Recipient.State.SUPPRESSED:
        return "suppressed"
    if channel.state == Channel.State.ENDED:
        return "ended" if channel.subscriptions.exists() else "none"
    is_over = recipient.paused_until is not None and recipient.paused_until <= now
    is_paused = recipient.state == Recipient.State.PAUSED and not is_over
    return "paused" if is_paused or channel.state == Channel.State.PAUSED else "active"


def _save(request: HttpRequest, recipient: Recipient, now: datetime) -> None:
    known = subscribing.topics_of(recipient)
    wanted = wish_in(request, Viewer(person=recipient.person), now=now, known=known)
    subscribing.change(recipient, wanted, now=now)


def _pause(request: HttpRequest, recipient: Recipient, now: datetime) -> None:
    text = request.POST.get("weeks", "")
    weeks = int(text) if text.isascii() and text.isdigit() and len(text) <= len("52") else 0
    subscribing.pause(recipient, weeks, now=now)


def _resume(_: HttpRequest, recipient: Recipient, now: datetime) -> None:
    subscribing.resume(recipient, now=now)


def _end(_: HttpRequest, recipient: Recipient, now: datetime) -> None:
    del now
    subscribing.leave(recipient)


def _renew(_: HttpRequest, recipient: Recipient, now: datetime) -> None:
    del now
    links.made_new(recipient)


def _export(_: HttpRequest, recipient: Recipient, now: datetime) -> HttpResponse:
    said = f'attachment; filename="mail-{now.date()}.json"'
    return JsonResponse(
        subscribing.exported(recipient),
        headers={"Content-Disposition": said},
        json_dumps_params={"indent": 2},
    )


def _delete(request: HttpRequest, recipient: Recipient, now: datetime) -> HttpResponse:
    del now
    subscribing.delete(recipient)
    return page(request, "mail_deleted.html", is_secret=True)


ACTS: Mapping[str, Act] = {
    "save": _save,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "renew": _renew,
    "export": _export,
    "delete": _delete,
}
