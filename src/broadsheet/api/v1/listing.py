"""How the API reads a list, page by page."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from broadsheet.accounts import access
from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.api.v1.errors import foreign, missing
from broadsheet.api.v1.parameters import ByKey
from broadsheet.daily import lists
from broadsheet.daily.cursors import CursorError
from broadsheet.daily.entries import Entries, ListName, Part, UnknownListError
from broadsheet.http.viewers import viewer_of

Row = TypeVar("Row", bound=Model)


def part(rows: QuerySet[Row], asked: ByKey, *, oldest_first: bool = False) -> tuple[list[Row], str | None]:
    """The rows that are asked for, the latest first unless said otherwise, and the cursor of those that
    follow.
    """
    if asked.cursor:
        rows = rows.filter(**{"pk__gt" if oldest_first else "pk__lt": int(asked.cursor)})
    found = list(rows.order_by("pk" if oldest_first else "-pk")[: asked.limit + 1])
    kept = found[: asked.limit]
    return kept, str(kept[-1].pk) if len(found) > len(kept) else None


def reader(request: HttpRequest) -> Viewer:
    """Who reads a list: whose token may not read sees what everybody does."""
    viewer = viewer_of(request)
    return viewer if access.may(viewer, "read", now=timezone.now()) else NOBODY


def read(wanted: ListName, *, limit: int, cursor: str = "", since: str = "", viewer: Viewer) -> Entries:
    """The part of the list that is asked for, as the viewer sees it. Raises RefusedError."""
    part = Part(limit=limit, after=cursor, since=since)
    try:
        return lists.read(wanted, viewer, part, today=timezone.now().date())
    except UnknownListError as problem:
        raise missing(str(problem)) from problem
    except CursorError as problem:
        raise foreign("cursor", str(problem)) from problem
