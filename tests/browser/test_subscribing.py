"""A reader without an account and without script: from the line on the front page to the last mail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import PATIENCE, ROOT, _wait_for_first_page
from tests.digests.post import Office, open_office
from tests.ports import free_port

pytestmark = pytest.mark.browser
ADA = "ada@lab.example"
# What the worker does each minute, once.
MAIL = """
import django
django.setup()
from datetime import UTC, datetime
from broadsheet.digests import confirming
confirming.mail_due(now=datetime.now(UTC))
"""


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """The server that takes the site's mail."""
    with open_office() as opened:
        yield opened


@pytest.fixture(scope="module")
def environment(
    office: Office, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    data = shutil.copytree(demonstration, tmp_path_factory.mktemp("mail") / "data")
    return os.environ | {
        "BROADSHEET_DATA": str(data),
        "BROADSHEET_SITE_URL": f"http://127.0.0.1:{free_port()}",
        "BROADSHEET_SMTP_URL": office.url,
        "BROADSHEET_PAGE_SIZE": "12",
        "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings",
    }


@pytest.fixture(scope="module")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a site that sends mail."""
    address = environment["BROADSHEET_SITE_URL"]
    command = [
        sys.executable,
        "-m",
        "broadsheet.cli.main",
        "serve",
        "--no-worker",
        "--port",
        address.rpartition(":")[2],
    ]
    log = Path(environment["BROADSHEET_DATA"]) / "log"
    with log.open("wb") as written:
        server = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
        try:
            _wait_for_first_page(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def test_a_reader_subscribes_changes_and_leaves_without_script(
    open_page, assert_accessible, office: Office, environment: dict[str, str]
):
    page = open_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    looked = open_page(viewport={"width": 1280, "height": 900})

    def look() -> None:
        """What holds for every kind of page, of this one."""
        looked.emulate_media(color_scheme="light")
        looked.set_viewport_size({"width": 1280, "height": 900})
        looked.goto(page.url)
        assert_accessible(looked)
        looked.emulate_media(color_scheme="dark")
        assert_accessible(looked, only="color-contrast")
        looked.set_viewport_size({"width": 320, "height": 640})
        assert looked.evaluate("document.documentElement.scrollWidth") <= 320

    page.goto("/")
    look()
    page.get_by_role("textbox", name="Trending papers by mail").fill(ADA)
    page.get_by_role("combobox", name="How often").select_option("weekly")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    subprocess.run([sys.executable, "-c", MAIL], check=True, cwd=ROOT, env=environment)
    (mail,) = office.mails(ADA)
    link = re.search(r"http://\S+/confirm/\S+", mail.get_body(("plain",)).get_content())
    assert link
    page.goto(link[0])
    expect(page.get_by_text("a…@lab.example: weekly")).to_be_visible()
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your mail")
    look()
    page.get_by_role("combobox", name="Time zone").select_option("Europe/Berlin")
    page.get_by_role("combobox", name="Hour of the day").select_option("18")
    page.get_by_role("checkbox", name="Friday").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("(Europe/Berlin), if there is something new by then")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Friday")).not_to_be_checked()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("It is paused until")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_text("No mail comes: it was ended.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deleted")
    page.goto("/unsubscribe/" + "x" * 32)
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unsubscribed")
