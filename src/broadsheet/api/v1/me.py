"""Who the token of a program stands for, and what it may still do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router

from broadsheet.accounts import limits
from broadsheet.accounts.access import SCOPES
from broadsheet.api.v1 import answers
from broadsheet.api.v1.identity import Token, person_of
from broadsheet.http.viewers import viewer_of

# What is counted of what a person does, by the scope that it takes.
COUNTED = ("vote", "comment", "submit")

router = Router(tags=["me"])


@dataclass(frozen=True, slots=True)
class Me:
    """The person a token acts for; `scopes` is what it was made for. What an agent (`is_agent`) writes is
    labelled, its votes are not counted, and its comments wait for the person unless it `publishes`. `left` is
    how much of each may still be done now, null where nothing limits it.
    """

    handle: str | None
    name: str
    role: str
    kind: str
    scopes: tuple[str, ...]
    is_agent: bool
    publishes: bool
    left: dict[str, int | None]


@router.get("me", response=Me, auth=Token(), summary="Who the token stands for")
def me(request: HttpRequest) -> HttpResponse:
    """With any token that is good: it says what the token is good for."""
    viewer, now = viewer_of(request), timezone.now()
    person = person_of(viewer)
    scopes = tuple(scope for scope in SCOPES if scope in (viewer.scopes or ()))
    left = {kind: limits.left(kind, limits.person(person.pk), now=now) for kind in COUNTED if kind in scopes}
    return answers.json(
        request,
        Me(
            handle=person.handle,
            name=person.shown,
            role=person.role,
            kind=person.kind,
            scopes=scopes,
            is_agent=viewer.acts_as_agent,
            publishes=not viewer.waits,
            left=left,
        ),
    )
