"""Marks of what pages show: a kept page is made anew when its mark changes, not when any paper changes.

Within one revision of the catalogue a mark is looked up once: the look-up takes longer than the kept page.
"""

from __future__ import annotations

import functools
import time
from datetime import date
from typing import TypeAlias

from django.db.models import Count, Max

from broadsheet.papers import tallies
from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import Paper, PaperListing
from broadsheet.papers.reading import revision

Mark: TypeAlias = tuple[int | None, ...]
MOST_REMEMBERED = 4096
# Lists change with every paper that comes: they may be so many seconds behind the catalogue.
LATELY = 10


def of_paper(name: str) -> Mark | None:
    """The paper's key and the revision that changed it last; None where no paper has that name."""
    return _of_paper(name, revision())


def of_day(day: date) -> Mark:
    """How many papers belong to the day or were listed on it, and the latest revision of any of them."""
    return _of_day(day, revision())


def lately(*_named: object, **_and: object) -> Mark:
    """The revision of the catalogue and the state of its counts, looked up every LATELY seconds: for what
    shows many papers.
    """
    return _lately(int(time.monotonic() // LATELY))


def forget() -> None:
    """Look all marks up again: the catalogue is another one."""
    _lately.cache_clear()
    _of_paper.cache_clear()
    _of_day.cache_clear()


@functools.lru_cache(1)
def _lately(_part: int) -> Mark:
    return revision(), tallies.stamp()


@functools.lru_cache(MOST_REMEMBERED)
def _of_paper(name: str, revision: int) -> Mark | None:
    del revision
    return known_as([name], "pk", "changed").get(name)


@functools.lru_cache(MOST_REMEMBERED)
def _of_day(day: date, revision: int) -> Mark:
    del revision
    own = Paper.objects.filter(day=day).aggregate(count=Count("pk"), changed=Max("changed"))
    listed = PaperListing.objects.filter(day=day).aggregate(count=Count("pk"), changed=Max("paper__changed"))
    return own["count"], own["changed"], listed["count"], listed["changed"]
