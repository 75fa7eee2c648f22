"""What readers do, with a mouse, with the keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
ROOM_FOR_A_QUESTION = 120
A_LAPTOP = 768


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["height"]


def tab_to(page: Page, tag: str) -> None:
    """Press Tab until something of that kind has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == tag:
            return
    pytest.fail(f"no {tag} in the first 40 stops")


def test_a_reader_goes_from_the_front_page_to_a_paper_to_papers_like_it(page):
    page.goto("/")
    headline = page.locator(".columns .headline a").first
    title = headline.inner_text()
    headline.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="Similar papers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    other = page.locator(".columns .headline a").first
    assert other.inner_text() != title
    other.click()
    page.locator(".particulars a[href^='/papers/date/']").first.click()
    expect(page.locator(".beside .calendar [aria-current=page]")).to_have_count(1)


def test_the_keyboard_alone_is_enough(page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the papers")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#papers")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') === document.querySelector('article')")
    tab_to(page, "SUMMARY")
    closed = page.evaluate("document.activeElement.parentElement.getBoundingClientRect().height")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    assert page.evaluate("document.activeElement.parentElement.getBoundingClientRect().height") > closed
    page.keyboard.press("Enter")
    assert not page.evaluate("document.activeElement.parentElement.open")


def test_a_search_starts_and_is_refined_in_the_same_box(page):
    page.goto("/")
    box = page.get_by_role("searchbox", name="Search papers")
    box.fill("attention is all you need")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("attention is all you need")
    expect(page.locator(".headline").first).to_have_text("Attention Is All You Need")
    expect(box).to_have_value("attention is all you need")
    box.fill("1706.03762")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Attention Is All You Need")
    expect(page).to_have_url(re.compile("/papers/1706.03762$"))


def test_a_search_is_narrowed_and_widened_again_by_clicks_alone(open_page):
    page = open_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page.goto("/papers?q=learning")
    expect(page.locator(".result mark").first).to_be_visible()
    page.locator(".facets").get_by_role("link", name="Machine Learning cs.LG").click()
    expect(page.get_by_role("searchbox")).to_have_value("learning cat:cs.LG")
    page.get_by_role("link", name="Newest first").click()
    days = [day.get_attribute("datetime") for day in page.locator(".result .facts time").all()]
    assert days == sorted(days, reverse=True)
    # A place by date has no other reason than the date.
    expect(page.get_by_role("link", name="Show the numbers")).to_have_count(0)
    page.get_by_role("link", name="Best first").click()
    page.get_by_role("link", name="Show the numbers").click()
    expect(page.locator(".numbers").first).to_contain_text("cosine")
    page.locator(".chips").get_by_role("link", name="cat:cs.LG").click()
    expect(page.get_by_role("searchbox")).to_have_value("learning")
    expect(page.locator(".numbers").first).to_be_visible()


def test_an_excerpt_leads_to_the_whole_abstract(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/papers?q=attention")
    found = page.locator(".result", has=page.locator(".excerpt")).first
    found.get_by_role("link", name="of the abstract of").click()
    expect(page.locator(".paper .abstract, .paper .text").first).to_be_visible()


def test_a_reader_asks_for_more_like_one_paper_and_less_like_another(page):
    page.goto("/papers/1706.03762/similar")
    first = page.locator(".columns .headline").first.inner_text()
    page.locator(".card", has_text=first).get_by_role("link", name="More like this").click()
    expect(page.locator(".examples")).to_contain_text(first)
    assert first not in page.locator(".columns .headline").all_inner_texts()
    second = page.locator(".columns .headline").nth(1).inner_text()
    page.locator(".card", has_text=second).get_by_role("link", name="Less like this").click()
    assert second not in page.locator(".columns .headline").all_inner_texts()
    page.locator(".examples li", has_text=first).get_by_role("link", name="Remove").click()
    expect(page.locator(".examples")).to_have_count(1)


def test_a_reader_has_a_paper_of_arxiv_indexed(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/papers?q=2405.00001")
    page.get_by_role("button", name="Index this paper").click()
    expect(page).to_have_url(re.compile("/papers/2405.00001$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("arXiv will be asked for 2405.00001")
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("the paper waits until it does")).to_be_visible()


def test_time_is_turned_back_and_forth(page):
    page.goto("/")
    day = page.get_by_role("heading", level=1).inner_text()
    page.locator(".turn a[rel=prev]").click()
    earlier = page.get_by_role("heading", level=1).inner_text()
    assert earlier != day
    page.locator(".turn a[rel=next]").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(day)
    for span in ("Week", "Month"):
        page.locator(".when > summary").click()
        page.locator(".panel .spans").get_by_role("link", name=span).click()
        expect(page.locator(".panel .spans [aria-current=page]")).to_have_text(span)


def test_a_card_shows_the_point_and_opens_the_abstract_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/")
    card = page.locator(".columns .card", has=page.locator(".whole-abstract")).first
    expect(card.locator(".excerpt")).to_be_visible()
    expect(card.locator(".text")).to_be_hidden()
    card.locator("summary").first.click()
    expect(card.locator(".text")).to_be_visible()
    expect(card.locator(".excerpt")).to_be_hidden()


def test_everything_works_without_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto("/papers/trending")
    page.locator(".rest > summary").first.click()
    page.get_by_text(re.compile("^Why it is here")).first.click()
    expect(page.get_by_text("Score").first).to_be_visible()
    page.get_by_role("searchbox").fill("robots")
    page.get_by_role("searchbox").press("Enter")
    page.locator(".headline a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("width", [360, 640, 1024, 1280])
def test_the_front_page_has_room_for_a_question_at_every_width_or_leads_to_it(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    if width < A_LAPTOP:
        page.get_by_role("button", name="Search").click()
    box = page.get_by_role("searchbox").bounding_box()
    assert box["width"] >= ROOM_FOR_A_QUESTION


def test_a_place_of_three_digits_stands_on_one_line_beside_its_paper(page):
    page.goto("/papers/trending?view=read")
    lines, end = page.locator(".place").first.evaluate("""place => {
        place.textContent = "128";
        const text = document.createRange();
        text.selectNodeContents(place);
        return [text.getClientRects().length, text.getBoundingClientRect().right];
    }""")
    beside = page.locator(".ranked .card").first.bounding_box()
    assert lines == 1
    assert end < beside["x"]


def test_on_paper_a_day_is_what_each_paper_does_and_nothing_waits_for_a_click(page):
    page.goto("/?view=read")
    page.emulate_media(media="print")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    expect(page.locator(".whole-abstract summary").first).to_be_hidden()
    cards = page.locator(".columns .card")
    expect(cards.locator(".excerpt:visible, .text:visible")).to_have_count(cards.count())
    whole = "all => all.every(one => one.scrollHeight <= one.clientHeight + 1)"
    assert page.locator(".columns .excerpt").evaluate_all(whole)
    page.screenshot(path="test-results/print.png", full_page=True)
