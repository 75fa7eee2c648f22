"""Handles: what a person is called in addresses. Chosen by them, or made up; never of the mail address."""

from __future__ import annotations

import re
import secrets

from django.db import IntegrityError, transaction

from broadsheet.accounts.models import HANDLE_LENGTH, FormerHandle, Person
from broadsheet.accounts.owner import HANDLE as OWNER
from broadsheet.accounts.tokens import digest

_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
SHORTEST = 2
# So many former handles of a person stay theirs: nobody gathers handles by changing their own for long.
FORMER = 5
RESERVED = frozenset(
    (
        f"{OWNER} about account accounts admin administrator anonymous api broadsheet curate curator enter"
        " everybody feeds help library me mcp moderation moderator new nobody notices operator papers people"
        " root rules settings staff status submit support system topics you"
    ).split()
)
# Without letters and digits that look alike.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


class HandleError(ValueError):
    """A handle cannot be had; the message says why."""


def choose(person: Person, handle: str) -> None:
    """Give the person that handle. Raises HandleError."""
    handle = handle.strip().lower().removeprefix("@")
    if not SHORTEST <= len(handle) <= HANDLE_LENGTH or not _HANDLE.fullmatch(handle):
        raise HandleError(
            f"A handle has {SHORTEST} to {HANDLE_LENGTH} letters from a to z, digits and hyphens, with a"
            " letter or digit at both ends."
        )
    if handle in RESERVED:
        raise HandleError(f"“{handle}” is no handle for a person.")
    if _was_anothers(handle, person) or not _given(person, handle):
        raise HandleError(f"“{handle}” is taken.")


def have(person: Person) -> str:
    """The handle of the person, made up at random where they have none yet."""
    while not person.handle:
        _given(person, "reader-" + "".join(secrets.choice(_SIGNS) for _ in range(6)))
    return person.handle


def keep_from_others(person: Person) -> None:
    """Let nobody else have the handle that the person gives up."""
    if person.handle:
        FormerHandle.objects.get_or_create(digest=digest(person.handle), defaults={"person": person})
        own = FormerHandle.objects.filter(person=person)
        own.filter(pk__in=[*own.order_by("-pk").values_list("pk", flat=True)[FORMER:]]).delete()


def _was_anothers(handle: str, person: Person) -> bool:
    former = FormerHandle.objects.filter(digest=digest(handle)).first()
    return former is not None and former.person_id != person.pk


def _given(person: Person, handle: str) -> bool:
    try:
        with transaction.atomic():
            keep_from_others(person)
            Person.objects.filter(pk=person.pk).update(handle=handle)
    except IntegrityError:
        return False
    person.handle = handle
    return True
