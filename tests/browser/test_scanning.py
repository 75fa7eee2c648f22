"""A list that is scanned: how much of it a screen shows, what is reached by keyboard, and that nothing moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LONG = "/papers/month/{}"
# How many whole papers stand on a screen, with point and facts, and how far below its top the first begins.
SCREENS = {(1280, 800): (7, 190), (360, 740): (3, 190), (1920, 1080): (11, 190)}
MEASURE = """() => {
    const rows = [...document.querySelectorAll(".row")];
    const end = (row, part) => row.querySelector(part).getBoundingClientRect().bottom;
    return {
        whole: rows.filter(row => end(row, ".facts") <= innerHeight && end(row, ".point") <= innerHeight).length,
        first: rows[0].getBoundingClientRect().top,
    };
}"""


def month(page: Page) -> str:
    """The address of the month of the demonstration: a long list."""
    page.goto("/")
    return page.locator(".panel .spans a").nth(2).get_attribute("href") or ""


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_screen_shows_many_papers_with_their_points_and_facts(page, width, height):
    there = month(page)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(there)
    page.evaluate("document.fonts.ready")
    measured = page.evaluate(MEASURE)
    papers, top = SCREENS[width, height]
    assert measured["whole"] >= papers
    assert measured["first"] <= top


def test_the_first_stop_after_the_skip_link_is_the_first_paper_and_each_has_two(page):
    page.goto(month(page))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    stops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.closest('.row')?.id"))
    ids = page.locator(".row").evaluate_all("rows => rows.slice(0, 6).map(row => row.id)")
    assert stops == [row for row in ids for _ in range(2)]


def test_the_keyboard_alone_reaches_every_act_of_a_row(open_page):
    page = open_page(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page.goto(month(page))
    row = page.locator(".row").first
    expect(row.get_by_role("button", name="Save")).to_be_hidden()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    for name in ("Vote for", "Save", "Not for me", "Read", "Seen"):
        expect(row.get_by_role("button", name=name).first).to_be_visible()
    expect(row.locator(".rest .text").first).to_be_visible()


def test_nothing_moves_under_the_pointer_or_when_a_vote_is_pressed(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(month(page))
    places = "() => [...document.querySelectorAll('.row')].map(row => row.getBoundingClientRect().top)"
    before = page.evaluate(places)
    page.locator(".row").nth(1).hover()
    expect(page.locator(".row").nth(1).get_by_role("button", name="Save")).to_be_visible()
    assert page.evaluate(places) == before
    page.locator(".row").nth(1).evaluate(
        """row => {
            row.querySelector('.box button').classList.add('given');
            row.querySelector('[data-act=seen]').classList.add('stands');
            row.querySelector('[data-act=save]').classList.add('stands');
        }"""
    )
    assert page.evaluate(places) == before


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
def test_rows_are_accessible_in_light_in_dark_and_in_forced_colours(open_page, assert_accessible, colours):
    options = {"forced_colors": "active"} if colours == "forced" else {"color_scheme": colours}
    page = open_page(viewport={"width": 1280, "height": 900}, **options)
    page.goto(month(page))
    page.locator(".row summary").first.click()
    page.locator(".when > summary").click()
    assert_accessible(page)


# 1280 pixels at 400 % are 320.
def test_rows_fit_a_small_phone_and_four_hundred_per_cent(open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto(month(page))
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_view_is_chosen_without_script_and_stays(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    expect(page.locator(".lead")).to_be_visible()
    page.get_by_role("button", name="Scan").click()
    expect(page.locator(".row").first).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("button", name="Scan")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Read").click()
    expect(page.locator(".lead")).to_be_visible()
