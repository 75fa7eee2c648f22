"""The forms by which people come in, as allauth asks for them: who may, and how often it may be tried."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ConfirmEmailVerificationCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.account.models import EmailAddress
from allauth.core import context as of_request
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.forms import SignupForm as ElsewhereForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts import joining, signing_up
from broadsheet.accounts.limits import client_of, mail_address, networks, take
from broadsheet.accounts.mail import why_no_mail

ADDRESS = "Mail address"
# What the button says that asks for a code, whatever the field of the password has.
BY_CODE = "code"


def invitation_of(request: HttpRequest) -> str:
    """The code of the invitation by which this reader came; empty where there is none."""
    return str(request.session.get(joining.INVITATION, ""))


def _attempt(email: str) -> str:
    """The address as it is kept, with one attempt to sign in counted for it and for who asks.

    Raises ValidationError for what is no address of an account, TakenTooMuchError.
    """
    kept: str = get_adapter().clean_email(email.strip())
    now = timezone.now()
    take("enter", networks(client_of(of_request.request.META)), now=now)
    take("enter", mail_address(kept), now=now)
    return kept


def _may_join(email: str) -> None:
    """Raises ValidationError where that address may have no account here."""
    try:
        joining.check(email, invitation_of(of_request.request), now=timezone.now())
    except joining.NotInvitedError as problem:
        raise ValidationError(str(problem)) from problem


class SignIn(LoginForm):
    """Signs in by a password, or, where that is left empty, by a code that is sent."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = ADDRESS
        password = self.fields["password"]
        password.required, password.help_text = False, ""
        password.widget.is_required = False

    def clean_login(self) -> str:
        """The address. Raises ValidationError or TakenTooMuchError."""
        return _attempt(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        """What was said. Raises ValidationError where it opens nothing."""
        if self.data.get("by") == BY_CODE:
            # A browser may have filled it in by itself.
            self.cleaned_data.pop("password", None)
        if not self.cleaned_data.get("password") and (why := why_no_mail()):
            raise ValidationError(f"{why} Give your password, or use a passkey.")
        found: dict[str, Any] = super().clean()
        return found


class AskForCode(RequestLoginCodeForm):
    """Asks for a code to sign in with."""

    def clean_email(self) -> str:
        """The address. Raises ValidationError or TakenTooMuchError."""
        self.cleaned_data["email"] = _attempt(self.cleaned_data["email"])
        email: str = super().clean_email()
        return email


class AskForPassword(ResetPasswordForm):
    """Asks for a code that lets one choose a new password."""

    def clean_email(self) -> str:
        """The address. Raises ValidationError or TakenTooMuchError."""
        self.cleaned_data["email"] = _attempt(self.cleaned_data["email"])
        email: str = super().clean_email()
        return email


class SignUp(SignupForm):
    """Asks for an account.

    It has no password: whoever asks for an account with the address of somebody else would have chosen how
    to come in to what is theirs once they prove that the address is theirs.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("password1", None)
        self.fields["email"].label = ADDRESS

    def clean_email(self) -> str:
        """The address. Raises ValidationError where it may have no account here."""
        email: str = super().clean_email()
        _may_join(email)
        return email

    def validate_unique_email(self, value: str) -> str:
        """The address: whether it has an account is looked up once it is proved."""
        return value

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Send the code that leads into the account. Raises TakenTooMuchError and NotSentError."""
        take("signup", networks(client_of(request.META)), now=timezone.now())
        return None, signing_up.ask(request, self.cleaned_data["email"])


class CodeOfSignUp(ConfirmEmailVerificationCodeForm):
    """Takes the code of whoever asked for an account, or forgot that they have one."""

    def clean_code(self) -> str:
        """The code. Raises ValidationError where it is not the one that was sent."""
        given: str = super(ConfirmEmailVerificationCodeForm, self).clean_code()
        return given


class SignUpElsewhere(ElsewhereForm):
    """Asks for the address of whom a provider let in without telling it."""

    def clean_email(self) -> str:
        """The address. Raises ValidationError where it may have no account here."""
        email: str = super().clean_email()
        _may_join(email)
        return email


class TakeAway(DisconnectForm):
    """Asks that an account elsewhere signs one in no more."""

    def clean(self) -> dict[str, Any]:
        """What was said. Raises ValidationError where nothing else would let the person in: a code does."""
        verified = EmailAddress.objects.filter(user=self.request.user, verified=True)
        is_last = why_no_mail() or not verified.exists()
        found: dict[str, Any] = super().clean() if is_last else self.cleaned_data
        return found
