"""One's services and webhooks: what they are told and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.access import Viewer
from broadsheet.api.v1 import answers
from broadsheet.api.v1.errors import bad
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import KEY, WITHOUT_NUL
from broadsheet.daily import topics
from broadsheet.daily.models import SLUG_LENGTH
from broadsheet.digests import channels as room
from broadsheet.digests import subscribing, wishes
from broadsheet.digests.channels import ChannelError
from broadsheet.digests.fence import LONGEST
from broadsheet.digests.models import ZONE_LENGTH
from broadsheet.digests.models import Channel as Row
from broadsheet.digests.wishes import MOST_PAPERS, MOST_TOPICS, Wish, WishError
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of

Key = Annotated[int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("channel"), examples=[1])]
Slug = Annotated[str, Field(min_length=1, max_length=SLUG_LENGTH, pattern=WITHOUT_NUL)]
Day = Annotated[int, Field(strict=True, ge=0, le=6)]

router = Router(tags=["channels"])


class Wanted(Schema):
    """What a channel is to be told, and when."""

    model_config = ConfigDict(extra="forbid")

    topics: list[Slug] = Field(
        min_length=1,
        max_length=MOST_TOPICS,
        description="Slugs of topics, in order.",
        examples=[["trending"]],
    )
    cadence: Literal["daily", "weekly", "monthly", "when_many"] = Field("daily", description="How often.")
    many: int = Field(
        wishes.DEFAULT_MANY, strict=True, ge=1, le=MOST_PAPERS, description="Of when_many: how many papers."
    )
    days: list[Day] = Field([], max_length=7, description="Days of the week from 0, Monday; empty for all.")
    hour: int = Field(wishes.DEFAULT_HOUR, strict=True, ge=0, le=23, description="The hour of the day.")
    zone: str = Field("UTC", max_length=ZONE_LENGTH, pattern=WITHOUT_NUL, description="The time zone.")


class NewChannel(Wanted):
    """Where to, besides."""

    kind: Literal["webhook", "service"] = Field(description="What carries it.")
    target: str = Field(
        min_length=1,
        max_length=LONGEST,
        pattern=WITHOUT_NUL,
        description="The address of the webhook, or of the service as apprise has it.",
        examples=["https://example.org/hook"],
    )


@dataclass(frozen=True, slots=True)
class Channel:
    """A service or webhook; `to` is what may be shown of its address."""

    id: int
    kind: str
    to: str
    topics: tuple[str, ...]
    cadence: str
    many: int
    days: tuple[int, ...]
    hour: int
    zone: str
    state: str
    reason: str
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Channels:
    """All of them, the oldest first."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs from now on; shown this once."""

    secret: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a word that was sent there."""

    said: str


@router.get("channels", response=Channels, auth=Token("read"), summary="One's services and webhooks")
def channels(request: HttpRequest) -> HttpResponse:
    """Where they lead is shown in part. Takes the scope `read`."""
    found = room.mine(viewer_of(request), now=timezone.now())
    return answers.json(request, Channels(tuple(map(_sent, found))))


@router.post(
    "channels",
    response={HTTPStatus.CREATED: Channel},
    auth=Token("follow"),
    summary="Have a service or webhook told",
)
def add_channel(request: HttpRequest, body: NewChannel) -> HttpResponse:
    """What signs a webhook is made and shown by `PUT …/secret`. Takes the scope `follow`."""
    viewer, now = viewer_of(request), timezone.now()
    try:
        added = room.add(viewer, body.kind, body.target, _wish(viewer, body, now), now=now)
    except ChannelError as problem:
        raise bad("target", str(problem)) from problem
    except WishError as problem:
        raise bad("topics", str(problem)) from problem
    answer = answers.json(request, _sent(added.channel), status=HTTPStatus.CREATED)
    answer["Location"] = reverse("api:channel", args=[added.channel.pk])
    return answer


@router.get("channels/{int:channel}", response=Channel, auth=Token("read"), summary="A service or webhook")
def channel(request: HttpRequest, channel: Key) -> HttpResponse:
    """One's own. Takes the scope `read`."""
    return answers.json(request, _sent(room.find(viewer_of(request), channel, now=timezone.now())))


@router.put(
    "channels/{int:channel}", response=Channel, auth=Token("follow"), summary="Tell it something else"
)
def change_channel(request: HttpRequest, channel: Key, body: Wanted) -> HttpResponse:
    """Other topics, or other times: all that is not given is as usual. Takes the scope `follow`."""
    viewer, now = viewer_of(request), timezone.now()
    room.find(viewer, channel, now=now)
    try:
        changed = room.change(viewer, channel, _wish(viewer, body, now), now=now)
    except WishError as problem:
        raise bad("topics", str(problem)) from problem
    return answers.json(request, _sent(changed))


@router.delete(
    "channels/{int:channel}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("follow"),
    summary="Delete a service or webhook",
)
def delete_channel(request: HttpRequest, channel: Key) -> HttpResponse:
    """With its secrets. Takes the scope `follow`."""
    room.end(viewer_of(request), channel, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.put(
    "channels/{int:channel}/secret",
    response=Secret,
    auth=Token("follow"),
    summary="A new secret of a webhook",
)
def renew_secret(request: HttpRequest, channel: Key) -> HttpResponse:
    """The one before signs no more; it is kept nowhere in the open. Takes the scope `follow`."""
    try:
        secret = room.renew(viewer_of(request), channel, now=timezone.now())
    except ChannelError as problem:
        raise bad("channel", str(problem)) from problem
    return answers.json(request, Secret(secret))


@router.post(
    "channels/{int:channel}/trial", response=Trial, auth=Token("follow"), summary="Send a word there now"
)
def try_channel(request: HttpRequest, channel: Key) -> HttpResponse:
    """And say what was answered. Takes the scope `follow`."""
    return answers.json(request, Trial(room.try_out(viewer_of(request), channel, now=timezone.now())))


def _wish(viewer: Viewer, body: Wanted, now: datetime) -> Wish:
    chosen = [topics.find_or_begin(viewer, slug, now=now) for slug in body.topics]
    times = {"cadence": body.cadence, "many": str(body.many), "hour": str(body.hour), "zone": body.zone}
    return wishes.wish([one.pk for one in chosen], times, map(str, body.days))


def _sent(row: Row) -> Channel:
    return Channel(
        id=row.pk,
        kind=row.kind,
        to=row.shown,
        topics=tuple(one.slug for one in subscribing.told_by(row)),
        cadence=row.cadence,
        many=row.many,
        days=tuple(row.weekdays),
        hour=row.minute // 60,
        zone=row.recipient.zone,
        state=row.state,
        reason=row.reason,
        next_at=row.due_at,
        sent_at=row.sent_at,
    )
