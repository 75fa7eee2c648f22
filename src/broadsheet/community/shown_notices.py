"""A notice as it is shown on its page, in its feed and in a mail: a sentence, and where that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import GONE
from broadsheet.community import notices, sight
from broadsheet.community.models import Comment, Notice
from broadsheet.papers import text
from broadsheet.papers.models import Paper
from broadsheet.papers.pages import page_of

PAGE = "/notices"
WORDS = {
    notices.ANSWER: "answered you",
    notices.COMMENT: "wrote about your paper",
    notices.MENTION: "named you",
    notices.HELD: "wrote for you, which waits for your word",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is shown: a sentence, or who did what to a paper, and where that is."""

    pk: int
    at: datetime
    is_read: bool
    said: str
    paper: str
    place: str
    root: int | None


def shown(rows: Sequence[Notice], viewer: Viewer) -> list[Shown]:
    """The notices with what they tell of, in two queries."""
    kinds = (*notices.OF_PUBLIC_COMMENTS, notices.HELD)
    keys = [row.target for row in rows if row.kind in kinds]
    comments = sight.readable(viewer).select_related("person").defer("source", "html").in_bulk(keys)
    papers = Paper.objects.in_bulk({row.paper_id for row in rows if row.paper_id})
    return [
        _one(row, papers.get(row.paper_id or 0), comments.get(row.target) if row.kind in kinds else None)
        for row in rows
    ]


def _one(row: Notice, paper: Paper | None, comment: Comment | None) -> Shown:
    place, said = PAGE, row.said
    if paper:
        place = page_of(paper.public_id)
    if paper and comment:
        place = f"{place}/discussion/{comment.pk}"
        agent = " (agent)" if comment.is_by_agent else ""
        said = f"{comment.person.shown if comment.person else GONE.capitalize()}{agent} {WORDS[row.kind]}:"
    return Shown(
        pk=row.pk,
        at=row.at,
        is_read=row.read_at is not None,
        said=said,
        paper=text.plain(paper.title) if paper else "",
        place=place,
        root=(comment.root_id or comment.pk) if comment and row.kind != notices.HELD else None,
    )
