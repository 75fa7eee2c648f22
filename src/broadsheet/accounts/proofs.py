"""What a person proved of themselves: their ORCID iDs, and the domains at which they have mail."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from broadsheet.accounts.models import Person


def orcids(person: Person) -> set[str]:
    """The ORCID iDs with which the person signed in."""
    accounts = SocialAccount.objects.filter(user=person, provider="orcid")
    return set(accounts.values_list("uid", flat=True))


def domains(person: Person) -> set[str]:
    """The domains of the person's verified mail addresses."""
    addresses = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return {address.rpartition("@")[2].lower() for address in addresses}


def is_at(domain: str, known: str) -> bool:
    """Whether a domain is the known one or below it."""
    return domain == known or domain.endswith(f".{known}")
