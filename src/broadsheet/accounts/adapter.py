"""What allauth asks of us: who may sign up, who the client is, and how its forms behave at their edges."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.core import context as of_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from broadsheet.accounts import joining
from broadsheet.accounts.limits import client_of, networks, secret, take
from broadsheet.accounts.models import EMAIL_LENGTH, Person
from broadsheet.configured import instance

INVITATION = "invitation"
# Mails that bring a code: how many go to one address is limited, whoever asks.
CODES = ("account/email/login_code", "account/email/email_confirmation", "account/email/password_reset")


def _code(request: HttpRequest) -> str:
    """The invitation by which this reader came."""
    return str(request.session.get(INVITATION, ""))


class Accounts(DefaultAccountAdapter):
    """Sign-up as the access of the instance has it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether a stranger may ask for an account."""
        return joining.takes_in(_code(request))

    def clean_email(self, email: str) -> str:
        """The address in lower case. Raises ValidationError where it cannot have an account."""
        if len(email) > EMAIL_LENGTH:
            raise ValidationError(f"An address has at most {EMAIL_LENGTH} characters.")
        return email.lower()

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        """Make the account, without a handle; whoever is vouched for counts at once."""
        now = timezone.now()
        user.joined_at = now
        user.vouched_at = now if joining.is_vouched_for_at_once() else None
        saved: Person = super().save_user(request, user, form, commit)
        if commit and (code := _code(request)):
            joining.use_invitation(code, saved, now=now)
        return saved

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who asks, as all limits of ours have it."""
        return str(client_of(request.META) or "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it, unless so many with a code went to this address that it can only be a nuisance.

        Raises TakenTooMuchError, which answers with 429.
        """
        if template_prefix.startswith(CODES):
            take("code", secret(email), now=timezone.now())
        super().send_mail(template_prefix, email, context)

    def format_email_subject(self, subject: str) -> str:
        """The subject, after the name of the site."""
        return f"[{instance().site_name}] {subject}"


class Elsewhere(DefaultSocialAccountAdapter):
    """Sign-up by a provider, under the same rules."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether a stranger may have an account by this provider."""
        del sociallogin
        return joining.takes_in(_code(request))

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        """Make the account. An invitation is used up by it."""
        now = timezone.now()
        sociallogin.user.vouched_at = now if joining.is_vouched_for_at_once() else None
        saved = super().save_user(request, sociallogin, form)
        if code := _code(request):
            joining.use_invitation(code, saved, now=now)
        return saved


class Factors(DefaultMFAAdapter):
    """A passkey is a way in and no second factor that whoever has a code must show, too."""

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """Whether the person wants a second factor: asked of all kinds, a passkey is none."""
        every = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
        if types is None or set(types) == every:
            types = [Authenticator.Type.TOTP]
        return bool(super().is_mfa_enabled(user, types))


class SignUp(SignupForm):
    """Asks for an account."""

    def clean_email(self) -> str:
        """The address. Raises ValidationError where it may have no account here."""
        email: str = super().clean_email()
        request: HttpRequest = of_request.request
        try:
            joining.check(email, _code(request), now=timezone.now())
        except joining.NotInvitedError as problem:
            raise ValidationError(str(problem)) from problem
        return email

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Make the account. Whoever asked for the same address at the same moment, and lost, is told what
        everybody is told: that a mail is on its way.
        """
        take("signup", networks(client_of(request.META)), now=timezone.now())
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)  # type: ignore[no-any-return]
