"""Coming in: by a code, a password, an invitation, the domain of an address."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.utils import timezone
from tests.accounts.visiting import ADA, BEN

from broadsheet.accounts import joining
from broadsheet.accounts.models import Invitation, Person

pytestmark = pytest.mark.django_db


def test_whoever_has_an_address_has_an_account_by_a_code_and_comes_back_by_another(visitor):
    ada = visitor()
    assert not ada.is_in()
    ada.sign_up()
    assert ada.is_in()
    assert ada.client.cookies["broadsheet_session"]["httponly"]
    person = Person.objects.get()
    assert (person.email, person.handle, person.vouched_at) == (ADA, None, None)
    ada.post("/accounts/logout/")
    assert not ada.is_in()
    ada.sign_in()
    assert ada.is_in()


@pytest.mark.parametrize("page", ["signup", "login", "login/code"])
def test_whoever_waits_for_a_code_may_go_back_and_ask_with_another_address(visitor, page):
    ada = visitor()
    ada.post("/accounts/signup/", email="ada@wrong.example")
    wrong = ada.code()
    assert ada.get(f"/accounts/{page}/").status_code == 200
    assert 'href="/accounts/login/">Back<' in " ".join(ada.get("/accounts/confirm-email/").text.split())
    ada.post("/accounts/signup/", email=ADA)
    right = ada.code()
    ada.post("/accounts/confirm-email/", code=wrong)
    assert not ada.is_in()
    ada.post("/accounts/confirm-email/", code=right)
    assert ada.is_in()
    assert [person.email for person in Person.objects.all()] == [ADA]


@pytest.mark.parametrize(
    ("asked", "goes_to"), [("/papers/trending", "/papers/trending"), ("//evil.example", "/")]
)
def test_whoever_makes_an_account_goes_on_to_where_they_were(visitor, asked, goes_to):
    ada = visitor()
    ada.post("/accounts/signup/", email=ADA, next=asked)
    answer = ada.post("/accounts/confirm-email/", follow=False, code=ada.code())
    assert answer.headers["Location"] == goes_to


def test_a_wrong_code_opens_nothing_and_a_third_one_ends_the_try(visitor):
    ada = visitor()
    ada.sign_up()
    stranger = visitor()
    stranger.post("/accounts/login/", login=ADA)
    right = stranger.code()
    for _ in range(3):
        stranger.post("/accounts/login/code/confirm/", code="AAA-AAA")
    stranger.post("/accounts/login/code/confirm/", code=right)
    assert not stranger.is_in()


def test_a_code_opens_the_browser_alone_that_asked_for_it(visitor):
    visitor().sign_up()
    ada, other = visitor(), visitor()
    ada.post("/accounts/login/", login=ADA)
    other.post("/accounts/login/code/confirm/", code=ada.code())
    assert not other.is_in()


def test_a_password_is_chosen_later_by_whoever_wants_one(visitor):
    ada = visitor()
    ada.post("/accounts/signup/", email=ADA, password1="correct horse battery")
    ada.post("/accounts/confirm-email/", code=ada.code())
    assert not Person.objects.get().has_usable_password()
    ada.post("/accounts/password/set/", password1="correct horse battery", password2="correct horse battery")
    assert identify_hasher(Person.objects.get().password).algorithm == "argon2"
    again = visitor()
    again.post("/accounts/login/", login=ADA, password="correct horse battery")
    assert again.is_in()
    wrong = visitor()
    said = wrong.post("/accounts/login/", login=ADA, password="correct horse")
    assert "do not go together" in said.text
    assert not wrong.is_in()


def test_a_forgotten_password_is_replaced_by_a_code(visitor):
    ada = visitor()
    ada.sign_up()
    again = visitor()
    again.post("/accounts/password/reset/", email=ADA)
    again.post("/accounts/password/reset/confirm/", code=again.code())
    again.post(
        "/accounts/password/reset/complete/",
        password1="correct horse battery",
        password2="correct horse battery",
    )
    other = visitor()
    other.post("/accounts/login/", login=ADA, password="correct horse battery")
    assert other.is_in()


def test_a_domain_lets_in_its_addresses_and_no_others(site, visitor):
    site(access="domain:lab.example,uni.example")
    said = visitor().post("/accounts/signup/", email=BEN)
    assert "Accounts here are for addresses at lab.example or uni.example." in said.text
    assert not Person.objects.exists()
    for address in ("a@notlab.example", "a@lab.example.evil.example", "a@sub.lab.example"):
        assert "Accounts here are for" in visitor().post("/accounts/signup/", email=address).text
    ada = visitor()
    ada.sign_up(ADA.upper())
    assert ada.is_in()
    assert Person.objects.get().vouched_at


def test_an_invitation_lets_in_one_person(site, visitor):
    site(access="invitation")
    assert "takes an invitation" in visitor().get("/accounts/signup/").text
    code = joining.invite(None, now=timezone.now())
    assert Invitation.objects.get().digest != code
    ada, ben = visitor(), visitor()
    for one in (ada, ben):
        assert one.get(f"/join/{code}").headers["Location"] == "/accounts/signup/"
    ada.sign_up()
    assert ada.is_in()
    assert "takes an invitation" in ben.post("/accounts/signup/", email=BEN).text
    assert visitor().get(f"/join/{code}").status_code == 404
    assert [person.email for person in Person.objects.all()] == [ADA]
    assert Invitation.objects.get().used_by == Person.objects.get()


def test_an_invitation_for_an_address_lets_in_nobody_else(site, visitor):
    site(access="invitation")
    code = joining.invite(None, email=ADA, now=timezone.now())
    ben = visitor()
    ben.get(f"/join/{code}")
    assert "This invitation is for another address." in ben.post("/accounts/signup/", email=BEN).text
    assert not Person.objects.exists()
    ada = visitor()
    ada.get(f"/join/{code}")
    ada.sign_up()
    assert ada.is_in()


def test_an_invitation_vouches_for_whom_it_lets_in_where_all_may_come(site, visitor):
    site(access="open")
    ada, ben = visitor(), visitor()
    ada.get(f"/join/{joining.invite(None, now=timezone.now())}")
    ada.sign_up()
    ben.sign_up(BEN)
    assert [person.vouched_at is not None for person in Person.objects.order_by("pk")] == [True, False]


PAGES = (
    "login",
    "signup",
    "login/code",
    "login/code/confirm",
    "password/reset",
    "password/change",
    "password/set",
    "email",
    "confirm-email",
    "reauthenticate",
    "2fa",
    "2fa/webauthn",
    "2fa/totp/activate",
    "3rdparty",
    "3rdparty/signup",
    "sessions",
    "inactive",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_site_of_one_reader_says_so_on_every_page_of_accounts(site, visitor, name):
    site(access="single")
    ada = visitor()
    for answer in (ada.get(f"/accounts/{name}/"), ada.post(f"/accounts/{name}/", email=ADA, login=ADA)):
        assert "This site has one reader" in answer.text
    assert not Person.objects.exists()
    assert not ada.mails()


def test_an_invitation_to_a_site_of_one_reader_is_none(site, visitor):
    code = joining.invite(None, now=timezone.now())
    site(access="single")
    assert "This site has one reader" in visitor().get(f"/join/{code}").text


@pytest.mark.parametrize(
    "address", ["https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_whoever_signs_in_goes_on_to_no_other_site(visitor, address):
    ada = visitor()
    ada.sign_up()
    ada.post("/accounts/logout/")
    ada.post(f"/accounts/login/?next={address}", login=ADA, next=address)
    answer = ada.post("/accounts/login/code/confirm/", follow=False, code=ada.code(), next=address)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_whoever_signs_in_goes_on_to_where_they_were(visitor):
    ada = visitor()
    ada.sign_up()
    ada.post("/accounts/logout/")
    page = ada.post("/accounts/login/?next=/papers/trending", login=ADA, next="/papers/trending")
    assert 'name="next" value="/papers/trending"' in " ".join(page.text.split())
    answer = ada.post("/accounts/login/code/confirm/", follow=False, code=ada.code(), next="/papers/trending")
    assert answer.headers["Location"] == "/papers/trending"
