"""Whether what a person did counts: rooms that count it say here what is to be done when that changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from broadsheet.accounts.models import Person

Step = Callable[[Person, datetime], object]
# A room adds its step in `AppConfig.ready`.
steps: list[Step] = []


def changed(person: Person, *, now: datetime) -> None:
    """Have the rooms count anew what the person did: they were vouched for, suspended, or let in again."""
    for step in steps:
        step(person, now)
