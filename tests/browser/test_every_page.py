"""What holds for every kind of page: accessible, narrow enough, in light and in dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PAGES = {
    "front": "/",
    "quiet": "/papers/date/1999-12-31",
    "trending": "/papers/trending",
    "explained": "/papers?q=learning+to+see&explain=1",
    "narrowed": "/papers?q=attention+cat%3Acs.LG+year%3A2024&sort=date",
    "filtered": "/papers?q=has%3Acode",
    "names": "/papers?q=author%3A%22Kaiming+He%22+OR+org%3AOpenAI",
    "misspelt": "/papers?q=attenton",
    "senses": "/papers?q=model",
    "unknown": "/papers?q=2401.99999",
    "nothing": "/papers?q=%22no+such+words%22",
    "all": "/papers",
    "paper": "/papers/1706.03762",
    "similar": "/papers/1706.03762/similar",
    "examples": "/papers/1706.03762/similar?and=2410.05258&not=1512.03385",
    "categories": "/categories",
    "category": "/categories/cs.LG",
    "organizations": "/organizations",
    "authors": "/authors?name=he",
    "archive": "/papers/date",
    "about": "/about",
    "ranking": "/about/ranking",
    "topics": "/topics",
    "topic": "/topics/trending",
    "status": "/status",
    "api": "/api/docs",
    "missing": "/papers/2611.99999",
    "asked": "/papers/2408.00714",
    "not-at-arxiv": "/papers/2408.99999",
}
# Where the address depends on the demonstration papers, a link leads there.
LINKED = {
    "day": ("/", ".turn a[rel=prev]"),
    "week": ("/", ".spans li:nth-child(2) a"),
    "month": ("/", ".spans li:nth-child(3) a"),
    "sense": ("/papers?q=model", ".chip"),
    "author": ("/papers/1706.03762", ".paper .byline a"),
    "organization": ("/organizations", ".index a"),
}
# Made of the same parts as others: what would be wrong with them is wrong with those.
ALIKE = {
    "quiet",
    "trending",
    "senses",
    "similar",
    "missing",
    "explained",
    "narrowed",
    "filtered",
    "names",
    "misspelt",
    "unknown",
    "nothing",
    "all",
    "examples",
    "categories",
    "organizations",
    "organization",
    "ranking",
    "asked",
    "not-at-arxiv",
    "topics",
    "sense",
    "author",
    "week",
    "month",
}
# It has more to look through than all others together.
LONG = {"api"}
KINDS = [
    pytest.param(kind, marks=pytest.mark.thorough) if kind in ALIKE | LONG else kind
    for kind in (*PAGES, *LINKED)
]


def visit(page: Page, kind: str) -> None:
    if kind in PAGES:
        page.goto(PAGES[kind])
        return
    address, selector = LINKED[kind]
    page.goto(address)
    page.goto(page.locator(selector).first.get_attribute("href") or "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_accessible_in_light_and_in_dark_and_fits_a_small_phone(open_page, assert_accessible, kind):
    page = open_page(color_scheme="light", viewport={"width": 1280, "height": 900})
    visit(page, kind)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, only="color-contrast")
    page.set_viewport_size({"width": 320, "height": 640})
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_folds_away_on_a_phone_is_accessible_when_it_is_open(open_page, assert_accessible):
    page = open_page(viewport={"width": 320, "height": 640})
    page.goto("/papers?q=learning+cat%3Acs.LG")
    expect(page.get_by_role("heading", name="Year")).to_be_hidden()
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    expect(page.get_by_role("heading", name="Year")).to_be_visible()
    assert_accessible(page)


def test_each_day_of_a_source_can_be_read_in_a_table_on_a_phone(open_page):
    page = open_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page.goto("/status")
    days = page.get_by_role("region", name="Days of arXiv")
    expect(days).to_be_hidden()
    page.get_by_text("Each day of arXiv in numbers").click()
    expect(days.get_by_role("row")).to_have_count(91)
    expect(days.get_by_role("columnheader")).to_have_count(8)
    expect(days.get_by_role("rowheader")).to_have_count(90)
    page.get_by_role("img", name="The last 90 days of arXiv").scroll_into_view_if_needed()
    for state in ("Incomplete", "Not known as a whole", "Not reachable", "Not read", "Quiet", "Weekend"):
        expect(days.get_by_role("cell", name=state, exact=True).first).to_be_attached()


@pytest.mark.thorough
def test_the_signs_of_a_chart_can_be_told_apart_without_colours(open_page):
    page = open_page(forced_colors="active")
    page.goto("/status")
    signs = page.locator(".days figcaption path").evaluate_all("all => all.map(one => one.getAttribute('d'))")
    assert len(signs) == len(set(signs)) >= 7


@pytest.mark.thorough
def test_the_front_page_fits_every_screen(page):
    page.goto("/")
    for width in (768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.thorough
def test_the_nameplate_and_the_number_of_papers_stand_on_one_line(page):
    widths = (320, 375, 639, 640, 768, 1023, 1024)
    page.goto("/")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert lines(page, ".nameplate") == 1, width
    visit(page, "day")  # it has an edition before it and one after it
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        assert lines(page, ".nameplate") == lines(page, ".dateline .count") == 1, width


def lines(page: Page, selector: str) -> int:
    """On how many lines the text of that element stands."""
    return page.locator(selector).evaluate(
        """element => {
            const text = document.createRange();
            text.selectNodeContents(element);
            return new Set(Array.from(text.getClientRects(), box => Math.round(box.top))).size;
        }"""
    )


def test_what_has_the_focus_can_be_seen(page):
    page.goto("/")
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        style = focused.evaluate("element => getComputedStyle(element).outlineStyle")
        border = focused.evaluate("element => element.closest('.search') !== null")
        assert style != "none" or border


def test_forced_colours_keep_words_and_lines(open_page):
    page = open_page(forced_colors="active")
    page.goto("/")
    assert page.locator(".beside .calendar td a").first.is_visible()
