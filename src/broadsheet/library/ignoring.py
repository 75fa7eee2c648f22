"""What a person leaves out of all lists: words, authors, organizations and categories. It is set and ended,
never toggled, and `daily.excluding` says which papers it leaves out.

As with what is followed, a row keeps the name under which it was set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.library import following
from broadsheet.library.models import Ignored, IgnoredKind
from broadsheet.papers.tables import placeholders

KINDS = (IgnoredKind.WORD, IgnoredKind.AUTHOR, IgnoredKind.ORGANIZATION, IgnoredKind.CATEGORY)
# So much a person may leave out in all.
MOST = 200
LONGEST_WORDS = 100


class IgnoringError(ValueError):
    """It cannot be left out so; the message says why."""


class NothingToIgnoreError(IgnoringError):
    """There is nothing of that name to leave out; the message says so."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a person leaves out: its kind, its name in its address or the words, and how it is printed."""

    kind: str
    name: str
    shown: str


def ignore(viewer: Viewer, kind: str, value: str, *, now: datetime) -> LeftOut:
    """Leave out papers with a word or phrase, of an author or an organization, or in a category. To say it
    again changes nothing.

    Raises NotAllowedError and IgnoringError.
    """
    person = access.check(viewer, "save", now=now)
    found = _found(kind, value)
    own = Ignored.objects.filter(person=person)
    if own.count() >= MOST and not own.filter(kind=kind, value=found.name).exists():
        raise IgnoringError(f"You leave out {MOST} things already, which are the most; take some back first.")
    row = Ignored(person=person, kind=kind, value=found.name, since=now)
    Ignored.objects.bulk_create([row], ignore_conflicts=True)
    return found


def unignore(viewer: Viewer, kind: str, value: str, *, now: datetime) -> None:
    """Leave it out no more, by its name of now or by the one under which it was left out."""
    person = access.check(viewer, "save", now=now)
    names = {_lowered(value) if kind == IgnoredKind.WORD else value.replace("\0", " ")}
    if found := following.find(kind, value):
        names |= following.names_of(kind, found.name)
    Ignored.objects.filter(person=person, kind=kind, value__in=names).delete()


def ignores(viewer: Viewer, kind: str, name: str) -> bool:
    """Whether the viewer leaves out what has that name in its address."""
    if viewer.pk is None:
        return False
    names = following.names_of(kind, name)
    return Ignored.objects.filter(person=viewer.pk, kind=kind, value__in=names).exists()


def leaves_out(viewer: Viewer) -> bool:
    """Whether the viewer leaves out anything."""
    return viewer.pk is not None and bool(of_people([viewer.pk]))


def mine(viewer: Viewer) -> Sequence[LeftOut]:
    """What the viewer leaves out, by kind and name."""
    own = of_people([viewer.pk]).get(viewer.pk, {}) if viewer.pk is not None else {}
    return [one for kind in KINDS for one in _shown(kind, sorted(own.get(kind, ())))]


# What of_people says besides of who hides papers, and of who leaves out what they have seen.
HIDDEN, SEEN = "hidden", "seen"
_OF_PEOPLE = """
SELECT person_id, kind, value FROM library_ignored WHERE person_id IN (people)
UNION ALL SELECT id, 'hidden', '' FROM accounts_person WHERE id IN (people)
AND EXISTS (SELECT 1 FROM library_hidden WHERE person_id = accounts_person.id)
UNION ALL SELECT person_id, 'seen', '' FROM library_seen WHERE person_id IN (people) AND is_left_out
"""


def of_people(people: Collection[int]) -> Mapping[int, Mapping[str, Sequence[str]]]:
    """What these people leave out, by kind, in one query; people who leave out nothing are not there.

    The SQL is ours: each list that a reader asks for begins with it, and most readers leave out nothing.
    """
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    if people:
        with connection.cursor() as cursor:
            sql = _OF_PEOPLE.replace("(people)", f"({placeholders(people)})")
            cursor.execute(sql, [*people] * _OF_PEOPLE.count("(people)"))
            for person, kind, value in cursor.fetchall():
                found[person][kind].append(value)
    return found


def _shown(kind: str, names: Sequence[str]) -> list[LeftOut]:
    if kind == IgnoredKind.WORD:
        return [LeftOut(kind, words, words) for words in names]
    found = following.shown(kind, following.pages_of(kind, names))
    return [LeftOut(kind, one.name, one.shown) for one in found]


def _found(kind: str, value: str) -> LeftOut:
    """What has that name, by its name of now."""
    if kind not in KINDS:
        raise NothingToIgnoreError(f"One can leave out one of {', '.join(KINDS)}.")
    if kind == IgnoredKind.WORD:
        words = _words(value)
        return LeftOut(kind, words, words)
    found = following.find(kind, value)
    if found is None:
        raise NothingToIgnoreError(f"There is no {kind} of that name here.")
    return LeftOut(found.kind, found.name, found.shown)


def _words(value: str) -> str:
    """A word or a phrase as it is stored. Raises IgnoringError where it is none."""
    words = _lowered(value)
    if not any(map(str.isalnum, words)) or not words.isprintable() or len(words) > LONGEST_WORDS:
        raise IgnoringError(f"Give a word or a phrase of at most {LONGEST_WORDS} characters.")
    return words


def _lowered(value: str) -> str:
    return " ".join(value.replace("\0", " ").lower().split())
