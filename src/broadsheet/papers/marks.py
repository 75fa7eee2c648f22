"""Marks of what pages show: a kept page is made anew when its mark changes, not when any paper changes."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

from django.db.models import Count, Max

from broadsheet.papers.known_as import known_as
from broadsheet.papers.models import Paper, PaperListing

Mark: TypeAlias = tuple[int | None, ...]


def of_paper(name: str) -> Mark | None:
    """The paper's key and the revision that changed it last; None where no paper has that name."""
    return known_as([name], "pk", "changed").get(name)


def of_day(day: date) -> Mark:
    """How many papers belong to the day or were listed on it, and the latest revision of any of them."""
    own = Paper.objects.filter(day=day).aggregate(count=Count("pk"), changed=Max("changed"))
    listed = PaperListing.objects.filter(day=day).aggregate(count=Count("pk"), changed=Max("paper__changed"))
    return own["count"], own["changed"], listed["count"], listed["changed"]
