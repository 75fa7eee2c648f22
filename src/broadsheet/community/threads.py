"""The discussion of a paper as a viewer sees it: which comment stands where, and what it shows of itself."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from markupsafe import Markup

from broadsheet.accounts import models as people
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Kind, Role
from broadsheet.community import rendering, sight
from broadsheet.community.models import (
    Claim,
    ClaimKind,
    ClaimState,
    CommentState,
    CommentVote,
    Submission,
)
from broadsheet.community.telling import STANDS
from broadsheet.papers import attributions
from broadsheet.papers.reading import organization_names

# How sure the order of comments is (a one-sided level of 90 in 100).
SURE = 1.28
# For so long a comment is new, and new ones have every third place.
NEW_FOR, NEW_PLACE = timedelta(hours=6), 3
COLUMNS = (
    "pk", "root", "parent", "state", "source", "html", "renderer", "written_at", "edited_at", "version",
    "helpful", "upheld", "is_by_agent", "person", "person__name", "person__handle", "person__left_at",
    "person__leaving_at",
    "person__role", "person__kind", "person__owner",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote a comment, as everybody sees it; the key is None for a reader who left."""

    pk: int | None
    shown: str
    handle: str
    badges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A comment in its place. Without its text where the viewer may not read that: then `why_not` says why.

    `mark` says what stands out about a text that not everybody sees. `answers` is the comment that it answers
    where that is not the one which began the thread.
    """

    pk: int
    root: int
    writer: Writer
    html: Markup
    written_at: datetime
    edited_at: datetime | None
    version: int | None
    helpful: int
    state: str
    why_not: str = ""
    mark: str = ""
    answers: tuple[int, str] | None = None
    is_own: bool = False
    is_found_helpful: bool = False
    is_answered: bool = False
    may_confirm: bool = False
    # Its author, and the owner of the program that wrote it.
    may_withdraw: bool = False

    @property
    def is_visible(self) -> bool:
        """Whether everybody reads it."""
        return self.state == CommentState.VISIBLE


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and all that answers it, in the order in which it was written."""

    first: Place
    answers: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    root: int | None
    parent: int | None
    state: str
    source: str
    html: str
    renderer: int
    written_at: datetime
    edited_at: datetime | None
    version: int | None
    helpful: int
    upheld: int
    is_by_agent: bool
    person: int | None
    name: str | None
    handle: str | None
    left_at: datetime | None
    leaving_at: datetime | None
    role: str | None
    kind: str | None
    owner: int | None

    @property
    def shown(self) -> str:
        return people.shown(self.name, self.handle, is_gone=self.is_gone)

    @property
    def is_gone(self) -> bool:
        return self.person is None or bool(self.left_at or self.leaving_at)


@dataclass(frozen=True, slots=True)
class _About:
    """What the places of a discussion are made of, beside the comments themselves."""

    viewer: Viewer
    badges: Mapping[int, tuple[str, ...]]
    reasons: Mapping[int, str]
    found_helpful: Collection[int]
    answered: Collection[int]


def of_paper(paper: int, viewer: Viewer, *, now: datetime) -> list[Thread]:
    """The threads of the paper's discussion, the best first and now and then a new one."""
    found = sight.placed(viewer).filter(paper=paper).order_by("pk").values_list(*COLUMNS)
    placed = [_Row(*row) for row in found]
    kept = sight.with_places((row.pk, row.parent, row.root, row.state) for row in placed)
    rows = [row for row in placed if row.pk in kept]
    about, by_key = _about(paper, rows, viewer), {row.pk: row for row in rows}
    answers: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        if row.root is not None and row.root in by_key:
            answers[row.root].append(row)
    roots = ordered([row for row in rows if row.root is None], now=now)
    return [
        Thread(_place(row, by_key, about), tuple(_place(answer, by_key, about) for answer in answers[row.pk]))
        for row in roots
    ]


def newest(paper: int, many: int) -> list[Place]:
    """The newest comments on the paper that everybody reads, the newest first."""
    found = sight.public().filter(paper=paper).order_by("-pk")[:many].values_list(*COLUMNS)
    rows = [_Row(*row) for row in found]
    about = _About(Viewer(), _badges(paper, rows), {}, (), ())
    return [_place(row, {}, about) for row in rows]


def ordered(roots: Sequence[_Row], *, now: datetime) -> list[_Row]:
    """Comments by how surely they are helpful, the earlier of equal ones first; every third place is for one
    that is new, the newest first.
    """
    best = iter(sorted(roots, key=lambda row: (-helpfulness(row.helpful, row.upheld), row.pk)))
    new = iter([row for row in reversed(roots) if now - row.written_at < NEW_FOR])
    placed: dict[int, _Row] = {}
    while len(placed) < len(roots):
        turn = chain(new, best) if len(placed) % NEW_PLACE == NEW_PLACE - 1 else best
        row = next(row for row in turn if row.pk not in placed)
        placed[row.pk] = row
    return list(placed.values())


def helpfulness(helpful: int, upheld: int) -> float:
    """Wilson's lower bound of the share of `helpful` among those and upheld reports; 0 without any."""
    total = helpful + upheld
    if not helpful:
        return 0.0
    share, square = helpful / total, SURE * SURE
    spread = SURE * math.sqrt((share * (1 - share) + square / (4 * total)) / total)
    return (share + square / (2 * total) - spread) / (1 + square / total)


def _about(paper: int, rows: Sequence[_Row], viewer: Viewer) -> _About:
    hidden = [row.pk for row in rows if row.state == CommentState.HIDDEN]
    found = CommentVote.objects.filter(person=viewer.pk, comment__paper=paper) if viewer.pk else None
    return _About(
        viewer,
        _badges(paper, rows),
        sight.why_hidden(hidden),
        set(found.values_list("comment", flat=True)) if found is not None else (),
        {row.parent for row in rows if row.parent and row.state == CommentState.VISIBLE},
    )


def _badges(paper: int, rows: Sequence[_Row]) -> dict[int, tuple[str, ...]]:
    """What is known of the writers that a reader of the discussion should know, too."""
    people = {row.person for row in rows if row.person}
    if not people:
        return {}
    badges: dict[int, list[str]] = defaultdict(list)
    claims = Claim.objects.filter(person__in=people, state=ClaimState.VERIFIED)
    speaks_for: dict[int, list[str]] = defaultdict(list)
    for person, kind, of, slug in claims.values_list("person", "kind", "paper", "slug"):
        if kind == ClaimKind.ORGANIZATION:
            speaks_for[person].append(slug)
        elif of == paper and "author" not in badges[person]:
            badges[person].append("author")
    pages = attributions.pages(ClaimKind.ORGANIZATION, {*chain(*speaks_for.values())})
    names = organization_names(pages.values())
    for person, slugs in speaks_for.items():
        badges[person] += sorted({names.get(pages[slug], slug) for slug in slugs})
    for row in rows:
        is_new = row.person is not None and "moderator" not in badges[row.person]
        if row.person and is_new and row.role and Role(row.role).rank >= Role.MODERATOR.rank:
            badges[row.person].append("moderator")
    submitted = Submission.objects.filter(paper=paper, person__in=people, state__in=STANDS)
    for person in set(submitted.values_list("person", flat=True)):
        badges[person].append("submitted this")
    return {person: tuple(said) for person, said in badges.items()}


def _place(row: _Row, by_key: Mapping[int, _Row], about: _About) -> Place:
    viewer = about.viewer
    is_own = sight.belongs(viewer.pk, row.person, row.owner)
    shows_text = sight.shows_text(viewer, state=row.state, is_own=is_own)
    parent = by_key.get(row.parent) if row.parent is not None and row.parent != row.root else None
    return Place(
        pk=row.pk,
        root=row.root or row.pk,
        writer=_writer(row, about),
        html=_html(row) if shows_text else Markup(),
        written_at=row.written_at,
        edited_at=row.edited_at if shows_text else None,
        version=row.version,
        helpful=row.helpful if shows_text else 0,
        state=row.state,
        why_not="" if shows_text else sight.why_not(row.state, about.reasons.get(row.pk, "")),
        mark=_mark(row, about) if shows_text else "",
        answers=(parent.pk, parent.shown) if parent else None,
        is_own=viewer.pk is not None and row.person == viewer.pk,
        is_found_helpful=row.pk in about.found_helpful,
        is_answered=row.pk in about.answered,
        may_confirm=_may_confirm(row, viewer, is_own=is_own),
        may_withdraw=is_own,
    )


def _writer(row: _Row, about: _About) -> Writer:
    is_here = row.person is not None and not row.is_gone
    agent = ("agent",) if row.is_by_agent or row.kind == Kind.BOT else ()
    badges = about.badges.get(row.person, ()) if row.person is not None and is_here else ()
    handle = (row.handle or "") if is_here else ""
    return Writer(row.person if is_here else None, row.shown, handle, agent + badges)


def _html(row: _Row) -> Markup:
    return Markup(rendering.current(row.html, row.renderer, row.source))  # noqa: S704 (of `rendering`)


def _mark(row: _Row, about: _About) -> str:
    if row.state == CommentState.HIDDEN:
        return sight.why_not(row.state, about.reasons.get(row.pk, ""))
    if row.state == CommentState.HELD and row.is_by_agent:
        return "Written by a program; it appears once its person confirms it."
    return (
        "Waits for a moderator, or until its author is vouched for." if row.state == CommentState.HELD else ""
    )


def _may_confirm(row: _Row, viewer: Viewer, *, is_own: bool) -> bool:
    return row.state == CommentState.HELD and ((is_own and row.is_by_agent) or sight.moderates(viewer))
