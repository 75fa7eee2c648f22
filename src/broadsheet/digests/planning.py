"""Which windows are open: a row for each channel that has something to tell, and when it has the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from broadsheet.accounts.mail import why_no_mail
from broadsheet.accounts.settings import access_settings
from broadsheet.digests import switch, windows
from broadsheet.digests.models import Channel, Digest, Recipient
from broadsheet.digests.windows import Times
from broadsheet.papers.inserting import Row, insert_missing, update
from broadsheet.stored_times import come

AT_ONCE = 5_000
COLUMNS = ("pk", "recipient__zone", "cadence", "days", "minute", "window", "due_at")


def plan(now: datetime) -> int:
    """Write down what is due, of the last window that is open of each channel: what it missed before is told
    with it. How many digests there are more.

    Two workers at once plan each window once.
    """
    if switch.is_paused():
        return 0
    wake_readers(now)
    planned = 0
    while True:
        count, more = _plan_some(now)
        planned += more
        if count < AT_ONCE:
            return planned


def wake_readers(now: datetime) -> None:
    """End the pauses that readers have taken until now."""
    over = Recipient.objects.filter(state=Recipient.State.PAUSED, paused_until__lte=now)
    over.update(state=Recipient.State.ACTIVE, paused_until=None, reason="")


def times_of(channel: Channel) -> Times:
    """When the channel has windows."""
    return Times(channel.recipient.zone, channel.cadence, channel.days, channel.minute)


def next_due(channel: Channel, *, now: datetime) -> datetime:
    """When the channel has its next window: for whoever changes its times."""
    return windows.next_opening(day_of(channel.window), now=now, times=times_of(channel))


@transaction.atomic
def _plan_some(now: datetime) -> tuple[int, int]:
    """How many channels were looked at, and how many digests there are more."""
    due = Channel.objects.filter(
        come("due_at", now=now, longest=windows.LONGEST),
        _sendable(),
        # What became of an address, or of a reader's mail, says nothing of their other channels.
        ~Q(kind=Channel.Kind.MAIL) | Q(recipient__state=Recipient.State.ACTIVE),
        state=Channel.State.ACTIVE,
    ).order_by("due_at", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    rows = list(due.values_list(*COLUMNS)[:AT_ONCE])
    digests, channels = _decided(rows, now)
    more = insert_missing(Digest, ("channel", "window", "state", "due_at", *_EMPTY), digests)
    update(Channel, ("window", "due_at"), ("id",), channels)
    return len(channels), more


# What the database has no default for.
_EMPTY = {"token": "", "tries": 0, "papers": b"", "message_id": ""}


def _sendable() -> Q:
    """Channels to whoever may read here, and has not said that they leave."""
    person = Q(recipient__person__isnull=False, recipient__person__leaving_at=None)
    to = person if access_settings().reading == "members" else person | Q(recipient__person=None)
    return to & (~Q(kind=Channel.Kind.MAIL) if why_no_mail() else Q())


def _decided(rows: Sequence[Row], now: datetime) -> tuple[list[Row], list[Row]]:
    """The rows of digests that are due, and when each channel has its next window; by the keys of channels,
    in whose order all workers write.
    """
    digests, channels = list[Row](), list[Row]()
    for pk, zone, cadence, days, minute, window, due_at in sorted(rows):
        times = Times(zone, cadence, days, minute)
        opened = _opened(window, due_at, times, now)
        if opened:
            at = windows.opens_at(opened, minute, zone)
            digests.append((pk, str(opened), Digest.State.DUE, at, *_EMPTY.values()))
        planned = opened or day_of(window)
        channels.append((str(planned or ""), windows.next_opening(planned, now=now, times=times), pk))
    return digests, channels


def _opened(window: str, due_at: datetime | None, times: Times, now: datetime) -> date | None:
    """The last window that is open and was not planned; a channel without a due time has none before it."""
    planned = day_of(window)
    if planned is None and due_at is None:
        return None
    last = windows.last_open(now, times)
    if planned is None or planned < last or windows.is_far_ahead(planned, now, times):
        return last
    return None


def day_of(window: str) -> date | None:
    return date.fromisoformat(window) if window else None
