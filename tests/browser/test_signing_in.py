"""Accounts in a browser: by a code without script, by a passkey, by a provider; every page of them for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.accounts.provider import providing
from tests.accounts.visiting import Mailbox
from tests.site.running import serving

pytestmark = pytest.mark.browser
SIGNED_OUT = [
    "login",
    "signup",
    "login/code",
    "password/reset",
    "oidc/oidc/login",
    "3rdparty/login/cancelled",
]
SIGNED_IN = [
    "email",
    "2fa",
    "2fa/webauthn",
    "2fa/webauthn/add",
    "2fa/totp/activate",
    "password/set",
    "sessions",
    "3rdparty",
    "reauthenticate/code",
    "logout",
]


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with providing({"sub": "ben", "email": "ben@other.example", "email_verified": True}) as address:
        yield address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mail: Path, provider: str) -> Iterator[str]:
    """A site that lets everybody in; a passkey belongs to a name, not to a number."""
    said = {
        "ACCESS": "open",
        "SITE_URL": "http://localhost",
        "SMTP_URL": f"file://{mail}",
        "LIMITS": "off",
        "OIDC_ISSUER": provider,
        "OIDC_CLIENT_ID": "broadsheet",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_NAME": "the university",
    }
    with serving(tmp_path_factory.mktemp("accounts"), **said) as (client, _):
        yield str(client.base_url).replace("127.0.0.1", "localhost").rstrip("/")


def sign_up(page: Page, mail: Path, address: str) -> None:
    page.goto("/accounts/login/?next=/categories")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")
    page.get_by_label("Code").fill(Mailbox(mail).code())
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".reader a[href='/settings']")).to_have_text("a reader")


def sign_out(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator(".reader a").first).to_have_text("Sign in")


@pytest.mark.parametrize("script", [True, False])
def test_a_reader_comes_in_by_a_code_goes_on_to_where_they_were_and_comes_back(open_page, mail, script):
    page = open_page(java_script_enabled=script)
    address = f"ada-{script}@lab.example".lower()
    sign_up(page, mail, address)
    expect(page).to_have_url(re.compile("/categories$"))
    sign_out(page)
    page.goto("/accounts/login/?next=/categories")
    page.get_by_label("Mail address").fill(address)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill("AAA-AAA")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".errorlist")).to_have_text("That is not the code in the last mail.")
    page.get_by_label("Code").fill(Mailbox(mail).code())
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/categories$"))


def test_a_reader_sets_a_password_and_comes_in_by_it_without_script(open_page, mail):
    page = open_page(java_script_enabled=False)
    sign_up(page, mail, "dan@lab.example")
    page.goto("/settings")
    page.get_by_role("link", name="Password", exact=True).click()
    for field in page.locator("input[type=password]").all():
        field.fill("correct horse battery")
    page.locator("main form button").first.click()
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("Mail address").fill("dan@lab.example")
    page.get_by_text("I have a password").click()
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in by password").click()
    expect(page.locator(".reader a[href='/settings']")).to_have_text("a reader")


def test_a_passkey_is_a_way_in_and_no_second_step(open_page, mail):
    page = open_page()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_up(page, mail, "eve@lab.example")
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    page.get_by_label("What you call it").fill("laptop")
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("laptop").first).to_be_visible()
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator(".reader a[href='/settings']")).to_have_text("a reader")
    other = open_page()
    other.goto("/accounts/login/")
    other.get_by_label("Mail address").fill("eve@lab.example")
    other.get_by_role("button", name="Send me a code").click()
    other.get_by_label("Code").fill(Mailbox(mail).code())
    other.get_by_role("button", name="Go on").click()
    expect(other.locator(".reader a[href='/settings']")).to_have_text("a reader")


@pytest.mark.parametrize("script", [True, False])
def test_a_provider_lets_a_reader_in_and_the_browser_objects_to_nothing(browser: Browser, site, script):
    context = browser.new_context(base_url=site, java_script_enabled=script)
    page = context.new_page()
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Sign in by the university").click()
    page.get_by_role("button", name="Go on to the university").click()
    page.locator("input[name=sub]").fill("ben")
    page.locator("button[type=submit], input[type=submit]").first.click()
    expect(page.locator(".reader a[href='/settings']")).to_have_text("a reader")
    context.close()
    assert not [problem for problem in problems if "violat" in problem]


@pytest.mark.thorough
def test_every_page_of_accounts_is_accessible_in_light_and_in_dark_and_fits_a_phone(
    open_page, mail, assert_accessible
):
    page = open_page(viewport={"width": 320, "height": 640})

    def look(names: list[str]) -> None:
        for name in names:
            page.goto(f"/accounts/{name}/")
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name

    look(SIGNED_OUT)
    page.goto("/accounts/login/")
    page.get_by_label("Mail address").fill("fay@lab.example")
    page.get_by_text("I have a password").click()
    page.get_by_label("Password", exact=True).fill("wrong password")
    page.get_by_role("button", name="Sign in by password").click()
    expect(page.locator(".errorlist")).to_have_count(1)
    assert_accessible(page)
    sign_up(page, mail, "fay@lab.example")
    look(SIGNED_IN)
    page.goto("/settings")
    assert_accessible(page)
