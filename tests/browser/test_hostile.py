"""What attackers write in every field stays text: nothing of it runs, and no page breaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.site.running import serving

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PAPER, TALK = "/papers/2611.00001", "/papers/2611.00001/discussion"
FOR_ALL = [
    "/",
    PAPER,
    TALK + "?all",
    TALK + "/{comment}/history",
    "/organizations",
    "/organizations/mira",
    "/authors/author-a-of-1",
    "/moderation/log",
    "/papers?q=%3Cscript%3E",
    "/papers/discussed",
    PAPER + "/similar",
]
OF_READER = [
    TALK + "?answer={comment}",
    TALK + "/{comment}/report",
    "/settings",
    "/claims",
    "/submit",
    "/notices",
    "/people/reader-0/report",
    PAPER + "/claim",
]
OF_MODERATOR = [
    PAPER,
    TALK + "?all",
    "/moderation",
    "/curate",
    "/authors/author-a-of-1/names?with=author-b-of-1",
    "/settings",
    "/settings/invitations",
    "/admin/community/comment/",
    "/admin/community/comment/{comment}/change/",
    "/admin/community/claim/",
    "/admin/community/report/",
    "/admin/community/deed/",
    "/admin/accounts/person/",
]
# What no page of ours has, wherever it came from.
NEVER = """() => [...document.querySelectorAll('*')].filter(one =>
    [...one.attributes].some(said => said.name.startsWith('on') || said.name === 'style'
        || /^\\s*(javascript|vbscript|data):/i.test(said.value))
    || ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'FOREIGNOBJECT', 'STYLE'].includes(one.tagName.toUpperCase())
    || (one.tagName === 'FORM' && new URL(one.action).origin !== location.origin)
    || (one.tagName === 'SCRIPT' && !one.src && !/json/.test(one.type))
    || (one.tagName === 'IMG' && new URL(one.src).origin !== location.origin)
).map(one => one.outerHTML.slice(0, 200))"""
PILED = r"() => /\p{M}{5,}/u.test(document.body.innerText)"


@pytest.fixture(scope="module", params=["few", pytest.param("all", marks=pytest.mark.thorough)])
def filled(request, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running site that attackers wrote on."""
    data = tmp_path_factory.mktemp("hostile")
    settings = {"ACCESS": "open", "LIMITS": "off", "SITE_URL": "http://localhost"}
    environment = os.environ | {f"BROADSHEET_{name}": said for name, said in settings.items()}
    environment["BROADSHEET_DATA"] = str(data)
    program = [sys.executable, "-m", "tests.browser.hostile", request.param]
    done = subprocess.run(program, check=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    with serving(data, **settings) as (client, _):
        address = str(client.base_url).replace("127.0.0.1", "localhost").rstrip("/")
        yield json.loads(done.stdout.splitlines()[-1]) | {"address": address}


@pytest.fixture(scope="module")
def site(filled: dict[str, Any]) -> str:
    return filled["address"]


def enter(page: Page, filled: dict[str, Any], who: str) -> None:
    cookie = {"name": "broadsheet_session", "value": filled[who], "url": filled["address"]}
    page.context.add_cookies([cookie])


def look(page: Page, filled: dict[str, Any], addresses: list[str]) -> list[str]:
    """What is wrong with these pages."""
    wrong = []
    for template in addresses:
        address = template.format(**filled)
        answer = page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found = {
            f"status {answer.status}": answer.status != 200,
            "something ran": page.evaluate("document.documentElement.dataset.ran") is not None,
            "no heading": page.locator("h1").count() == 0,
            **dict.fromkeys(page.evaluate(NEVER), True),
        }
        if not address.startswith("/admin"):
            found |= {
                "piled marks": page.evaluate(PILED),
                "no footer": not page.locator("footer").last.is_visible(),
                f"{wide} wide": wide > 320,
            }
        wrong += [f"{address}: {said}" for said, is_so in found.items() if is_so]
    return wrong


def test_nothing_that_attackers_write_runs_or_breaks_a_page(open_page, filled):
    assert all(filled["filled"]), filled["filled"]
    people = [f"/people/reader-{number}" for number in range(filled["people"])]
    phone = {"width": 320, "height": 640}
    wrong = look(open_page(viewport=phone), filled, [*FOR_ALL, *people])
    for who, addresses in (("reader", OF_READER), ("moderator", OF_MODERATOR)):
        page = open_page(viewport=phone)
        enter(page, filled, who)
        wrong += look(page, filled, addresses)
    assert wrong == []
