"""Keys: each presses what stands on the page, and none does anything where somebody writes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from broadsheet.web import assets

pytestmark = pytest.mark.browser
LARGEST = 6 * 1024


@pytest.mark.anywhere
def test_the_script_is_smaller_than_six_kilobytes_as_it_is_served():
    assert len(assets.read("keys.js").content) < LARGEST


def test_a_question_mark_opens_the_sheet_of_keys_over_the_page_and_escape_closes_it(page, assert_accessible):
    page.goto("/?view=scan")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("j")
    expect(page.locator(".here")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("?")
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()


def test_where_no_list_is_scanned_a_question_mark_leads_to_the_page_of_keys(page):
    page.goto("/status")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keys")


def test_a_slash_leads_to_the_search_and_letters_do_nothing_there_or_with_another_key(page):
    page.goto("/status")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("g t?")
    expect(page.get_by_role("searchbox")).to_have_value("g t?")
    page.get_by_role("searchbox").blur()
    page.keyboard.press("Control+?")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("/")


def test_letters_are_switched_off_in_one_browser_on_the_page_of_keys(page):
    page.goto("/about/keys")
    page.get_by_role("checkbox", name="in this browser").uncheck()
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    page.goto("/about/keys")
    page.get_by_role("checkbox", name="in this browser").check()
    page.goto("/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
