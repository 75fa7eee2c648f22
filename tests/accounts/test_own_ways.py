"""What is a person's own: the address, the sessions, the tokens, the owner's link."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.accounts.visiting import ADA, BEN

from broadsheet.accounts import handles, managing, owner, tokens
from broadsheet.accounts.models import Person, Role, Token
from broadsheet.configured import instance
from broadsheet.digests.models import Recipient

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
PASSWORD = "correct horse battery"


def test_whoever_just_signed_in_by_a_code_is_not_asked_again(visitor):
    ada = visitor()
    for come_in in (ada.sign_up, ada.sign_in):
        come_in()
        for page in ("2fa/webauthn/add", "2fa/totp/activate", "email"):
            assert ada.get(f"/accounts/{page}/").status_code == 200
        ada.post("/accounts/logout/")


def test_whoever_signed_in_long_ago_is_asked_again_by_a_code(visitor, settings):
    ada = visitor()
    ada.sign_up()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = ada.get("/accounts/2fa/webauthn/add/")
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/code/")
    assert "Is it still you?" in ada.get(asked.headers["Location"]).text


def test_an_address_changes_when_the_new_one_is_proved_and_not_before(visitor):
    ada = visitor()
    ada.sign_up()
    ada.post("/settings/mail", follow=False, do="save", topic="trending")
    ada.post("/accounts/email/", email=BEN, action_add="")
    assert ada.mails()[-1]["To"] == BEN
    assert Recipient.objects.get().address == ADA
    assert Person.objects.get().email == ADA
    assert ADA in ada.get("/accounts/email/").text
    ada.post("/accounts/confirm-email/", code=ada.code())
    assert Person.objects.get().email == BEN
    assert Recipient.objects.get().address == BEN
    told = {mail["To"]: mail["Subject"] for mail in ada.mails()}
    assert "hanged" in told[ADA]
    old = visitor()
    old.post("/accounts/login/", login=ADA)
    assert "There is no account with it." in old.last()
    old.post("/accounts/login/code/confirm/", code="AAA-AAA")
    new = visitor()
    new.sign_in(BEN)
    assert new.is_in()


def test_nobody_takes_the_address_of_somebody_else(visitor):
    visitor().sign_up(BEN)
    ada = visitor()
    ada.sign_up()
    ada.post("/accounts/email/", email=BEN, action_add="")
    assert "code" not in ada.mails()[-1]["Subject"] or ada.mails()[-1]["To"] == BEN
    assert sorted(person.email for person in Person.objects.all()) == [ADA, BEN]


def test_who_adds_an_address_does_not_learn_whether_somebody_has_it(visitor):
    visitor().sign_up(BEN)
    said = []
    for number, address in enumerate((BEN, "c@lab.example")):
        ada = visitor()
        ada.sign_up(f"ada-{number}@lab.example")
        first = ada.post("/accounts/email/", follow=False, email=address, action_add="")
        then = ada.get(first.headers["Location"]) if first.status_code == 302 else first
        shown = then.text.replace(address, "…").replace(f"ada-{number}@", "ada@")
        said.append((first.status_code, first.headers.get("Location"), shown))
        assert ada.mails()[-1]["To"] == address
    assert said[0] == said[1]


def test_sessions_are_listed_and_all_others_ended(visitor):
    here, there = visitor(), visitor(HTTP_USER_AGENT="A browser <b>elsewhere")
    here.sign_up()
    there.sign_in()
    said = here.get("/accounts/sessions/").text
    assert "A browser &lt;b&gt;elsewhere" in said
    assert said.count("<strong>This browser</strong>") == 1
    here.post("/accounts/sessions/")
    assert here.is_in()
    assert not there.is_in()


def test_a_token_is_shown_once_and_kept_as_a_digest(visitor):
    ada = visitor()
    ada.sign_up()
    made = ada.post("/settings/tokens", name="reader", scope=["read", "vote"], days="7")
    token = Token.objects.get()
    text = made.text.partition("<code>bs_")[2].partition("<")[0]
    assert len(text) > 40
    assert made.headers["Cache-Control"] == "private, no-store"
    assert text not in ada.get("/settings").text
    assert f"bs_{text}" not in str(vars(token))
    assert token.digest == tokens.digest(f"bs_{text}")
    assert (token.scopes, token.name) == (["read", "vote"], "reader")
    assert token.start == f"bs_{text[:8]}"


def bearer(text: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {text}"})


def person(handle: str, **fields: object) -> Person:
    made = Person.objects.create(joined_at=NOW, vouched_at=NOW, **fields)
    handles.choose(made, handle)
    return made


def test_a_token_reads_while_it_is_good_and_only_where_it_is_sent_as_one(site):
    site(reading="members")
    ada, now = person("ada"), datetime.now(UTC)
    token, text = tokens.make(ada, name="reader", scopes=["read"], now=now, days=1)
    feed = "/api/daily_papers"
    assert bearer(text).get(feed).status_code == 200
    Token.objects.filter(pk=token.pk).update(used_on=None)
    assert Client().get(f"{feed}?token={text}").status_code == 401
    assert Client().get(f"{feed}?access_token={text}").status_code == 401
    assert Token.objects.get().used_on is None
    assert bearer(text + "x").get(feed).status_code == 401
    Token.objects.filter(pk=token.pk).update(expires_at=now)
    assert bearer(text).get(feed).status_code == 401
    Token.objects.filter(pk=token.pk).update(expires_at=None, revoked_at=now)
    assert bearer(text).get(feed).status_code == 401
    _, other = tokens.make(ada, name="voter", scopes=["vote"], now=now)
    assert bearer(other).get(feed).status_code == 401


def test_that_a_token_was_used_is_written_down_once_a_day(count_queries):
    _, text = tokens.make(person("ada"), name="reader", scopes=["read"], now=NOW)
    assert count_queries(tokens.find, text, now=NOW) == 2
    assert Token.objects.get().used_on == NOW.date()
    assert count_queries(tokens.find, text, now=NOW + timedelta(hours=3)) == 1
    assert count_queries(tokens.find, text, now=NOW + timedelta(days=1)) == 2


def test_a_token_of_somebody_else_is_not_there(visitor):
    token, text = tokens.make(person("ben"), name="reader", scopes=["read"], now=NOW)
    ada = visitor()
    ada.sign_up()
    for key in (str(token.pk), str(token.pk + 1), "", "x", "9" * 40, "\u0661"):
        assert ada.post("/settings/tokens/revoke", token=key).status_code == 404
    assert tokens.find(text, now=NOW)


def test_a_token_that_was_revoked_asks_for_nobody(visitor):
    ada = visitor()
    ada.sign_up()
    ada.post("/settings/tokens", name="reader", scope=["read"])
    ada.post("/settings/tokens/revoke", follow=False, token=str(Token.objects.get().pk))
    assert Token.objects.get().revoked_at
    assert (
        "reader" not in ada.get("/settings").text.partition("Tokens for programs")[2].partition("It may")[0]
    )
    assert ada.post("/settings/tokens/revoke", token=str(Token.objects.get().pk)).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": ["read"]},
        {"name": "x" * 81, "scope": ["read"]},
        {"name": "x"},
        {"name": "x", "scope": ["operate"]},
        {"name": "x", "scope": ["read"], "days": "3651"},
        {"name": "x", "scope": ["read"], "days": "9" * 5000},
        {"name": "x", "scope": ["read"], "days": "-1"},
        {"name": "x", "scope": ["read"], "days": "soon"},
    ],
)
def test_a_token_that_cannot_be_made_is_refused_in_a_sentence(visitor, fields):
    ada = visitor()
    ada.sign_up()
    assert ada.post("/settings/tokens", **fields).status_code == 400
    assert not Token.objects.exists()


def test_strangers_make_no_tokens(visitor):
    assert visitor().post("/settings/tokens", follow=False, name="x", scope=["read"]).status_code == 302
    assert not Token.objects.exists()


def test_the_link_of_the_owner_works_once_and_a_new_one_ends_the_old(site, visitor):
    site(access="single")
    folder = instance().data
    old = owner.make_link_token(folder)
    new = owner.make_link_token(folder)
    assert stat.S_IMODE((folder / "enter").stat().st_mode) == 0o600
    ada = visitor()
    assert ada.get(f"/enter/{old}").status_code == 404
    assert ada.client.head(f"/enter/{new}").status_code == 404
    assert ada.get(f"/enter/{new}").headers["Location"] == "/"
    assert ada.is_in()
    assert visitor().get(f"/enter/{new}").status_code == 404
    for strange in ("x", "%00", "a" * 9000, "..%2Fsecret_key"):
        assert visitor().get(f"/enter/{strange}").status_code in {404, 400}
    assert Person.objects.get().role == Role.OPERATOR
    ada.post("/accounts/logout/")
    assert not ada.is_in()


def test_of_twenty_who_use_the_link_at_once_one_is_let_in():
    folder = instance().data
    token = owner.make_link_token(folder)
    with ThreadPoolExecutor(20) as pool:
        let_in = list(pool.map(lambda _: owner.use_link_token(folder, token), range(20)))
    assert let_in.count(True) == 1
    assert not list(folder.glob(".enter-*"))


def test_the_owner_becomes_an_account_and_keeps_what_is_theirs(site, visitor):
    now = datetime.now(UTC)
    alone = owner.owner(now=now)
    _, text = tokens.make(alone, name="reader", scopes=["read"], now=now)
    managing.create("ada", email=ADA, now=now, instead_of=alone)
    site(access="invitation")
    ada = visitor()
    ada.sign_in()
    assert ada.is_in()
    person = Person.objects.get()
    assert (person.pk, person.handle, person.role, person.email) == (alone.pk, "ada", Role.OPERATOR, ADA)
    found = tokens.find(text, now=now)
    assert found
    assert found.person == person


def test_the_owner_without_an_address_may_add_one(site, visitor):
    site(access="invitation")
    ada = visitor()
    ada.get(f"/enter/{owner.make_link_token(instance().data)}")
    ada.post("/accounts/email/", email=ADA, action_add="")
    ada.post("/accounts/confirm-email/", code=ada.code())
    assert Person.objects.get().email == ADA
