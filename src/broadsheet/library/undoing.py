"""What a person did last, and how it was before: twenty acts can be undone, the last one first.

Each act that changes what is a person's own notes here, in its transaction, what undoes it. Papers are noted
by the names that the person acted on, so that they are found again when they became one with others, or two.
A room above that has acts of its own notes them with `remember`, and says in `ways` how they are undone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from django.db import transaction
from django.db.models import QuerySet

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library.models import Seen, Undo

MOST = 20
# What takes an act back, by what was noted of it: the keys of the papers that are changed by that.
Way: TypeAlias = Callable[[Viewer, Any, datetime], Collection[int]]
# A module registers here how the acts are undone that it notes, by the name of the way.
ways: dict[str, Way] = {}


class NothingToUndoError(LookupError):
    """Nothing is left to undo; the message says so."""

    def __init__(self) -> None:
        super().__init__("There is nothing left to undo.")


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone: its verb, when it was done, and which papers are as before."""

    verb: str
    at: datetime
    papers: tuple[int, ...]


def undo(viewer: Viewer, *, now: datetime) -> Undone:
    """Take back what the viewer did last. Raises NotAllowedError and NothingToUndoError."""
    access.check(viewer, "save", now=now)
    with transaction.atomic():
        # Whoever changes what is theirs holds this row: of two requests the second finds what is left then.
        Seen.objects.select_for_update().filter(pk=viewer.pk).first()
        last = _acts(viewer).first()
        if last is None:
            raise NothingToUndoError
        way, before = orjson.loads(zlib.decompress(last.before))
        last.delete()
        papers = ways[way](viewer, before, now)
    return Undone(last.verb, last.at, tuple(papers))


def remember(viewer: Viewer, verb: str, before: Any, *, way: str, now: datetime) -> None:
    """Note an act of the viewer: `before`, as JSON, is what that way of undoing it is given.

    The caller holds the transaction.
    """
    if viewer.person is None:
        return
    noted = zlib.compress(orjson.dumps([way, before]), level=1)
    Undo.objects.create(
        person=viewer.person, verb=verb, at=now, is_by_agent=viewer.acts_as_agent, before=noted
    )
    kept = _acts(viewer).values_list("pk", flat=True)[MOST - 1 : MOST]
    for oldest in kept:
        _acts(viewer).filter(pk__lt=oldest).delete()


def last(viewer: Viewer) -> str:
    """The verb of what would be undone; empty where there is nothing."""
    return _acts(viewer).values_list("verb", flat=True).first() or ""


def _acts(viewer: Viewer) -> QuerySet[Undo]:
    """The acts of the viewer, the last first."""
    return Undo.objects.filter(person=viewer.pk, is_by_agent=viewer.acts_as_agent).order_by("-pk")
