"""arXiv's lists of the day: one feed for each category that is followed.

A feed shows one day and cannot look back; what was missed comes with the harvest. Beyond 2,000 items it is
cut, and what is cut is new papers: so categories are asked one by one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from broadsheet.sources.files.readings import Remark
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.live.arxiv import feed
from broadsheet.sources.live.arxiv.calendar import NEW_YORK, ListDay, expected, listing_due, newest_listing
from broadsheet.sources.live.fetching.fetcher import Answer, Fetcher, Validators
from broadsheet.sources.live.source import Asked, Batch, LiveSource, Look, Outcome, Position
from broadsheet.sources.settings import source_settings

ITEMS_AT_MOST = 2000
# A list may be made late. Where it was not, the second look costs each category an answer of a few bytes.
LOOKS_AFTER = (timedelta(0), timedelta(hours=8))
_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}


def step(position: Position, asked: Asked, fetcher: Fetcher) -> Batch:
    """Ask for the list of one category; the round is done when all of them were asked.

    A category that arXiv refuses, or whose list cannot be used, does not keep the others from being asked:
    the latter is asked once more when they were. Raises FetchError where that does not help.
    """
    day = newest_listing(asked.now, asked.holidays)
    if not asked.categories or not _is_asked_for(day, asked):
        return Batch(position=position, is_done=True)
    turn = _turn(position, asked.categories, day)
    answer = fetcher.get(_address(turn.category), seen=turn.validators)
    if answer.status in _REFUSED:
        reason = feed.complaint(answer.body) or f"it answered {answer.status}"
        return turn.given_up(f"arXiv has no list of {turn.category}: {reason}")
    try:
        return _learnt(turn, answer, asked.now)
    except XmlError as problem:
        error = fetcher.unusable(
            answer, f"gave an answer that {problem}, asked for the list of {turn.category}"
        )
        if turn.category in turn.failed:
            raise error from problem
        return turn.postponed(str(error))


def next_due(after: datetime) -> datetime:
    """The next time to look: half an hour after a list should have been made, and again in the morning."""
    today = after.astimezone(NEW_YORK).date()
    days = (today + timedelta(days=days) for days in range(4))
    moments = (
        listing_due(day) + later
        for day in days
        for later in LOOKS_AFTER
        if expected(day, frozenset()) is ListDay.EXPECTED
    )
    return next(moment for moment in moments if moment > after)


LISTINGS = LiveSource("arxiv-listings", "arxiv", "arXiv's lists of the day", step, next_due)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whose turn it is in a round for the list of `day`: a category, then the `rest`.

    `failed` had a turn before, and come last; `feeds` is what each category showed when it was last asked.
    """

    day: date
    category: str
    rest: tuple[str, ...]
    failed: tuple[str, ...]
    feeds: dict[str, dict[str, Any]]

    @property
    def validators(self) -> Validators:
        seen = self.feeds.get(self.category, {})
        return Validators(seen.get("etag", ""), seen.get("last_modified", ""))

    def batch(self, looks: list[Look]) -> Batch:
        """The looks, and from where to go on."""
        return Batch(
            position={
                "day": self.day.isoformat(),
                "left": [*self.rest],
                "failed": [*self.failed],
                "feeds": self.feeds,
            },
            is_done=not self.rest,
            looks=tuple(looks),
        )

    def given_up(self, note: str) -> Batch:
        """The category has no list that could be read."""
        down = Look(self.day, self.category, Outcome.DOWN, note=note)
        return replace(self.batch([down]), readings=(Remark(note),))

    def postponed(self, note: str) -> Batch:
        """The category is asked once more, after the others."""
        later = replace(self, rest=(*self.rest, self.category), failed=(*self.failed, self.category))
        return later.given_up(note)


def _turn(position: Position, categories: tuple[str, ...], day: date) -> _Turn:
    """The turn after that of the position; a new list, or the end of a round, begins a new one."""
    is_begun = position.get("day") == day.isoformat()
    left = [name for name in position.get("left", ()) if name in categories] if is_begun else []
    category, *rest = left or dict.fromkeys(categories)
    failed = tuple(name for name in position.get("failed", ()) if name in left)
    feeds = {name: seen for name, seen in position.get("feeds", {}).items() if name in categories}
    return _Turn(day, category, tuple(rest), failed, feeds)


def _is_asked_for(day: date, asked: Asked) -> bool:
    """True unless only days are asked for that feeds no longer show."""
    return asked.since is None or asked.since <= day <= (asked.until or day)


def _address(category: str) -> str:
    return f"{source_settings().address('arxiv_rss_url')}/{quote(category, safe='')}"


def _learnt(turn: _Turn, answer: Answer, now: datetime) -> Batch:
    if answer.is_unchanged:
        seen = turn.feeds.get(turn.category)
        if seen is None:
            raise XmlError("says that a list is unchanged which was never read")
        return turn.batch(_looks(turn, date.fromisoformat(seen["day"]), seen["items"]))
    listed = feed.read(answer.body, category=turn.category, observed_at=now)
    seen = {"day": listed.day.isoformat(), "items": listed.items} | asdict(answer.validators)
    after = replace(turn, feeds=turn.feeds | {turn.category: seen})
    batch = after.batch(_looks(turn, listed.day, listed.items))
    return replace(batch, readings=listed.readings, announced=listed.announced)


def _looks(turn: _Turn, day: date, items: int) -> list[Look]:
    """What the feed, showing so many items of a day, says of that day, and of the one that was expected."""
    is_cut = items >= ITEMS_AT_MOST
    note = f"the list of {turn.category} was cut at {items:,} items, new papers first" if is_cut else ""
    looks = [Look(day, turn.category, Outcome.PARTIAL if is_cut else Outcome.SEEN, items, note)]
    if day < turn.day:
        late = f"the list of {turn.category} was not made yet: it still showed {day}"
        looks.append(Look(turn.day, turn.category, Outcome.PARTIAL, note=late))
    return looks
