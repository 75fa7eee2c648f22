"""What letters look like on the page, and what they leave where it was."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

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
