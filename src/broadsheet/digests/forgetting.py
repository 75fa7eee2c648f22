"""What is kept of sending, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from broadsheet.digests.models import Delivery, Digest

State = Digest.State
KEPT = timedelta(days=90)
# Longer than a clock is ever wrong by: until then their windows are not planned anew.
EMPTY_KEPT = timedelta(days=10)
AT_ONCE = 10_000


def forget(*, now: datetime) -> int:
    """Delete attempts and digests that are long over; how many."""
    over = [State.SENT, State.BOUNCED, State.FAILED]
    return (
        _delete(Delivery.objects.filter(at__lt=now - KEPT))
        + _delete(Digest.objects.filter(state__in=over, due_at__lt=now - KEPT))
        + _delete(Digest.objects.filter(state=State.EMPTY, due_at__lt=now - EMPTY_KEPT))
    )


def _delete(rows: QuerySet[Any]) -> int:
    """Delete them some at a time, so that nobody waits for long."""
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        rows.model._default_manager.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted
