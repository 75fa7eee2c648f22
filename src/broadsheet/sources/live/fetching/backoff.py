"""When a host that refused may be asked again. The time and chance come in as arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
AFTER_TOO_MANY = timedelta(minutes=10)
# So many 429 in a row say that waiting a little does not help.
MOST_TOO_MANY, STOP = 3, timedelta(hours=12)
LONGEST_RETRY_AFTER = timedelta(days=1)
# No host is ever left alone for longer.
LONGEST_WAIT = max(LONGEST, STOP, LONGEST_RETRY_AFTER)


class RefusalError(Exception):
    """A host gave no answer that can be used; the message goes on after its name.

    `status` and `retry_after` are what it said, if it said anything.
    """

    def __init__(self, reason: str, *, status: int | None = None, retry_after: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after


def after_refusal(
    status: int | None, *, refusals: int, retry_after: timedelta | None, now: datetime, jitter: float
) -> datetime:
    """When to ask again a host that answered `status`, or not at all (None), after `refusals` in a row.

    The wait is chosen by `jitter` (0 to 1) from a span that doubles with each refusal until it is half an
    hour to an hour; after 429 it is ten minutes at least, after the third in a row half a day. The host may
    ask for more, up to a day.
    """
    span: timedelta = min(SHORTEST * 2 ** min(refusals, 10), LONGEST / 2)
    wait = span * (1 + jitter)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = STOP if refusals + 1 >= MOST_TOO_MANY else max(wait, AFTER_TOO_MANY)
    return now + max(wait, min(retry_after or wait, LONGEST_RETRY_AFTER))


def parse_retry_after(value: str, *, now: datetime) -> timedelta | None:
    """How long the header asks to stay away, in seconds or by a date (RFC 9110, 10.2.3); else None."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=int(value.lstrip("0")[:8] or 0))
    try:
        moment = parsedate_to_datetime(value)
        return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta())
    except (ValueError, OverflowError):
        return None
