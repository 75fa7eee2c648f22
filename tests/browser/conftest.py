"""A real Chromium before a real `broadsheet serve` with the demonstration papers.

The site runs in a process of its own: what readers meet is granian, the middleware and the static files, and
Playwright's event loop in this process never meets Django's database code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright
from tests.ports import free_port

import chromium

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "test-results"
# Chromium talks to its maker on its own.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PATIENCE = 60.0
FAILED = pytest.StashKey[bool]()

OpenPage = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site with the demonstration papers; tests read it and leave it as it is.

    It has no worker, which would ask arXiv.
    """
    data = shutil.copytree(demonstration, tmp_path_factory.mktemp("site") / "data")
    broadsheet = [Path(sys.executable).with_name("broadsheet"), "--data", data]
    # axe looks at each element of a page against many others: more of the same would only take longer.
    environment = os.environ | {"BROADSHEET_PAGE_SIZE": "12", "BROADSHEET_SOURCES": "arxiv"}
    filling = [sys.executable, "-m", "tests.browser.filling"]
    subprocess.run(filling, check=True, cwd=ROOT, env=environment | {"BROADSHEET_DATA": str(data)})
    port = free_port()
    with (data / "log").open("wb") as log:
        server = subprocess.Popen(
            [*broadsheet, "serve", "--no-worker", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for_first_page(address, server, data / "log")
            yield address
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


# Playwright's event loop would trip Django in the tests after these, so the browser ends with a module.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's. It sees our own pages alone, and needs no sandbox for them."""
    if problem := chromium.problem_of_driver():
        go_without("Playwright", problem)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        except Error as problem:
            go_without("Chromium", problem.message)
        yield browser
        browser.close()


def go_without(program: str, problem: str) -> NoReturn:
    """Skip what needs the program; in continuous integration that is a failure."""
    reason = f"needs {program}, which `make test` installs where it may: {problem.splitlines()[0]}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def open_page(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open a page with a context's options, for example `open_page(java_script_enabled=False)`.

    An error on the console, a missing file and a request to any other host fail the test; a failed test leaves a
    screenshot of each of its pages in test-results/.
    """
    problems: list[str] = []
    pages: list[Page] = []

    def open_one(**options: object) -> Page:
        page = browser.new_context(base_url=site, **options).new_page()
        _watch(page, site, problems)
        pages.append(page)
        return page

    yield open_one
    for number, page in enumerate(pages):
        if request.node.stash.get(FAILED, False) or problems:
            page.screenshot(path=PICTURES / f"{request.node.name}-{number}.png", full_page=True)
        page.context.close()
    assert not problems


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page as most readers have it; addresses are relative to the site."""
    return open_page()


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Fail with axe's own report if the page as it stands breaks one of its rules, or the `only` one."""
    axe = Axe()

    def check(page: Page, *, only: str = "") -> None:
        found = axe.run(page, options={"runOnly": [only]} if only else None)
        assert not found.violations_count, found.generate_report()

    return check


def _watch(page: Page, site: str, problems: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        # Chromium reports every failed answer here too, even that of a page which is meant to be a 404.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            problems.append(f"{response.status} for {response.url}")

    def on_request_to(url: str) -> None:
        if not url.startswith((f"{site}/", "data:", "blob:")):
            problems.append(f"request to another host: {url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("response", on_response)
    page.on("request", lambda request: on_request_to(request.url))


def _wait_for_first_page(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the site did not start:\n{log.read_text()}")
