"""Whose turn it is to ask a host: one request at a time, and so far apart, over all processes and machines.

The database keeps the turns; the clocks of machines that share one must agree, as everywhere.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx2
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest, Least

from broadsheet.papers.sources import declared
from broadsheet.sources.live.fetching.backoff import (
    LONGEST_WAIT,
    MOST_TOO_MANY,
    RefusalError,
    after_refusal,
    parse_retry_after,
)
from broadsheet.sources.models import Host
from broadsheet.sources.settings import SourceSettings
from broadsheet.stored_times import come, has_come

ARXIV = "arxiv"
INTERVAL = timedelta(seconds=1)
# "No more than one request every three seconds", over all its hosts (arXiv, API terms of use).
ARXIV_INTERVAL = timedelta(seconds=3)
# Longer than any request takes, so that only a killed process loses its turn.
HELD_FOR = timedelta(minutes=5)
# How often to look whether somebody else is done.
GLANCE = timedelta(seconds=0.25)


class NotYetError(Exception):
    """It is somebody else's turn, or nobody's: look again at `until`."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


@dataclass(frozen=True, slots=True)
class Turn:
    """Our turn at the host(s) `name` until `held_until`; how often, and why, these refused before."""

    name: str
    held_until: datetime
    refusals: int
    reason: str


def name_of(url: httpx2.URL) -> str:
    """Which turn a request needs: arXiv counts requests over all its hosts."""
    host = url.raw_host.decode("ascii").removesuffix(".")
    longest = Host._meta.get_field("name").max_length
    return "arxiv.org" if f".{host}".endswith(".arxiv.org") else url.netloc.decode("ascii")[:longest]


def interval(name: str, config: SourceSettings) -> timedelta:
    """How long to wait between two requests; a mirror of arXiv is spared as arXiv itself."""
    addresses = (config.address(address.setting) for address in declared(ARXIV).addresses)
    arxiv = {"arxiv.org"} | {name_of(httpx2.URL(url)) for url in addresses}
    return ARXIV_INTERVAL if name in arxiv else INTERVAL


def claim(name: str, *, now: datetime) -> Turn:
    """Take the turn. Raises NotYetError for all but one, and before its time."""
    is_free = come("free_at", now=now, longest=LONGEST_WAIT) & come("held_until", now=now, longest=HELD_FOR)
    # Durable: in a transaction of somebody else nobody would see that we ask.
    with transaction.atomic(durable=True):
        Host.objects.get_or_create(name=name, defaults={"free_at": now})
        # A time that a wrong clock wrote must not outlast the next refusal, or the next distance.
        claimed = Host.objects.filter(is_free, name=name).update(
            held_until=now + HELD_FOR, free_at=Least("free_at", Value(now))
        )
        host = Host.objects.get(name=name)
    if claimed:
        return Turn(name, now + HELD_FOR, host.refusals, host.reason)
    if has_come(host.free_at, now=now, longest=LONGEST_WAIT):
        raise NotYetError(f"another process is asking {name}", until=now + GLANCE)
    if host.reason:
        raise _left_alone(host.reason, name, host.free_at)
    raise NotYetError(f"{name} was asked just now", until=host.free_at)


def refuse(turn: Turn, host: str, refusal: RefusalError, *, now: datetime) -> NotYetError:
    """Remember that a host refused, and return what to tell people: why, and how long it is left alone."""
    reason, before = f"{host} {refusal}", turn.refusals
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        # What else went wrong before the first 429 does not count towards the long stop.
        before = before if str(refusal) in turn.reason else 0
        if before + 1 >= MOST_TOO_MANY:
            reason += f", {before + 1} times in a row"
    until = after_refusal(
        refusal.status,
        refusals=before,
        retry_after=parse_retry_after(refusal.retry_after, now=now),
        now=now,
        jitter=random.random(),  # noqa: S311, it hides no secret
    )
    later = Greatest("free_at", until)
    Host.objects.filter(name=turn.name).update(refusals=before + 1, reason=reason, free_at=later)
    return _left_alone(reason, turn.name, until)


def release(turn: Turn, *, free_at: datetime) -> None:
    """Let others ask, from `free_at` on or when the host's refusal is over."""
    mine = Host.objects.filter(name=turn.name, held_until=turn.held_until)
    mine.update(held_until=None, free_at=Greatest("free_at", free_at))


def forgive(turn: Turn) -> None:
    """The host answered: what it refused before counts no more."""
    if turn.refusals:
        Host.objects.filter(name=turn.name).update(refusals=0, reason="")


def left_alone(*, now: datetime) -> list[Host]:
    """The hosts that said no, and that nobody asks until they may be asked again."""
    waiting = ~come("free_at", now=now, longest=LONGEST_WAIT)
    return list(Host.objects.filter(waiting, refusals__gt=0).order_by("name"))


def _left_alone(reason: str, name: str, until: datetime) -> NotYetError:
    return NotYetError(f"{reason}; {name} is left alone until {until:%Y-%m-%d %H:%M} UTC", until=until)
