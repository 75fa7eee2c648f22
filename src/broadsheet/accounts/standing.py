"""Whether what a person did counts, and in whose name it stands: rooms say here what is to be done when that
changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from broadsheet.accounts.models import Person

Step = Callable[[Person, datetime], object]
# A room adds its step in `AppConfig.ready`.
steps: list[Step] = []


def suspend(person: Person, *, until: datetime | None, now: datetime) -> None:
    """Let the person only read until then; None ends that. Whether what they did counts changes with it."""
    person.suspended_until = until
    person.save(update_fields=["suspended_until"])
    changed(person, now=now)


def changed(person: Person, *, now: datetime) -> None:
    """Have the rooms count anew what the person did: they were vouched for, suspended or let in
    again, or are about to leave.
    """
    for step in steps:
        step(person, now)
