"""The discussion of a paper as a viewer sees it: which comment stands where, and what it shows of itself."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple

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
# What says which comments have a place, and where; and what one shows.
ORDER_COLUMNS = ("pk", "root", "parent", "state", "written_at", "helpful", "upheld")
COLUMNS = (
    *ORDER_COLUMNS, "source", "html", "renderer", "edited_at", "version", "is_by_agent", "person",
    "person__name", "person__handle", "person__left_at", "person__leaving_at", "person__role",
    "person__kind", "person__owner",
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
    """A comment and what answers it, in the order in which it was written; of a long thread a part."""

    first: Place
    answers: tuple[Place, ...]


class Bone(NamedTuple):
    """A comment as far as its place depends on it."""

    pk: int
    root: int | None
    parent: int | None
    state: str
    written_at: datetime
    helpful: int
    upheld: int


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    root: int | None
    parent: int | None
    state: str
    written_at: datetime
    helpful: int
    upheld: int
    source: str
    html: str
    renderer: int
    edited_at: datetime | None
    version: int | None
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


@dataclass(frozen=True, slots=True)
class Discussion:
    """The comments on a paper that have a place for a viewer: thread after thread, the best first and now and
    then a new one. Their texts are read when they are shown.
    """

    paper: int
    viewer: Viewer
    order: tuple[Bone, ...]

    @property
    def visible(self) -> int:
        """How many of them everybody reads."""
        return sum(bone.state == CommentState.VISIBLE for bone in self.order)

    def place_of(self, comment: int) -> int | None:
        """Where the comment stands, from 0; None where it has no place."""
        return next((place for place, bone in enumerate(self.order) if bone.pk == comment), None)

    def threads(self, start: int = 0, stop: int | None = None) -> list[Thread]:
        """What stands in that part. A thread that goes on in it begins with its first comment again."""
        shown: dict[int, list[int]] = defaultdict(list)
        for bone in self.order[start:stop]:
            answers = shown[bone.root or bone.pk]
            if bone.root is not None:
                answers.append(bone.pk)
        rows = self._read(shown)
        about = self._about([*rows.values()])
        return [
            Thread(
                _place(rows[root], rows, about),
                tuple(_place(rows[pk], rows, about) for pk in answers if pk in rows),
            )
            for root, answers in shown.items()
            if root in rows
        ]

    def _read(self, shown: Mapping[int, Collection[int]]) -> dict[int, _Row]:
        """The comments that are shown, and those that they answer, whose writers are named."""
        keys = {*shown, *chain(*shown.values())}
        parents = {bone.parent for bone in self.order if bone.pk in keys and bone.parent != bone.root}
        found = sight.placed(self.viewer).filter(pk__in=(keys | parents) - {None}).values_list(*COLUMNS)
        return {row.pk: row for row in (_Row(*values) for values in found)}

    def _about(self, rows: Sequence[_Row]) -> _About:
        hidden = [row.pk for row in rows if row.state == CommentState.HIDDEN]
        found = CommentVote.objects.filter(person=self.viewer.pk, comment__in=[row.pk for row in rows])
        return _About(
            self.viewer,
            _badges(self.paper, rows),
            sight.why_hidden(hidden),
            {*found.values_list("comment", flat=True)} if self.viewer.pk else (),
            {bone.parent for bone in self.order if bone.parent and bone.state == CommentState.VISIBLE},
        )


def of_paper(paper: int, viewer: Viewer, *, now: datetime) -> Discussion:
    """The discussion of the paper as the viewer sees it."""
    found = sight.placed(viewer).filter(paper=paper).order_by("pk").values_list(*ORDER_COLUMNS)
    placed = [Bone(*row) for row in found]
    kept = sight.with_places((bone.pk, bone.parent, bone.root, bone.state) for bone in placed)
    bones = [bone for bone in placed if bone.pk in kept]
    answers: dict[int, list[Bone]] = defaultdict(list)
    for bone in bones:
        if bone.root is not None:
            answers[bone.root].append(bone)
    roots = ordered([bone for bone in bones if bone.root is None], now=now)
    return Discussion(paper, viewer, tuple(one for root in roots for one in (root, *answers[root.pk])))


def newest(paper: int, many: int) -> list[Place]:
    """The newest comments on the paper that everybody reads, the newest first."""
    found = sight.public().filter(paper=paper).order_by("-pk")[:many].values_list(*COLUMNS)
    rows = [_Row(*row) for row in found]
    about = _About(Viewer(), _badges(paper, rows), {}, (), ())
    return [_place(row, {}, about) for row in rows]


def ordered(roots: Sequence[Bone], *, now: datetime) -> list[Bone]:
    """Comments by how surely they are helpful, the earlier of equal ones first; every third place is for one
    that is new, the newest first.
    """
    best = iter(sorted(roots, key=lambda row: (-helpfulness(row.helpful, row.upheld), row.pk)))
    new = iter([row for row in reversed(roots) if now - row.written_at < NEW_FOR])
    placed: dict[int, Bone] = {}
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
