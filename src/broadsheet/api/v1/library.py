"""What is a reader's own: what they keep, with states, tags and notes, what they hide and have seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from broadsheet.accounts.access import Viewer
from broadsheet.api.v1 import answers, listing, schemas
from broadsheet.api.v1.errors import missing
from broadsheet.api.v1.identity import Token
from broadsheet.api.v1.papers import ID, known
from broadsheet.api.v1.parameters import KEY, MOST, WITHOUT_NUL, OneId, Paged
from broadsheet.api.v1.schemas import FIELDS, IN_LISTS, Paper
from broadsheet.daily import changing
from broadsheet.daily.entries import ListName
from broadsheet.daily.kinds.library import LIBRARY, ORDERS
from broadsheet.http.posting import LARGEST_KEY
from broadsheet.http.viewers import viewer_of
from broadsheet.library import hiding, marks, own, saving, seeing, tagging, undoing
from broadsheet.library import notes as room
from broadsheet.library.models import TAG_LENGTH, Note, State
from broadsheet.library.tagging import TagCount
from broadsheet.papers.identifiers import with_scheme
from broadsheet.papers.known_as import known_as, why_unknown

LONGEST_QUERY = 1_000
STATES = tuple(State.values)
Query_ = Annotated[
    str,
    Field(
        max_length=LONGEST_QUERY,
        pattern=WITHOUT_NUL,
        description="A search in the library, with state:, tag:, note: and saved: beside; empty for all.",
        examples=["state:to_read tag:survey"],
    ),
]
StateName = Annotated[Literal[STATES], Field(description="How far one is with it.")]  # type: ignore[valid-type]
TagName = Annotated[
    str,
    Path(
        max_length=TAG_LENGTH,
        pattern=WITHOUT_NUL,
        description="The tag, as it is written.",
        examples=["survey"],
    ),
]
Tag = Annotated[str, Field(min_length=1, max_length=TAG_LENGTH, pattern=WITHOUT_NUL)]
Source = Annotated[
    str,
    Field(
        min_length=1,
        max_length=room.LONGEST,
        pattern=WITHOUT_NUL,
        description=f"Markdown with maths in dollars, {room.LONGEST // 1024} KB at most.",
        examples=["Compare the second table with section 4."],
    ),
]
NoteKey = Annotated[int, Path(ge=1, le=LARGEST_KEY, description=KEY.format("note"), examples=[1])]

router = Router(tags=["library"])


@dataclass(frozen=True, slots=True)
class MyNote:
    """A private note in Markdown; nobody else ever reads it."""

    id: int
    text: str
    written_at: datetime
    edited_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mine:
    """What a paper is to the person of the token. Without a `state` it is not kept; `via` is what saved it:
    web, api, mcp (an agent) or import.
    """

    state: str
    saved_at: datetime | None
    via: str
    tags: tuple[str, ...]
    notes: tuple[MyNote, ...]
    is_hidden: bool
    is_seen: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper of the library, and what it is to the person."""

    paper: Paper
    mine: Mine


@dataclass(frozen=True, slots=True)
class Library:
    """A part of the library, of `total` papers in all; `notes` say how the query was read."""

    query: str
    title: str
    papers: tuple[Kept, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class MyTags:
    """The tags of the person by name, each with how many papers have it."""

    tags: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """How many papers changed."""

    papers: int


@dataclass(frozen=True, slots=True)
class Undone:
    """What was undone: its verb, when it was done, and how many papers are as before."""

    verb: str
    at: datetime
    papers: int


class AskedLibrary(Paged):
    """Which part of the library is wanted."""

    q: Query_ = ""
    order: str = Field(
        "",
        pattern=f"^({'|'.join(ORDERS)})?$",
        description="saved: the last saved first; date: the newest first; relevance: best first. Without it,"
        " what has words is by relevance, and all else by when it was saved.",
    )


class ToKeep(Schema):
    """How a paper is kept; what is not given stays, or is to_read and without tags."""

    model_config = ConfigDict(extra="forbid")

    state: StateName | None = None
    tags: list[Tag] | None = Field(
        None, max_length=tagging.MOST, description="All its tags: others that it has are taken away."
    )


class Written(Schema):
    """What a note says."""

    model_config = ConfigDict(extra="forbid")

    text: Source


class NewName(Schema):
    """What a tag is called from now on."""

    model_config = ConfigDict(extra="forbid")

    name: Tag = Field(description="Where there is a tag of that name, both are one.")


class ForAll(Schema):
    """What is done with all papers that a query finds."""

    model_config = ConfigDict(extra="forbid")

    q: Query_ = ""
    state: StateName | None = None
    tags: list[Tag] = Field([], max_length=100, description="Tags to give.")
    untags: list[Tag] = Field([], max_length=100, description="Tags to take away.")
    is_ended: Annotated[bool, Field(strict=True)] = Field(False, description="Whether they are kept no more.")
    is_shown: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether they are hidden no more."
    )


class SeenPapers(Schema):
    """Papers that the person has seen, or has not."""

    model_config = ConfigDict(extra="forbid")

    ids: list[OneId] = Field(
        min_length=1, max_length=MOST, description=f"Any names of papers, {MOST} at most."
    )
    stands: Annotated[bool, Field(strict=True)] = True


@router.get("library", response=Library, auth=Token("read"), summary="One's own library")
def library(request: HttpRequest, asked: Query[AskedLibrary]) -> HttpResponse:
    """What one keeps, or voted for or hides where the query says so. Takes the scope `read`."""
    names = schemas.chosen(asked.fields, FIELDS, otherwise=IN_LISTS)
    viewer = viewer_of(request)
    wanted = ListName(LIBRARY, asked.q, asked.order)
    found = listing.read(wanted, limit=asked.limit, cursor=asked.cursor, viewer=viewer)
    mine = _mine(viewer, found.pks)
    papers = [{"paper": sent, "mine": mine[pk]} for pk, sent in schemas.sent(found.pks, names).items()]
    answer = {
        "query": found.subject,
        "title": found.title,
        "papers": papers,
        "total": found.total,
        "next": found.next,
    }
    return answers.json(request, answer, cursor=found.next)


@router.get("library/tags", response=MyTags, auth=Token("read"), summary="One's own tags")
def my_tags(request: HttpRequest) -> HttpResponse:
    """By name. Takes the scope `read`."""
    return answers.json(request, MyTags(tuple(tagging.mine(viewer_of(request)))))


@router.patch("library/tags/{path:tag}", response=Changed, auth=Token("save"), summary="Rename or join tags")
def rename_tag(request: HttpRequest, tag: TagName, given: NewName) -> HttpResponse:
    """To give it the name of another joins the two. Takes the scope `save`."""
    changed = tagging.rename(viewer_of(request), tag, given.name, now=timezone.now())
    return answers.json(request, Changed(len(changed)))


@router.delete("library/tags/{path:tag}", response=Changed, auth=Token("save"), summary="Delete a tag")
def delete_tag(request: HttpRequest, tag: TagName) -> HttpResponse:
    """The papers stay. Takes the scope `save`."""
    return answers.json(request, Changed(len(tagging.delete(viewer_of(request), tag, now=timezone.now()))))


@router.post("library/change", response=Changed, auth=Token("save"), summary="Change all that a query finds")
def change_library(request: HttpRequest, given: ForAll) -> HttpResponse:
    """Not only a part of it. Each act can be undone. Takes the scope `save`."""
    wanted = changing.Wanted(given.state or "", given.tags, given.untags, given.is_ended, given.is_shown)
    changed = changing.change(viewer_of(request), given.q, wanted, now=timezone.now())
    return answers.json(request, Changed(len(changed)))


@router.post("library/seen", response=Changed, auth=Token("save"), summary="Say what one has seen")
def mark_seen(request: HttpRequest, given: SeenPapers) -> HttpResponse:
    """Or, with `stands` false, what one has not. Takes the scope `save`."""
    papers, mark = _papers(given.ids), seeing.mark_seen if given.stands else seeing.unmark
    mark(viewer_of(request), [*papers], now=timezone.now())
    return answers.json(request, Changed(len(papers)))


@router.post("library/undo", response=Undone, auth=Token("save"), summary="Undo the last act")
def undo_act(request: HttpRequest) -> HttpResponse:
    """The last twenty acts, one at a time; an agent undoes what agents did. Takes the scope `save`."""
    done = undoing.undo(viewer_of(request), now=timezone.now())
    return answers.json(request, Undone(done.verb, done.at, len(done.papers)))


@router.post(
    "library/papers/{path:id}/notes",
    response={HTTPStatus.CREATED: MyNote},
    auth=Token("save"),
    summary="Write a note",
)
def write_note(request: HttpRequest, id: ID, given: Written) -> HttpResponse:  # noqa: A002
    """A private one; a paper may have many. Takes the scope `save`."""
    paper, name = known(id)
    viewer, now = viewer_of(request), timezone.now()
    written = room.write(viewer, paper, with_scheme(name), given.text, now=now)
    return answers.json(request, _note(written), status=HTTPStatus.CREATED)


@router.put("library/notes/{int:note}", response=MyNote, auth=Token("save"), summary="Change a note")
def change_note(request: HttpRequest, note: NoteKey, given: Written) -> HttpResponse:
    """Takes the scope `save`."""
    changed = room.edit(viewer_of(request), note, given.text, now=timezone.now())
    return answers.json(request, _note(changed))


@router.delete(
    "library/notes/{int:note}",
    response={HTTPStatus.NO_CONTENT: None},
    auth=Token("save"),
    summary="Delete a note",
)
def delete_note(request: HttpRequest, note: NoteKey) -> HttpResponse:
    """Takes the scope `save`."""
    room.delete(viewer_of(request), note, now=timezone.now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.put("library/papers/{path:id}/hidden", response=Mine, auth=Token("save"), summary="Hide a paper")
def hide_paper(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """It is in no list any more, and is kept no more. Takes the scope `save`."""
    paper, name = known(id)
    hiding.hide(viewer_of(request), paper, with_scheme(name), now=timezone.now())
    return _answer(request, paper)


@router.delete(
    "library/papers/{path:id}/hidden", response=Mine, auth=Token("save"), summary="Hide a paper no more"
)
def show_paper(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Whether or not it was hidden. Takes the scope `save`."""
    paper, name = known(id)
    hiding.show(viewer_of(request), paper, with_scheme(name), now=timezone.now())
    return _answer(request, paper)


@router.get("library/papers/{path:id}", response=Mine, auth=Token("read"), summary="What a paper is to one")
def my_paper(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Its state, tags and notes, and whether one hides it or has seen it. Takes the scope `read`."""
    return _answer(request, known(id)[0])


@router.put("library/papers/{path:id}", response=Mine, auth=Token("save"), summary="Save a paper")
def save_paper(request: HttpRequest, id: ID, given: ToKeep) -> HttpResponse:  # noqa: A002
    """Keeps it in that state, with these tags; to send it again changes nothing. Takes the scope `save`."""
    paper, name = known(id)
    viewer, named, now = viewer_of(request), with_scheme(name), timezone.now()
    saving.save(viewer, paper, named, state=given.state or "", now=now)
    if given.tags is not None:
        tagging.set_tags(viewer, paper, named, given.tags, now=now)
    return _answer(request, paper)


@router.delete("library/papers/{path:id}", response=Mine, auth=Token("save"), summary="Save a paper no more")
def unsave_paper(request: HttpRequest, id: ID) -> HttpResponse:  # noqa: A002
    """Its tags go with it, its notes stay. Takes the scope `save`."""
    paper, name = known(id)
    saving.unsave(viewer_of(request), paper, with_scheme(name), now=timezone.now())
    return _answer(request, paper)


def _answer(request: HttpRequest, paper: int) -> HttpResponse:
    return answers.json(request, _mine(viewer_of(request), [paper])[paper])


def _mine(viewer: Viewer, papers: Collection[int]) -> Mapping[int, Mine]:
    kept, seen = own.details(viewer.pk or 0, papers), marks.of(viewer, papers)
    return {paper: _told(kept.get(paper, own.Kept()), seen.get(paper, marks.NOTHING)) for paper in papers}


def _told(kept: own.Kept, mark: marks.Mark) -> Mine:
    return Mine(
        kept.state,
        kept.saved_at,
        kept.via,
        kept.tags,
        tuple(map(_note, kept.notes)),
        mark.is_hidden,
        mark.is_seen,
    )


def _note(note: Note) -> MyNote:
    return MyNote(note.pk, note.source, note.written_at, note.edited_at)


def _papers(names: Collection[str]) -> Collection[int]:
    """The papers of these names. Raises RefusedError where there is none."""
    there = known_as(names, "pk")
    for name in names:
        if name not in there:
            raise missing(why_unknown(name))
    return {pk for (pk,) in there.values()}
