"""Papers: all of them page by page, many by their names, one, and those like it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router
from pydantic import Field

from broadsheet.accounts.access import NOBODY
from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.errors import missing, too_large
from broadsheet.api.v1.parameters import LONGEST_ID, WITHOUT_NUL, Chosen, Number, OneId, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper, SentPaper
from broadsheet.daily.entries import ListName
from broadsheet.daily.kinds.similar import LISTED
from broadsheet.papers import batches, reading
from broadsheet.papers.known_as import why_unknown
from broadsheet.search.finding import MOST_EXAMPLES

MOST_IDS = 1000
ID = Annotated[
    str,
    Path(
        pattern=WITHOUT_NUL,
        description="An identifier, however it is spelt: of arXiv, the ACL Anthology, OpenReview, a DOI.",
        examples=["2408.00714", "acl:2024.acl-long.1"],
    ),
]
_EXAMPLES = f"separated by commas, {MOST_EXAMPLES} at most."

router = Router(tags=["papers"])


class AskedPapers(Paged):
    """Which papers are wanted."""

    ids: list[OneId] = Field(
        [],
        min_length=1,
        description=(
            f"Identifiers of papers, separated by commas, {MOST_IDS:,} at most: these papers and no others, "
            "in this order, on one page."
        ),
        examples=[["2408.00714", "2103.00020"]],
    )


class AskedSimilar(Chosen):
    """Which papers are wanted that are like one."""

    limit: Number = Field(30, ge=1, le=LISTED, description=f"How many papers, {LISTED} at most.")
    like: list[OneId] = Field(
        [],
        min_length=1,
        max_length=MOST_EXAMPLES,
        description=f"More papers that they shall be like, {_EXAMPLES}",
    )
    unlike: list[OneId] = Field(
        [],
        min_length=1,
        max_length=MOST_EXAMPLES,
        description=f"Papers that they shall not be like, {_EXAMPLES}",
    )


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Some of all papers; `next` is the cursor of those that follow, null at the end. `unknown` are the
    identifiers asked for that no paper here has.
    """

    papers: tuple[Paper, ...]
    unknown: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper and how close it is in meaning (cosine), or in words while it has no vector."""

    score: float
    paper: Paper


@dataclass(frozen=True, slots=True)
class SimilarPapers:
    """The papers most like `id`, the closest first."""

    id: str
    papers: tuple[SimilarPaper, ...]
    hidden: int


@router.get(
    "papers", response=PaperPage, summary="All papers, the newest first, or those of some identifiers"
)
def papers(request: HttpRequest, asked: Query[AskedPapers]) -> HttpResponse:
    """Page by page with `cursor`, however many there are, and whoever asks. A paper without a date comes
    last.
    """
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    if asked.ids:
        return _named(request, asked.ids, names)
    found = listing.read(ListName("papers"), limit=asked.limit, cursor=asked.cursor, viewer=NOBODY)
    papers = [*schemas.sent(found.pks, names).values()]
    return answers.json(request, {"papers": papers, "unknown": [], "next": found.next}, cursor=found.next)


@router.post("papers/batch", response=PaperPage, summary="The papers of many identifiers")
def batch(
    request: HttpRequest,
    ids: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_ID)]],
        Body(
            description=f"Identifiers of papers, {MOST_IDS:,} at most.",
            examples=[["2408.00714", "2103.00020"]],
        ),
    ],
    asked: Query[Chosen],
) -> HttpResponse:
    """Reads and changes nothing: a list that is too long for an address is sent as a JSON list instead."""
    return _named(request, ids, schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS))


@router.get("papers/{path:id}/similar", response=SimilarPapers, summary="The papers most like one")
def similar(request: HttpRequest, id: ID, asked: Query[AskedSimilar]) -> HttpResponse:  # noqa: A002
    """Like it in meaning. Near-duplicates of the paper itself are left out."""
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    like, unlike = tuple(asked.like), tuple(asked.unlike)
    wanted, viewer = ListName("similar", id, like=like, unlike=unlike), listing.reader(request)
    found = listing.read(wanted, limit=asked.limit, viewer=viewer)
    papers = schemas.sent(found.pks, names)
    close = [{"score": one.score, "paper": papers[one.pk]} for one in found.entries if one.pk in papers]
    return answers.json(request, {"id": found.name.name, "papers": close, "hidden": found.hidden})


@router.get("papers/{path:id}", response=Paper, summary="One paper with all that is known of it")
def paper(request: HttpRequest, id: ID, asked: Query[Chosen]) -> HttpResponse:  # noqa: A002
    """By any of its identifiers; its `id` is the one that it is known by here."""
    names = schemas.chosen(asked.fields, FIELDS)
    pk, _ = known(id)
    # It may have become part of another paper just now.
    found = schemas.sent([pk], names) or schemas.sent([known(id)[0]], names)
    return answers.json(request, next(iter(found.values())))


def _named(request: HttpRequest, given: list[str], names: tuple[str, ...]) -> HttpResponse:
    if len(given) > MOST_IDS:
        raise too_large("ids", f"These are {len(given):,} identifiers; no more than {MOST_IDS:,} at once")
    ids = [one.strip() for one in given]
    known = batches.resolve(ids)
    found = schemas.sent([*dict.fromkeys(known.values())], names)
    # Two names of one paper give it once, where the first of them stands.
    keys = dict.fromkeys(known[one] for one in ids if one in known)
    papers: list[SentPaper] = [found[pk] for pk in keys if pk in found]
    unknown = [*dict.fromkeys(one for one in ids if known.get(one) not in found)]
    return answers.json(request, {"papers": papers, "unknown": unknown, "next": None})


def known(name: str) -> tuple[int, str]:
    """The paper's key and the name it is known by here. Raises RefusedError."""
    found = reading.resolve(name)
    if found is None:
        raise missing(why_unknown(name))
    return found
