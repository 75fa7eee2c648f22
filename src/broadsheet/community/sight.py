"""Who sees which comment, and what of it: the only place that asks for their states."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Role
from broadsheet.community import deeds
from broadsheet.community.models import Comment, CommentState, Deed

# The deed by which a comment is hidden.
HIDE, COMMENT = "hide", "comment"
# What `public` finds, for statements that are no queries of Django's.
IS_PUBLIC = f"community_comment.state = '{CommentState.VISIBLE.value}'"


def readable(viewer: Viewer) -> QuerySet[Comment]:
    """The comments whose text the viewer may read.

    Everybody reads what is visible; its author, the owner of the program that wrote it, and moderators read
    what is hidden, held or withdrawn, too.
    """
    return Comment.objects.all() if moderates(viewer) else Comment.objects.filter(_may_read(viewer))


def public() -> QuerySet[Comment]:
    """The comments that everybody may read, and that are counted."""
    return readable(NOBODY)


def own(viewer: Viewer, *, only_held: bool = False) -> QuerySet[Comment]:
    """What the viewer wrote, or a program of theirs; perhaps only what waits to be confirmed."""
    if viewer.pk is None:
        return Comment.objects.none()
    rows = Comment.objects.filter(Q(person=viewer.pk) | Q(person__owner=viewer.pk))
    return rows.filter(state=CommentState.HELD) if only_held else rows


def placed(viewer: Viewer) -> QuerySet[Comment]:
    """The comments that have a place in the discussion as the viewer sees it: those which they may read, and
    those of which everybody sees that something was there. `shows_text` says which of both a comment is.
    """
    if moderates(viewer):
        return Comment.objects.all()
    without_text = Q(state__in=(CommentState.HIDDEN, CommentState.WITHDRAWN))
    return Comment.objects.filter(_may_read(viewer) | without_text)


def with_places(rows: Iterable[tuple[int, int | None, int | None, str]]) -> set[int]:
    """Which of these comments of a discussion keep their places: all but those that were withdrawn and have
    no answers. Of each the key, that of the comment it answers, that of the one which began the thread, and
    its state; in the order in which they were written.
    """
    needed: set[int] = set()
    for pk, parent, root, state in reversed([*rows]):
        if state != CommentState.WITHDRAWN or pk in needed:
            needed |= {key for key in (pk, parent, root) if key is not None}
    return needed


def belongs(to: int | None, person: int | None, owner: int | None) -> bool:
    """Whether what a person wrote, or a program of an owner, belongs to somebody."""
    return to is not None and to in {person, owner}


def shows_text(viewer: Viewer, *, state: str, is_own: bool) -> bool:
    """Whether a place in the discussion has its text for the viewer; what is withdrawn has it for nobody."""
    return state == CommentState.VISIBLE or (
        state != CommentState.WITHDRAWN and (is_own or moderates(viewer))
    )


def moderates(viewer: Viewer) -> bool:
    """Whether the viewer sees what is hidden: on pages, or by a token that was made for it."""
    person = viewer.person
    if person is None or Role(person.role).rank < Role.MODERATOR.rank:
        return False
    return viewer.scopes is None or "moderate" in viewer.scopes


def why_hidden(comments: Collection[int]) -> dict[int, str]:
    """The reasons of those of these comments that are hidden, where everybody may read them."""
    if not comments:
        return {}
    hidden = Deed.objects.filter(verb=HIDE, kind=COMMENT, target__in=comments, undone_by=None).order_by("pk")
    unsaid = deeds.redacted(hidden)
    return {deed.target: "" if deed.pk in unsaid else deed.reason for deed in hidden}


def why_not(state: str, reason: str) -> str:
    """Why a place in the discussion has no text, in a sentence for everybody; empty where it may have one."""
    if state == CommentState.WITHDRAWN:
        return "Withdrawn by its author."
    if state == CommentState.HIDDEN:
        return f"Hidden by moderators: {reason}" if reason else "Hidden by moderators."
    return ""


def _may_read(viewer: Viewer) -> Q:
    may_read = Q(state=CommentState.VISIBLE)
    if viewer.pk is not None:
        may_read |= Q(person=viewer.pk) | Q(person__owner=viewer.pk)
    return may_read
