"""What changed since a moment: how whoever follows the catalogue catches up, and goes on after a break.

Each change to the catalogue has a number, that of its revision. A paper has the number of its last change, so
whatever changes while somebody reads comes once more further on. One change is written at a time, and its
number is seen only when all of it can be: nobody who asks for larger numbers than the last one has missed a
smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db import connection

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
# In words of our own: an import of a million papers may be one number, and only when the rows of an index are
# compared whole, and each table gives a few, do both databases go to the place at once and sort nothing.
_LATER = """
SELECT * FROM (
    SELECT changed, public_id, id FROM papers_paper
    WHERE (changed, public_id) > (%s, %s) ORDER BY changed, public_id LIMIT %s
) AS here
UNION ALL
SELECT * FROM (
    SELECT changed, public_id, CAST(NULL AS bigint) FROM papers_tombstone
    WHERE (changed, public_id) > (%s, %s) ORDER BY changed, public_id LIMIT %s
) AS gone
ORDER BY changed, public_id LIMIT %s
"""


def since(cursor: Cursor, *, limit: int) -> Changes:
    """The next papers that changed after the cursor, each once, by number and public id.

    Raises CursorError where the catalogue never came so far: it is another one, or was restored.
    """
    if cursor.number > revision():
        raise CursorError(f"there was no change {cursor.number} here; begin again with 0")
    # After a number alone comes the next number with whatever name.
    place = (cursor.number, cursor.after) if cursor.after else (cursor.number + 1, "")
    with connection.cursor() as answer:
        answer.execute(_LATER, [*place, limit + 1, *place, limit + 1, limit + 1])
        found = answer.fetchall()
    items = tuple(Change(public_id, pk, number) for number, public_id, pk in found[:limit])
    following = Cursor(items[-1].number, items[-1].public_id) if items else cursor
    return Changes(items, following, len(found) > limit)
