"""Signing in by a provider of OpenID Connect: the same rules, and no way into what is somebody else's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from tests.accounts.provider import START, go_there_and_back, providing
from tests.accounts.visiting import ADA, BEN

from broadsheet.accounts import joining, providers
from broadsheet.accounts.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]
PEOPLE = [
    {"sub": "ada", "email": ADA.upper(), "email_verified": True, "name": "Ada of the Lab"},
    {"sub": "nobody"},
    {"sub": "thief", "email": ADA, "email_verified": False},
    {"sub": "ben", "email": BEN, "email_verified": True},
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with providing(*PEOPLE) as address:
        yield address


@pytest.fixture
def elsewhere(provider, site, settings):
    """Have the site run with the provider: `elsewhere(access=…)`."""

    def run(**said: object) -> None:
        site(oidc_issuer=provider, oidc_client_id="broadsheet", oidc_client_secret="secret", **said)
        settings.SOCIALACCOUNT_PROVIDERS, _ = providers.providers(settings.BROADSHEET)

    run()
    return run


def test_whoever_a_provider_vouches_for_has_an_account_and_comes_back_to_it(elsewhere, visitor):
    for _ in range(2):
        ada = visitor()
        go_there_and_back(ada, "ada")
        assert ada.is_in()
    person = Person.objects.get()
    assert (person.email, person.handle) == (ADA, None)
    assert not ada.mails()
    assert not SocialToken.objects.exists()


def test_a_get_starts_nothing_at_a_provider(elsewhere, visitor):
    said = visitor().get(START)
    assert said.status_code == 200
    assert "Go on to" in said.text


def test_whoever_has_no_address_there_gives_one_and_proves_it(elsewhere, visitor):
    ada = visitor()
    assert "told no address" in go_there_and_back(ada, "nobody").text
    ada.post("/accounts/3rdparty/signup/", email=ADA)
    assert not ada.is_in()
    ada.post("/accounts/confirm-email/", code=ada.code())
    assert ada.is_in()
    assert Person.objects.get().email == ADA
    again = visitor()
    go_there_and_back(again, "nobody")
    assert again.is_in()


def test_a_provider_that_claims_the_address_of_an_account_opens_nothing(elsewhere, visitor):
    visitor().sign_up()
    thief = visitor()
    go_there_and_back(thief, "thief")
    assert not thief.is_in()
    assert "It has one already." in thief.last()
    assert not SocialAccount.objects.exists()


def test_whoever_claimed_an_address_first_is_out_once_it_is_proved_by_whose_it_is(elsewhere, visitor):
    thief = visitor()
    go_there_and_back(thief, "thief")
    assert not thief.is_in()
    assert SocialAccount.objects.count() == 1
    ada = visitor()
    ada.sign_in()
    assert ada.is_in()
    assert not SocialAccount.objects.exists()
    go_there_and_back(thief, "thief")
    assert not thief.is_in()
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("access", "sub", "said"),
    [
        ("domain:lab.example", "ben", "Accounts here are for addresses at lab.example."),
        ("invitation", "ada", "An account here takes an invitation"),
        ("invitation", "nobody", "An account here takes an invitation"),
    ],
)
def test_a_provider_lets_in_nobody_whom_the_site_does_not(elsewhere, visitor, access, sub, said):
    elsewhere(access=access)
    stranger = visitor()
    assert said in go_there_and_back(stranger, sub).text
    assert not stranger.is_in()
    assert not Person.objects.exists()


def test_an_address_that_is_given_afterwards_obeys_the_rules(elsewhere, visitor):
    elsewhere(access="domain:lab.example")
    ben = visitor()
    go_there_and_back(ben, "nobody")
    assert "Accounts here are for" in ben.post("/accounts/3rdparty/signup/", email=BEN).text
    assert not Person.objects.exists()


def test_an_invitation_is_used_up_by_whom_a_provider_lets_in(elsewhere, visitor):
    elsewhere(access="invitation")
    code = joining.invite(None, now=timezone.now())
    ada, ben = visitor(), visitor()
    for one in (ada, ben):
        one.get(f"/join/{code}")
    go_there_and_back(ada, "ada")
    go_there_and_back(ben, "ben")
    assert (ada.is_in(), ben.is_in()) == (True, False)
    assert [person.email for person in Person.objects.all()] == [ADA]


def test_without_mail_only_addresses_that_a_provider_vouches_for_come_in(elsewhere, visitor):
    elsewhere(smtp_url="")
    for sub, comes_in in (("thief", False), ("nobody", False), ("ada", True)):
        one = visitor()
        go_there_and_back(one, sub)
        assert one.is_in() is comes_in
    assert Person.objects.count() == 1


def test_an_account_elsewhere_is_connected_and_taken_away(elsewhere, visitor):
    ada = visitor()
    ada.sign_up()
    go_there_and_back(ada, "nobody", f"{START}?process=connect")
    account = SocialAccount.objects.get()
    assert account.user == Person.objects.get()
    ada.post("/accounts/3rdparty/", account=str(account.pk))
    assert not SocialAccount.objects.exists()


def test_only_the_page_that_leads_to_a_provider_may_send_a_form_there(elsewhere, provider):
    def policy(path: str) -> str:
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.handler = ClientHandler()  # which reads the settings as a new process does
        said = client.get(path).headers["Content-Security-Policy"]
        return next(part for part in said.split("; ") if part.startswith("form-action"))

    assert policy(START) == f"form-action 'self' {provider}"
    for path in (
        "/accounts/login/",
        "/accounts/signup/",
        "/",
        "/settings",
        "/accounts/oidc/oidc/login/callback/",
    ):
        assert policy(path) == "form-action 'self'"
