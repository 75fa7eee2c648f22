"""What somebody wants by mail: topics in an order, how often, on which days, in which hour of which time
zone.
"""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.digests.models import EVERY_DAY, Channel

# The parts of the world that zones are named after.
AREAS = frozenset(
    (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)
# So many topics one mail tells at most, and so many papers one may wait for.
MOST_TOPICS, MOST_PAPERS = 40, 100
DEFAULT_HOUR, DEFAULT_MANY = 7, 10


class WishError(ValueError):
    """It cannot be had so; the message says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: the keys of topics in their order, and the times; `days` has a bit a weekday, Monday
    first, and `many` is how many papers "when there are so many" waits for.
    """

    topics: tuple[int, ...]
    cadence: str = Channel.Cadence.DAILY
    many: int = DEFAULT_MANY
    days: int = EVERY_DAY
    hour: int = DEFAULT_HOUR
    zone: str = "UTC"


def wish(topics: Sequence[int], said: Mapping[str, str], days: Iterable[str]) -> Wish:
    """What a form says of the times, with the defaults for what it leaves out. Raises WishError."""
    if not topics:
        raise WishError("Choose at least one topic.")
    if len(topics) > MOST_TOPICS:
        raise WishError(f"A mail tells {MOST_TOPICS} topics at most.")
    cadence = said.get("cadence") or Channel.Cadence.DAILY
    if cadence not in Channel.Cadence.values:
        raise WishError("Mail comes daily, weekly, monthly, or when enough papers are new.")
    zone = said.get("zone") or "UTC"
    if zone not in zones():
        raise WishError("There is no such time zone; choose one such as Europe/Berlin.")
    return Wish(
        topics=tuple(topics),
        cadence=cadence,
        many=_number(said, "many", DEFAULT_MANY, 1, MOST_PAPERS),
        days=_mask(days),
        hour=_number(said, "hour", DEFAULT_HOUR, 0, 23),
        zone=zone,
    )


def from_json(said: Mapping[str, Any]) -> Wish:
    """The wish that was kept as JSON."""
    return Wish(**{**said, "topics": tuple(said["topics"])})


@functools.cache
def zones() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def zones_by_area() -> Mapping[str, Sequence[str]]:
    """The zones that are named after a place, by the part of the world."""
    areas: dict[str, list[str]] = {}
    for name in sorted(zones()):
        area = name.partition("/")[0]
        if area in AREAS:
            areas.setdefault(area, []).append(name)
    return areas


def _number(said: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = said.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        words = {"many": "papers to wait for", "hour": "the hour"}[name]
        raise WishError(f"Give {words} as a number from {least} to {most}.")
    return int(text)


def _mask(days: Iterable[str]) -> int:
    """The bits of the weekdays, which have numbers from 0, Monday; all of them where none is chosen."""
    chosen = {int(day) for day in days if day in set("0123456")}
    return sum(1 << day for day in chosen) or EVERY_DAY
