"""Comments as programs read them: flat and in the order in which they were written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import GONE
from broadsheet.community import rendering, sight
from broadsheet.community.commenting import NoCommentError
from broadsheet.community.models import Comment, CommentState


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote it; the handle is empty for a reader who left."""

    handle: str = ""
    name: str = GONE


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: `answers` is the one that it answers, `version` that of the paper it was written about.

    Everybody reads it where `state` is visible. A comment that is withdrawn or hidden keeps its place without
    a text, and `why_not` says why. One that is held is read by its author and moderators alone. A program
    wrote by itself what `is_by_agent`. `source` is as it was typed, `html` is safe to be shown.
    """

    id: int
    answers: int | None
    version: int | None
    writer: Writer
    is_by_agent: bool
    state: str
    why_not: str
    source: str
    html: str
    written_at: datetime
    edited_at: datetime | None
    edits: int
    helpful: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a comment said until it was edited, and since when."""

    source: str
    html: str
    at: datetime


def of_paper(paper: int, viewer: Viewer) -> list[Said]:
    """The discussion of a paper as the viewer sees it."""
    rows = _rows(sight.placed(viewer).filter(paper=paper))
    kept = sight.with_places((row.pk, row.parent_id, row.root_id, row.state) for row in rows)
    return _said([row for row in rows if row.pk in kept], viewer)


def one(comment: int, viewer: Viewer) -> Said:
    """A comment. Raises NoCommentError where the viewer cannot read it."""
    rows = _rows(sight.readable(viewer).filter(pk=comment))
    if not rows:
        raise NoCommentError
    return _said(rows, viewer)[0]


def some(rows: QuerySet[Comment], viewer: Viewer) -> list[Said]:
    """These comments, all of which the viewer may read, the latest first."""
    return _said([*reversed(_rows(rows))], viewer)


def earlier(comment: int, viewer: Viewer) -> list[Earlier]:
    """What a comment said before it was edited, the latest first. Raises NoCommentError."""
    found = sight.readable(viewer).filter(pk=comment).first()
    if found is None:
        raise NoCommentError
    return [
        Earlier(edit.source, rendering.render(edit.source), edit.at) for edit in found.edits.order_by("-pk")
    ]


def _rows(comments: QuerySet[Comment]) -> list[Comment]:
    return list(comments.select_related("person").annotate(edits_=Count("edits")).order_by("pk"))


def _said(rows: Sequence[Comment], viewer: Viewer) -> list[Said]:
    hidden = [row.pk for row in rows if row.state == CommentState.HIDDEN]
    reasons = sight.why_hidden(hidden)
    return [_one(row, viewer, reasons.get(row.pk, "")) for row in rows]


def _one(row: Comment, viewer: Viewer, reason: str) -> Said:
    author = row.person
    is_own = author is not None and sight.belongs(viewer.pk, author.pk, author.owner_id)
    shows_text = sight.shows_text(viewer, state=row.state, is_own=is_own)
    return Said(
        id=row.pk,
        answers=row.parent_id,
        version=row.version,
        writer=Writer(author.handle or "", author.shown) if author and not author.is_gone else Writer(),
        is_by_agent=row.is_by_agent,
        state=row.state,
        why_not=_why_not(row, reason),
        source=row.source if shows_text else "",
        html=rendering.current(row.html, row.renderer, row.source) if shows_text else "",
        written_at=row.written_at,
        edited_at=row.edited_at if shows_text else None,
        edits=getattr(row, "edits_", 0) if shows_text else 0,
        helpful=row.helpful if shows_text else 0,
    )


def _why_not(row: Comment, reason: str) -> str:
    if row.state == CommentState.HELD:
        return "It waits until its person, or a moderator, confirms it."
    return sight.why_not(row.state, reason)
