"""Programs read a paper as Markdown, at an address of its own or by asking for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.web.press import paper, publish

from broadsheet.papers.identifiers import Identifier

pytestmark = pytest.mark.django_db
MARKDOWN = "text/markdown; charset=utf-8"


@pytest.fixture(autouse=True)
def _papers(db) -> None:
    publish(paper(1), replace(paper(2), identifiers=(Identifier("arxiv", "hep-th/9901001"),)))


@pytest.mark.parametrize("name", ["2611.00001", "2611.00001v3", "hep-th/9901001v2"])
def test_a_paper_is_markdown_at_an_address_of_its_own(client, name):
    answer = client.get(f"/papers/{name}.md")
    assert (answer.status_code, answer["Content-Type"]) == (200, MARKDOWN)
    assert answer.content.startswith(b"# Paper number ")
    page = f"http://testserver/papers/{name.partition('v')[0]}"
    assert answer["Link"] == f'<{page}>; rel="canonical"'
    assert client.get(page.removeprefix("http://testserver")).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "type_"),
    [
        ("text/markdown", MARKDOWN),
        (MARKDOWN, MARKDOWN),
        ("text/markdown, text/html;q=0.9, */*;q=0.8", MARKDOWN),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
    ],
)
def test_who_prefers_markdown_gets_it(client, accepted, type_):
    for _ in range(2):  # made, then kept
        answer = client.get("/papers/2611.00001", headers={"accept": accepted})
        assert answer["Content-Type"] == type_
        assert "Accept" in answer["Vary"].split(", ")


def test_a_paper_that_is_not_here_is_an_error_that_programs_read(client):
    answer = client.get("/papers/1234.56789.md")
    assert (answer.status_code, answer.json()) == (404, {"error": answer["X-Error-Message"]})
