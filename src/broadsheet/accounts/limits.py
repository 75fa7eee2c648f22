"""How much a client or a person takes: counted in the database, so that a restart forgives nothing."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, TypeAlias

from django.db import connection, transaction

from broadsheet.accounts.models import Taken
from broadsheet.accounts.settings import WORDS, Limit, LimitSettings, limits
from broadsheet.configured import configured
from broadsheet.stored_times import come

Address: TypeAlias = IPv4Address | IPv6Address
# What a client or a person is counted as, the smallest first, each with how many of them may be behind it.
Counted: TypeAlias = tuple[tuple[str, int], ...]
# Whoever has one address of IPv6 has all that begin alike; who has a larger network, many times as much.
NETWORKS_OF_IPV6 = {64: 1, 48: 16}
# What is limited by address of mail may be asked for from all networks together so many times as often as
# from one: so a stranger does not use up what its owner may.
FROM_ALL = 4
# The longest window. What ends later was counted while a clock ran ahead.
LONGEST = timedelta(days=1)


class TakenTooMuchError(Exception):
    """The client took what it may in this window; the message says until when."""

    def __init__(self, said: str, *, retry_after: timedelta) -> None:
        super().__init__(said)
        self.retry_after = retry_after


def client(remote: str, forwarded: str, *, proxies: int) -> Address | None:
    """Who asks: `remote` or, behind proxies of ours, whom the first of them saw; None if nobody can tell.

    Each proxy adds whom it saw at the end of X-Forwarded-For; anybody may have written what stands before.
    """
    seen = [one.strip() for one in forwarded.split(",")]
    told = seen[-min(proxies, len(seen))] if proxies else ""
    return _parsed(told) or _parsed(remote)


def client_of(environ: Mapping[str, Any]) -> Address | None:
    """Who asks with the request of this environment (PEP 3333)."""
    return client(
        environ.get("REMOTE_ADDR", ""),
        environ.get("HTTP_X_FORWARDED_FOR", ""),
        proxies=configured(LimitSettings).proxies,
    )


@lru_cache(4096)
def networks(address: Address | None) -> Counted:
    """What the client of that address is counted as."""
    if not isinstance(address, IPv6Address):
        return ((str(address), 1),)
    return tuple(
        (str(ip_network((int(address), bits), strict=False)), many) for bits, many in NETWORKS_OF_IPV6.items()
    )


def person(pk: int) -> Counted:
    """What a person is counted as, wherever they are."""
    return ((f"person:{pk}", 1),)


def mail_address(text: str, asks: Counted = (), *, from_all: int = FROM_ALL) -> Counted:
    """What an address of mail is counted as, without being written down: by who asks with it, and by all."""
    by_network = ((_digest(f"{text} {network}"), many) for network, many in asks)
    return (*by_network, (_digest(text), from_all))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.lower().encode(), digest_size=16).hexdigest()


def take(kind: str, counted: Counted, *, now: datetime) -> None:
    """Count one more of this kind, at once. Raises TakenTooMuchError, and then nothing is counted."""
    limited = [*_limited(kind, counted)]
    if not limited:
        return
    with transaction.atomic():
        for who, limit, most in limited:
            if _added(kind, who, limit, 1, now=now) > most:
                raise _too_much(kind, limit, now=now)


def give_back(kind: str, counted: Counted, *, now: datetime) -> None:
    """Count one less of this kind: what was taken was not had after all."""
    with transaction.atomic():
        for who, limit, _ in _limited(kind, counted):
            _added(kind, who, limit, -1, now=now)


def is_limited(kind: str) -> bool:
    """Whether anything limits how many of this kind are taken."""
    return bool(limits().get(kind))


def left(kind: str, counted: Counted, *, now: datetime) -> int | None:
    """How many more of this kind may be taken in the windows of now; None where nothing limits them."""
    rests = [most - _taken(kind, who, limit, now=now) for who, limit, most in _limited(kind, counted)]
    return max(0, math.floor(min(rests))) if rests else None


class Meter:
    """What clients take while they read: too many small amounts to write each of them down.

    A process keeps what is less than STEP to itself; so much a restart forgives.
    """

    STEP, MOST = 1.0, 20_000

    def __init__(self) -> None:
        self._unwritten: dict[tuple[str, Limit], float] = {}
        self._over: dict[tuple[str, Limit], datetime] = {}

    def check(self, kind: str, counted: Counted, *, now: datetime) -> None:
        """Raises TakenTooMuchError where the client took too much before."""
        if not self._over:
            return
        for who, limit, _ in _limited(kind, counted):
            if self._over.get((who, limit)) == _end(limit, now):
                raise _too_much(kind, limit, now=now)

    def add(self, kind: str, counted: Counted, amount: float, *, now: datetime) -> None:
        """Count what the client took; now and then write it down."""
        for who, limit, most in _limited(kind, counted):
            taken = self._unwritten.pop((who, limit), 0.0) + amount
            if taken < self.STEP:
                self._unwritten[who, limit] = taken
            elif _added(kind, who, limit, taken, now=now) > most:
                self._over[who, limit] = _end(limit, now)
        if len(self._unwritten) > self.MOST:
            self._unwritten.clear()
        if len(self._over) > self.MOST:
            self._over.clear()


def _limited(kind: str, counted: Counted) -> Iterator[tuple[str, Limit, float]]:
    """Whom to count with each limit for them, and the most they may take in that."""
    for limit in limits().get(kind, ()):
        for who, many in counted:
            yield who, limit, limit.amount * many


def _added(kind: str, who: str, limit: Limit, amount: float, *, now: datetime) -> float:
    """What was taken in this window, with that."""
    window = Taken(kind=kind, who=who, seconds=limit.seconds, ends_at=_end(limit, now))
    taken = _risen(window, amount)
    if taken is None:
        Taken.objects.filter(come("ends_at", now=now, longest=LONGEST)).delete()
        Taken.objects.bulk_create([window], ignore_conflicts=True)
        taken = _risen(window, amount)
    return taken or 0.0


def _risen(window: Taken, amount: float) -> float | None:
    """What was taken in the window, with that amount more; None where nothing was taken yet.

    The SQL is ours, and one statement: it is asked with all that anybody sends.
    """
    ends_at = connection.ops.adapt_datetimefield_value(window.ends_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_taken SET amount = amount + %s"
            " WHERE kind = %s AND who = %s AND seconds = %s AND ends_at = %s RETURNING amount",
            [amount, window.kind, window.who, window.seconds, ends_at],
        )
        # To the end, or SQLite would not be done with it.
        rows = cursor.fetchall()
        return float(rows[0][0]) if rows else None


def _taken(kind: str, who: str, limit: Limit, *, now: datetime) -> float:
    key = {"kind": kind, "who": who, "seconds": limit.seconds, "ends_at": _end(limit, now)}
    return float(Taken.objects.filter(**key).values_list("amount", flat=True).first() or 0.0)


def _end(limit: Limit, now: datetime) -> datetime:
    return datetime.fromtimestamp((now.timestamp() // limit.seconds + 1) * limit.seconds, UTC)


def _too_much(kind: str, limit: Limit, *, now: datetime) -> TakenTooMuchError:
    until = math.ceil((_end(limit, now) - now).total_seconds())
    said = f"At most {limit.words(kind)}" if kind in WORDS else "That is more than a client may have at once"
    return TakenTooMuchError(f"{said}; ask again in {until:,} seconds.", retry_after=timedelta(seconds=until))


@lru_cache(4096)
def _parsed(text: str) -> Address | None:
    """The address without a port, as some proxies write one: 192.0.2.1:8000, [2001:db8::1]:8000."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
