"""The pages of one's other channels: services and webhooks that are told what is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from broadsheet.accounts.access import Viewer
from broadsheet.digests import channels as room
from broadsheet.digests import subscribing
from broadsheet.digests.channels import ChannelError, NoChannelError
from broadsheet.digests.models import Channel
from broadsheet.digests.services import SERVICES
from broadsheet.digests.wishes import WishError
from broadsheet.http.posting import see_other
from broadsheet.http.viewers import viewer_of
from broadsheet.web import errors
from broadsheet.web.acting import as_allowed
from broadsheet.web.templating import page
from broadsheet.web.wishing import choices, wish_in

METHODS = ["GET", "HEAD", "POST"]
# What the page is told after a form: a sentence, and a secret that is shown this once.
Told: TypeAlias = Mapping[str, str]
Act: TypeAlias = Callable[[HttpRequest, Viewer, Channel, datetime], Told | None]


@never_cache
@require_http_methods(METHODS)
@as_allowed
def channels(request: HttpRequest) -> HttpResponse:
    """The channels of the reader, and a form for another."""
    viewer, now = viewer_of(request), timezone.now()
    own, wrong = room.mine(viewer, now=now), ""
    if request.method == "POST":
        try:
            wanted = wish_in(request, viewer, now=now)
            form = request.POST
            added = room.add(viewer, form.get("kind", ""), form.get("target", ""), wanted, now=now)
        except (ChannelError, WishError) as problem:
            wrong = str(problem)
        else:
            return _shown(
                request, viewer, added.channel, now, {"secret": added.secret, "done": "It is there."}
            )
    return page(
        request,
        "channels.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        said=wrong,
        channels=own,
        most=room.MOST,
        services=SERVICES,
        kind=request.POST.get("kind", ""),
        **choices(request, viewer, now=now, zone=own[0].recipient.zone if own else "UTC"),
    )


@never_cache
@require_http_methods(METHODS)
@as_allowed
def channel(request: HttpRequest, key: int) -> HttpResponse:
    """A channel of the reader, and what they may do with it."""
    viewer, now = viewer_of(request), timezone.now()
    try:
        found = room.find(viewer, key, now=now)
    except NoChannelError as problem:
        return errors.refused(
            request, status=HTTPStatus.NOT_FOUND, title="No such channel", said=str(problem)
        )
    if request.method != "POST":
        return _shown(request, viewer, found, now, {})
    try:
        told = _acted(request, viewer, found, now)
    except (ChannelError, WishError) as problem:
        return _shown(request, viewer, found, now, {"said": str(problem)})
    if told:
        return _shown(request, viewer, found, now, told)
    is_there = request.POST["do"] != "delete"
    return see_other(reverse("channel", args=[key]) if is_there else reverse("channels"))


def _acted(request: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> Told | None:
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise ChannelError("The form did not say what to do; try again.")
    return act(request, viewer, of, now)


def _shown(
    request: HttpRequest, viewer: Viewer, of: Channel, now: datetime, told: Mapping[str, str]
) -> HttpResponse:
    return page(
        request,
        "channel.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if told.get("said") else HTTPStatus.OK,
        is_secret=True,
        channel=of,
        next=subscribing.next_of(of),
        **choices(request, viewer, now=now, channel=of, zone=of.recipient.zone),
        **{"said": "", "done": "", "secret": "", **told},
    )


def _save(request: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> None:
    wanted = wish_in(request, viewer, now=now, known=subscribing.told_by(of))
    room.change(viewer, of.pk, wanted, now=now)


def _test(_: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> Told:
    return {"done": room.try_out(viewer, of.pk, now=now)}


def _renew(_: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> Told:
    return {"secret": room.renew(viewer, of.pk, now=now), "done": "The secret before it signs no more."}


def _pause(_: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> None:
    room.pause(viewer, of.pk, now=now)


def _resume(_: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> None:
    room.resume(viewer, of.pk, now=now)


def _delete(_: HttpRequest, viewer: Viewer, of: Channel, now: datetime) -> None:
    room.end(viewer, of.pk, now=now)


ACTS: Mapping[str, Act] = {
    "save": _save,
    "test": _test,
    "renew": _renew,
    "pause": _pause,
    "resume": _resume,
    "delete": _delete,
}
