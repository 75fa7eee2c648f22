"""What the rows of runs, imports and hosts come to: the old ones go, so that no table grows for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from broadsheet.sources.live.fetching.turns import HELD_FOR
from broadsheet.sources.models import Host, Run
from broadsheet.stored_times import come

KEPT = timedelta(days=100)
# However old they are, whoever looks after the site sees the last ones.
RUNS_KEPT = 100


def prune(*, now: datetime) -> None:
    """Forget runs that are long over, and hosts that nobody has asked for as long."""
    before = now - KEPT
    newest = Run.objects.order_by("-pk").values_list("pk", flat=True)[:RUNS_KEPT]
    first_kept = min(newest, default=0)
    Run.objects.filter(pk__lt=first_kept, started_at__lt=before).delete()
    is_free = come("held_until", now=now, longest=HELD_FOR)
    Host.objects.filter(is_free, free_at__lt=before).delete()
