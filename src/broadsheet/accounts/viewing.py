"""How a person wants to see lists of papers: to scan them or to read them. Nothing is decided by it."""

from __future__ import annotations

from django.db.models import QuerySet

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person

SCAN, READ = "scan", "read"
VIEWS = (SCAN, READ)


def choose(viewer: Viewer, view: str) -> bool:
    """Remember the view that the person chose. Whether there is a person who could be remembered."""
    return viewer.pk is not None and bool(_of(viewer.pk).update(view=view))


def begin_to_scan(viewer: Viewer) -> None:
    """Show lists to scan to who hides papers or marks them as seen, unless they chose otherwise."""
    if viewer.person and not viewer.person.view:
        _of(viewer.person.pk).filter(view="").update(view=SCAN)


def _of(person: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=person)
