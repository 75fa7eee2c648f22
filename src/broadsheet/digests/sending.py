"""Sending what is due: once, as far as the other side lets anybody know.

A digest is due, claimed by a worker with a token, handing while it is handed over, and then sent or given up.
Each step is one statement that also asks for the token, so that a worker that was overtaken changes nothing.
The step to `handing` is committed before anything is handed over, in one transaction with what became of the
digest before: so a process that dies leaves one digest in doubt for each connection that it had.
"""

from __future__ import annotations

import random
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection, connections, transaction
from django.db.models import F, Q

from broadsheet.accounts.mail import why_no_mail
from broadsheet.digests import bundling, failures, freezing, planning, settling, switch, windows
from broadsheet.digests.carrying import ways
from broadsheet.digests.failures import Reply
from broadsheet.digests.models import Channel, Digest
from broadsheet.digests.offering import Offers
from broadsheet.digests.pace import Pace
from broadsheet.digests.settings import sending_settings
from broadsheet.digests.ways import HandOver
from broadsheet.library import seeing
from broadsheet.library.told import unpacked
from broadsheet.stored_times import come

# So many are claimed and composed at once; more where so many leave within some seconds, long before the
# lease of the last of them ends.
AT_ONCE, MOST_AT_ONCE, WITHIN_SECONDS = 50, 250, 5
CLAIMED = timedelta(seconds=60)
# Longer than the other side may think about a mail (`relay.ANSWER_SECONDS`).
HANDING = timedelta(minutes=11)
# For so long a mail waits for its turn while it is claimed; else it is put back for a moment.
PATIENCE_SECONDS = 0.5
PUT_BACK_SECONDS = (1, 5)

EVERY_KIND = frozenset(Channel.Kind.values)

log = structlog.get_logger(__name__)
State = Digest.State
Clock = Callable[[], datetime]


def clock() -> datetime:
    """The time of now."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Round:
    """What the threads of a process share while they send."""

    pace: Pace
    clock: Clock = clock
    kinds: Collection[str] = EVERY_KIND
    offers: Offers = field(default_factory=Offers)
    is_over: bool = False
    sent: int = 0


def send_due(
    pace: Pace,
    *,
    clock: Clock = clock,
    is_over: Callable[[], bool] = lambda: False,
    kinds: Collection[str] = EVERY_KIND,
) -> int:
    """Plan, close bundles of notices, and hand over all that is due to channels of those kinds; how many were
    sent. More connections are opened where there is more to send than a connection takes at once.
    """
    now = clock()
    if not switch.may_send(now=now):
        return 0
    recover(now=now)
    bundling.close_due(now=now)
    planning.plan(now)
    if not _is_due(now, kinds):
        return 0
    switch.begin_round()
    going = Round(pace, clock, kinds)
    _in_threads(going, is_over)
    return going.sent


def recover(*, now: datetime) -> int:
    """Give back what workers left that died or were overtaken. How many: what was being handed over is
    frozen, and the same bytes are sent again, or held where the operator wants so.
    """
    claimed = Digest.objects.filter(_is_left(CLAIMED, now), state=State.CLAIMED)
    count = claimed.update(state=State.DUE, token="")
    doubtful = Digest.objects.filter(_is_left(HANDING, now), state=State.HANDING)
    state = State.HELD if sending_settings().doubt == "hold" else State.DUE
    return count + doubtful.update(state=state, token="", tries=F("tries") + 1)


def claim(count: int, *, now: datetime, kinds: Collection[str] = EVERY_KIND) -> list[Digest]:
    """Claim some that are due, the longest due first, with a fresh token."""
    token = secrets.token_hex(16)
    due = Digest.objects.filter(_is_due_at(now, kinds)).order_by("due_at", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        keys = list(due.values_list("pk", flat=True)[:count])
        mine = Digest.objects.filter(pk__in=keys, state=State.DUE)
        mine.update(state=State.CLAIMED, token=token, claimed_at=now)
    rows = Digest.objects.filter(pk__in=keys, token=token).select_related("channel__recipient")
    return list(rows.order_by("due_at", "pk"))


def release(digests: Sequence[Digest], *, retry_at: datetime | None = None) -> None:
    """Give back what was claimed and not handed over."""
    for token in {one.token for one in digests}:
        mine = Digest.objects.filter(pk__in=[one.pk for one in digests], token=token, state=State.CLAIMED)
        mine.update(state=State.DUE, token="", retry_at=retry_at)


def hurry() -> int:
    """Let what waits for another try, was held or was given up with its content go at once; how many."""
    waiting = Q(state=State.DUE, retry_at__isnull=False)
    waiting |= Q(state__in=[State.HELD, State.FAILED], content__isnull=False)
    return Digest.objects.filter(waiting).update(state=State.DUE, retry_at=None, token="")


def _in_threads(going: Round, is_over: Callable[[], bool]) -> None:
    """Send over one connection, and over more for as long as there is much to send."""
    is_much = _is_due(going.clock(), going.kinds, more_than=AT_ONCE)
    others = sending_settings().mail_connections - 1 if is_much else 0
    with ThreadPoolExecutor(max(others, 1), thread_name_prefix="mail") as pool:
        waiting = [pool.submit(_send_beside, going, is_over) for _ in range(others)]
        _send(going, is_over)
        for one in waiting:
            one.result()


def _send_beside(going: Round, is_over: Callable[[], bool]) -> None:
    try:
        _send(going, is_over)
    finally:
        connections.close_all()


def _send(going: Round, is_over: Callable[[], bool]) -> None:
    """Send until nothing is due."""
    try:
        with ExitStack() as stack:
            lines: dict[str, HandOver] = {}
            count = AT_ONCE
            while not (going.is_over or is_over()) and (
                digests := claim(count, now=going.clock(), kinds=going.kinds)
            ):
                begun = time.monotonic()
                try:
                    for kind in {one.channel.kind for one in digests} - lines.keys():
                        lines[kind] = stack.enter_context(ways[kind].open())
                    _hand_over_all(going, digests, lines)
                finally:
                    release(digests)
                _have_seen([one.pk for one in digests])
                count = at_once(len(digests), time.monotonic() - begun)
    except BaseException:
        going.is_over = True
        raise


def _have_seen(digests: Sequence[int]) -> None:
    """What a mail told a person who has an account, they have seen."""
    mails = Digest.objects.filter(pk__in=digests, state=State.SENT, channel__kind=Channel.Kind.MAIL)
    told: dict[int, list[int]] = defaultdict(list)
    person = "channel__recipient__person"
    for reader, papers in mails.exclude(**{person: None}).values_list(person, "papers"):
        told[reader] += unpacked(papers)
    if told:
        seeing.told_by_mail(told)


def at_once(sent: int, seconds: float) -> int:
    """How many to claim after so many have left in so many seconds."""
    return max(AT_ONCE, min(MOST_AT_ONCE, int(sent * WITHIN_SECONDS / max(seconds, 0.001))))


def _hand_over_all(going: Round, digests: Sequence[Digest], lines: dict[str, HandOver]) -> None:
    ready = freezing.freeze(digests, going.offers, now=going.clock())
    before: tuple[Digest, Reply] | None = None
    try:
        for digest, content in _in_turn(going, ready):
            if going.is_over:
                break
            has_begun = _step(going, before, digest)
            before = None
            if has_begun:
                reply = lines[digest.channel.kind](digest, digest.channel, content)
                before = digest, reply
    finally:
        if before:
            _step(going, before, None)


def _step(going: Round, before: tuple[Digest, Reply] | None, digest: Digest | None) -> bool:
    """Write down what became of the digest before, and begin with the next one, in one transaction."""
    now = going.clock()
    fate = None
    with transaction.atomic():
        if before:
            fate = settling.settle(*before, now=now, chance=random.random())  # noqa: S311 (no secret)
        has_begun = digest is not None and settling.begin(digest, now=now)
    if before and fate:
        _took(going, *before, fate)
    if digest is not None and not has_begun:
        settling.withdraw(digest)
    return has_begun


def _took(going: Round, digest: Digest, reply: Reply, fate: failures.Fate) -> None:
    going.sent += fate == failures.Fate.SENT
    if failures.slows_down(reply):
        going.pace.slow_down(ways[digest.channel.kind].host(digest.channel), now=time.monotonic())
    if fate == failures.Fate.AWAY:
        going.is_over = True
        switch.trouble(str(reply), now=going.clock())
        log.warning("mail cannot be handed over", reason=str(reply))


def _in_turn(going: Round, ready: Sequence[tuple[Digest, bytes]]) -> Iterator[tuple[Digest, bytes]]:
    """The digests, each when it may go; those that had to wait for longer are put back for some seconds."""
    for digest, content in ready:
        domain = ways[digest.channel.kind].host(digest.channel)
        wait = going.pace.wait(domain, now=time.monotonic(), most=PATIENCE_SECONDS)
        if wait > PATIENCE_SECONDS:
            back = timedelta(seconds=random.uniform(*PUT_BACK_SECONDS))  # noqa: S311
            release([digest], retry_at=going.clock() + back)
            continue
        if wait:
            time.sleep(wait)
        yield digest, content


def _is_due(now: datetime, kinds: Collection[str], *, more_than: int = 0) -> bool:
    return len(Digest.objects.filter(_is_due_at(now, kinds))[more_than : more_than + 1]) > 0


def _is_due_at(now: datetime, kinds: Collection[str]) -> Q:
    due = Q(state=State.DUE) & come("due_at", now=now, longest=windows.LONGEST)
    due &= come("retry_at", now=now, longest=failures.LONGEST_WAIT)
    sendable = {*kinds} - ({Channel.Kind.MAIL} if why_no_mail() else set())
    return due if len(sendable) == len(EVERY_KIND) else due & Q(channel__kind__in=sendable)


def _is_left(lease: timedelta, now: datetime) -> Q:
    """A lease that has ended, or that was written by a clock that ran ahead."""
    return Q(claimed_at__lte=now - lease) | Q(claimed_at__gt=now + HANDING)
