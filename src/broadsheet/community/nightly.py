"""What is gone over once a day: whether votes still count as they should, and whether tallies are right."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from broadsheet.community import counting, voting
from broadsheet.papers.models import Measure
from broadsheet.stored_times import has_come

EACH = timedelta(days=1)
WRONG = "tallies_wrong"
log = structlog.get_logger(__name__)


def go_over(*, now: datetime) -> bool:
    """End the suspensions that are over and, once a day, recount everything. True where it was recounted."""
    voting.judge_due(now=now)
    last = Measure.objects.filter(name=WRONG).values_list("at", flat=True).first()
    if last and not has_come(last + EACH, now=now, longest=EACH):
        return False
    # Said before it is done, so that nobody else begins meanwhile.
    Measure.objects.update_or_create(name=WRONG, defaults={"value": str(wrong()), "at": now})
    voting.judge_missed(now=now)
    repaired = counting.recount_all()
    Measure.objects.filter(name=WRONG).update(value=str(repaired))
    if repaired:
        log.warning("tallies were wrong", papers=repaired)
    return True


def wrong() -> int:
    """How many tallies the last recount found wrong."""
    found = Measure.objects.filter(name=WRONG).values_list("value", flat=True).first()
    return int(found or 0)
