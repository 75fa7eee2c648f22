"""A page of another site, in the browser of somebody who signed in here, does nothing here and reads nothing of theirs.

The other site is another port of the same host: to a browser that is the same site, which sends cookies along.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.cli.test_operating import broadsheet
from tests.site.every_form import FORMS
from tests.site.running import import_papers, line, serving

pytestmark = pytest.mark.browser
PROGRAMS = [
    ("PUT", "/api/v1/papers/2611.00001/vote", ""),
    ("POST", "/api/v1/papers/2611.00001/comments", '{"text": "Planted."}'),
    ("POST", "/api/papers/2611.00001/comment", '{"comment": "Planted."}'),
    ("POST", "/api/papers/submit", '{"paperId": "2611.00001"}'),
    ("POST", "/mcp", '{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}'),
]
# Each form is sent as a page can without asking first, and each address of programs in every way that a page has.
SEND = """async ([site, forms, programs]) => {
    const read = [];
    for (const [address, fields] of forms)
        await fetch(site + address, {method: "POST", mode: "no-cors", credentials: "include",
            body: new URLSearchParams(fields)}).catch(() => 0);
    for (const [method, address, body] of programs)
        for (const type of ["text/plain", "application/json"])
            await fetch(site + address, {method, credentials: "include", headers: {"Content-Type": type},
                body: body || undefined}).then(async answer => read.push(answer.status), () => 0);
    for (const address of ["/settings", "/notices", "/api/v1/me", "/"])
        await fetch(site + address, {credentials: "include"}).then(
            async answer => read.push(address + (await answer.text()).slice(0, 80)), () => 0);
    return read;
}"""


class Elsewhere(BaseHTTPRequestHandler):
    """The page of the other site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>elsewhere</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def all_that_is_mine(page, site: str) -> str:
    """What the settings, the notices, the submissions and the discussion say."""
    said = []
    for address in (
        "/settings",
        "/notices",
        "/submit",
        "/claims",
        "/papers/2611.00001/discussion",
        "/moderation/log",
    ):
        page.goto(site + address)
        said.append(page.locator("main").inner_text())
    page.goto(site + "/papers/2611.00001")
    return "\n".join([*said, page.locator(".vote").first.inner_text()])


def test_a_page_of_another_site_does_nothing_with_the_cookie_of_a_reader(
    browser: Browser, elsewhere, tmp_path
):
    data: Path = tmp_path / "data"
    data.mkdir()
    import_papers(data, line(1, "Tides"))
    with serving(data) as (client, _):
        site = str(client.base_url).rstrip("/")
        context = browser.new_context()
        page = context.new_page()
        page.goto(broadsheet(data, "open", "--site", site).stdout.strip())
        before = all_that_is_mine(page, site)
        assert "Vote" in before
        other = context.new_page()
        other.goto(elsewhere)
        forms = [
            [form.address.format_map(Ones()), {k: str(v).format_map(Ones()) for k, v in form.fields.items()}]
            for form in FORMS
        ]
        read = other.evaluate(SEND, [site, forms, PROGRAMS])
        assert not [one for one in read if one not in {401, 403, 404, 405, 406, 411, 415}], json.dumps(read)
        assert all_that_is_mine(page, site) == before
        context.close()


class Ones(dict):
    """Every key is 1."""

    def __missing__(self, key: str) -> str:
        return "1"
