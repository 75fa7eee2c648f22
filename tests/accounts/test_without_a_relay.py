"""Where mail is handed over is away, refuses or says nothing: a sentence, and nobody is kept out afterwards."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.accounts.visiting import ADA
from tests.ports import free_port

from broadsheet.accounts import mail as handing
from broadsheet.accounts.models import Person

pytestmark = pytest.mark.django_db
SAID = "The mail could not be sent just now"


@pytest.fixture
def relay(settings):
    """Have mail go to that port, and after that into the folder again: `relay(port)`, `relay(None)`."""
    folder = settings.EMAIL_BACKEND

    def at(port: int | None) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if port else folder
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port or 25, 0.2

    return at


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a relay that takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("form", ["signup", "login", "login/code", "password/reset"])
def test_without_a_relay_one_is_told_what_to_do_be_there_an_account_or_none(site, visitor, relay, form):
    visitor().sign_up("b@lab.example")
    relay(free_port())
    for address in ("a@lab.example", "b@lab.example"):
        said = visitor().post(f"/accounts/{form}/", email=address, login=address)
        assert said.status_code == 503
        assert SAID in said.text


def test_whoever_asked_while_the_relay_was_away_comes_in_once_it_is_back(site, visitor, relay):
    site(limits="code=2/quarter")
    ada = visitor()
    relay(free_port())
    assert [ada.post("/accounts/signup/", email=ADA).status_code for _ in range(4)] == [503] * 4
    relay(None)
    ada.sign_up()
    assert ada.is_in()
    assert Person.objects.count() == 1


def test_a_change_that_mail_only_tells_of_is_made_without_it(visitor, relay):
    ada = visitor()
    ada.sign_up()
    relay(free_port())
    password = "correct horse battery"
    said = ada.post("/accounts/password/set/", password1=password, password2=password)
    assert said.status_code == 200
    assert Person.objects.get().check_password(password)


def test_a_relay_that_says_nothing_keeps_two_threads_and_for_a_time_alone(silent, relay, visitor):
    relay(silent)
    began = time.monotonic()
    assert visitor().post("/accounts/login/", login=ADA).status_code == 503
    assert time.monotonic() - began < 5
    with handing.handing_over(), handing.handing_over(), ThreadPoolExecutor(1) as pool:
        third = pool.submit(lambda: handing.handing_over().__enter__())
        with pytest.raises(handing.NotSentError):
            third.result()
