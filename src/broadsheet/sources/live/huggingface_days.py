"""Hugging Face Daily Papers: each day's list, as `/api/daily_papers` gives it.

A list fills up in the course of its day, and what readers there count settles over two weeks. So every run
asks again for all these days, the newest first, and a host that says that a list has not changed is believed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from broadsheet.papers.record import Record
from broadsheet.sources.files.huggingface import read_items
from broadsheet.sources.files.json_items import parsed
from broadsheet.sources.files.readings import Reading, within
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher, Validators
from broadsheet.sources.live.source import Announced, Asked, Batch, LiveSource, Look, Outcome, Position
from broadsheet.sources.settings import source_settings

# The most that the API gives at once, and far more pages of it than any day has.
PAGE = 100
MOST_PAGES = 20
SETTLING = timedelta(days=13)
LONGEST_GAP = timedelta(days=90)
DUE = (time(5, 50), time(17, 50))


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for a page of one day's list.

    The position holds the run under way: its `newest` and `first` day, the `day` and `page` to ask for next;
    and beyond it the newest day of the `last` whole run, and what was `seen` of the days that settle.
    """
    run = position if _is_under_way(position, asked) else _begun(position, asked)
    day, page = date.fromisoformat(run["day"]), run["page"]
    if run["day"] < run["first"]:
        return Batch(position=position, is_done=True)
    known = {} if page else run["seen"].get(run["day"], {})
    answer = fetcher.get(
        f"{source_settings().address('hf_url')}/api/daily_papers",
        {"date": run["day"], "limit": str(PAGE), "p": str(page)},
        seen=Validators(*known["validators"]) if known else None,
    )
    if known and answer.is_unchanged:
        return _day_done(run, Look(day, items=known["items"]))
    if answer.status == HTTPStatus.BAD_REQUEST and day == asked.now.date():
        return _day_done(run)  # where that host is, the day has not begun
    items = _items(answer, fetcher)
    found = read_items(
        ((item, None) for item in items), day=day, observed_at=asked.now, first=page * PAGE + 1
    )
    return _page_read(run, answer, len(items), tuple(within(run["day"], found)))


def next_due(moment: datetime) -> datetime:
    """Before Europe's day begins, and as America's ends."""
    times = (datetime.combine(moment.date() + timedelta(days=n), at, UTC) for n in (0, 1) for at in DUE)
    return min(at for at in times if at > moment)


def _is_under_way(position: Position, asked: Asked) -> bool:
    """False also for a run that hangs on a day of the past: what is new comes first."""
    return "day" in position and (asked.since is not None or position["newest"] == str(asked.now.date()))


def _begun(position: Position, asked: Asked) -> Position:
    """A run from its newest day on. It goes back to what had not settled when the last one ended."""
    today = asked.now.date()
    newest = min(today, asked.until or today)
    last = date.fromisoformat(position.get("last", today.isoformat()))
    first = asked.since or max(min(last, today) - SETTLING, today - LONGEST_GAP)
    return {
        **position,
        "newest": newest.isoformat(),
        "first": first.isoformat(),
        "day": newest.isoformat(),
        "page": 0,
        "seen": position.get("seen", {}),
    }


def _items(answer: Answer, fetcher: Fetcher) -> list[Any]:
    items = parsed(answer.body)
    if answer.status != HTTPStatus.OK or not isinstance(items, list):
        raise fetcher.unusable(answer, f"sent no list of papers (status {answer.status})")
    return items


def _page_read(run: Position, answer: Answer, items: int, readings: tuple[Reading, ...]) -> Batch:
    """What a page gives: the page after it comes next, if it is full, else the day before."""
    day, page, is_full = date.fromisoformat(run["day"]), run["page"], items == PAGE
    announced = tuple(
        Announced(day, identifier)
        for reading in readings
        if isinstance(reading, Record)
        for identifier in reading.identifiers
    )
    if is_full and page + 1 < MOST_PAGES:
        after = run | {"page": page + 1}
        return Batch(position=after, is_done=False, readings=readings, announced=announced)
    look = Look(
        day,
        outcome=Outcome.PARTIAL if is_full else Outcome.SEEN,
        items=page * PAGE + items,
        note="the list goes on" if is_full else "",
    )
    done = _day_done(_having_seen(run, answer, items), look)
    return replace(done, readings=readings, announced=announced)


def _having_seen(run: Position, answer: Answer, items: int) -> Position:
    """The run, with what to say when the same list is asked for again, if a page holds all of it."""
    oldest = (date.fromisoformat(run["newest"]) - SETTLING).isoformat()
    seen = {day: known for day, known in run["seen"].items() if day >= oldest and day != run["day"]}
    validators = [answer.validators.etag, answer.validators.last_modified]
    if any(validators) and not run["page"] and run["day"] >= oldest:
        seen[run["day"]] = {"validators": validators, "items": items}
    return run | {"seen": seen}


def _day_done(run: Position, *looks: Look) -> Batch:
    """The end of a day: the day before it comes next, if there is any."""
    if run["day"] == run["first"]:
        return Batch(position={"last": run["newest"], "seen": run["seen"]}, is_done=True, looks=looks)
    before = date.fromisoformat(run["day"]) - timedelta(days=1)
    return Batch(position=run | {"day": before.isoformat(), "page": 0}, is_done=False, looks=looks)


DAYS = LiveSource("huggingface", "huggingface", "Hugging Face Daily Papers", step, next_due)
