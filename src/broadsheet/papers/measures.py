"""Counts that take long in a large catalogue: the worker makes them, pages tell them.

A catalogue of fewer than LARGE papers is counted when somebody asks, so that what was just imported is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from django.core.cache import caches
from django.db.models import Max
from pydantic import TypeAdapter

from broadsheet.papers.models import Measure, Paper
from broadsheet.stored_times import has_come

LARGE = 50_000
# Where no worker runs, whoever asks counts, and what came of it is told for a while.
KEPT_SECONDS = 300
# A page asks several times.
LARGE_SECONDS = 60
_IS_LARGE = "is_large"
# A worker that has missed so many of its times has stopped.
MISSED = 10

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Measured(Generic[Value]):
    """A count by name: what it is, how it is made, and how often the worker makes it."""

    name: str
    kind: TypeAdapter[Value]
    make: Callable[[datetime], Value]
    each: timedelta

    def read(self, *, now: datetime) -> Value:
        """The count; of a large catalogue the last one, if it is not too old."""
        if not is_large():
            return self.make(now)
        row = Measure.objects.filter(name=self.name, at__gt=now - MISSED * self.each, at__lte=now).first()
        if row:
            return self.kind.validate_json(row.value)
        kept: str | None = caches["memory"].get(f"measure:{self.name}")
        if kept is None:
            kept = self._json(now)
            caches["memory"].set(f"measure:{self.name}", kept, KEPT_SECONDS)
        return self.kind.validate_json(kept)

    def measure(self, *, now: datetime) -> None:
        """Make the count for those who will ask, if the catalogue is large and the last one old enough."""
        row = Measure.objects.filter(name=self.name).values_list("at", flat=True).first()
        due_at = row + self.each if row else None
        if is_large() and has_come(due_at, now=now, longest=self.each):
            Measure.objects.update_or_create(name=self.name, defaults={"value": self._json(now), "at": now})

    def _json(self, now: datetime) -> str:
        return self.kind.dump_json(self.make(now)).decode()


def is_large() -> bool:
    """True if counting all papers takes long; what is large is taken to be so for LARGE_SECONDS more."""
    if caches["memory"].get(_IS_LARGE):
        return True
    found = (Paper.objects.aggregate(last=Max("pk"))["last"] or 0) >= LARGE
    if found:
        caches["memory"].set(_IS_LARGE, found, LARGE_SECONDS)
    return found
