"""Taking out the part of a library that a search in it finds."""

from __future__ import annotations

from datetime import datetime

from broadsheet.accounts.access import Viewer
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.library import saving, taking


def take(viewer: Viewer, form: str, query: str = "", *, now: datetime) -> bytes:
    """What is kept of that in the viewer's library, all of it without a query, as `taking.take` writes it.

    Raises NotAllowedError, and WordIndexError where words cannot be searched.
    """
    if not query.strip() or viewer.pk is None:
        return taking.take(viewer, form, now=now)
    found = lists.read(ListName(LIBRARY, query), viewer, Part(limit=saving.MOST), today=now.date())
    return taking.take(viewer, form, papers=found.pks, now=now)
