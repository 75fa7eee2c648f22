"""How often one may try to come in, and what strangers learn by trying."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.accounts.visiting import ADA, BEN, PUBLIC

from broadsheet.accounts.models import Person

pytestmark = pytest.mark.django_db
LONG = "a" * 250 + "@lab.example"


def tries(visitor, address: str, number: int, **fields: str) -> list[int]:
    return [visitor().post(address, **fields).status_code for _ in range(number)]


def test_a_network_tries_to_sign_in_so_often_and_is_told_when_it_may_again(site, visitor):
    site(limits="enter=3/hour;code=100/hour")
    answers = [
        visitor(REMOTE_ADDR="192.0.2.7").post("/accounts/login/", login=f"a{number}@lab.example")
        for number in range(4)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "At most 3 attempts to sign in an hour; ask again in " in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) <= 3600
    assert visitor(REMOTE_ADDR="192.0.2.8").post("/accounts/login/", login=ADA).status_code == 200


@pytest.mark.parametrize("address", ["login", "login/code", "password/reset"])
def test_an_address_is_tried_so_often_from_wherever(site, visitor, address):
    site(limits="enter=1/hour;code=100/hour")
    strangers = (visitor(REMOTE_ADDR=f"192.0.2.{number}") for number in range(1, 6))
    said = [
        one.post(f"/accounts/{address}/", login=ADA, email=ADA, password="wrong password").status_code
        for one in strangers
    ]
    assert said == [200, 200, 200, 200, 429]


def test_whatever_strangers_ask_for_with_an_address_its_owner_comes_in(site, visitor):
    visitor().sign_up()
    site(limits="")
    strangers = (visitor(REMOTE_ADDR="192.0.2.66") for _ in range(40))
    said = [one.post("/accounts/login/", login=ADA).status_code for one in strangers]
    assert said == [200] * 3 + [429] * 37
    ada = visitor(REMOTE_ADDR="192.0.2.1")
    ada.sign_in()
    assert ada.is_in()


def test_a_code_that_was_sent_stays_good_though_no_more_are_sent(site, visitor):
    visitor().sign_up()
    site(limits="code=1/quarter")
    ada = visitor()
    ada.post("/accounts/login/", login=ADA)
    assert visitor().post("/accounts/login/", login=ADA).status_code == 429
    ada.post("/accounts/login/code/confirm/", code=ada.code())
    assert ada.is_in()


def test_one_of_a_kind_is_told_as_one(site, visitor):
    site(limits="signup=1/hour")
    visitor().post("/accounts/signup/", email=ADA)
    said = visitor().post("/accounts/signup/", email=BEN)
    assert "At most 1 new account from one network an hour" in said.text


def test_to_one_address_go_so_many_codes_be_there_an_account_or_none(site, visitor):
    visitor().sign_up()
    site(limits="code=2/quarter")
    for address in (ADA, BEN):
        assert tries(visitor, "/accounts/login/", 3, login=address) == [200, 200, 429]
    site(limits="code=4/quarter")
    for address in (ADA, BEN):
        assert tries(visitor, "/accounts/signup/", 3, email=address) == [200, 200, 429]


def test_from_one_network_come_so_many_accounts(site, visitor):
    site(limits="signup=2/hour")
    people = [visitor(), visitor()]
    for number, person in enumerate(people):
        person.sign_up(f"a{number}@lab.example")
    said = visitor().post("/accounts/signup/", email="a2@lab.example")
    assert [person.is_in() for person in people] == [True, True]
    assert "At most 2 new accounts from one network an hour" in said.text
    assert Person.objects.count() == 2


def test_who_a_client_is_says_the_last_proxy_of_ours_and_nobody_else(site, visitor):
    site(limits="enter=1/hour")
    for number in range(2):
        said = visitor(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").post(
            "/accounts/login/", login=f"a{number}@lab.example"
        )
    assert said.status_code == 429
    site(limits="enter=1/hour", proxies=1)
    for number in range(2):
        forwarded = f"203.0.113.9, 198.51.100.{number}"
        said = visitor(HTTP_X_FORWARDED_FOR=forwarded).post(
            "/accounts/login/", login=f"b{number}@lab.example"
        )
        assert said.status_code == 200


def test_the_sessions_name_whom_the_proxies_name(site, visitor):
    visitor(HTTP_X_FORWARDED_FOR="198.51.100.4").sign_up()
    site(proxies=1)
    ada = visitor(HTTP_X_FORWARDED_FOR="198.51.100.5")
    ada.sign_in()
    said = ada.get("/accounts/sessions/").text
    assert "198.51.100.5" in said
    assert "198.51.100.4" not in said
    assert "127.0.0.1" in said


@pytest.mark.parametrize("form", ["signup", "login", "login/code", "password/reset"])
def test_an_address_that_is_too_long_is_refused_and_not_cut(visitor, form):
    stranger = visitor()
    said = stranger.post(f"/accounts/{form}/", email=LONG, login=LONG, password="correct horse battery")
    assert said.status_code == 200
    assert "An address has at most 254 characters." in said.text or "at most 320" in said.text
    assert not Person.objects.exists()
    assert not stranger.mails()


def test_a_change_to_an_address_that_is_too_long_is_refused(visitor):
    ada = visitor()
    ada.sign_up()
    assert (
        "An address has at most 254 characters."
        in ada.post("/accounts/email/", email=LONG, action_add="").text
    )


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("signup", {}),
        ("login", {}),
        ("login/code", {}),
        ("password/reset", {}),
        ("login", {"password": "wrong password"}),
    ],
)
def test_a_stranger_does_not_learn_who_has_an_account(visitor, form, fields):
    visitor().sign_up("a@lab.example")
    said = []
    for address in ("a@lab.example", "b@lab.example"):
        stranger = visitor()
        first = stranger.post(f"/accounts/{form}/", follow=False, email=address, login=address, **fields)
        then = stranger.get(first.headers["Location"]) if first.status_code == 302 else first
        said.append((first.status_code, first.headers.get("Location"), then.text.replace(address, "…")))
    assert said[0] == said[1]
    assert fields or len(visitor().mails()) == 3


def test_asking_for_an_account_does_the_same_be_there_one_or_none(visitor):
    visitor().sign_up("a@lab.example")
    asked, mails = [], []
    for address in ("a@lab.example", "b@lab.example"):
        stranger = visitor()
        with CaptureQueriesContext(connection) as queries:
            stranger.post("/accounts/signup/", follow=False, email=address)
        asked.append([re.sub("_x[0-9]+|'.*?'", "", query["sql"])[:60] for query in queries])
        mails.append(stranger.last().replace(stranger.code(), "…"))
    assert asked[0] == asked[1]
    assert mails[0] == mails[1]
    assert Person.objects.count() == 1


def test_whoever_forgot_that_they_have_an_account_comes_in_by_the_form_for_a_new_one(visitor):
    visitor().sign_up()
    ada = visitor()
    ada.sign_up()
    assert ada.is_in()
    assert Person.objects.count() == 1


def test_an_account_with_a_second_factor_asks_for_it_in_the_form_for_a_new_one_too(visitor):
    visitor().sign_up()
    TOTP.activate(Person.objects.get(), generate_totp_secret())
    stranger = visitor()
    assert stranger.sign_up().redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")
    assert not stranger.is_in()


@pytest.mark.parametrize(
    ("form", "confirm"),
    [("login", "login/code/confirm"), ("signup", "confirm-email")],
    ids=["login", "signup"],
)
def test_a_wrong_code_says_the_same_be_there_an_account_or_none(visitor, form, confirm):
    visitor().sign_up("a@lab.example")
    said = []
    for address in ("a@lab.example", "b@lab.example"):
        stranger = visitor()
        stranger.post(f"/accounts/{form}/", login=address, email=address)
        said.append(stranger.post(f"/accounts/{confirm}/", code="AAA-AAA").text.replace(address, "…"))
        assert not stranger.is_in()
    assert said[0] == said[1]


def test_mails_name_the_site_as_its_settings_do_and_not_as_a_request_does(settings, visitor):
    settings.ALLOWED_HOSTS = ["*"]
    ada = visitor(HTTP_HOST="evil.example")
    ada.sign_up()
    for address in (ADA, BEN):
        stranger = visitor(HTTP_HOST="evil.example")
        stranger.post("/accounts/login/", login=address)
        stranger.post("/accounts/signup/", email=ADA)
        stranger.post("/accounts/password/reset/", email=address)
    ada.post("/accounts/password/set/", password1="correct horse battery", password2="correct horse battery")
    mails = ada.mails()
    assert len(mails) == 8
    for mail in mails:
        said = mail.get_content()
        assert PUBLIC in said
        assert "evil" not in mail.as_string()
        assert not said.startswith("Hello")
    assert mails[0]["From"] == "broadsheet@localhost"
    assert mails[0]["Subject"] == "[Broadsheet] Your code to confirm this address"


@pytest.mark.parametrize(
    ("without", "why"),
    [
        ({"smtp_url": ""}, "BROADSHEET_SMTP_URL names no relay"),
        ({"site_url": ""}, "BROADSHEET_SITE_URL does not say"),
    ],
)
def test_without_mail_accounts_by_mail_are_off_and_the_page_says_why(site, visitor, without, why):
    ada = visitor()
    ada.sign_up()
    ada.post("/accounts/password/set/", password1="correct horse battery", password2="correct horse battery")
    before = len(ada.mails())
    site(**without)
    stranger = visitor()
    assert why in stranger.get("/accounts/login/").text
    for form in ("signup", "login/code", "password/reset", "email"):
        for said in (stranger.get(f"/accounts/{form}/"), stranger.post(f"/accounts/{form}/", email=BEN)):
            assert said.status_code == 403
            assert why in said.text
    assert why in stranger.post("/accounts/login/", login=ADA).text
    assert len(ada.mails()) == before
    assert Person.objects.count() == 1
    stranger.post("/accounts/login/", login=ADA, password="correct horse battery")
    assert stranger.is_in()


def test_a_form_of_another_site_signs_nobody_in_or_out(visitor):
    ada = visitor()
    ada.sign_up()
    ada.client.post("/accounts/logout/", headers={"Sec-Fetch-Site": "cross-site"})
    assert ada.is_in()
    assert Client().post("/accounts/signup/", {"email": BEN}).status_code == 403
    assert Person.objects.count() == 1
