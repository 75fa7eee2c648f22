"""How the API reads a list, page by page."""

from __future__ import annotations

from django.utils import timezone

from broadsheet.api.v1.errors import foreign, missing
from broadsheet.daily import lists
from broadsheet.daily.cursors import CursorError
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError


def read(wanted: ListName, *, limit: int, cursor: str = "") -> Entries:
    """The part of the list that is asked for, as everybody sees it. Raises RefusedError."""
    part = Part(limit=limit, after=cursor)
    try:
        return lists.read(wanted, None, part, today=timezone.now().date())
    except UnknownListError as problem:
        raise missing(str(problem)) from problem
    except CursorError as problem:
        raise foreign("cursor", str(problem)) from problem
