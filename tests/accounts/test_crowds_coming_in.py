"""Many who come in at once, and a site that runs: no error, one account, and pages for everybody else."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx2
import psycopg
import pytest
from django.db import connection
from tests.accounts.visiting import ADA, Mailbox
from tests.cli.test_operating import broadsheet
from tests.site.running import serving

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
CONFIRM = "Your code to confirm this address"


@pytest.fixture
def database() -> Iterator[dict[str, str]]:
    """Where the site that runs keeps what it keeps: a database of its own where the tests have a server."""
    if connection.vendor == "sqlite":
        yield {}
        return
    said, name = connection.settings_dict, f"crowds_of_process_{os.getpid()}"
    port = f":{said['PORT']}" if said["PORT"] else ""
    # A host may be the folder of a socket.
    server = f"postgres://{said['USER']}:{said['PASSWORD']}@{quote(said['HOST'], safe='')}{port}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as on_server:
        on_server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{server}/{name}"}
        finally:
            on_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


Running = Callable[..., object]


@pytest.fixture
def running(tmp_path: Path, database: dict[str, str]) -> Running:
    """Have a site run with those settings, and give its address."""
    if database:
        url = {"BROADSHEET_DATABASE_URL": database["DATABASE_URL"]}
        assert broadsheet(tmp_path / "data", "migrate", **url).returncode == 0

    @contextmanager
    def run(**said: str) -> Iterator[str]:
        standard = {
            "SITE_URL": "http://papers.example",
            "SMTP_URL": f"file://{tmp_path}/mail",
            "LIMITS": "off",
        }
        with serving(tmp_path / "data", **(database | standard | said)) as (client, _):
            yield str(client.base_url)

    return run


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def browsers() -> Iterator[Callable[..., list[httpx2.Client]]]:
    """So many browsers, each of somebody else: `browsers(address, 8)`."""
    with ExitStack() as opened:
        yield lambda address, number: [opened.enter_context(browser(address, one)) for one in range(number)]


def browser(address: str, number: int = 0) -> httpx2.Client:
    headers = {"Sec-Fetch-Site": "same-origin", "X-Forwarded-For": f"198.51.100.{number}"}
    return httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=60)


def at_once(number: int, act: Callable[[int], httpx2.Response]) -> list[httpx2.Response]:
    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(act, range(number)))


def test_of_eight_who_ask_for_one_address_at_once_all_see_the_same(running, mailbox, browsers):
    with running(ACCESS="open") as address:
        people = browsers(address, 8)
        answers = at_once(8, lambda number: people[number].post("/accounts/signup/", data={"email": ADA}))
        assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
            (302, "/accounts/confirm-email/")
        }
        pages = {person.get("/accounts/confirm-email/").text for person in people}
        assert len(pages) == 1
        assert [mail["Subject"].partition("] ")[2] for mail in mailbox.mails()] == [CONFIRM] * 8


def test_of_eight_who_prove_one_address_at_once_all_come_in_to_one_account(running, mailbox, browsers):
    with running(ACCESS="open") as address:
        people, codes = browsers(address, 8), []
        for person in people:
            person.post("/accounts/signup/", data={"email": ADA})
            codes.append(mailbox.code())
        answers = at_once(
            8, lambda number: people[number].post("/accounts/confirm-email/", data={"code": codes[number]})
        )
        assert {answer.headers["Location"] for answer in answers} == {"/"}
        people[0].post("/settings", data={"handle": "ada"})
        assert all('value="ada"' in person.get("/settings").text for person in people)


@pytest.mark.thorough
def test_of_twenty_who_use_an_invitation_at_once_one_is_let_in(running, mailbox, browsers, tmp_path):
    with running(ACCESS="invitation") as address:
        link = broadsheet(tmp_path / "data", "user", "invite").stdout.strip()
        people = browsers(address, 20)
        codes = []
        for number, person in enumerate(people):
            assert person.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 302
            person.post("/accounts/signup/", data={"email": f"a{number}@lab.example"})
            codes.append(mailbox.code())
        answers = at_once(
            20, lambda number: people[number].post("/accounts/confirm-email/", data={"code": codes[number]})
        )
        assert sorted(answer.headers["Location"] for answer in answers) == ["/"] + ["/accounts/signup/"] * 19


@pytest.mark.thorough
def test_of_twenty_who_use_a_code_at_once_in_one_browser_nobody_meets_an_error(running, mailbox, browsers):
    with running(ACCESS="open") as address:
        (person,) = browsers(address, 1)
        person.post("/accounts/signup/", data={"email": ADA})
        code = mailbox.code()
        cookies = dict(person.cookies)

        def use(number: int) -> httpx2.Response:
            with browser(address, number) as tab:
                tab.cookies.update(cookies)
                return tab.post("/accounts/confirm-email/", data={"code": code})

        answers = at_once(20, use)
        assert {answer.status_code for answer in answers} <= {200, 302}
        assert any(answer.headers.get("Location") == "/" for answer in answers)
        person.post("/accounts/login/", data={"login": ADA})
        person.post("/accounts/login/code/confirm/", data={"code": mailbox.code()})
        assert person.get("/settings").status_code == 200


def test_what_was_tried_before_a_restart_counts_after_it(running, browsers):
    said = {"ACCESS": "open", "LIMITS": "enter=2/day;code=9/quarter"}
    codes = []
    for _ in range(2):
        with running(**said) as address:
            people = browsers(address, 2)
            codes += [one.post("/accounts/login/", data={"login": ADA}).status_code for one in people]
    assert codes == [302, 302, 429, 429]


@pytest.mark.thorough
def test_the_owner_comes_in_by_the_link_that_serve_prints_and_by_a_newer_one_alone(browsers, tmp_path):
    with serving(tmp_path / "data") as (client, log):
        assert client.get("/settings").status_code == 302
        deadline = time.monotonic() + 60
        while not any("/enter/" in line for line in log) and time.monotonic() < deadline:
            client.get("/healthz")
        old = next(word for line in log for word in line.split() if "/enter/" in word)
        assert old.startswith(str(client.base_url))
        new = broadsheet(tmp_path / "data", "open", "--site", str(client.base_url)).stdout.strip()
        assert client.get(old).status_code == 404
        people = browsers(str(client.base_url), 20)
        answers = at_once(20, lambda number: people[number].get(new))
        assert sorted(answer.status_code for answer in answers) == [302] + [404] * 19
        assert client.get("/accounts/signup/").text.count("This site has one reader") == 1


def account_with_password(address: str, mailbox: Mailbox, email: str) -> None:
    with browser(address) as person:
        person.post("/accounts/signup/", data={"email": email})
        person.post("/accounts/confirm-email/", data={"code": mailbox.code()})
        said = person.post("/accounts/password/set/", data={"password1": PASSWORD, "password2": PASSWORD})
        assert said.status_code == 302


@pytest.mark.thorough
def test_passwords_at_once_do_not_stop_the_pages(running, mailbox):
    with running(ACCESS="open", PROXIES="1") as address:
        account_with_password(address, mailbox, ADA)

        def sign_in(number: int) -> httpx2.Response:
            with browser(address, number) as person:
                return person.post("/accounts/login/", data={"login": ADA, "password": PASSWORD})

        with ThreadPoolExecutor(4) as pool, browser(address, 99) as reader:
            waiting = [pool.submit(sign_in, number) for number in range(12)]
            pages = 0
            while not all(one.done() for one in waiting):
                assert reader.get("/").status_code == 200
                pages += 1
        assert {one.result().headers.get("Location") for one in waiting} == {"/"}
        assert pages >= len(waiting)


FORMS = {
    "signup": ("/accounts/signup/", {}),
    "code": ("/accounts/login/", {}),
    "password": ("/accounts/login/", {"password": "wrong password"}),
    "reset": ("/accounts/password/reset/", {}),
}


@pytest.mark.thorough
@pytest.mark.anywhere
@pytest.mark.parametrize("form", FORMS)
def test_a_stranger_does_not_learn_by_the_clock_who_has_an_account(running, mailbox, form):
    path, fields = FORMS[form]
    times: dict[bool, list[float]] = {True: [], False: []}
    with running(ACCESS="open") as address:
        account_with_password(address, mailbox, ADA)
        for number in range(110):
            is_known = number % 2 == 0
            email = ADA if is_known else f"b{number:02}@lab.example"
            with browser(address) as person:
                person.get("/healthz")
                began = time.perf_counter()
                said = person.post(path, data={"email": email, "login": email, **fields})
                times[is_known].append(time.perf_counter() - began)
                assert said.status_code in {200, 302}
    known, unknown = (statistics.median(times[is_known][5:]) for is_known in (True, False))
    print(form, known, unknown)
    assert known / unknown == pytest.approx(1, abs=0.1)
