"""One morning: a mail, the rest of it scanned by keys or by thumbs, undone and saved, with counts."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.site.running import serving

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("keys", "taps", "script", "plain", "quick", "still", "eyes", "hands")
AT_ONCE_MS, MOST_KEYS, MOST_TAPS = 50, 75, 70
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


def answered(page: Page, acts: int) -> None:
    """Wait until the server has answered so many acts since the page was loaded."""
    page.wait_for_function(
        "acts => performance.getEntriesByType('resource').filter((one) => one.initiatorType === 'fetch').length >= acts",
        arg=acts,
    )


def acts_in(letters: str) -> int:
    """How many of these letters the server is asked by."""
    return sum(letter in "vsxmz" for letter in letters)


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
    answered(page, acts_in(FIRST + AGAIN))
    pressed.keys("j")
    page.wait_for_url("**page=2*")
    pressed.keys("j" + SECOND)
    assert here(page) == "60"
    pressed.keys("j")
    expect(page.locator(".end")).to_be_focused()
    expect(page.locator(".end")).to_contain_text("That was Friday")
    answered(page, acts_in(SECOND))
    assert pressed.count <= MOST_KEYS
    mine = kept(town, "keys")
    assert mine["saved"] == [4, 14, 24, 34, 44, 45, 53]
    assert mine["hidden"] == sorted(
        {*range(1, 61)} - {*mine["saved"], *(3, 13, 23, 33, 8, 18, 28, 38, 43, 49, 56, 58)}
    )
    assert mine["voted"] == [44]


def test_sixty_papers_are_triaged_in_seventy_taps_with_an_undo(open_page, town):
    page = open_page(storage_state=town.state("taps"), **PHONE)
    page.goto(FRIDAY)
    tapped = Presses(page)
    tapped.taps(FIRST)
    expect(page.locator(".here .headline")).to_contain_text("Lamp number 42:")
    tapped.taps(AGAIN.replace("m", "x"))
    assert here(page) == "50"
    assert is_above_the_bar(page)
    answered(page, acts_in(FIRST + AGAIN))
    tapped.taps("j")
    page.wait_for_url("**page=2*")
    tapped.taps(SECOND)
    assert here(page) == "60"
    answered(page, acts_in(SECOND))
    assert tapped.count <= MOST_TAPS
    mine = kept(town, "taps")
    assert len(mine["saved"]) == 6
    assert mine["voted"] == [44]


def is_above_the_bar(page: Page) -> bool:
    """Whether nothing of the row in focus is behind the bar for thumbs, or behind what is said there."""
    row, foot = page.locator(".here").bounding_box(), page.locator(".foot").bounding_box()
    assert row
    assert foot
    return row["y"] >= 0 and row["y"] + row["height"] <= foot["y"]


def test_the_bar_for_thumbs_never_covers_the_row_in_focus(open_page, town, assert_accessible):
    page = open_page(storage_state=town.state("quick"), **PHONE)
    page.goto(FRIDAY)
    for _ in range(12):
        page.locator("[data-press=j]").tap()
        assert is_above_the_bar(page)
    page.locator("[data-press=v]").tap()
    expect(page.locator(".undo")).to_be_visible()
    assert is_above_the_bar(page)
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, only="color-contrast")


SHIFTS = """() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((shift) => (window.moved += shift.value)))
        .observe({ type: "layout-shift", buffered: true });
    window.took = [];
    for (const type of ["keydown", "click"]) {
        addEventListener(type, () => { window.begun = performance.now(); }, { capture: true });
        addEventListener(type, () => { window.took.push(performance.now() - window.begun); });
    }
}"""
PLACES = "[...document.querySelectorAll('article.row')].map((row) => row.offsetTop)"


def test_a_key_shows_at_once_moves_nothing_and_leaves_the_focus_where_it_was(open_page, town):
    page = open_page(storage_state=town.state("eyes"))
    page.goto(FRIDAY)
    page.evaluate(SHIFTS)
    page.keyboard.press("j")
    places, focused = page.evaluate(PLACES), page.locator(".here .headline a")
    for number, (act, letter) in enumerate((("vote", "v"), ("save", "s"), ("hide", "x"), ("read", "m")), 1):
        row = page.locator(".here").get_attribute("id")
        shown = page.evaluate(
            """([letter, row, act]) => {
                document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: letter, bubbles: true }));
                return document.querySelector(`#${row} [data-act=${act}] button`).matches(".given");
            }""",
            [letter, row, act],
        )
        assert shown, act
        answered(page, number)
        expect(focused).to_be_focused()
        assert page.evaluate(PLACES) == places
    assert page.evaluate("window.moved") == 0
    assert sorted(page.evaluate("window.took"))[2] < AT_ONCE_MS


def test_a_button_that_is_pressed_keeps_the_focus_when_its_row_is_put_right(open_page, town):
    page = open_page(storage_state=town.state("hands"))
    page.goto(FRIDAY)
    row = page.locator("article.row").nth(8)
    row.locator("summary").click()
    row.get_by_role("button", name="Save").press("Enter")
    answered(page, 1)
    expect(row.locator("[data-act=save] button")).to_be_focused()


def test_a_swipe_to_the_right_saves_and_one_to_the_left_hides_each_undone_by_a_button(open_page, town):
    page = open_page(storage_state=town.state("quick"), **PHONE)
    page.goto(FRIDAY)
    for lamp, across in ((3, 160), (4, -160)):
        swipe(page, page.locator("article.row").nth(lamp - 1), across)
    answered(page, 2)
    assert (kept(town, "quick")["saved"], kept(town, "quick")["hidden"]) == ([3], [4])
    for number in (3, 4):
        # Chromium takes a tap that follows a swipe at once for a part of it.
        page.locator(".undo button").dispatch_event("click")
        answered(page, number)
    assert (kept(town, "quick")["saved"], kept(town, "quick")["hidden"]) == ([], [])
    swipe(page, page.locator("article.row").nth(3), 30)
    page.locator("[data-press=v]").dispatch_event("click")
    answered(page, 5)
    assert kept(town, "quick")["saved"] == []


def swipe(page: Page, row: Locator, across: int) -> None:
    """Drag a finger over the row."""
    row.evaluate("row => row.scrollIntoView({ block: 'center' })")
    box = row.bounding_box()
    assert box
    x, y, touch = box["x"] + 170, box["y"] + 20, page.context.new_cdp_session(page)
    for type_, at in (
        ("touchStart", x),
        ("touchMove", x + across / 2),
        ("touchMove", x + across),
        ("touchEnd", None),
    ):
        points = [] if at is None else [{"x": at, "y": y}]
        touch.send("Input.dispatchTouchEvent", {"type": type_, "touchPoints": points})


def read_mail(page: Page, town: Town, name: str) -> None:
    """Show the mail on a page of its own, as a program for mail does."""
    page.goto("about:blank")
    page.set_content(town.letter(name))


def saved_from_the_mail(page: Page, town: Town, name: str) -> None:
    """Save two of the ten papers of the mail, and go on to where the others are scanned."""
    for place in (0, 2):
        read_mail(page, town, name)
        expect(page.get_by_role("link", name="Save", exact=True)).to_have_count(10)
        page.get_by_role("link", name="Save", exact=True).nth(place).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Save this paper?")
        page.get_by_role("button", name="Save it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Saved")
    read_mail(page, town, name)
    page.get_by_role("link", name="Scan the other 35").click()
    expect(page.locator("article.row:target .headline")).to_contain_text("Lamp number 35:")
    expect(page.locator("article.row:target")).to_be_in_viewport()


def test_a_morning_by_keys(open_page, town):
    page = open_page(storage_state=town.state("script"))
    saved_from_the_mail(page, town, "script")
    assert here(page) == "35"
    pressed = Presses(page)
    letters = "xxjxxxxjxx" * 3 + "sxsxx"
    pressed.keys(letters)
    assert here(page) == "1"
    answered(page, acts_in(letters))
    assert kept(town, "script")["saved"] == [3, 5, 43, 45]
    pressed.keys("gl")
    expect(page.get_by_role("navigation", name="States")).to_contain_text("To read 4")
    pressed.keys("jo")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lamp number")
    pressed.keys("n")
    page.keyboard.type("Ask Ben about the wick.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("article.note")).to_contain_text("Ask Ben about the wick.")
    pressed.keys("c")
    say(page, "Does it burn under water?")
    assert pressed.count <= MOST_KEYS


def test_a_morning_without_script(open_page, town):
    page = open_page(storage_state=town.state("plain"), java_script_enabled=False)
    saved_from_the_mail(page, town, "plain")
    for lamp, does in ((35, "Save"), (34, "Not for me"), (33, "Save"), (32, "Save")):
        row = page.locator(f"article.row:has-text('Lamp number {lamp}:')")
        row.locator("summary").click()
        row.get_by_role("button", name=does).click()
        expect(page).to_have_url(re.compile(r"&view=scan#p\d+$"))
        expect(row).to_have_count(0 if does == "Not for me" else 1)
    page.get_by_role("button", name="Undo the last").click()
    mine = kept(town, "plain")
    assert (mine["saved"], mine["hidden"]) == ([33, 35, 43, 45], [34])
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("navigation", name="States")).to_contain_text("To read 4")
    page.locator(".headline a").first.click()
    page.get_by_label("A private note").fill("Ask Ben about the wick.")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("article.note")).to_contain_text("Ask Ben about the wick.")
    page.get_by_role("link", name="Discussion", exact=True).click()
    say(page, "Does it burn under water, too?")


def say(page: Page, text: str) -> None:
    """Comment on the paper whose discussion is open."""
    expect(page).to_have_url(re.compile("/discussion$"))
    page.get_by_label("What do you say about this paper?").fill(text)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator("main")).to_contain_text(text)


def test_whoever_switches_letters_off_in_the_settings_has_none_anywhere_until_they_are_on_again(
    open_page, town
):
    page = open_page(storage_state=town.state("still"))
    for are_on in (False, True):
        page.goto("/settings")
        page.get_by_label("Letters act on papers").set_checked(are_on)
        page.get_by_role("button", name="Save").first.click()
        page.goto(FRIDAY)
        page.keyboard.press("j")
        expect(page.locator(".here")).to_have_count(int(are_on))


def test_a_stranger_who_presses_a_key_is_led_to_sign_in_and_back_to_the_row(open_page):
    page = open_page()
    page.goto(FRIDAY)
    page.keyboard.press("j")
    page.keyboard.press("s")
    page.wait_for_url("**/accounts/login/**")
    assert "view%3Dscan%23p" in page.url


def test_what_is_left_for_a_paper_is_come_back_to_at_its_row(open_page, town):
    page = open_page(storage_state=town.state("quick"))
    for go_back in (lambda: page.keyboard.press("u"), page.go_back):
        page.goto(FRIDAY)
        Presses(page).keys("jjjjjo")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Lamp number 5:")
        go_back()
        expect(page.locator(".here .headline")).to_contain_text("Lamp number 5:")
        expect(page.locator(".here .headline a")).to_be_focused()


def test_all_above_are_seen_by_one_key_and_unseen_by_another(open_page, town):
    page = open_page(storage_state=town.state("still"))
    page.goto(FRIDAY)
    seen = page.locator("[data-act=seen].stands")
    by_mail = seen.count()
    Presses(page).keys("jjjjjA")
    expect(seen).to_have_count(by_mail + 5)
    page.keyboard.press("z")
    expect(seen).to_have_count(by_mail)
    expect(page.locator(".here .headline")).to_contain_text("Lamp number 5:")
