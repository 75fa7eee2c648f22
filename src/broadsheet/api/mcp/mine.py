"""The tools of a reader's own library. What an agent saves is marked so, and nobody else sees any of it.

The docstrings of the tools are read by agents, and say also what a tool does not do.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from pydantic import BaseModel, Field

from broadsheet.api.mcp import answers, asking
from broadsheet.api.mcp.answers import PaperFacts
from broadsheet.api.mcp.tools import Limit, Offset, RefusalError, key_and_name
from broadsheet.api.mcp.writing import DryRun, Id, Written, done
from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part, UnknownListError
from broadsheet.daily.kinds.library import LIBRARY
from broadsheet.library import hiding, notes, own, saving, tagging
from broadsheet.library.models import TAG_LENGTH, State
from broadsheet.papers import reading
from broadsheet.papers.identifiers import with_scheme

STATES, LONGEST_QUERY, MOST_TAGS = tuple(State.values), 1_000, 20
StateName = Annotated[Literal[STATES], Field(description="How far the person is with it.")]  # type: ignore[valid-type]
OrderName = Annotated[
    Literal["", "saved", "date", "relevance"],
    Field(description="saved: the last saved first; date: the newest first; relevance: best first."),
]
Tag = Annotated[str, Field(min_length=1, max_length=TAG_LENGTH)]


class KeptPaper(PaperFacts):
    """A paper of the library. Without a state it is not kept; `via` mcp says that an agent saved it."""

    state: str
    saved_at: datetime | None
    via: str
    tags: list[str]
    notes: list[str] = Field(description="The person's private notes, in Markdown.")


class LibraryAnswer(BaseModel):
    """A part of the library."""

    total: int
    said: list[str] = Field(description="How the query was read, and what could not be searched.")
    papers: list[KeptPaper]


def library(
    query: Annotated[
        str,
        Field(
            max_length=LONGEST_QUERY,
            description="Words and the fields of search_papers, and beside them state: tag: note: saved:.",
        ),
    ] = "",
    order: OrderName = "",
    limit: Limit = 20,
    offset: Offset = 0,
) -> LibraryAnswer:
    """What the person of the token keeps, with states, tags and private notes: `state:to_read tag:survey`.

    `state:voted` and `state:hidden` are what they voted for and hide, `tag:*` is any tag, `note:word` a word
    of a note, `saved:2026-11` a time. It changes nothing. It knows one library, that of the person.
    """
    viewer = asking.viewer.get()
    part = Part(limit, offset, is_told=True)
    try:
        found = lists.read(ListName(LIBRARY, query, order), viewer, part, today=timezone.now().date())
    except UnknownListError as problem:
        raise RefusalError(str(problem)) from problem
    rows = answers.by_key(reading.rows(found.pks))
    mine = own.details(viewer.pk or 0, found.pks)
    return LibraryAnswer(
        total=found.total,
        said=list(found.said.notes) if found.said else [],
        papers=[
            KeptPaper(**answers.facts(rows[pk]), **_kept(mine.get(pk, own.Kept())))
            for pk in found.pks
            if pk in rows
        ],
    )


def _kept(kept: own.Kept) -> dict[str, Any]:
    return {
        "state": kept.state,
        "saved_at": kept.saved_at,
        "via": kept.via,
        "tags": list(kept.tags),
        "notes": [note.source for note in kept.notes],
    }


class SaveAnswer(Written):
    """A paper, as it is kept or would be, or no more."""

    id: str = Field(description="The paper.")
    stands: bool
    changed: bool = Field(description="False where it was so already.")


def save(id: Id, state: StateName | None = None, stands: bool = True, dry_run: DryRun = False) -> SaveAnswer:  # noqa: A002
    """Keep a paper in the library of the person of the token, in a state, or with `stands` false no more.

    It sets a state: to call it again changes nothing. What is new there is to_read. It is marked as saved by
    an agent. To save ends that a paper is hidden. It reads and fetches no full text.
    """
    paper, name = key_and_name(id)
    viewer, named, now = asking.viewer.get(), with_scheme(name), timezone.now()

    def act() -> bool:
        if stands:
            return bool(saving.save(viewer, paper, named, state=state or "", now=now))
        return bool(saving.unsave(viewer, paper, named, now=now))

    changed, left = done(act, "save", dry_run=dry_run)
    return SaveAnswer(is_written=not dry_run, left=left, id=name, stands=stands, changed=changed)


class TagAnswer(Written):
    """The tags of a paper, as they are or would be."""

    id: str = Field(description="The paper.")
    tags: list[str]


def tag(
    id: Id,  # noqa: A002
    tags: Annotated[
        list[Tag], Field(min_length=1, max_length=MOST_TAGS, description="Words of the person's own.")
    ],
    stands: bool = True,
    dry_run: DryRun = False,
) -> TagAnswer:
    """Give a paper tags in the library of the person of the token, which saves it, or with `stands` false
    take them away.

    What it saves is marked as saved by an agent. Use tags that are there, as `library` shows them, before new
    ones; `outer/inner` is a tag within another. It renames and deletes no tag of other papers.
    """
    paper, name = key_and_name(id)
    viewer, papers, now = asking.viewer.get(), {paper: with_scheme(name)}, timezone.now()

    def act() -> list[str]:
        does = tagging.tag if stands else tagging.untag
        does(viewer, papers, tags, now=now)
        return list(own.details(viewer.pk or 0, [paper]).get(paper, own.Kept()).tags)

    now_has, left = done(act, "save", dry_run=dry_run)
    return TagAnswer(is_written=not dry_run, left=left, id=name, tags=now_has)


class NoteAnswer(Written):
    """A note, as it is or would be written."""

    id: str = Field(description="The paper.")
    note: int | None = Field(description="The note's id; null for a dry run.")


def note(
    id: Id,  # noqa: A002
    text: Annotated[
        str, Field(min_length=1, max_length=notes.LONGEST, description="Markdown, with maths in dollars.")
    ],
    dry_run: DryRun = False,
) -> NoteAnswer:
    """Write a private note on a paper for the person of the token.

    Each call writes another note. Nothing but its words say that an agent wrote it, so say it. For what
    others shall read there is `comment`.
    """
    paper, name = key_and_name(id)
    viewer, named, now = asking.viewer.get(), with_scheme(name), timezone.now()
    made, left = done(lambda: notes.write(viewer, paper, named, text, now=now), "save", dry_run=dry_run)
    return NoteAnswer(is_written=not dry_run, left=left, id=name, note=None if dry_run else made.pk)


class HideAnswer(Written):
    """A paper, as it is hidden or would be, or no more."""

    id: str = Field(description="The paper.")
    stands: bool


def hide(id: Id, stands: bool = True, dry_run: DryRun = False) -> HideAnswer:  # noqa: A002
    """Leave a paper out of all lists of the person of the token ("not for me"), or with `stands` false no
    more.

    It sets a state: to call it again changes nothing. To hide a paper ends that it is saved. It hides the
    paper from the person, not from the agent alone: call it only when they told you to.
    """
    paper, name = key_and_name(id)
    viewer, named, now = asking.viewer.get(), with_scheme(name), timezone.now()
    does = hiding.hide if stands else hiding.show
    _, left = done(lambda: does(viewer, paper, named, now=now), "save", dry_run=dry_run)
    return HideAnswer(is_written=not dry_run, left=left, id=name, stands=stands)


# The tools, each with the scope that it takes and its title.
READS: dict[Callable[..., BaseModel], tuple[str, str]] = {library: ("read", "The person's own library")}
WRITES: dict[Callable[..., BaseModel], tuple[str, str]] = {
    save: ("save", "Save a paper"),
    tag: ("save", "Tag a paper"),
    note: ("save", "Write a private note"),
    hide: ("save", "Hide a paper"),
}
