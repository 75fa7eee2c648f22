"""A curator merges pages, splits papers off and takes it back, in Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.cli.test_operating import broadsheet
from tests.site.running import serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def data(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(demonstration, tmp_path_factory.mktemp("curating") / "data")


@pytest.fixture(scope="module")
def site(data: Path) -> Iterator[str]:
    with serving(data) as (client, _):
        yield str(client.base_url).rstrip("/")


def test_names_are_curated_without_script_accessible_in_light_and_in_dark_and_on_a_phone(
    open_page, data, site, assert_accessible
):
    page = open_page(java_script_enabled=False)
    link = re.search(r"/enter/\S+", broadsheet(data, "open").stdout)[0]
    page.goto(link)
    page.goto("/authors/kaiming-he")
    page.get_by_role("link", name="Curate this name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Names of Kaiming He")
    page.get_by_label("Its name").fill("sun jian")
    page.get_by_role("button", name="Look for it").click()
    page.get_by_role("link", name="Jian Sun").click()
    page.get_by_label("Jian Sun (jian-sun):").check()
    looked_at = page.url
    page.get_by_role("button", name="Merge the two pages").click()
    expect(page).to_have_url(re.compile("/authors/jian-sun/names$"))
    expect(page.get_by_text("Also written")).to_be_visible()
    page.get_by_label("Kaiming He (kaiming-he) is jian-sun").check()
    page.get_by_role("button", name="Take back what is chosen").click()
    expect(page.get_by_text("Also written")).to_be_hidden()
    look = open_page(
        color_scheme="light",
        viewport={"width": 1280, "height": 900},
        storage_state=page.context.storage_state(),
    )
    look.goto(looked_at)
    assert_accessible(look)
    look.emulate_media(color_scheme="dark")
    assert_accessible(look, only="color-contrast")
    look.set_viewport_size({"width": 320, "height": 640})
    assert look.evaluate("document.documentElement.scrollWidth") <= 320
