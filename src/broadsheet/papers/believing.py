"""Which dates of publication the catalogue believes: none that lies far ahead of when it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import Record

# Journals date their issues some weeks ahead, and a paper has the year of its issue.
DAYS_AHEAD = timedelta(days=31)
YEARS_AHEAD = 1


def possible(said: PartialDate, *, by: date) -> PartialDate | None:
    """What can be true of the date of a paper read on the day `by`: all of it, its year, or nothing."""
    if said.first <= by + DAYS_AHEAD:
        return said
    return PartialDate(said.year) if said.year <= by.year + YEARS_AHEAD else None


def believed(record: Record, *, now: datetime) -> Record:
    """The record with as much of its date as is possible; the record itself where all of it is.

    Files can be much older than the day on which they are read, and clocks can be wrong: the later counts.
    """
    said = record.published if record.published_at and record.published_at > now else None
    if said is None:
        return record
    known = possible(said, by=max(now, record.observed_at or now).date())
    if known == said:
        return record
    return replace(
        record,
        published_at=known.begins_at if known else None,
        published_precision=known.precision if known else None,
    )
