"""Notices: what happened that a person may want to know; on a page, in a feed, and by mail."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Kind, Person
from broadsheet.accounts.tokens import digest
from broadsheet.community import sight
from broadsheet.community.models import REASON_LENGTH, Every, Mute, Notice, NoticeFeed

ANSWER, COMMENT, MENTION, HELD = "answer", "comment", "mention", "held"
SUBMISSION, CLAIM = "submission", "claim"
# A new paper of an author or organization that the person follows.
FOLLOWED = "followed"
# Notices of these kinds have a comment as their target; whoever cannot read it is not told.
OF_PUBLIC_COMMENTS = (ANSWER, COMMENT, MENTION)
# What was waited for comes by mail at once; all else may come in bundles.
AT_ONCE = (SUBMISSION, CLAIM)
THREAD = "thread"
# Kinds of which a person may want to hear nothing at all.
CAN_BE_MUTED = (FOLLOWED,)


def note(
    people: Collection[int],
    kind: str,
    *,
    target: int,
    now: datetime,
    paper: int | None = None,
    named: str = "",
    said: str = "",
) -> None:
    """Let these people, by their keys, know it: once for each kind and target. Programs, and those who left,
    are told nothing.

    What it says is a whole sentence, or nothing where the target is a comment, which says it.
    """
    told = Person.objects.filter(pk__in=people, left_at=None).exclude(kind=Kind.BOT)
    rows = [
        Notice(
            person_id=pk,
            kind=kind,
            target=target,
            paper_id=paper,
            named=named,
            said=said[:REASON_LENGTH],
            at=now,
            is_mail_due=bool(email) and every != Every.NEVER,
        )
        for pk, email, every in told.values_list("pk", "email", "notice_mail__every")
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def of(viewer: Viewer) -> QuerySet[Notice]:
    """The notices of the viewer, the newest first: without those of comments that they can no longer read."""
    comment = OuterRef("target")
    can_be_read = (
        Q(Exists(sight.public().filter(pk=comment)), kind__in=OF_PUBLIC_COMMENTS)
        | Q(Exists(sight.readable(viewer).filter(pk=comment)), kind=HELD)
        | ~Q(kind__in=(*OF_PUBLIC_COMMENTS, HELD))
    )
    return Notice.objects.filter(can_be_read, person=viewer.pk).order_by("-pk")


def unread(viewer: Viewer) -> int:
    """How many notices the viewer has not read."""
    if viewer.pk is None:
        return 0
    with connection.cursor() as cursor:
        # Each page says it, and `of` takes ten times as long to compose.
        cursor.execute(_UNREAD, [viewer.pk])
        many, held = cursor.fetchone()
    return of(viewer).filter(read_at=None).count() if held else int(many)


_KINDS = ", ".join(f"'{kind}'" for kind in OF_PUBLIC_COMMENTS)
# How many there are that everybody could read, and how many about what perhaps one alone can read.
_UNREAD = (
    f"SELECT COUNT(*), COUNT(CASE WHEN kind = '{HELD}' THEN 1 END) FROM community_notice"  # noqa: S608 (words of ours)
    f" WHERE person_id = %s AND read_at IS NULL AND (kind NOT IN ({_KINDS}) OR EXISTS"
    f" (SELECT 1 FROM community_comment WHERE id = community_notice.target AND {sight.IS_PUBLIC}))"
)


def read(viewer: Viewer, *, until: int, now: datetime) -> None:
    """The viewer has read their notices up to the one with that key: what came later they have not seen."""
    if viewer.pk is not None:
        Notice.objects.filter(person=viewer.pk, pk__lte=until, read_at=None).update(read_at=now)


def can_be_muted(viewer: Viewer, root: int) -> bool:
    """Whether this comment began a thread that the viewer may read."""
    return sight.readable(viewer).filter(pk=root, root=None).exists()


def mute(viewer: Viewer, root: int) -> None:
    """Tell the viewer no more of the thread that this comment began."""
    if viewer.pk is not None and can_be_muted(viewer, root):
        Mute.objects.bulk_create([Mute(person_id=viewer.pk, kind=THREAD, target=root)], ignore_conflicts=True)


def unmute(viewer: Viewer, root: int) -> None:
    """Tell the viewer of the thread again."""
    Mute.objects.filter(person=viewer.pk, kind=THREAD, target=root).delete()


def muted(viewer: Viewer) -> set[int]:
    """The comments that began the threads of which the viewer is told no more."""
    rows = Mute.objects.filter(person=viewer.pk, kind=THREAD)
    return set(rows.values_list("target", flat=True)) if viewer.pk is not None else set()


def who_muted(root: int) -> set[int]:
    """The people who want to hear no more of the thread that this comment began."""
    return set(Mute.objects.filter(kind=THREAD, target=root).values_list("person", flat=True))


def mute_kind(viewer: Viewer, kind: str) -> None:
    """Tell the viewer no more of what is of this kind, one of CAN_BE_MUTED."""
    if viewer.pk is not None and kind in CAN_BE_MUTED:
        Mute.objects.bulk_create([Mute(person_id=viewer.pk, kind=kind, target=0)], ignore_conflicts=True)


def unmute_kind(viewer: Viewer, kind: str) -> None:
    """Tell the viewer of that kind again."""
    Mute.objects.filter(person=viewer.pk, kind=kind, target=0).delete()


def muted_kinds(viewer: Viewer) -> list[str]:
    """The kinds of which the viewer is told no more."""
    rows = Mute.objects.filter(person=viewer.pk, kind__in=CAN_BE_MUTED)
    return sorted(rows.values_list("kind", flat=True)) if viewer.pk is not None else []


def who_muted_kind(kind: str) -> set[int]:
    """The people who want to hear no more of that kind."""
    return set(Mute.objects.filter(kind=kind, target=0).values_list("person", flat=True))


def had(people: Collection[int], kind: str) -> dict[int, dict[str, datetime]]:
    """Of each of these people the names of papers that notices of that kind told them of, and when."""
    rows = Notice.objects.filter(person__in=people, kind=kind).values_list("person", "named", "at")
    told: dict[int, dict[str, datetime]] = defaultdict(dict)
    for person, named, at in rows:
        told[person][named] = at
    return told


def make_feed(person: Person, *, now: datetime) -> str:
    """The secret for the address of the person's feed, shown this once; the one before ends."""
    secret = secrets.token_urlsafe(24)
    NoticeFeed.objects.update_or_create(person=person, defaults={"digest": digest(secret), "made_at": now})
    return secret


def has_feed(viewer: Viewer) -> bool:
    """Whether the viewer's notices have an address as a feed."""
    return viewer.pk is not None and NoticeFeed.objects.filter(person=viewer.pk).exists()


def end_feed(person: Person) -> None:
    """Let the address of the person's feed lead nowhere."""
    NoticeFeed.objects.filter(person=person).delete()


def reader_of(secret: str) -> Person | None:
    """Whose feed has that secret."""
    return Person.objects.filter(notice_feed__digest=digest(secret), left_at=None).first()
