"""The demonstration papers: real papers with summaries of our own, and editions as fresh as the day.

`demo.jsonl` beside this module holds one record a line. Its order is the order of the editions, newest
day first; the signals are those of the Daily Papers recording of the day that `observed_at` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from time import monotonic

import orjson

from broadsheet.papers.catalogue import StoreCounts, store
from broadsheet.papers.record import Listing, Record, record_from_json
from broadsheet.sources.models import Run

DAYS = 10
PAPERS_A_DAY = 14
SATURDAY = 5


def fill(*, now: datetime) -> StoreCounts:
    """Store the demonstration papers, and note that as a run."""
    started = monotonic()
    counts = store(list(demonstration(now.date())), now=now)
    Run.objects.create(
        source="demo",
        started_at=now,
        finished_at=now + timedelta(seconds=monotonic() - started),
        read=counts.new + counts.updated + counts.unchanged + counts.merged,
        new=counts.new,
        updated=counts.updated,
        unchanged=counts.unchanged,
        merged=counts.merged,
    )
    return counts


def demonstration(today: date) -> Iterator[Record]:
    """The demonstration papers, fourteen listed on each of the last ten weekdays up to `today`.

    The papers left over are on no list. The same day gives the same records.
    """
    days = _last_weekdays(today)
    content = files("broadsheet.sources").joinpath("demo.jsonl").read_bytes()
    for number, line in enumerate(content.splitlines()):
        nth_day, place = divmod(number, PAPERS_A_DAY)
        listings = (Listing(days[nth_day], position=place + 1),) if nth_day < DAYS else ()
        yield replace(record_from_json(orjson.loads(line)), listings=listings)


def _last_weekdays(today: date) -> list[date]:
    """The last DAYS weekdays, the latest first."""
    backwards = (today - timedelta(days=back) for back in range(2 * DAYS))
    return [day for day in backwards if day.weekday() < SATURDAY][:DAYS]
