"""Invitations that the person of a token made: a link each, which lets in one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts import joining
from broadsheet.accounts.models import EMAIL_LENGTH, GONE
from broadsheet.accounts.models import Invitation as Row
from broadsheet.api.v1 import answers, listing
from broadsheet.api.v1.identity import Token, person_of
from broadsheet.api.v1.parameters import KEY, WITHOUT_NUL, ByKey
from broadsheet.http.addresses import whole
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of

InvitationKey = Annotated[int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("invitation"), examples=[1])]

router = Router(tags=["invitations"])


class NewInvitation(Schema):
    """Whom an invitation is for."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(
        "",
        max_length=EMAIL_LENGTH,
        pattern=WITHOUT_NUL,
        description="The mail address that alone can use it; without one, whoever has the link.",
        examples=["ada@lab.example"],
    )


@dataclass(frozen=True)
class Invitation:
    """An invitation, `email` empty where whoever has the link may come; `who` is what they are called who
    came by it.
    """

    id: int
    email: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    who: str | None


@dataclass(frozen=True)
class MadeInvitation(Invitation):
    """A new invitation with the `link` that whoever is invited opens, given this once."""

    link: str


@dataclass(frozen=True, slots=True)
class Invitations:
    """One's own invitations, the latest first; `next` is the cursor of those that follow, null at the end."""

    invitations: tuple[Invitation, ...]
    next: str | None


@router.get("invitations", response=Invitations, auth=Token("invite"), summary="One's own invitations")
def invitations(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """And who came by them. For curators. Takes the scope `curate`."""
    rows, cursor = listing.part(joining.invitations(person_of(viewer_of(request))), asked)
    found = tuple(Invitation(**_sent(row)) for row in rows)
    return answers.json(request, Invitations(found, cursor), cursor=cursor)


@router.post(
    "invitations",
    response={HTTPStatus.CREATED: MadeInvitation},
    auth=Token("invite"),
    summary="Invite somebody",
)
def invite(request: HttpRequest, body: NewInvitation) -> HttpResponse:
    """Whoever comes by it is vouched for by the person. No agent may. Takes the scope `curate`."""
    person, now = person_of(viewer_of(request)), timezone.now()
    code = joining.invite(person, email=body.email, now=now)
    made = joining.invitation(code, now=now)
    assert made
    answer = MadeInvitation(**_sent(made), link=whole(request, reverse("join", args=[code])))
    return answers.json(request, answer, status=HTTPStatus.CREATED)


@router.delete(
    "invitations/{invitation}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("invite"),
    summary="Take an invitation back",
)
def take_back_invitation(request: HttpRequest, invitation: InvitationKey) -> HttpResponse:
    """One of one's own that nobody used yet. Takes the scope `curate`."""
    joining.take_back(person_of(viewer_of(request)), invitation)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _sent(row: Row) -> dict[str, Any]:
    who = (row.used_by.shown if row.used_by else GONE) if row.used_at else None
    return {
        "id": row.pk,
        "email": row.email,
        "made_at": row.made_at,
        "ends_at": row.ends_at,
        "used_at": row.used_at,
        "who": who,
    }
