"""Asking a family of sources once more for days of which something is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from broadsheet.sources import ingesting
from broadsheet.sources.completeness.status import FamilyStatus
from broadsheet.sources.live import registry
from broadsheet.sources.live.source import ARXIV_PAPERS
from broadsheet.sources.models import Run, SourceState
from broadsheet.stored_times import within

# However often somebody clicks, a source is not asked for its past more often than this.
PAUSE = timedelta(minutes=10)


class NothingMissingError(Exception):
    """These days are not among the last ones, or nothing of them is missing; the message says so."""


class AskedJustNowError(Exception):
    """The family was asked a moment ago; the message says from when on it can be asked again."""


def fetch_again(family: FamilyStatus, first: date, last: date, *, now: datetime) -> None:
    """Have the days of the family that have gaps, from `first` to `last`, fetched once more.

    While they are being fetched, asking again changes nothing. Raises NothingMissingError and
    AskedJustNowError.
    """
    days = [one.day for one in family.days if one.is_gap and first <= one.day <= last]
    if not days:
        raise NothingMissingError("Nothing of these days is missing, or they are too long ago.")
    if family.is_fetched_again(days[0], days[-1]):
        return
    # Single papers, which any reader may ask for, belong to no day.
    names = [source.name for source in family.sources if source.name != ARXIV_PAPERS]
    recently = within("started_at", now=now, last=PAUSE)
    asked = Run.objects.filter(recently, source__in=names)
    # A run that brought nothing has left no row.
    ended = SourceState.objects.filter(within("last_good_at", now=now, last=PAUSE), name__in=names)
    if asked.exists() or ended.exists():
        minutes = PAUSE // timedelta(minutes=1)
        raise AskedJustNowError(f"It was asked less than {minutes} minutes ago. Try again in a while.")
    ingesting.ask_again(registry.chosen([family.family]), days[0], days[-1], now=now)
