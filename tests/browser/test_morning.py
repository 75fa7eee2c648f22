"""One morning: a mail, the rest of it scanned by keys or by thumbs, undone and saved, with counts."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.site.running import serving

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("keys", "taps", "script", "plain", "quick")
FRIDAY = "/papers/date/2026-11-20?view=scan"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@dataclass(frozen=True)
class Town:
    """A running site, the sessions of its readers, and the mails that they got."""

    address: str
    sessions: dict[str, str]
    mail: Path
    data: Path

    def state(self, name: str) -> dict[str, object]:
        """What the browser of that reader has stored."""
        session = {
            "name": "broadsheet_session",
            "value": self.sessions[name],
            "domain": "localhost",
            "path": "/",
        }
        more = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": [session | more], "origins": []}

    def letter(self, name: str) -> str:
        """The HTML of the mail to that reader, with links to where the site is."""
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in self.mail.iterdir()]
        (mail,) = (mail for mail in mails if mail["To"].startswith(name))
        html = mail.get_body(("html",)).get_content()
        return html.replace('"http://localhost/', f'"{self.address}/')


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    data, mail = tmp_path_factory.mktemp("morning"), tmp_path_factory.mktemp("mail")
    said = {"ACCESS": "open", "SITE_URL": "http://localhost", "SMTP_URL": f"file://{mail}", "LIMITS": "off"}
    environment = os.environ | {f"BROADSHEET_{name}": value for name, value in said.items()}
    environment |= {"BROADSHEET_DATA": str(data), "DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
    with serving(data, **said) as (client, _):
        filling = [sys.executable, "-m", "tests.browser.morning", *PEOPLE]
        sessions = json.loads(
            subprocess.run(filling, check=True, cwd=ROOT, env=environment, capture_output=True).stdout
        )
        sending = [sys.executable, "-m", "broadsheet.cli.main", "digest", "send"]
        subprocess.run(sending, check=True, cwd=ROOT, env=environment, capture_output=True)
        address = str(client.base_url).replace("127.0.0.1", "localhost").rstrip("/")
        yield Town(address, sessions, mail, data)


@pytest.fixture(scope="module")
def site(town: Town) -> str:
    return town.address


class Presses:
    """Presses keys, or the buttons of the bar for thumbs, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def keys(self, letters: str) -> None:
        for letter in letters:
            self.page.keyboard.press(letter)
            self.count += 1

    def taps(self, letters: str) -> None:
        for letter in letters:
            button = self.page.locator(".undo button" if letter == "z" else f"[data-press={letter}]")
            button.tap()
            self.count += 1


def here(page: Page) -> str:
    """The lamp of the row in focus, by its number."""
    return page.locator(".here .headline").inner_text().split()[2].rstrip(":")


def kept(town: Town, name: str) -> dict[str, list[int]]:
    """What is in the database of that reader, by the numbers of the lamps."""
    asked = """SELECT CAST(SUBSTR(public_id, 6) AS INTEGER) FROM papers_paper
        JOIN {table} AS mine ON mine.paper_id = papers_paper.id
        JOIN accounts_person ON accounts_person.id = mine.person_id WHERE handle = ? ORDER BY 1"""
    tables = {"saved": "library_saved", "hidden": "library_hidden", "voted": "community_vote"}
    with closing(sqlite3.connect(f"file:{town.data}/broadsheet.sqlite3?mode=ro", uri=True)) as database:
        return {
            verb: [number for (number,) in database.execute(asked.format(table=table), [name])]
            for verb, table in tables.items()
        }


def settled(page: Page) -> None:
    """Wait until the server has answered all that was pressed."""
    page.wait_for_load_state("networkidle")


# Each lamp of Friday is passed over, hidden, saved, voted for or read; one letter too many is undone.
FIRST, AGAIN, SECOND = "xxjsxxxjxx" * 4 + "xxz", "xjvsmxxxjx", "xxsxxjxjxx"


def test_sixty_papers_are_triaged_in_seventy_five_keys_with_an_undo(open_page, town):
    page = open_page(storage_state=town.state("keys"))
    page.goto(FRIDAY)
    pressed = Presses(page)
    pressed.keys("j" + FIRST)
    expect(page.locator(".here .headline")).to_contain_text("Lamp number 42:")
    pressed.keys(AGAIN)
    assert here(page) == "50"
    settled(page)
    pressed.keys("j")
    page.wait_for_url("**page=2*")
    pressed.keys("j" + SECOND)
    assert here(page) == "60"
    settled(page)
    assert pressed.count <= 75
    mine = kept(town, "keys")
    assert mine["saved"] == [4, 14, 24, 34, 44, 45, 53]
    assert mine["hidden"] == sorted(
        {*range(1, 61)} - {*mine["saved"], *(3, 13, 23, 33, 8, 18, 28, 38, 43, 49, 56, 58)}
    )
    assert mine["voted"] == [44]
