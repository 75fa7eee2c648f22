"""Whose names are: curators merge, split and name pages of authors and organizations, and take that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.api.v1 import answers
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import KEY, WITHOUT_NUL
from broadsheet.community import attributing
from broadsheet.community.models import NAMED_LENGTH, REASON_LENGTH
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of
from broadsheet.jobs.wake import wake
from broadsheet.papers import authors
from broadsheet.papers.attributing import UnknownNameError
from broadsheet.papers.models import Attribution
from broadsheet.papers.names import LONGEST_NAME

Kind = Annotated[
    str,
    Path(pattern="^(author|organization)$", description="author or organization.", examples=["author"]),
]
Slug = Annotated[
    str,
    Path(
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description="The name in its address, as `slug` in any answer.",
        examples=["ines-vale"],
    ),
]

router = Router(tags=["names"])


class Said(Schema):
    """What all that is said of names has: a reason."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(
        "",
        max_length=REASON_LENGTH,
        pattern=WITHOUT_NUL,
        description=f"Why, for the public log, {REASON_LENGTH} characters at most.",
    )


class Merging(Said):
    """With which page one is merged."""

    into: str = Field(
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description="The slug of the page that stays.",
        examples=["ines-vale"],
    )


class Splitting(Said):
    """Which papers are split off a page."""

    papers: list[Annotated[str, Field(max_length=NAMED_LENGTH, pattern=WITHOUT_NUL)]] = Field(
        min_length=1,
        max_length=attributing.MOST_AT_ONCE,
        description=f"Identifiers of papers of the page, {attributing.MOST_AT_ONCE} at most.",
        examples=[["2611.00007"]],
    )
    into: str = Field(
        "",
        max_length=NAMED_LENGTH,
        pattern=WITHOUT_NUL,
        description="The slug of the page that they belong to; left out, they get one of their own.",
    )


class NewName(Said):
    """Another name of a page."""

    name: str = Field(
        min_length=1,
        max_length=LONGEST_NAME,
        pattern=WITHOUT_NUL,
        description=f"The name, {LONGEST_NAME} characters at most.",
        examples=["Inès Vale"],
    )
    is_shown: bool = Field(default=False, description="Whether the page is called so from now on.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What curators said that stands: that all papers of `slug` are on `page` (`join`), that the `paper` is
    (`move`), or that the page is called `name` (`show`).
    """

    id: int
    act: str
    slug: str
    page: str
    paper: str | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Names:
    """A page of a name, how it is called besides, and what was decided about it, the last first."""

    slug: str
    name: str
    also_written: tuple[str, ...]
    decisions: tuple[Decision, ...]


@router.get("names/{kind}/{slug}", response=Names, auth=Token("curate"), summary="Decisions on a name")
def names(request: HttpRequest, kind: Kind, slug: Slug) -> HttpResponse:
    """An old name leads to that of now. Takes the scope `curate`, and a curator."""
    return _answer(request, kind, slug)


@router.post("names/{kind}/{slug}/merge", response=Names, auth=Token("curate"), summary="Merge two pages")
def merge_names(request: HttpRequest, kind: Kind, slug: Slug, body: Merging) -> HttpResponse:
    """The address of this one leads on to the other, which has its papers then. Takes the scope `curate`."""
    attributing.merge(viewer_of(request), kind, slug, body.into, reason=body.reason, now=timezone.now())
    return _answer(request, kind, body.into)


@router.post("names/{kind}/{slug}/split", response=Names, auth=Token("curate"), summary="Split papers off")
def split_names(request: HttpRequest, kind: Kind, slug: Slug, body: Splitting) -> HttpResponse:
    """They are on another page then, which is the answer. Takes the scope `curate`."""
    goal = attributing.split(
        viewer_of(request), kind, slug, body.papers, page=body.into, reason=body.reason, now=timezone.now()
    )
    return _answer(request, kind, goal)


@router.post("names/{kind}/{slug}/alias", response=Names, auth=Token("curate"), summary="Add another name")
def add_name(request: HttpRequest, kind: Kind, slug: Slug, body: NewName) -> HttpResponse:
    """Papers that print it are on the page from now on. Takes the scope `curate`."""
    attributing.name(
        viewer_of(request),
        kind,
        slug,
        body.name,
        is_shown=body.is_shown,
        reason=body.reason,
        now=timezone.now(),
    )
    return _answer(request, kind, slug)


@router.delete(
    "names/{kind}/decisions/{decision}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("curate"),
    summary="Take a decision back",
)
def take_name_back(
    request: HttpRequest,
    kind: Kind,
    decision: Annotated[int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("decision"), examples=[1])],
) -> HttpResponse:
    """All is then as if it had not been said. Takes the scope `curate`."""
    attributing.take_back(viewer_of(request), kind, [decision], now=timezone.now())
    wake("index")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _answer(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    known = authors.page(kind, slug)
    if known is None:
        raise UnknownNameError(kind)
    if request.method == "POST":
        wake("index")
    also = authors.also_written(kind, known.slug)
    decisions = tuple(_sent(word) for word, _ in attributing.decisions(kind, known.slug))
    return answers.json(request, Names(known.slug, known.name, tuple(also), decisions))


def _sent(word: Attribution) -> Decision:
    named = word.named.removeprefix("arxiv:") or None
    return Decision(word.pk, str(word.act), word.slug, word.page, named, word.name, word.at)
