"""What the person of a token follows: set and ended, never toggled."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router

from broadsheet.api.v1 import answers
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import WITHOUT_NUL
from broadsheet.daily import follows as room
from broadsheet.http.viewers import viewer_of
from broadsheet.library import following
from broadsheet.library.following import Followed
from broadsheet.library.models import NAME_LENGTH

Kind = Annotated[
    str,
    Path(
        pattern="^(author|organization|category|topic)$",
        description="author, organization, category or topic.",
        examples=["category"],
    ),
]
Name = Annotated[
    str,
    Path(
        max_length=NAME_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"Its name in its address, {NAME_LENGTH} characters at most.",
        examples=["cs.LG"],
    ),
]

router = Router(tags=["follows"])


@dataclass(frozen=True, slots=True)
class Follows:
    """What the person follows, by kind and name."""

    follows: tuple[Followed, ...]


@router.get("follows", response=Follows, auth=Token("follow"), summary="What one follows")
def follows(request: HttpRequest) -> HttpResponse:
    """Authors, organizations, categories and topics. Nobody else is told. Takes the scope `follow`."""
    return answers.json(request, Follows(tuple(room.mine(viewer_of(request)))))


@router.put("follows/{kind}/{path:name}", response=Followed, auth=Token("follow"), summary="Follow it")
def follow(request: HttpRequest, kind: Kind, name: Name) -> HttpResponse:
    """To send it again changes nothing. Takes the scope `follow`."""
    return answers.json(request, room.follow(viewer_of(request), kind, name, now=timezone.now()))


@router.delete(
    "follows/{kind}/{path:name}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("follow"),
    summary="Follow it no more",
)
def unfollow(request: HttpRequest, kind: Kind, name: Name) -> HttpResponse:
    """Whether or not it was followed. Takes the scope `follow`."""
    following.unfollow(viewer_of(request), kind, name, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
