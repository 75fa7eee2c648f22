"""Who sees which comment: the only place that asks for their states."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from broadsheet.accounts.access import NOBODY, Viewer
from broadsheet.accounts.models import Role
from broadsheet.community.models import Comment, CommentState, Deed

# The deed by which a comment is hidden.
HIDE, COMMENT = "hide", "comment"


def readable(viewer: Viewer) -> QuerySet[Comment]:
    """The comments whose text the viewer may read.

    Everybody reads what is visible; its author, the owner of the program that wrote it, and moderators read
    what is hidden, held or withdrawn, too.
    """
    if moderates(viewer):
        return Comment.objects.all()
    may_read = Q(state=CommentState.VISIBLE)
    if viewer.pk is not None:
        may_read |= Q(person=viewer.pk) | Q(person__owner=viewer.pk)
    return Comment.objects.filter(may_read)


def public() -> QuerySet[Comment]:
    """The comments that everybody may read, and that are counted."""
    return readable(NOBODY)


def placed(viewer: Viewer) -> QuerySet[Comment]:
    """The comments that have a place in the discussion as the viewer sees it: those which they may read, and
    those of which everybody sees that something was there. `shows_text` says which of both a comment is.
    """
    if moderates(viewer):
        return Comment.objects.all()
    without_text = Q(state__in=(CommentState.HIDDEN, CommentState.WITHDRAWN))
    seen = Q(state=CommentState.VISIBLE) | without_text
    if viewer.pk is not None:
        seen |= Q(person=viewer.pk) | Q(person__owner=viewer.pk)
    return Comment.objects.filter(seen)


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
    """The reasons, for everybody to read, of those of these comments that are hidden."""
    if not comments:
        return {}
    deeds = Deed.objects.filter(verb=HIDE, kind=COMMENT, target__in=comments, undone_by=None)
    return dict(deeds.order_by("pk").values_list("target", "reason"))
