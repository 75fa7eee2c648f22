"""The part of a form that says what is wanted by mail and when."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.settings import access_settings
from broadsheet.daily import topics
from broadsheet.daily.models import Topic
from broadsheet.daily.periods import WEEKDAYS
from broadsheet.daily.topics import UnknownTopicError
from broadsheet.digests import subscribing
from broadsheet.digests.models import EVERY_DAY, Channel
from broadsheet.digests.wishes import (
    DEFAULT_HOUR,
    DEFAULT_MANY,
    MOST_TOPICS,
    Wish,
    WishError,
    wish,
    zones_by_area,
)

CADENCES = {
    Channel.Cadence.DAILY: "daily",
    Channel.Cadence.WEEKLY: "weekly",
    Channel.Cadence.MONTHLY: "monthly",
    Channel.Cadence.WHEN_MANY: "when enough papers are new",
}

# What a form that nobody has filled in says.
USUAL = {
    "cadence": Channel.Cadence.DAILY.value,
    "many": str(DEFAULT_MANY),
    "hour": str(DEFAULT_HOUR),
    "zone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A topic that a form offers, and at which place it was chosen; 0 where it was not."""

    topic: Topic
    place: int


def wish_in(request: HttpRequest, viewer: Viewer, *, now: datetime, known: Sequence[Topic] = ()) -> Wish:
    """What a form wants: topics that the viewer finds, or `known` ones. Raises WishError."""
    form = request.POST
    by_slug = {topic.slug: topic for topic in known}
    chosen = [by_slug.get(slug) or _topic(viewer, slug, now=now) for slug in _slugs(request)]
    keys = list(dict.fromkeys(topic.pk for topic in chosen))
    return wish(
        keys, {name: form.get(name, "") for name in ("cadence", "many", "hour", "zone")}, form.getlist("day")
    )


def _slugs(request: HttpRequest) -> list[str]:
    """The topics of the form in their order; one that is named by its address comes last."""
    form = request.POST
    ticked = form.getlist("topic")[:200]
    places = {slug: _place(form.get(f"place-{slug}", "")) for slug in ticked}
    named = form.get("named", "").strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    return [*sorted(places, key=lambda slug: places[slug]), *([named] if named else [])]


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 1000  # noqa: PLR2004


def _topic(viewer: Viewer, slug: str, *, now: datetime) -> Topic:
    try:
        return topics.find_or_begin(viewer, slug, now=now)
    except UnknownTopicError as problem:
        raise WishError(f"There is no topic at the address “{slug[:100]}”.") from problem


def choices(
    request: HttpRequest, viewer: Viewer, *, now: datetime, channel: Channel | None = None, zone: str = "UTC"
) -> dict[str, Any]:
    """What a form of wishes shows: what was sent, else what stands, else what is usual."""
    known = {topic.slug: topic for topic in subscribing.told_by(channel)} if channel else {}
    ticked = _ticked(request, viewer, known, now=now)
    # Whoever reads by a link of a site for members learns nothing else of it.
    is_open = viewer.person or access_settings().reading != "members"
    offered = subscribing.offered(viewer, now=now) if is_open else []
    shown = ticked | known | {topic.slug: topic for topic in offered}
    places = {slug: place for place, slug in enumerate(ticked, 1)}
    return {
        "topics": [Choice(topic, places.get(slug, 0)) for slug, topic in shown.items()],
        "wanted": _sent(request) or _standing(channel, zone),
        "named": request.POST.get("named", "")[:200],
        "cadences": CADENCES,
        "areas": zones_by_area(),
    }


def _ticked(
    request: HttpRequest, viewer: Viewer, known: dict[str, Topic], *, now: datetime
) -> dict[str, Topic]:
    """The topics that are chosen, by their addresses and in their order; none is made for it."""
    is_sent = "cadence" in request.POST
    wanted = _slugs(request) if is_sent else [*known, *request.GET.getlist("topic")[:MOST_TOPICS]]
    found = {}
    for slug in wanted or ([] if is_sent else [topics.TRENDING]):
        with suppress(UnknownTopicError):
            found[slug] = known.get(slug) or _to_show(viewer, slug, now=now)
    return found


def _to_show(viewer: Viewer, slug: str, *, now: datetime) -> Topic:
    return topics.trending_to_show(now) if slug == topics.TRENDING else topics.find(viewer, slug)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What a form that was sent says of the times, be it right or not."""
    form = request.POST
    if "cadence" not in form:
        return {}
    days = form.getlist("day") or list("0123456")
    times = {name: form.get(name, str(usual))[:64] for name, usual in USUAL.items()}
    return times | {"days": [day in days for day in "0123456"]}


def _standing(channel: Channel | None, zone: str) -> dict[str, Any]:
    if channel is None:
        return USUAL | {"zone": zone, "days": [True] * 7}
    return {
        "cadence": channel.cadence,
        "many": str(channel.many),
        "hour": str(channel.minute // 60),
        "zone": zone,
        "days": [day in channel.weekdays for day in range(7)],
    }


def words(wanted: Wish) -> str:
    """When mail comes, in words: "daily, between 7 and 8 (UTC)"."""
    often = CADENCES[Channel.Cadence(wanted.cadence)]
    if wanted.cadence == Channel.Cadence.WHEN_MANY:
        often = f"when {wanted.many} papers are new"
    named = [name for bit, name in enumerate(WEEKDAYS) if wanted.days >> bit & 1]
    on = f", on {', '.join(named)}" if wanted.days != EVERY_DAY else ""
    return f"{often}{on}, between {wanted.hour}:00 and {wanted.hour}:59 ({wanted.zone})"
