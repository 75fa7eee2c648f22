"""How fast mail goes to each domain, and to the relay: a bucket each, emptied by mails, filled by time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock

from broadsheet.digests.settings import sending_settings

# As long a domain gets half of what it would, once it has said that this is too much.
SLOW_SECONDS = 600.0
RELAY = ""


@dataclass(slots=True)
class _Bucket:
    full_at: float = 0.0
    slow_until: float = 0.0
    slowness: int = 0


@dataclass(slots=True)
class Pace:
    """The buckets of a process. Times are seconds of a clock that only goes forward."""

    rate: int
    relay_rate: int = 0
    _buckets: dict[str, _Bucket] = field(default_factory=lambda: defaultdict(_Bucket))
    _lock: Lock = field(default_factory=Lock)

    def wait(self, domain: str, *, now: float, most: float) -> float:
        """How many seconds a mail to the domain has to wait. If that is no more than `most`, it counts as
        sent.
        """
        with self._lock:
            wanted = [(self._buckets[domain], self.rate), (self._buckets[RELAY], self.relay_rate)]
            rates = [(bucket, _rate(bucket, rate, now)) for bucket, rate in wanted if rate]
            # A bucket holds what may go in a second.
            wait = max((bucket.full_at - 1 + 1 / rate - now for bucket, rate in rates), default=0.0)
            if wait <= most:
                for bucket, rate in rates:
                    bucket.full_at = max(bucket.full_at, now) + 1 / rate
            return max(wait, 0.0)

    def slow_down(self, domain: str, *, now: float) -> None:
        """Halve the rate of the domain for a while."""
        with self._lock:
            bucket = self._buckets[domain]
            bucket.slowness = bucket.slowness + 1 if bucket.slow_until > now else 1
            bucket.slow_until = now + SLOW_SECONDS


def usual() -> Pace:
    """A pace as it is set."""
    return Pace(sending_settings().mail_rate, sending_settings().mail_relay_rate)


def _rate(bucket: _Bucket, rate: int, now: float) -> float:
    return rate / 2 ** min(bucket.slowness, 10) if bucket.slow_until > now else rate
