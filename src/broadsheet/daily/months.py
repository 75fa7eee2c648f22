"""Papers of which only the month is known: news of no day, they stand in the edition of their month alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import TruncMonth

from broadsheet.daily import periods
from broadsheet.daily.periods import Period
from broadsheet.papers.models import KNOWN_BY_MONTH, Paper


def papers_of(period: Period) -> QuerySet[Paper]:
    """The papers of a month of which no day is known, the last that came first."""
    if period.kind != "month":
        return Paper.objects.none()
    return _papers().filter(published_at__range=_moments(period)).order_by("-published_at", "-pk")


def nearest(period: Period) -> tuple[date | None, date | None]:
    """A day in the nearest months before and after a month that have such papers; around a day or a week
    there is none.
    """
    if period.kind != "month":
        return None, None
    first, last = _moments(period)
    before = _papers().filter(published_at__lt=first).aggregate(at=Max("published_at"))["at"]
    after = _papers().filter(published_at__gt=last).aggregate(at=Min("published_at"))["at"]
    return before and before.date(), after and after.date()


def every() -> set[Period]:
    """Each month that has such papers."""
    months = _papers().annotate(month=TruncMonth("published_at", tzinfo=UTC)).values_list("month").distinct()
    return {periods.month(moment.date()) for (moment,) in months.order_by("month")}


def _papers() -> QuerySet[Paper]:
    return Paper.objects.filter(KNOWN_BY_MONTH)


def _moments(period: Period) -> tuple[datetime, datetime]:
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC)
    return datetime.combine(period.first, time(), UTC), after - timedelta(microseconds=1)
