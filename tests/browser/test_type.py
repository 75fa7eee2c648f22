"""What letters look like on the page, and what they leave where it was."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.browser
NAMES = ["سلمى حداد", "يوسف نجار", "ليلى منصور"]
# Where each name of the first byline begins, from the left, after these names took the places of its own.
PLACES = """names => {
    const links = [...document.querySelectorAll('.byline')].find(one => one.children.length > 2).querySelectorAll('a');
    names.forEach((name, number) => { links[number].textContent = name; });
    return names.map((_, number) => links[number].getClientRects()[0].left);
}"""


@pytest.mark.parametrize("address", ["/", "/papers/1706.03762"])
def test_names_from_right_to_left_stand_in_the_order_of_the_authors(page: Page, address: str) -> None:
    page.goto(address)
    places = page.evaluate(PLACES, NAMES)
    assert places == sorted(places)


def test_each_paper_of_a_list_is_called_by_its_headline(page: Page) -> None:
    page.goto("/")
    first = page.locator("article.card").first
    assert page.get_by_role("article", name=first.locator(".headline").inner_text()).count() >= 1


SHIFTS = """() => new Promise(tell => new PerformanceObserver(list =>
    tell(list.getEntries().reduce((sum, one) => sum + one.value, 0))).observe({type: 'layout-shift', buffered: true})
    || setTimeout(() => tell(0), 300))"""


def later(route: Route) -> None:
    """As a slow network would answer."""
    time.sleep(0.4)
    route.continue_()


@pytest.mark.parametrize("address", ["/", "/papers/1706.03762"])
def test_no_line_moves_when_the_faces_come_late(page: Page, address: str) -> None:
    page.route("**/*.woff2*", later)
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(SHIFTS) == 0


def test_text_figures_and_formulas_are_in_the_faces_that_come_along(page: Page) -> None:
    page.goto("/", wait_until="networkidle")
    page.reload(wait_until="networkidle")
    used = """() => [...document.fonts].filter(one => one.status === 'loaded')
        .map(one => one.family.replace(/"/g, '') + ' ' + one.style)"""
    assert {"Broadsheet Serif normal", "Broadsheet Serif italic"} <= set(page.evaluate(used))
    widths = """text => [...text].map(sign => {
        const one = document.querySelector('.headline').appendChild(document.createElement('span'));
        one.textContent = sign;
        return one.getBoundingClientRect().width;
    })"""
    assert len(set(page.evaluate(widths, "0123456789"))) == 1


@pytest.mark.parametrize(
    ("address", "most"), [("/papers/1706.03762", 1), ("/?view=scan", 2), ("/?view=read", 2)]
)
def test_a_paper_is_printed_on_one_page_and_a_day_of_titles_on_few(
    page: Page, address: str, most: int
) -> None:
    page.goto(address, wait_until="networkidle")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= most
    page.emulate_media(media="print")
    expect(page.locator(".printed")).to_contain_text("http://127.0.0.1")
    # The calendar opens from the date, which is printed.
    expect(page.locator("button:visible, summary:visible:not(.when > *)")).to_have_count(0)


def test_no_line_ends_within_a_short_compound(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/papers/1706.03762")
    heights = """words => {
        const title = document.querySelector('h1');
        title.innerHTML = words;
        return title.querySelector('span').getClientRects().length;
    }"""
    compound = '<span class="unbroken">Mid-Infrared</span>'
    assert page.evaluate(heights, f"A narrow title of {compound} pictures {compound} and {compound}") == 1


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_in_a_browser_says_what_it_is(page: Page, form: str) -> None:
    page.goto(f"/feed.{form}")
    said = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
    assert "This is a feed" in said
