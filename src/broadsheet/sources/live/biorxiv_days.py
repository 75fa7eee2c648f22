"""bioRxiv: the versions of preprints that appeared on each day (https://api.biorxiv.org).

A day may still grow after it was asked for, so a run begins OVERLAP before the last day of the run before it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from broadsheet.papers.record import Record
from broadsheet.sources.files.biorxiv import read_rows
from broadsheet.sources.files.json_items import parsed
from broadsheet.sources.files.readings import within
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher
from broadsheet.sources.live.source import Announced, Asked, Batch, LiveSource, Look, Outcome, Position
from broadsheet.sources.settings import source_settings

FIRST_TIME = timedelta(days=13)
OVERLAP = timedelta(days=2)
DUE = time(6, 20)

_COUNT = re.compile(r"[0-9]{1,9}")


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for a page of one day, the oldest first.

    The position holds the `day`, how many of its `rows` came, and its `total`; or the `last` day of the run.
    """
    today = asked.now.date()
    day, last = _day(position, asked), min(today, asked.until or today)
    if day > last:
        return Batch(position=position, is_done=True)
    start = position.get("rows", 0)
    answer = fetcher.get(f"{source_settings().address('biorxiv_url')}/details/biorxiv/{day}/{day}/{start}")
    found, total = _rows(answer, fetcher)
    rows, total = start + len(found), max(total, position.get("total", 0))
    readings = tuple(within(str(day), read_rows(found, observed_at=asked.now, first=start + 1)))
    records = [one for one in readings if isinstance(one, Record)]
    announced = dict.fromkeys(Announced(day, one.identifiers[0], one.versions[0].number) for one in records)
    is_day_done = rows >= total or not found
    after = {"day": str(day + timedelta(days=1))} if day < last else {"last": str(last)}
    return Batch(
        position=after if is_day_done else {"day": str(day), "rows": rows, "total": total},
        is_done=is_day_done and day == last,
        readings=readings,
        announced=tuple(announced),
        looks=(_look(day, rows, total),) if is_day_done else (),
    )


def next_due(moment: datetime) -> datetime:
    """Once a day, when yesterday is over everywhere in America."""
    due = datetime.combine(moment.date(), DUE, UTC)
    return due if due > moment else due + timedelta(days=1)


def _day(position: Position, asked: Asked) -> date:
    today = asked.now.date()
    if "day" in position and (day := date.fromisoformat(position["day"])) <= today:
        return day
    if "last" in position and (last := date.fromisoformat(position["last"])) <= today:
        return last - OVERLAP
    # Days to come were noted by a clock that ran ahead: how far the last run came, nobody knows.
    return asked.since or today - FIRST_TIME


def _look(day: date, rows: int, total: int) -> Look:
    if rows >= total:
        return Look(day, items=total)
    return Look(day, outcome=Outcome.PARTIAL, items=total, note=f"{rows} of {total} came")


def _rows(answer: Answer, fetcher: Fetcher) -> tuple[list[Any], int]:
    """The rows of a page, and how many the day has."""
    match parsed(answer.body):
        case {"messages": [{"status": "ok", "total": total}, *_], "collection": [*rows]}:
            if _COUNT.fullmatch(str(total)):
                return rows, int(total)
        case {"messages": [{"status": "no posts found"}, *_]}:
            return [], 0
    raise fetcher.unusable(answer, f"sent no rows of preprints (status {answer.status})")


DAYS = LiveSource("biorxiv", "biorxiv", "bioRxiv", step, next_due)
