"""What moderators do: each act is one transaction with its row in the log, and another act undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeAlias

from django.db import IntegrityError, transaction
from django.db.models import Model

from broadsheet.accounts import access, standing
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person, Role
from broadsheet.community import above, commenting, deeds
from broadsheet.community.models import Comment, CommentState, Deed, Report, Submission
from broadsheet.community.reporting import COMMENT, PERSON, SUBMISSION, TOPIC, NothingThereError

FOREVER = timedelta(days=36_500)
Before: TypeAlias = dict[str, Any]
Target: TypeAlias = Comment | Submission | Person | Deed | Model


class ModerationError(ValueError):
    """That cannot be done to it now; the message says why."""


@dataclass(frozen=True, slots=True)
class Act:
    """An act: of which kinds of things, how it is done and taken back, and what the undoing is called.

    `do` gives what `take_back` needs. Whether it upholds the reports of the thing, dismisses them, or leaves
    them open is `upholds`.
    """

    kinds: tuple[str, ...]
    undoing: str
    do: Callable[[Any, datetime | None, datetime], Before]
    take_back: Callable[[Any, Before, datetime], None]
    upholds: bool | None = None


def act(
    viewer: Viewer,
    verb: str,
    kind: str,
    target: int,
    *,
    reason: str,
    note: str = "",
    until: datetime | None = None,
    now: datetime,
) -> Deed:
    """Hide, withhold, lock, suspend, dismiss, uphold or redact, for a reason that everybody may read.

    Raises NotAllowedError, NothingThereError, ReasonError, or ModerationError.
    """
    moderator = access.check(viewer, "moderate", now=now)
    if verb not in ACTS or kind not in ACTS[verb].kinds:
        raise NothingThereError("There is no such act.")
    with transaction.atomic():
        thing = _locked(moderator, kind, target)
        order = _Order(moderator, deeds.needed(reason), now, note=note, until=until)
        return _done(order, verb, kind, thing)


def undo(viewer: Viewer, deed: int, *, reason: str, now: datetime) -> Deed:
    """Take back the last thing that was done to a target, by a deed that can be undone again.

    Raises NotAllowedError, NothingThereError, ReasonError, or ModerationError.
    """
    moderator = access.check(viewer, "moderate", now=now)
    found = Deed.objects.filter(pk=deed).first()
    if found is None or found.verb not in FAMILIES:
        raise NothingThereError("There is no such deed that can be undone.")
    order = _Order(moderator, deeds.needed(reason), now, until=_until(found), undoes=found)
    try:
        with transaction.atomic():
            return _undone(order, found, _locked(moderator, found.kind, found.target))
    except IntegrityError as problem:
        raise ModerationError("That was undone just now.") from problem


def promote(actor: Person | None, person: Person, role: Role, *, now: datetime) -> Deed:
    """Give a person a role. Without an actor whoever runs the site did it by a command."""
    with transaction.atomic():
        before = Person.objects.select_for_update().get(pk=person.pk).role
        Person.objects.filter(pk=person.pk).update(role=role)
        return deeds.log(
            actor,
            "promote",
            PERSON,
            person.pk,
            reason=f"{before} to {role}",
            before={"role": str(before)},
            about=person.pk,
            now=now,
        )


def suspend_by_command(person: Person, *, until: datetime | None, reason: str, now: datetime) -> Deed:
    """Let a person only read until then, as whoever runs the site decides; None lifts that.

    Raises ReasonError or ModerationError.
    """
    order = _Order(None, deeds.needed(reason), now, until=until)
    with transaction.atomic():
        found = Person.objects.select_for_update().get(pk=person.pk)
        if until is not None:
            return _done(order, "suspend", PERSON, found)
        if not found.is_suspended(now=now):
            raise ModerationError("This account is not suspended.")
        last = Deed.objects.filter(verb="suspend", kind=PERSON, target=found.pk, undone_by=None).last()
        if last is not None:
            return _undone(replace(order, undoes=last), last, found)
        standing.suspend(found, until=None, now=now)
        return _logged(order, "lift", PERSON, found, {})


@dataclass(frozen=True, slots=True)
class _Order:
    """Who decided, and why; nobody where it was done by a command."""

    moderator: Person | None
    reason: str
    now: datetime
    note: str = ""
    until: datetime | None = None
    undoes: Deed | None = None


def _done(order: _Order, verb: str, kind: str, thing: Target) -> Deed:
    chosen = ACTS[verb]
    before = chosen.do(thing, order.until, order.now)
    if chosen.upholds is not None:
        before["reports"] = _decide(kind, thing.pk, is_upheld=chosen.upholds, now=order.now)
    return _logged(order, verb, kind, thing, before)


def _undone(order: _Order, found: Deed, thing: Target) -> Deed:
    verb = FAMILIES[found.verb]
    if not _can_be_undone(found, verb):
        raise ModerationError("Something was done about it since; undo that first.")
    if found.verb != verb:
        return _done(order, verb, found.kind, thing)
    ACTS[verb].take_back(thing, found.before, order.now)
    _open_again(found.kind, thing.pk, found.before.get("reports", []))
    before = {"set_until": found.before.get("set_until")}
    return _logged(order, ACTS[verb].undoing, found.kind, thing, before)


def _logged(order: _Order, verb: str, kind: str, thing: Target, before: Before) -> Deed:
    return deeds.log(
        order.moderator,
        verb,
        kind,
        thing.pk,
        reason=order.reason,
        note=order.note,
        before=before,
        about=_whose(thing),
        undoes=order.undoes,
        now=order.now,
    )


def _until(found: Deed) -> datetime | None:
    """Until when a suspension that is lifted was to last."""
    ends = found.before.get("set_until")
    return datetime.fromisoformat(ends) if ends else None


def _locked(moderator: Person, kind: str, target: int) -> Target:
    """The thing, which nobody else changes until the transaction ends. Raises NothingThereError, or
    ModerationError where the moderator cannot decide about it.
    """
    tables = {COMMENT: Comment, SUBMISSION: Submission, PERSON: Person, deeds.DEED: Deed}
    table = above.kinds[kind].table if kind in above.kinds else tables[kind]
    query = table._default_manager.filter(pk=target)
    found = query.select_for_update().first()
    if found is None or (isinstance(found, Person) and found.left_at):
        raise NothingThereError("There is nothing like that here.")
    _not_in_own_case(moderator, found)
    return found


def _whose(thing: Target) -> int | None:
    if isinstance(thing, Deed):
        return thing.about
    if isinstance(thing, (Comment, Submission)):
        return thing.person_id
    owner = thing if isinstance(thing, Person) else above.kinds[above.kind_of(thing)].owner(thing)
    return owner.pk if owner else None


def _not_in_own_case(moderator: Person, thing: Target) -> None:
    """Raises ModerationError for what is the moderator's own, or somebody's of their rank."""
    if _whose(thing) == moderator.pk and moderator.role != Role.OPERATOR:
        raise ModerationError("That is about you: another moderator has to decide.")
    if isinstance(thing, Person) and Role(thing.role).rank >= Role(moderator.role).rank:
        raise ModerationError("Only somebody who may more than that person can decide about them.")


def _can_be_undone(found: Deed, verb: str) -> bool:
    """Whether the deed is the last to that target of its act and the undoing, or the last act in force."""
    done = Deed.objects.filter(verb__in=(verb, ACTS[verb].undoing), kind=found.kind, target=found.target)
    in_force = done.filter(verb=verb, undone_by=None).order_by("-pk").first()
    return found in {done.order_by("-pk").first(), in_force}


def _decide(kind: str, target: int, *, is_upheld: bool, now: datetime) -> list[int]:
    """Close the open reports of a thing; which they were."""
    waiting = list(
        Report.objects.filter(kind=kind, target=target, decided_at=None).values_list("pk", flat=True)
    )
    Report.objects.filter(pk__in=waiting).update(decided_at=now, is_upheld=is_upheld)
    _count_upheld(kind, target)
    return waiting


def _open_again(kind: str, target: int, reports: list[int]) -> None:
    Report.objects.filter(pk__in=reports).update(decided_at=None, is_upheld=None)
    _count_upheld(kind, target)


def _count_upheld(kind: str, target: int) -> None:
    """A comment knows how many reports of it were upheld: its place in the discussion depends on that."""
    if kind == COMMENT:
        upheld = Report.objects.filter(kind=kind, target=target, is_upheld=True).count()
        Comment.objects.filter(pk=target).update(upheld=upheld)


def _hide(comment: Comment, until: datetime | None, now: datetime) -> Before:
    del until, now
    former = commenting.hide(comment.pk)
    if former in {CommentState.HIDDEN, CommentState.WITHDRAWN}:
        raise ModerationError(f"This comment is {former} already.")
    return {"state": former}


def _restore(comment: Comment, before: Before, now: datetime) -> None:
    del now
    commenting.restore(comment.pk, to=before["state"])


def _withhold(thing: Model, until: datetime | None, now: datetime) -> Before:
    del until, now
    kind = above.kind_of(thing)
    if deeds.withheld(kind, thing.pk):
        raise ModerationError(f"This {kind} is withheld already.")
    return {"visibility": above.kinds[kind].withhold(thing)}


def _release(thing: Model, before: Before, now: datetime) -> None:
    del now
    above.kinds[above.kind_of(thing)].release(thing, before["visibility"])


def _lock(comment: Comment, until: datetime | None, now: datetime) -> Before:
    del until, now
    if comment.root_id is not None:
        raise ModerationError("Lock the comment that begins the thread.")
    if deeds.locked([comment.pk]):
        raise ModerationError("This thread is locked already.")
    return {}


def _suspend(person: Person, until: datetime | None, now: datetime) -> Before:
    if person.is_suspended(now=now):
        raise ModerationError("This account is suspended already; lift that first.")
    ends = until or now + FOREVER
    if ends <= now:
        raise ModerationError("A suspension ends later than now.")
    before = person.suspended_until
    standing.suspend(person, until=ends, now=now)
    return {"was_until": before.isoformat() if before else None, "set_until": ends.isoformat()}


def _lift(person: Person, before: Before, now: datetime) -> None:
    was = before["was_until"]
    standing.suspend(person, until=datetime.fromisoformat(was) if was else None, now=now)


def _redact(deed: Deed, until: datetime | None, now: datetime) -> Before:
    del until, now
    if deeds.redacted([deed]):
        raise ModerationError("The reason of this deed is hidden already.")
    return {}


def _settle(thing: Target, until: datetime | None, now: datetime) -> Before:
    """Only the reports of it are decided on."""
    del until, now
    kinds: dict[type[Model], str] = {Comment: COMMENT, Submission: SUBMISSION, Person: PERSON}
    kind = kinds.get(type(thing)) or above.kind_of(thing)
    if not Report.objects.filter(kind=kind, target=thing.pk, decided_at=None).exists():
        raise ModerationError("No report of it is open.")
    return {}


def _nothing(thing: Target, before: Before, now: datetime) -> None:
    """The log alone says that it is in force."""
    del thing, before, now


ACTS: Mapping[str, Act] = MappingProxyType(
    {
        "hide": Act((COMMENT,), "restore", _hide, _restore, upholds=True),
        deeds.WITHHOLD: Act((TOPIC,), "release", _withhold, _release, upholds=True),
        deeds.LOCK: Act((COMMENT,), "unlock", _lock, _nothing),
        "suspend": Act((PERSON,), "lift", _suspend, _lift, upholds=True),
        "dismiss": Act((COMMENT, SUBMISSION, PERSON, TOPIC), "reopen", _settle, _nothing, upholds=False),
        "uphold": Act((SUBMISSION, PERSON), "reconsider", _settle, _nothing, upholds=True),
        deeds.REDACT: Act((deeds.DEED,), "reveal", _redact, _nothing),
    }
)
# Each verb, and that which it is or undoes.
FAMILIES: Mapping[str, str] = MappingProxyType(
    {name: verb for verb, one in ACTS.items() for name in (verb, one.undoing)}
)
