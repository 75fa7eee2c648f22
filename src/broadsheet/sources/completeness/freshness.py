"""Why the newest papers are old: what readers are told where nothing new came for days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from broadsheet.sources.live import registry
from broadsheet.sources.models import SourceState
from broadsheet.sources.settings import source_settings
from broadsheet.stored_times import past

# A weekend and a holiday beside it are nothing to wonder about.
OLD_AFTER_DAYS = 4

# Of a source: when it was last read to its end, and how many tries in a row have failed since.
Standing = tuple[datetime | None, int]


def is_old(newest: date, *, today: date) -> bool:
    """Whether it is so long since the newest papers that a reader has to be told why."""
    return (today - newest).days > OLD_AFTER_DAYS


def why_nothing_new(*, now: datetime) -> str:
    """Why nothing newer is here, in half a sentence."""
    config = source_settings()
    names = [one.name for one in registry.scheduled(config.families, categories=config.followed)]
    states = SourceState.objects.filter(name__in=names).values_list("last_good_at", "failures")
    return _why([(past(at, now=now), failures) for at, failures in states], is_any_on=bool(names))


def _why(standing: Collection[Standing], *, is_any_on: bool) -> str:
    if not is_any_on:
        return "nothing is being fetched: no source is switched on"
    if not any(at for at, _ in standing):
        return "no source has been read yet"
    if all(failures for _, failures in standing):
        return "the sources have not answered since"
    return "the sources have had nothing newer"
