"""Leaving: asked for, called off within a week, and done. Rooms say here what becomes of what people did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from django.contrib.sessions.models import Session
from django.db import models, transaction

from broadsheet import lasting_lines
from broadsheet.accounts import access, handles, standing
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Departure, Invitation, Person, Role, Taken
from broadsheet.accounts.settings import SINGLE
from broadsheet.accounts.settings import access as access_mode
from broadsheet.accounts.tokens import digest
from broadsheet.configured import instance

GRACE = timedelta(days=7)
# Beside the database: who left, as digests, so that a backup which is restored brings nobody back.
LIST = "left.jsonl"


class LeavingError(ValueError):
    """Somebody cannot leave so; the message says why."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants to go with them; votes that stay do not count, comments that stay have no name."""

    votes_go: bool = True
    comments_go: bool = False


Step: TypeAlias = Callable[[Person, Choice, datetime], None]
# What points at a person goes with them, or is theirs no more, as it would if their row was deleted. A room
# registers a step in `AppConfig.ready` for a table of which that is not enough.
steps: dict[type[models.Model], Step] = {}


def ask(viewer: Viewer, typed: str, choice: Choice, *, now: datetime) -> Person:
    """Let the viewer leave in a week, once they typed their address or handle; they are signed out at once.

    Raises NotAllowedError or LeavingError.
    """
    person = access.check(viewer, "read", now=now)
    if viewer.scopes is not None:
        raise access.NotAllowedError("Whoever leaves says so on the page of settings.")
    said = typed.strip().lower().removeprefix("@")
    if not said or said not in {person.email, person.handle}:
        raise LeavingError("Type your mail address or your handle, as it stands above.")
    if access_mode() == SINGLE:
        raise LeavingError("This site is yours alone: remove its data folder to remove all that is yours.")
    others = Person.objects.filter(role=Role.OPERATOR, left_at=None, leaving_at=None).exclude(pk=person.pk)
    if person.role == Role.OPERATOR and not others.exists():
        raise LeavingError("Nobody else runs this site: make somebody else an operator first.")
    with transaction.atomic():
        Departure.objects.update_or_create(person=person, defaults=asdict(choice))
        Person.objects.filter(pk=person.pk).update(leaving_at=now + GRACE)
        _end_sessions(person)
    # Kept pages have the name.
    standing.changed(person, now=now)
    return person


def stay(viewer: Viewer, *, now: datetime) -> None:
    """Call it off. Raises NotAllowedError."""
    person = access.check(viewer, "read", now=now)
    with transaction.atomic():
        Departure.objects.filter(person=person).delete()
        Person.objects.filter(pk=person.pk, left_at=None).update(leaving_at=None)
    standing.changed(person, now=now)


def leave_due(*, now: datetime) -> int:
    """Let those leave whose week is over; how many."""
    due = Person.objects.filter(leaving_at__lte=now, left_at=None)
    return sum(leave(person, _choice(person), now=now) for person in due)


def replay(*, now: datetime) -> int:
    """Let those leave again who left before this database was restored from an older copy; how many."""
    known = dict(_read_list())
    here = Person.objects.filter(left_at=None) if known else Person.objects.none()
    back = [person for person in here if _mark(person) in known]
    return sum(leave(person, known[_mark(person)], now=now) for person in back)


@transaction.atomic
def leave(person: Person, choice: Choice, *, now: datetime) -> bool:
    """Keep nothing of the person but a number; their programs leave, too. False where they left before."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.left_at:
        return False
    for program in person.bots.all():
        leave(program, choice, now=now)
    _write_list(person, choice)
    Taken.objects.filter(who=f"person:{person.pk}").delete()
    Invitation.objects.filter(used_by=person).update(email="")
    _end_sessions(person)
    _wipe(person, now=now)
    for step in steps.values():
        step(person, choice, now)
    _let_go(person)
    return True


def _wipe(person: Person, *, now: datetime) -> None:
    handles.keep_from_others(person)
    person.handle = person.email = person.leaving_at = person.suspended_until = person.last_login = None
    person.name, person.role, person.votes_private, person.view = "", Role.READER, True, ""
    person.left_at = now
    person.set_unusable_password()
    person.save()


def _let_go(person: Person) -> None:
    """Do with what points at the person what deleting their row would do."""
    for relation in Person._meta.related_objects:
        table, field = relation.related_model, relation.field
        if isinstance(table, str) or table in steps or table is Person:
            continue
        rows = table._default_manager.filter(**{field.name: person})
        if relation.on_delete is models.CASCADE:
            rows.delete()
        else:
            rows.update(**{field.name: None})
    Person.objects.filter(vouched_by=person).update(vouched_by=None)


def _end_sessions(person: Person) -> None:
    """Sign the person out everywhere."""
    own = [
        session.pk
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    Session.objects.filter(pk__in=own).delete()


def _choice(person: Person) -> Choice:
    known = Departure.objects.filter(person=person).values("votes_go", "comments_go").first()
    return Choice(**known) if known else Choice()


def _mark(person: Person) -> str:
    """What the list calls a person: it says nothing to whoever has no copy of the table."""
    return digest(f"{person.pk}:{person.joined_at.isoformat()}")


def _list() -> Path:
    return Path(instance().data) / LIST


def _write_list(person: Person, choice: Choice) -> None:
    """Written before the row is: who is listed and did not leave after all leaves a minute later."""
    lasting_lines.append(_list(), {"who": _mark(person), **asdict(choice)})


def _read_list() -> Iterator[tuple[str, Choice]]:
    for said in lasting_lines.lines(_list()):
        yield said["who"], Choice(said["votes_go"], said["comments_go"])
