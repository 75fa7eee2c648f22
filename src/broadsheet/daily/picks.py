"""What was picked as undiscovered is remembered, and it is said how it fared when it has left the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from broadsheet.daily.kinds.talked import listed_first, picked
from broadsheet.daily.ranking import PICKED_UNTIL, top_quarter
from broadsheet.papers.models import Pick


@dataclass(frozen=True, slots=True)
class Fared:
    """How many picks are over, and how many of them ended in the top quarter of their day."""

    over: int
    at_top: int


def go_over(*, today: date) -> None:
    """Remember the picks of today, and say of those that left the list how they ended. To do it twice a day
    changes nothing.
    """
    Pick.objects.bulk_create(
        [Pick(paper_id=one.pk, first_on=one.day, picked_on=today) for one in picked(today)],
        ignore_conflicts=True,
    )
    over = Pick.objects.filter(ended_at_top=None, first_on__lt=today - timedelta(days=PICKED_UNTIL))
    for day in sorted(set(over.values_list("first_on", flat=True))):
        top = top_quarter(listed_first(day, day))
        of_day = over.filter(first_on=day)
        of_day.filter(paper__in=top).update(ended_at_top=True)
        of_day.exclude(paper__in=top).update(ended_at_top=False)


def fared() -> Fared:
    """How the picks so far fared."""
    over = Pick.objects.exclude(ended_at_top=None)
    return Fared(**over.aggregate(over=Count("pk"), at_top=Count("pk", filter=Q(ended_at_top=True))))
