"""Marks of what pages show: a kept page is made anew when its mark changes, not when any paper changes.

Within one revision of the catalogue a mark is looked up once: the look-up takes longer than the kept page.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from datetime import date
from typing import Generic, TypeAlias, TypeVar

from django.db.models import Count, Max

from broadsheet.papers import tallies
from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import Paper, PaperListing
from broadsheet.papers.reading import revision

Seen = TypeVar("Seen")
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


class Lately(Generic[Seen]):
    """A mark that is looked up every so many seconds: a page may be so far behind. Whatever the address of
    the page names, it is the same.
    """

    def __init__(self, look: Callable[[], Seen], *, seconds: int) -> None:
        self._seconds = seconds
        self._look = functools.lru_cache(1)(lambda _part: look())

    def __call__(self, *_named: object, **_and: object) -> Seen:
        """The mark as it was at the last look."""
        return self._look(int(time.monotonic() // self._seconds))

    def forget(self) -> None:
        """Look again: the catalogue is another one."""
        self._look.cache_clear()


def _of_all() -> Mark:
    return revision(), tallies.stamp()


# The revision of the catalogue and the state of its counts: for what shows many papers.
lately = Lately(_of_all, seconds=LATELY)


def forget() -> None:
    """Look all marks up again: the catalogue is another one."""
    lately.forget()
    _of_paper.cache_clear()
    _of_day.cache_clear()


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
