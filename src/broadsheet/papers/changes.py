"""What changed since a moment: how whoever follows the catalogue catches up, and goes on after a break.

Each change to the catalogue has a number, that of its revision. A paper has the number of its last change, so
whatever changes while somebody reads comes once more further on. One change is written at a time, and its
number is seen only when all of it can be: nobody who asks for larger numbers than the last one has missed a
smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import BigIntegerField, F, QuerySet, Value

from broadsheet.papers.models import Paper, Tombstone
from broadsheet.papers.reading import revision


class CursorError(ValueError):
    """The cursor is none of ours, or of a catalogue that came further than this one."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: to this paper among those of the change of that number."""

    number: int
    after: str = ""

    def __str__(self) -> str:
        return f"{self.number}:{self.after}" if self.after else str(self.number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The cursor that was written as this text; a number alone is that of the last change known.

        Raises CursorError.
        """
        number, _, after = text.partition(":")
        if not (number.isascii() and number.isdigit()) or len(number) > LONGEST_NUMBER or "\0" in after:
            raise CursorError("the cursor is the number of a change, or what an answer gave as the next one")
        return cls(int(number), after)


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that is new or changed; `pk` is None where its public id is no more."""

    public_id: str
    pk: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes in order, and where to go on; `has_more` says that there is more already."""

    items: tuple[Change, ...]
    next: Cursor
    has_more: bool


LONGEST_NUMBER = 18


def since(cursor: Cursor, *, limit: int) -> Changes:
    """The next papers that changed after the cursor, each once, by number and public id.

    Raises CursorError where the catalogue never came so far: it is another one, or was restored.
    """
    if cursor.number > revision():
        raise CursorError(f"there was no change {cursor.number} here; begin again with 0")
    found = _of_number(cursor, limit + 1) if cursor.after else []
    found += _later(cursor.number, limit + 1 - len(found))
    items = tuple(Change(public_id, pk, number) for number, public_id, pk in found[:limit])
    following = Cursor(items[-1].number, items[-1].public_id) if items else cursor
    return Changes(items, following, len(found) > limit)


# Two questions, since only so both databases find their way by the index alone: an import of a million
# papers into a catalogue of an earlier release is one number.


def _of_number(cursor: Cursor, limit: int) -> list[Any]:
    """What else has the number of the cursor."""
    return list(_both(limit, changed=cursor.number, public_id__gt=cursor.after))


def _later(number: int, limit: int) -> list[Any]:
    return list(_both(limit, changed__gt=number)) if limit else []


def _both(limit: int, **condition: Any) -> QuerySet[Any, Any]:
    columns = ("changed", "public_id", "key")
    papers = Paper.objects.filter(**condition).annotate(key=F("pk")).values_list(*columns)
    gone = Tombstone.objects.filter(**condition).annotate(key=Value(None, BigIntegerField()))
    both = papers.union(gone.values_list(*columns), all=True)
    return both.order_by("changed", "public_id")[:limit]
