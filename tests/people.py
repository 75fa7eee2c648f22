"""People with tokens, for tests of what programs write."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from broadsheet.accounts import tokens
from broadsheet.accounts.access import SCOPES
from broadsheet.accounts.models import Person


def person(handle: str = "mira", **more: object) -> Person:
    """Somebody who was vouched for."""
    now = timezone.now()
    return Person.objects.create(handle=handle, joined_at=now, vouched_at=now, **more)


def bearer(who: Person, scopes: Sequence[str] = SCOPES, **more: object) -> dict[str, str]:
    """The header that a program of that person sends."""
    _, text = tokens.make(who, name="a program", scopes=scopes, now=timezone.now(), **more)
    return {"Authorization": f"Bearer {text}"}
