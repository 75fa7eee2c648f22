"""What allauth asks of us: who may sign up, who the client is, and how its mails read."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.core import context as of_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from broadsheet.accounts import joining
from broadsheet.accounts.forms import invitation_of
from broadsheet.accounts.limits import client_of, give_back, mail_address, networks, take
from broadsheet.accounts.mail import NotSentError, handing_over, why_no_mail
from broadsheet.accounts.models import EMAIL_LENGTH, Person
from broadsheet.configured import instance

# Mails that a form sends to any address: how many go to one is limited, whoever asks, and be there an account
# or none.
ASKED_FOR = tuple(
    f"account/email/{name}"
    for name in (
        "login_code",
        "sign_up_code",
        "email_confirmation",
        "password_reset_code",
        "account_already_exists",
        "unknown_account",
    )
)


class Accounts(DefaultAccountAdapter):
    """Sign-up as the access of the instance has it."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and this password do not go together.",
        "incorrect_code": "That is not the code in the last mail.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether a stranger may ask for an account."""
        return joining.takes_in(invitation_of(request), now=timezone.now())

    def clean_email(self, email: str) -> str:
        """The address in lower case. Raises ValidationError where it cannot have an account."""
        if len(email) > EMAIL_LENGTH:
            raise ValidationError(f"An address has at most {EMAIL_LENGTH} characters.")
        return email.lower()

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:
        """Make the account, without a handle; whoever is vouched for counts at once.

        Raises NotInvitedError where somebody else was faster to use the invitation.
        """
        now = timezone.now()
        user.joined_at = now
        user.vouched_at = now if joining.is_vouched_for_at_once() else None
        saved: Person = super().save_user(request, user, form, commit)
        if commit:
            joining.use_invitation(invitation_of(request), saved, now=now)
        return saved

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in. Who just did needs not prove again who they are before they add a passkey."""
        super().login(request, user)
        if not get_authentication_records(request, user):
            record_authentication(request, user, method="code")
        request.session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["reauthenticated"] = True
        request.session.modified = True

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Not of whoever has no way to prove it again, as the owner, who came by the link, may have none."""
        has_ways = bool(get_reauthentication_flows(of_request.request.user))
        return has_ways and bool(super().is_reauthentication_required(app=app, **options))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Who asks, as all limits of ours have it."""
        return str(client_of(request.META) or "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it, unless so many went to this address that it can only be a nuisance.

        What it says of the site is what the settings say, not the host that was asked for. Raises
        TakenTooMuchError, which answers with 429, and NotSentError, which answers with 503. A mail that only
        tells of what was done is no reason to undo it.
        """
        if why_no_mail():
            return
        if not template_prefix.startswith(ASKED_FOR):
            with suppress(NotSentError):
                self._hand_over(template_prefix, email, context)
            return
        counted = mail_address(email, networks(client_of(of_request.request.META)))
        now = timezone.now()
        take("code", counted, now=now)
        try:
            self._hand_over(template_prefix, email, context)
        except NotSentError:
            give_back("code", counted, now=now)
            raise

    def _hand_over(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = instance()
        links = {
            f"{name}_url": f"{site.site_url}{reverse(f'account_{address}')}"
            for name, address in (("signup", "signup"), ("login", "login"))
        }
        named = {"site_name": site.site_name, "site_url": site.site_url}
        with handing_over():
            super().send_mail(template_prefix, email, {**context, **links, **named})

    def format_email_subject(self, subject: str) -> str:
        """The subject, after the name of the site."""
        return f"[{instance().site_name}] {subject}"


class Elsewhere(DefaultSocialAccountAdapter):
    """Sign-up by a provider, under the same rules."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whether a stranger may have an account by this provider; if it told no address, a form asks."""
        code, now = invitation_of(request), timezone.now()
        told = [address.email for address in sociallogin.email_addresses[:1]]
        if why_no_mail() and not any(address.verified for address in sociallogin.email_addresses):
            return False
        return all(joining.may_join(email, code, now=now) for email in told) and joining.takes_in(
            code, now=now
        )

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        """Make the account. An invitation is used up by it. Of two who make the same at once, the slower goes
        back to where one signs in.
        """
        now = timezone.now()
        sociallogin.user.vouched_at = now if joining.is_vouched_for_at_once() else None
        try:
            with transaction.atomic():
                saved = super().save_user(request, sociallogin, form)
                if form is None:
                    joining.use_invitation(invitation_of(request), saved, now=now)
        except (IntegrityError, joining.NotInvitedError) as problem:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login"))) from problem
        return saved


@receiver(email_confirmed)
def end_ways_of_strangers(request: HttpRequest, email_address: EmailAddress, **_: object) -> None:
    """End each way into an account that was there before anybody proved that its address is theirs.

    A provider may have told the address of somebody else, who now comes in by a code. The account that this
    reader just came from stays.
    """
    person = email_address.user
    verified = EmailAddress.objects.filter(user=person, verified=True).exclude(pk=email_address.pk)
    if request.user.pk == person.pk or verified.exists():
        return
    shown = {(said.get("provider"), said.get("uid")) for said in get_authentication_records(request, person)}
    for account in SocialAccount.objects.filter(user=person):
        if (account.provider, account.uid) not in shown:
            account.delete()


class Factors(DefaultMFAAdapter):
    """A passkey is a way in and no second factor that whoever has a code must show, too."""

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """Whether the person wants a second factor: asked of all kinds, a passkey is none."""
        every = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}
        if types is None or set(types) == every:
            types = [Authenticator.Type.TOTP]
        return bool(super().is_mfa_enabled(user, types))
