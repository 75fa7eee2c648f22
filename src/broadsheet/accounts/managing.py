"""What an operator does with accounts from the command line."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from broadsheet.accounts import handles
from broadsheet.accounts.models import EMAIL_LENGTH, Person


class NoSuchPersonError(LookupError):
    """Nobody has that handle."""


class AddressError(ValueError):
    """A mail address cannot be had; the message says why."""


def find(handle: str) -> Person:
    """The person of that handle. Raises NoSuchPersonError."""
    person = Person.objects.filter(handle=handle.strip().lower().removeprefix("@"), left_at=None).first()
    if person is None:
        raise NoSuchPersonError(f"Nobody here has the handle {handle!r}.")
    return person


@transaction.atomic
def create(handle: str, *, now: datetime, email: str = "", instead_of: Person | None = None) -> Person:
    """A new account, or the owner's made into one. Raises HandleError or AddressError; then there is none."""
    person = instead_of or Person.objects.create(joined_at=now, vouched_at=now)
    if instead_of is None or instead_of.handle != handle:
        handles.choose(person, handle)
    if instead_of is None:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    if email:
        _give_address(person, email.strip().lower())
    return person


def _give_address(person: Person, email: str) -> None:
    """Whoever runs the site says whose address it is: it counts as verified."""
    try:
        validate_email(email)
        if len(email) > EMAIL_LENGTH:
            raise AddressError(f"An address has at most {EMAIL_LENGTH} characters.")
        with transaction.atomic():
            Person.objects.filter(pk=person.pk).update(email=email)
            EmailAddress.objects.filter(user=person).update(primary=False)
            made = EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            email_changed.send(
                EmailAddress, request=None, user=person, from_email_address=None, to_email_address=made
            )
    except ValidationError as problem:
        raise AddressError(f"{email!r} is no mail address.") from problem
    except IntegrityError as problem:
        raise AddressError(f"{email} belongs to another account.") from problem
    person.email = email
