"""Asking for an account by mail: whoever asks gets a code, and the account is made once the code is given.

Until then nothing is looked up and nothing is made, so that what is done is the same be there an account or
none: a stranger learns neither by what is said nor by the clock who has one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import EmailAddress, Login
from allauth.account.utils import filter_users_by_email, get_next_redirect_url
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from broadsheet.accounts import joining
from broadsheet.accounts.models import Person

# What the state of a code that was sent says if it was asked for with the form that makes accounts, and of
# where whoever gives it goes on to.
SIGN_UP, GOAL = "sign_up", "goal"


class CodeOfSignUp(EmailVerificationProcess):  # type: ignore[misc]  # allauth has no types
    """The code that somebody who may have an account gives, or who has one."""

    def send(self, skip_enumeration_mails: bool = False) -> None:
        """Send it. Raises TakenTooMuchError and NotSentError."""
        del skip_enumeration_mails
        get_adapter().send_mail("account/email/sign_up_code", self.email, {"code": self.code})


def ask(request: HttpRequest, email: str) -> HttpResponse:
    """Send a code to that address, and lead to where it is given.

    Nothing but the code waits: whoever goes back to the forms of accounts instead finds them as they were.
    Raises TakenTooMuchError and NotSentError.
    """
    said = {SIGN_UP: True, GOAL: get_next_redirect_url(request)}
    state: dict[str, Any] = CodeOfSignUp.initial_state(None, email) | said
    process = CodeOfSignUp(request, state)
    process.generate_code()
    process.send()
    process.persist()
    answer: HttpResponse = get_adapter().respond_email_verification_sent(request, None)
    return answer


def come_in(request: HttpRequest, process: EmailVerificationProcess, *, now: datetime) -> HttpResponse:
    """Sign in who gave the code, into an account made now where the address has none.

    Raises NotInvitedError where that address may have no account any more.
    """
    code = str(request.session.get(joining.INVITATION, ""))
    person = _of(process.email) or _made(process.email, code, now=now)
    verify_email_indirectly(request, person, process.email)
    process.abort()
    goal = process.state[GOAL]
    login = Login(user=person, email=process.email, signup=True, redirect_url=goal)
    answer: HttpResponse = perform_login(request, login)
    return answer


def _of(email: str) -> Person | None:
    people = filter_users_by_email(email, is_active=True, prefer_verified=True)
    return people[0] if people else None


def _made(email: str, code: str, *, now: datetime) -> Person:
    """The new account of that address; or the one that another browser made at the same moment."""
    joining.check(email, code, now=now)
    vouched_at = now if joining.is_vouched_for_at_once() else None
    person = Person(email=email, joined_at=now, vouched_at=vouched_at)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
            EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
            joining.use_invitation(code, person, now=now)
    except (IntegrityError, joining.NotInvitedError):
        if there := _of(email):
            return there
        raise
    return person
