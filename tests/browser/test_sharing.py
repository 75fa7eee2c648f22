"""What stands in the head of a page for search engines does not trouble the browser."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.browser
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(event.blockedURI));
"""


def test_linked_data_of_a_paper_is_no_script_to_the_browser(page):
    page.add_init_script(LISTEN)
    answer = page.goto("/papers/1706.03762")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    said = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert said["name"] == "Attention Is All You Need"
    assert said["url"] == page.url
    assert page.locator("link[rel=canonical]").get_attribute("href") == page.url
    assert page.evaluate("window.violations") == []
