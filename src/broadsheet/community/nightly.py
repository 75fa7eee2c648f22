"""What is gone over once a day: whether votes still count as they should, and whether tallies are right; and
comments that an older renderer made.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from broadsheet.community import counting, voting
from broadsheet.community.models import Comment
from broadsheet.community.rendering import RENDERER, render
from broadsheet.papers.models import Measure
from broadsheet.stored_times import has_come

EACH = timedelta(days=1)
WRONG = "tallies_wrong"
# So many comments are written in one transaction.
RENDERED_AT_ONCE = 50
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
    _render_anew()
    return True


def _render_anew() -> None:
    """Have the comments that an older renderer made made by this one, which each reading would do else."""
    older = Comment.objects.filter(renderer__lt=RENDERER).order_by("pk").values_list("pk", "source")
    last = 0
    while some := list(older.filter(pk__gt=last)[:RENDERED_AT_ONCE]):
        made = [(pk, render(source)) for pk, source in some]
        last = some[-1][0]
        with transaction.atomic():
            for pk, content in made:
                # What was edited meanwhile is made by this renderer already.
                Comment.objects.filter(pk=pk, renderer__lt=RENDERER).update(html=content, renderer=RENDERER)


def wrong() -> int:
    """How many tallies the last recount found wrong."""
    found = Measure.objects.filter(name=WRONG).values_list("value", flat=True).first()
    return int(found or 0)
