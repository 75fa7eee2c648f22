"""What the person of a token leaves out of all lists: set and ended, never toggled."""

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
from broadsheet.http.viewers import viewer_of
from broadsheet.library import ignoring
from broadsheet.library.ignoring import LeftOut
from broadsheet.library.models import NAME_LENGTH

Kind = Annotated[
    str,
    Path(
        pattern="^(word|author|organization|category)$",
        description="word, author, organization or category.",
        examples=["word"],
    ),
]
Name = Annotated[
    str,
    Path(
        max_length=NAME_LENGTH,
        pattern=WITHOUT_NUL,
        description=(
            f"A word or phrase, {ignoring.LONGEST_WORDS} characters at most; or its name in its address."
        ),
        examples=["diffusion model"],
    ),
]

router = Router(tags=["left out"])


@dataclass(frozen=True, slots=True)
class AllLeftOut:
    """What the person leaves out, by kind and name."""

    left_out: tuple[LeftOut, ...]


@router.get("left-out", response=AllLeftOut, auth=Token("save"), summary="What one leaves out")
def left_out(request: HttpRequest) -> HttpResponse:
    """Lists that are read with a token leave it out. Takes the scope `save`."""
    return answers.json(request, AllLeftOut(tuple(ignoring.mine(viewer_of(request)))))


@router.put("left-out/{kind}/{path:name}", response=LeftOut, auth=Token("save"), summary="Leave it out")
def leave_out(request: HttpRequest, kind: Kind, name: Name) -> HttpResponse:
    """To send it again changes nothing. Takes the scope `save`."""
    return answers.json(request, ignoring.ignore(viewer_of(request), kind, name, now=timezone.now()))


@router.delete(
    "left-out/{kind}/{path:name}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("save"),
    summary="Leave it out no more",
)
def show_again(request: HttpRequest, kind: Kind, name: Name) -> HttpResponse:
    """Whether or not it was left out. Takes the scope `save`."""
    ignoring.unignore(viewer_of(request), kind, name, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
