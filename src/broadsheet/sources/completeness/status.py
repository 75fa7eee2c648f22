"""How the live sources are doing: their last days, their last good and next runs, who is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from pydantic import TypeAdapter

from broadsheet.papers.measures import Measured
from broadsheet.sources.completeness.day_states import DayState, DaySummary
from broadsheet.sources.completeness.gaps import summaries
from broadsheet.sources.live import mirror, registry
from broadsheet.sources.live.source import ARXIV_CHANGES, LiveSource, due
from broadsheet.sources.models import SourceState
from broadsheet.sources.settings import source_settings
from broadsheet.stored_times import past

SHOWN_DAYS = 90
# Another instance tells of changes, which belong to no days.
_WITHOUT_DAYS = frozenset({mirror.MIRROR.family})
# Nothing is expected of these days, or not yet: they do not tell how a source is doing.
_WITHOUT_A_LIST = frozenset({DayState.PENDING, DayState.WEEKEND, DayState.HOLIDAY})
# A row of such days is one gap, with one reason; of other gaps each day is one.
_ALIKE = frozenset({DayState.DOWN, DayState.UNSEEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How a live source is doing; `message` says why the last of `failures` tries in a row failed.

    From `again_since` to `again_until` are days that it fetches again now.
    """

    name: str
    title: str
    last_good_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    message: str = ""
    again_since: date | None = None
    again_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyStatus:
    """How a family of live sources is doing; `days` are the last SHOWN_DAYS, the oldest first.

    A mirror has no days. One that `is_on` runs by itself; another was only ever asked by command.
    """

    family: str
    is_on: bool
    days: Sequence[DaySummary]
    sources: Sequence[SourceStatus]

    @property
    def latest(self) -> DaySummary | None:
        """The last day that tells how the family is doing; None before the first."""
        known = (day for day in reversed(self.days) if day.is_gap or day.state is not DayState.UNSEEN)
        return next((day for day in known if day.state not in _WITHOUT_A_LIST), None)

    @property
    def gap_days(self) -> int:
        """On how many days something is missing, or may be."""
        return sum(day.is_gap for day in self.days)

    @property
    def gaps(self) -> list[list[DaySummary]]:
        """The gaps, the newest first, each as its days, the oldest first."""
        listed = (day for day in reversed(self.days) if day.state not in _WITHOUT_A_LIST)
        groups = groupby(listed, key=lambda day: (day.is_gap, day.state, day.state in _ALIKE or day.day))
        return [list(group)[::-1] for (is_gap, *_), group in groups if is_gap]

    @property
    def last_good_at(self) -> datetime | None:
        """The end of the last good run of the source that is furthest behind; None before the first."""
        return min((one.last_good_at for one in self.sources if one.last_good_at), default=None)

    @property
    def next_due_at(self) -> datetime | None:
        """When the family is asked next."""
        return min((one.due_at for one in self.sources if one.due_at), default=None)

    def is_fetched_again(self, first: date, last: date) -> bool:
        """True while these days are being fetched once more."""
        return any(
            one.again_since <= first and last <= one.again_until
            for one in self.sources
            if one.again_since and one.again_until
        )


def read(*, now: datetime) -> list[FamilyStatus]:
    """The families that are switched on, or that were ever asked, in the order in which they run."""
    states = {state.name: state for state in SourceState.objects.all()}
    config = source_settings()
    on = {one.family for one in registry.scheduled(config.families, categories=config.followed)}
    shown = [source for source in registry.LIVE if source.family in on or source.name in states]
    families = list(dict.fromkeys(source.family for source in shown))
    days = DAYS.read(now=now)
    return [
        FamilyStatus(
            family=family,
            is_on=family in on,
            days=days.get(family, ()),
            sources=[
                _source_status(source, states.get(source.name), is_on=family in on, now=now)
                for source in shown
                if source.family == family
            ],
        )
        for family in families
    ]


def _summed_up(now: datetime) -> dict[str, list[DaySummary]]:
    """The last days of each family that has days, and was asked or is switched on."""
    today = now.date()
    harvest = SourceState.objects.filter(name=ARXIV_CHANGES).first()
    return summaries(
        today - timedelta(days=SHOWN_DAYS - 1),
        today,
        families=sorted({source.family for source in registry.LIVE} - _WITHOUT_DAYS),
        harvested_at=past(harvest.last_good_at, now=now) if harvest else None,
        now=now,
    )


DAYS = Measured("days", TypeAdapter(dict[str, list[DaySummary]]), _summed_up, each=timedelta(minutes=1))


def _source_status(
    source: LiveSource, state: SourceState | None, *, is_on: bool, now: datetime
) -> SourceStatus:
    if state is None:
        return SourceStatus(name=source.name, title=source.title)
    return SourceStatus(
        name=source.name,
        title=source.title,
        last_good_at=past(state.last_good_at, now=now),
        due_at=max(due(source, state.due_at, now=now), min(state.due_at, now)) if is_on else None,
        failures=state.failures,
        message=state.message,
        again_since=state.again_since,
        again_until=state.again_until,
    )
