"""Who may have an account: how each way of access lets people in, and from when they count."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, Q, QuerySet

from broadsheet.accounts import standing
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import EMAIL_LENGTH, Invitation, Person
from broadsheet.accounts.settings import DOMAIN, SINGLE, access, access_settings, domains
from broadsheet.accounts.tokens import digest

INVITED_FOR = timedelta(days=14)
OPEN = "open"
# What the session of a reader calls the code by which they came.
INVITATION = "invitation"


class NotInvitedError(ValueError):
    """An address may not have an account here; the message says why."""


class InvitationError(ValueError):
    """Nobody can be invited so; the message says why."""


class NoSuchInvitationError(LookupError):
    """The person has no such invitation that nobody used yet."""

    def __init__(self) -> None:
        super().__init__("You have no such invitation that nobody used yet.")


def invite(inviter: Person | None, *, now: datetime, email: str = "") -> str:
    """The code of a new invitation, for whoever has it or for that address alone. Raises InvitationError."""
    email = email.strip().lower()
    if len(email) > EMAIL_LENGTH:
        raise InvitationError(f"An address has at most {EMAIL_LENGTH} characters.")
    try:
        if email:
            validate_email(email)
    except ValidationError as problem:
        raise InvitationError(f"“{email}” is no mail address.") from problem
    if access() == SINGLE:
        raise InvitationError(rule())
    code = secrets.token_urlsafe(24)
    Invitation.objects.create(
        digest=digest(code), inviter=inviter, email=email, made_at=now, ends_at=now + INVITED_FOR
    )
    return code


def invitations(inviter: Person) -> QuerySet[Invitation]:
    """What the person made, the latest first."""
    return Invitation.objects.filter(inviter=inviter).select_related("used_by").order_by("-pk")


def take_back(inviter: Person, key: int) -> None:
    """End an invitation of that person which nobody used yet. Raises NoSuchInvitationError."""
    if not Invitation.objects.filter(pk=key, inviter=inviter, used_at=None).delete()[0]:
        raise NoSuchInvitationError


def invitation(code: str, *, now: datetime) -> Invitation | None:
    """The invitation of that code, while nobody used it."""
    return _free(code, now=now).first()


def _free(code: str, *, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(digest=digest(code), used_at=None, ends_at__gt=now)


def use_invitation(code: str, person: Person, *, now: datetime) -> None:
    """Let the person in by that code, if there is one. Of several who use it at once one is let in.

    Raises NotInvitedError for all others where nobody comes in without an invitation.
    """
    free = _free(code, now=now).filter(Q(email="") | Q(email=person.email))
    if code and free.update(used_at=now, used_by=person):
        inviter = Invitation.objects.filter(digest=digest(code)).values_list("inviter", flat=True).first()
        vouch(person, now=now, by=inviter)
    elif takes_invited_only():
        raise NotInvitedError(rule())


def rule() -> str:
    """Who may have an account here, in a sentence."""
    said = access()
    if said == SINGLE:
        return "This site has one reader, who comes in by the link that it prints at its start."
    if said.startswith(DOMAIN):
        return f"Accounts here are for addresses at {' or '.join(domains(said))}."
    if said == OPEN:
        return "Whoever has a mail address may have an account here."
    return "An account here takes an invitation: ask somebody who has an account."


def takes_invited_only() -> bool:
    """Whether nobody has an account without an invitation."""
    said = access()
    return said not in {SINGLE, OPEN} and not said.startswith(DOMAIN)


def check(email: str, code: str, *, now: datetime) -> None:
    """Raises NotInvitedError where that address may not have an account, with this invitation or none."""
    said, host = access(), email.rpartition("@")[2].lower()
    if said == SINGLE or (said.startswith(DOMAIN) and host not in domains(said)):
        raise NotInvitedError(rule())
    if takes_invited_only():
        found = invitation(code, now=now) if code else None
        if found is None:
            raise NotInvitedError(rule())
        if found.email and found.email != email.lower():
            raise NotInvitedError("This invitation is for another address.")


def may_join(email: str, code: str, *, now: datetime) -> bool:
    """Whether that address may have an account, with this invitation or none."""
    try:
        check(email, code, now=now)
    except NotInvitedError:
        return False
    return True


def takes_in(code: str, *, now: datetime) -> bool:
    """Whether somebody without an account may ask for one: with this invitation or without."""
    if takes_invited_only():
        return bool(code) and invitation(code, now=now) is not None
    return access() != SINGLE


def vouch(person: Person, *, now: datetime, by: int | None = None) -> None:
    """Have the person count, from now on and for what they did before."""
    is_new = Person.objects.filter(pk=person.pk, vouched_at=None).update(vouched_at=now, vouched_by=by)
    person.refresh_from_db(fields=["vouched_at", "vouched_by"])
    if is_new:
        standing.changed(person, now=now)


def is_vouched_for_at_once() -> bool:
    """Whether whoever has an account counts: everywhere but where anybody may have one."""
    return access() != OPEN


def was_active(viewer: Viewer, *, now: datetime) -> None:
    """Count the day, once, on which a person did more than vote; enough days vouch for them. What their
    program did by itself says nothing about them.
    """
    person, today = viewer.person, now.date()
    if person is None or viewer.acts_as_agent:
        return
    new = Person.objects.filter(pk=person.pk).exclude(last_active_on=today)
    if new.update(active_days=F("active_days") + 1, last_active_on=today):
        person.refresh_from_db(fields=["active_days", "last_active_on"])
        if person.active_days >= access_settings().active_days and not person.vouched_at:
            vouch(person, now=now)
