"""What comes from outside is shown as text, and pages load nothing from elsewhere."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.web.press import FRIDAY, Links, paper, publish, without_ours

from broadsheet.papers.record import AuthorName, Link, OrganizationName

pytestmark = pytest.mark.django_db
EVIL = """<script>alert("1")</script> & <EOS> 'x' "><img src=x onerror=alert(1)>"""
PAGES = (
    "/",
    "/papers/date/2026-11-20",
    "/papers/trending",
    "/papers/2611.00001",
    "/papers/2611.00001/similar",
    "/organizations",
    "/organizations/evil",
)


@pytest.mark.parametrize("address", PAGES)
def test_foreign_text_is_escaped_wherever_it_stands(read, address):
    publish(
        paper(
            1,
            title=EVIL,
            abstract=EVIL,
            authors=(AuthorName(EVIL),),
            organizations=(OrganizationName("evil", EVIL),),
            categories=(EVIL[:30],),
            keywords=(EVIL,),
            comment=EVIL,
            journal_ref=EVIL,
            license=EVIL,
            links=(Link("code", 'https://x.example/"><script>'), Link("page", "https://[::1/")),
        )
    )
    html = without_ours(read(address)).replace('<script type="application/ld+json">', "", 1)
    page = Links(html)
    assert "<script" not in html
    assert "<img" not in html
    assert "<EOS>" not in html
    assert not page.styled
    assert "alert" in html


@pytest.mark.parametrize(
    "query", [EVIL, "\0", "%FF", "x" * 10_000, "' OR 1=1 --", "title:", '"', "a:b:c (", "🦄" * 500]
)
def test_a_query_may_hold_anything(client, query):
    publish(paper(1))
    response = client.get("/papers", {"q": query})
    assert response.status_code in {200, 400}
    assert "<script" not in without_ours(response.text)
    assert b"<img" not in response.content


def test_a_query_that_is_no_utf_8_has_an_answer(client):
    assert client.get("/papers?q=%FF%FE%00").status_code == 200


def test_pages_load_only_our_own_files_and_hold_no_script_or_style(client):
    publish(*(paper(number) for number in range(1, 9)))
    for address in (
        *PAGES[:-1],
        "/papers?q=paper",
        "/status",
        "/about/ranking",
        "/nowhere",
        "/papers/date/2026-11-21",
    ):
        response = client.get(address)
        page = Links(response.content.decode())
        assert not page.styled, address
        assert page.loaded
        assert all(one.startswith("/static/") for one in page.loaded)
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy


# Links to other days, weeks and authors are alike.
@pytest.mark.thorough
@pytest.mark.parametrize("most_alike", [3, 1000])
def test_every_internal_link_leads_somewhere(client, most_alike):
    publish(
        *(paper(number, listed=FRIDAY) for number in range(1, 9)),
        *(paper(number, listed=None) for number in range(9, 12)),
    )
    waiting, seen, alike = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        # No index is made here, and a list that cannot say so is refused.
        is_refused = response.status_code == 503 and "?q=" in address
        # What is somebody's own leads a stranger to where one signs in.
        is_led_in = response.headers.get("Location", "").startswith("/accounts/login/?next=")
        assert response.status_code == 200 or is_refused or is_led_in, address
        for target in Links(response.content.decode()).targets:
            bare = target.split("#")[0]
            if bare.startswith("/") and bare not in seen:
                seen.add(bare)
                kind = re.sub(r"\d+", "0", bare)
                alike[kind] += 1
                if alike[kind] <= most_alike:
                    waiting.append(bare)
    assert len(seen) > 30
