"""Who sent papers in for the daily lists, by the name that people have with the source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from broadsheet.daily import editions
from broadsheet.daily.periods import Period
from broadsheet.daily.ranking import Ranked
from broadsheet.papers.models import PaperListing


def listings_by(sender: str, period: Period | None, today: date) -> QuerySet[PaperListing]:
    """The listings of papers that somebody sent in, in the period or up to today."""
    listings = editions.listings().filter(submitter_username=sender)
    if period:
        return listings.filter(day__range=(period.first, period.last))
    return listings.filter(day__lte=today)


def sent_in_by(sender: str, ranked: Sequence[Ranked], period: Period | None, today: date) -> Sequence[Ranked]:
    """Those of the papers that somebody sent in; all of them where nobody is named."""
    if not sender:
        return ranked
    listings = listings_by(sender, period, today).filter(paper__in=[paper.pk for paper in ranked])
    papers = set(listings.values_list("paper", flat=True))
    return [paper for paper in ranked if paper.pk in papers]
