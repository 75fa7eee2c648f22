"""Mails as a program for mail shows them: narrow and wide, light and dark, with the head's styles and without."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
HEIGHTS = "[...document.links].map(link => [link.textContent, link.getBoundingClientRect().height])"


@pytest.fixture(scope="module")
def mails(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of mails of the demonstration papers."""
    folder = tmp_path_factory.mktemp("mails")
    data = shutil.copytree(demonstration, folder / "data")
    environment = os.environ | {
        "BROADSHEET_DATA": str(data),
        "BROADSHEET_SITE_URL": "https://papers.example.org",
    }
    subprocess.run([sys.executable, "-m", "tests.browser.mailing", folder], check=True, env=environment)
    read = {
        path.stem: message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    }
    return {name: mail.get_body(("html",)).get_content() for name, mail in read.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["digest", "notices", "confirmation"])
def test_a_mail_is_read_everywhere(
    name: str, scheme: str, mails: dict[str, str], browser: Browser, assert_accessible: Callable[[Page], None]
):
    without_head = re.sub(r"<style.*?</style>", "", mails[name], flags=re.DOTALL)
    page = browser.new_context(color_scheme=scheme, java_script_enabled=True).new_page()
    for html in (mails[name], without_head):
        page.set_content(html)
        for width in (320, 360, 700):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert not [(text, height) for text, height in page.evaluate(HEIGHTS) if height < 24]
        assert_accessible(page)
    page.context.close()
