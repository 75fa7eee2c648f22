"""What letters look like on the page, and what they leave where it was."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route

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
