"""Notices by mail: those of a person are gathered from the first one on, and then are one mail.

What was waited for is mailed at once. What was read meanwhile is not mailed, nor what can no longer be read,
nor a second word of a thread of which one was mailed that is still unread: it all stands on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min, Q

from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.community import notices
from broadsheet.community.models import Bundle, Comment, Every, Notice, NoticeMail
from broadsheet.stored_times import has_come

AFTER = {Every.HALF_HOUR: timedelta(minutes=30), Every.DAY: timedelta(days=1), Every.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Due:
    """A bundle whose time has come: of what is said at once, or of all else; its first notice was then."""

    person: int
    is_at_once: bool
    since: datetime


def due(*, now: datetime) -> Iterator[Due]:
    """The bundles whose time has come."""
    waiting = Notice.objects.filter(is_mail_due=True).values_list("person", "person__notice_mail__every")
    at_once = Q(kind__in=notices.AT_ONCE)
    firsts = waiting.annotate(first=Min("at", filter=at_once), other=Min("at", filter=~at_once))
    for person, every, first, other in firsts.order_by("person"):
        if first is not None:
            yield Due(person, is_at_once=True, since=first)
        wait = AFTER.get(every or Every.DAY, timedelta())
        if other is not None and has_come(other + wait, now=now, longest=wait):
            yield Due(person, is_at_once=False, since=other)


def close(bundle: Due, *, now: datetime) -> tuple[Bundle, list[Notice]] | None:
    """Close the bundle: it, and its notices, the oldest first; None where there is nothing to mail. The
    caller holds the transaction. Two workers close it once.
    """
    person = Person.objects.select_for_update().filter(pk=bundle.person).first()
    if person is None:
        return None
    kinds = Q(kind__in=notices.AT_ONCE)
    waiting = Notice.objects.filter(kinds if bundle.is_at_once else ~kinds, person=person, is_mail_due=True)
    keys = list(waiting.values_list("pk", flat=True))
    Notice.objects.filter(pk__in=keys).update(is_mail_due=False)
    rows = _to_tell(Viewer(person=person, scopes=frozenset({"read"})), keys)
    if not rows or every(person) == Every.NEVER or person.left_at:
        return None
    closed = Bundle.objects.create(person=person, opened_at=bundle.since, closed_at=now)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(bundle=closed)
    return closed, rows


def drop_all() -> None:
    """Mail nothing of what waits: where no mail is sent, none is kept for later."""
    Notice.objects.filter(is_mail_due=True).update(is_mail_due=False)


def every(person: Person) -> str:
    """How often the person is mailed their notices."""
    return NoticeMail.objects.filter(person=person).values_list("every", flat=True).first() or Every.DAY


@transaction.atomic
def choose(person: Person, wanted: str) -> None:
    """Mail the person their notices so often, or never: then not even what they waited for."""
    NoticeMail.objects.update_or_create(person=person, defaults={"every": Every(wanted)})
    if wanted == Every.NEVER:
        Notice.objects.filter(person=person, is_mail_due=True).update(is_mail_due=False)


def _to_tell(viewer: Viewer, keys: Sequence[int]) -> list[Notice]:
    rows = list(notices.of(viewer).filter(pk__in=keys, read_at=None).order_by("pk"))
    mailed = Notice.objects.filter(
        person=viewer.pk, read_at=None, bundle__isnull=False, kind__in=notices.OF_PUBLIC_COMMENTS
    )
    roots = _roots([*rows, *mailed])
    not_again = {roots[row.pk] for row in mailed if row.pk in roots} | notices.muted(viewer)
    muted = notices.muted_kinds(viewer)
    return [row for row in rows if roots.get(row.pk) not in not_again and row.kind not in muted]


def _roots(rows: Sequence[Notice]) -> dict[int, int]:
    """The comments that began the threads of these notices, by the keys of the notices."""
    targets = {row.pk: row.target for row in rows if row.kind in notices.OF_PUBLIC_COMMENTS}
    found = Comment.objects.filter(pk__in=targets.values()).values_list("pk", "root")
    roots = {pk: root or pk for pk, root in found}
    return {pk: roots[target] for pk, target in targets.items() if target in roots}
