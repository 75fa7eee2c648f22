"""Topics: lists under a name, and what is new in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.errors import bad
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.parameters import LONGEST_ID, WITHOUT_NUL, ByKey, Number, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper, SentPaper
from broadsheet.daily import topics as room
from broadsheet.daily.defining import in_words
from broadsheet.daily.entries import Entries, ListName, UnknownListError
from broadsheet.daily.kinds.topic import NUMBER, TOPIC
from broadsheet.daily.list_names import from_json
from broadsheet.daily.models import LIST_LENGTH, MOST_PAPERS, NAME_LENGTH, SLUG_LENGTH
from broadsheet.daily.models import Topic as Row
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of
from broadsheet.search.finding import MOST_EXAMPLES

Slug = Annotated[
    str,
    Path(
        max_length=SLUG_LENGTH,
        pattern=WITHOUT_NUL,
        description="The name of the topic in its address.",
        examples=["trending"],
    ),
]
Visibility = Literal["public", "unlisted", "private"]
Example = Annotated[str, Field(max_length=LONGEST_ID, pattern=WITHOUT_NUL)]
Text = Annotated[str, Field(max_length=LIST_LENGTH, pattern=WITHOUT_NUL)]
_NAME = f"What it is called, {NAME_LENGTH} characters at most."
_SIZE = f"How many papers are told at once, and looked at in a ranking, {MOST_PAPERS} at most."
_SEEN = "public: by everybody; unlisted: by whoever has its address; private: by its owner alone."

router = Router(tags=["topics"])


class WantedList(Schema):
    """A list that goes on."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[room.KINDS] = Field(description="What kind of list it is.", examples=["category"])  # type: ignore[valid-type]
    name: Text = Field(
        "",
        description="Its name among those of the kind: a query, a slug, a code, an id, day, week or month.",
        examples=["cs.LG"],
    )
    order: str = Field(
        "", max_length=20, pattern=WITHOUT_NUL, description="Its order, such as date, votes or relevance."
    )
    sense: Text = Field("", description="Of a search by relevance, the sense that is meant.")
    like: list[Example] = Field([], max_length=MOST_EXAMPLES, description="More papers to be similar to.")
    unlike: list[Example] = Field([], max_length=MOST_EXAMPLES, description="Papers to be unlike.")


class NewTopic(Schema):
    """What is to be saved."""

    model_config = ConfigDict(extra="forbid")

    list: WantedList
    name: str = Field(
        min_length=1, max_length=NAME_LENGTH, pattern=WITHOUT_NUL, description=_NAME, examples=["Learning"]
    )
    size: int = Field(room.DEFAULT_SIZE, strict=True, ge=1, le=MOST_PAPERS, description=_SIZE)
    visibility: Visibility = Field("public", description=_SEEN)


class ChangedTopic(Schema):
    """What is to be another; what is not given stays."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(
        None, min_length=1, max_length=NAME_LENGTH, pattern=WITHOUT_NUL, description=_NAME
    )
    size: Annotated[int, Field(strict=True, ge=1, le=MOST_PAPERS)] | None = Field(None, description=_SIZE)
    order: str | None = Field(None, max_length=20, pattern=WITHOUT_NUL, description="The order of its list.")
    visibility: Visibility | None = Field(None, description=_SEEN)
    is_stopped: Annotated[bool, Field(strict=True)] | None = Field(
        None, description="Whether nothing new comes to it."
    )


class AskedPapers(Paged):
    """What came to a topic."""

    since: Number = Field(
        0,
        ge=0,
        le=LARGEST_KEY,
        description=f"Only what came after that number of the topic, {LARGEST_KEY:,} at most.",
        examples=[0],
    )


@dataclass(frozen=True, slots=True)
class ListOfTopic:
    """A list, as a topic has it."""

    kind: str
    name: str
    order: str
    sense: str
    like: tuple[str, ...]
    unlike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A list that was saved under a name: `definition` says in words what it has, and `last` is the number of
    the paper that came last. `is_mine` says that it belongs to the person of the token.
    """

    slug: str
    name: str
    list: ListOfTopic
    definition: str
    size: int
    visibility: str
    is_mine: bool
    followers: int
    last: int
    made_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics, the latest first; `next` is the cursor of those that follow, null at the end."""

    topics: tuple[Topic, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class NumberedPaper:
    """A paper, the number with which it came to the topic, and the day."""

    number: int
    came_on: date
    paper: Paper


@dataclass(frozen=True, slots=True)
class TopicPapers:
    """What came to a topic, the last first, of `total` in all. `last` is the number of the first paper of the
    list, or where none came the number that was asked for: kept until later, it is the `since` of what came
    meanwhile. `next` is the cursor of those that follow, null at the end. So many of this part are `hidden`,
    since the person of the token leaves them out.
    """

    slug: str
    name: str
    papers: tuple[NumberedPaper, ...]
    total: int
    hidden: int
    last: int
    next: str | None


@router.get("topics", response=Topics, summary="The topics for everybody")
def topics(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """That somebody saved, and that of the site itself."""
    return _part(request, room.seen_by(NOBODY), asked)


@router.get("topics/mine", response=Topics, auth=Token("read"), summary="One's own topics")
def my_topics(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """Whoever may see them. Takes the scope `read`."""
    return _part(request, room.mine(viewer_of(request)), asked)


@router.get("topics/followed", response=Topics, auth=Token("read"), summary="The topics that one follows")
def followed_topics(request: HttpRequest, asked: Query[ByKey]) -> HttpResponse:
    """As long as one may see them. Takes the scope `read`."""
    return _part(request, room.followed_by(viewer_of(request)), asked)


@router.post("topics", response={HTTPStatus.CREATED: Topic}, auth=Token("save"), summary="Save a topic")
def save_topic(request: HttpRequest, body: NewTopic) -> HttpResponse:
    """With the first papers of its list; what comes later is new in it. Takes the scope `save`."""
    wanted = ListName(
        **{**body.list.dict(), "like": tuple(body.list.like), "unlike": tuple(body.list.unlike)}
    )
    viewer = viewer_of(request)
    try:
        made = room.save(
            viewer,
            wanted,
            name=body.name,
            size=body.size,
            visibility=body.visibility,
            now=timezone.now(),
        )
    except UnknownListError as problem:
        raise bad("list", str(problem)) from problem
    answer = _one(request, made.slug, viewer, HTTPStatus.CREATED)
    answer["Location"] = reverse("api:topic", args=[made.slug])
    return answer


@router.get("topics/{str:slug}", response=Topic, summary="A topic")
def topic(request: HttpRequest, slug: Slug) -> HttpResponse:
    """A private one takes the scope `read` of its owner."""
    return _one(request, slug, listing.reader(request))


@router.patch("topics/{str:slug}", response=Topic, auth=Token("save"), summary="Change a topic")
def change_topic(request: HttpRequest, slug: Slug, body: ChangedTopic) -> HttpResponse:
    """One's own; its address stays. Takes the scope `save`."""
    viewer = viewer_of(request)
    try:
        room.change(viewer, slug, now=timezone.now(), **body.dict())
    except UnknownListError as problem:
        raise bad("order", str(problem)) from problem
    return _one(request, slug, viewer)


@router.delete(
    "topics/{str:slug}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("save"),
    summary="Delete a topic",
)
def delete_topic(request: HttpRequest, slug: Slug) -> HttpResponse:
    """One's own, for whoever follows it, too. Takes the scope `save`."""
    room.delete(viewer_of(request), slug, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.put("topics/{str:slug}/follow", response=Topic, auth=Token("follow"), summary="Follow a topic")
def follow_topic(request: HttpRequest, slug: Slug) -> HttpResponse:
    """To send it again changes nothing. Takes the scope `follow`."""
    viewer = viewer_of(request)
    return _one(request, room.follow(viewer, slug, now=timezone.now()).slug, viewer)


@router.delete(
    "topics/{str:slug}/follow",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("follow"),
    summary="Follow a topic no more",
)
def unfollow_topic(request: HttpRequest, slug: Slug) -> HttpResponse:
    """Whether or not it was followed. Takes the scope `follow`."""
    room.unfollow(viewer_of(request), slug, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("topics/{str:slug}/papers", response=TopicPapers, summary="What came to a topic, the last first")
def topic_papers(request: HttpRequest, slug: Slug, asked: Query[AskedPapers]) -> HttpResponse:
    """In the order of its page and of its feeds; `since` a number leaves what came after it."""
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    since = room.since(slug, asked.since) if asked.since else ""
    found = listing.read(
        ListName(TOPIC, slug),
        limit=asked.limit,
        cursor=asked.cursor,
        since=since,
        viewer=listing.reader(request),
    )
    papers = _numbered(found, schemas.sent(found.pks, names))
    answer = {
        "slug": found.name.name,
        "name": found.subject,
        "papers": papers,
        "total": found.total,
        "hidden": found.hidden,
        "last": papers[0]["number"] if papers else asked.since,
        "next": found.next,
    }
    return answers.json(request, answer, cursor=found.next)


def _part(request: HttpRequest, of: QuerySet[Row], asked: ByKey) -> HttpResponse:
    rows, cursor = listing.part(room.with_followers(of), asked)
    return answers.json(request, Topics(tuple(_sent(rows, viewer_of(request))), cursor), cursor=cursor)


def _one(request: HttpRequest, slug: str, viewer: Viewer, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    rows: QuerySet[Row] = Row.objects.filter(pk=room.find(viewer, slug).pk)
    return answers.json(request, _sent(list(room.with_followers(rows)), viewer)[0], status=status)


def _sent(rows: Sequence[Row], viewer: Viewer) -> list[Topic]:
    lists = [from_json(row.wanted) for row in rows]
    return [
        Topic(
            slug=row.slug,
            name=row.name,
            list=ListOfTopic(
                wanted.kind, wanted.name, wanted.order, wanted.sense, wanted.like, wanted.unlike
            ),
            definition=said,
            size=row.size,
            visibility=str(row.visibility),
            is_mine=viewer.pk is not None and row.owner_id == viewer.pk,
            followers=getattr(row, "followers", 0),
            last=row.last,
            made_at=row.made_at,
            stopped_at=row.stopped_at,
        )
        for row, wanted, said in zip(rows, lists, in_words(lists), strict=True)
    ]


def _numbered(found: Entries, papers: dict[int, SentPaper]) -> list[dict[str, object]]:
    return [
        {"number": int(one.reasons[NUMBER]), "came_on": one.day, "paper": papers[one.pk]}
        for one in found.entries
        if one.pk in papers
    ]
