"""Organizations, authors and categories: which there are, and the papers of each, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.parameters import WITHOUT_NUL, Number, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper
from broadsheet.daily.entries import ListName
from broadsheet.papers import categories as room
from broadsheet.papers import reading
from broadsheet.papers.taxonomy import NAMES, category_name

MOST_ORGANIZATIONS = 1000
_SLUG = "The name in addresses, as `slug` in any answer."
ORGANIZATION = Annotated[str, Path(pattern=WITHOUT_NUL, description=_SLUG, examples=["northlab"])]
AUTHOR = Annotated[str, Path(pattern=WITHOUT_NUL, description=_SLUG, examples=["ines-vale"])]
CODE = Annotated[str, Path(pattern=WITHOUT_NUL, description="The code of the category.", examples=["cs.CL"])]

router = Router(tags=["lists"])


@dataclass(frozen=True, slots=True)
class PaperList:
    """Some papers of a list, of `total` in all; `name` is its name here and `title` that of its page. So many
    of this part are `hidden`, since the person of the token leaves them out.
    """

    name: str
    title: str
    description: str
    papers: tuple[Paper, ...]
    total: int
    hidden: int
    next: str | None


@dataclass(frozen=True, slots=True)
class OrganizationEntry:
    """An organization and how many papers it has."""

    slug: str
    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class Organizations:
    """The organizations with the most papers."""

    organizations: tuple[OrganizationEntry, ...]


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category and how many papers have it, be it their first or not."""

    code: str
    name: str
    papers: int


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories of arXiv, and all others that a paper has."""

    categories: tuple[CategoryEntry, ...]


class AskedOrganizations(Schema):
    """How many organizations are wanted."""

    limit: Number = Field(
        100,
        ge=1,
        le=MOST_ORGANIZATIONS,
        description=f"How many organizations, {MOST_ORGANIZATIONS:,} at most.",
    )


@router.get("organizations", response=Organizations, summary="The organizations with the most papers")
def organizations(request: HttpRequest, asked: Query[AskedOrganizations]) -> HttpResponse:
    """Those that sources name: most papers come without one."""
    counted = reading.organizations(asked.limit)
    entries = [OrganizationEntry(one.slug, one.name, count) for one, count in counted]
    return answers.json(request, Organizations(tuple(entries)))


@router.get(
    "organizations/{str:slug}", response=PaperList, summary="The papers of an organization, newest first"
)
def organization(request: HttpRequest, slug: ORGANIZATION, asked: Query[Paged]) -> HttpResponse:
    """As on the page of the organization."""
    return _papers(request, "organization", slug, asked)


@router.get("authors/{str:slug}", response=PaperList, summary="The papers of an author, newest first")
def author(request: HttpRequest, slug: AUTHOR, asked: Query[Paged]) -> HttpResponse:
    """Of everybody who has this name, as long as no curator tells them apart."""
    return _papers(request, "author", slug, asked)


@router.get("categories", response=Categories, summary="The categories")
def categories(request: HttpRequest) -> HttpResponse:
    """In the order of their codes. Two names of one category are one."""
    counts = room.counts(now=timezone.now())
    codes = sorted({room.canonical(code) for code in (*NAMES, *counts)})
    entries = [CategoryEntry(code, category_name(code), counts.get(code, 0)) for code in codes]
    return answers.json(request, Categories(tuple(entries)))


@router.get("categories/{str:code}", response=PaperList, summary="The papers of a category, newest first")
def category(request: HttpRequest, code: CODE, asked: Query[Paged]) -> HttpResponse:
    """Be it their first category or not."""
    return _papers(request, "category", code, asked)


def _papers(request: HttpRequest, kind: str, name: str, asked: Paged) -> HttpResponse:
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    viewer = listing.reader(request)
    found = listing.read(ListName(kind, name), limit=asked.limit, cursor=asked.cursor, viewer=viewer)
    answer = {
        "name": name,
        "title": found.title,
        "description": found.description,
        "papers": [*schemas.sent(found.pks, names).values()],
        "total": found.total,
        "hidden": found.hidden,
        "next": found.next,
    }
    return answers.json(request, answer, cursor=found.next)
