"""A token that a client sends by mistake is not refused, and is written down nowhere.

Clients of Hugging Face send the token of their user to whatever host they are told to ask.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from tests.site.running import serving

# Each way of sending one has its own, so that a failure tells which is written down.
HEADER, COOKIE, QUERY = "sekrit-in-a-header", "sekrit-in-a-cookie", "sekrit-in-an-address"
SENT = {"Authorization": f"Bearer {HEADER}", "Cookie": f"token={COOKIE}; sessionid={COOKIE}"}
FROM_ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}
QUOTA = 3
MESSAGE = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
A_CALL = MESSAGE | {"method": "tools/call", "params": {"name": "edition", "arguments": {}}}
FROM_AN_AGENT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
TOO_MUCH = b"a=" + b"x" * 5_000_000
FOUND = (
    "/",
    "/papers?q=attention",
    "/papers/date/2017-06-12",
    "/papers/1706.03762",
    "/papers/1706.03762.md",
    "/papers/1706.03762/similar",
    "/papers/1706.03762.bib",
    "/papers/date/2017-06-12.atom",
    "/papers.rss?q=attention",
    "/papers/trending.json",
    "/authors/nobody",
    "/status",
    "/sitemap.xml",
    "/llms.txt",
    "/robots.txt",
    "/healthz",
    "/metrics",
    "/static/icon.svg",
    "/api/daily_papers",
    "/api/papers",
    "/api/papers/search?q=attention",
    "/api/papers/1706.03762",
    "/api/arxiv/1706.03762/repos",
    "/api/agent-harnesses",
    "/api/v1/search?q=attention",
    "/api/v1/papers/1706.03762",
    "/api/v1/changes?since=0",
    "/api/v1/openapi.json",
    "/api/query?search_query=all:attention",
)
REFUSED = (
    "/nowhere",
    "/papers/2611.99999",
    "/papers?page=x",
    "/static/nowhere.css",
    "/api/nowhere",
    "/api/papers/2611.99999",
    "/api/daily_papers?date=2025-13-40",
    "/api/v1/nowhere",
    "/api/v1/search?limit=many",
    "/api/query?id_list=%00",
    "/feed.nothing",
)
BROKEN = (
    "/",
    "/papers/1706.03762",
    "/papers?q=attention",
    "/papers/date/2017-06-12.atom",
    "/api/daily_papers",
    "/api/v1/papers/1706.03762",
    "/api/query?id_list=1706.03762",
    "/sitemap.xml",
)

WRONG_MESSAGES = (
    {"content": b"{", "headers": FROM_AN_AGENT},
    {"json": MESSAGE, "headers": {"Content-Type": "text/plain"}},
    {"json": MESSAGE, "headers": {"Origin": "https://evil.example"}},
    {"json": MESSAGE, "headers": {"Accept": "text/html"}},
    {"content": TOO_MUCH, "headers": FROM_AN_AGENT},
    {"json": MESSAGE, "headers": {"Host": "evil.example"}},
)


class Site:
    """A running site: `answers` is all that it said, `log` what it wrote down."""

    def __init__(self, client: httpx2.Client, log: list[str]) -> None:
        self.client, self.log = client, log
        self.answers: list[str] = []

    def ask(self, address: str, *, method: str = "GET", **more) -> int:
        headers = SENT | more.pop("headers", {})
        given = f"{address}{'&' if '?' in address else '?'}access_token={QUERY}"
        answer = self.client.request(method, given, headers=headers, **more)
        self.answers.append(f"{method} {address}\n{answer.headers}\n{answer.text}")
        return answer.status_code


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that was asked for everything, refused what it had to, and broke in the end."""
    data = shutil.copytree(demonstration, tmp_path_factory.mktemp("site") / "data")
    with serving(data, LOG_LEVEL="DEBUG", API_QUOTA=str(QUOTA), PROXIES="1") as running:
        site = Site(*running)
        for address in FOUND:
            assert site.ask(address) not in {401, 403, 500}, address
        for address in REFUSED:
            assert 400 <= site.ask(address) < 500, address
        for method in ("HEAD", "OPTIONS", "POST", "PUT"):
            assert site.ask("/api/daily_papers", method=method) not in {401, 403, 500}
        for address in ("/", "/api/query", "/api/v1/search", "/api/daily_papers") * 5:
            assert site.ask(address, headers={"Host": "evil.example"}) == 400
        for message in (MESSAGE, A_CALL):
            assert site.ask("/mcp", method="POST", json=message, headers=FROM_AN_AGENT) == 200
        refused = [site.ask("/mcp", method="POST", **wrong) for wrong in WRONG_MESSAGES]
        assert refused == [400, 400, 403, 406, 413, 421]
        assert site.ask("/mcp") == 405
        assert site.ask("/papers/ask", method="POST", headers={"Sec-Fetch-Site": "cross-site"}) == 403
        told = [site.ask("/api/daily_papers", headers=FROM_ELSEWHERE) for _ in range(QUOTA + 1)]
        assert (told[0], told[-1]) == (200, 429)
        break_database(data)
        broken = [site.ask(address) for address in BROKEN]
        assert broken.count(500) > len(BROKEN) // 2
        # Of a tool that breaks the answer tells, by the protocol, not its status.
        assert site.ask("/mcp", method="POST", json=A_CALL, headers=FROM_AN_AGENT) == 200
        assert site.ask("/metrics") == 200
    return site


def break_database(data: Path) -> None:
    """Take the papers away from the running site."""
    with closing(sqlite3.connect(data / "broadsheet.sqlite3", timeout=60)) as database, database:
        for table in ("papers_revision", "papers_paperidentifier", "papers_paperlisting"):
            database.execute(f"DROP TABLE {table}")


@pytest.mark.thorough
@pytest.mark.parametrize("token", [HEADER, COOKIE, QUERY])
def test_no_log_and_no_metric_holds_a_token(site, token):
    assert any("Traceback" in line for line in site.log)
    assert sum('"event": "request"' in line for line in site.log) > len(FOUND) + len(REFUSED)
    assert not [line for line in site.log if token in line]
    metrics = [answer for answer in site.answers if answer.startswith("GET /metrics")]
    assert metrics
    assert "broadsheet_requests_total" in metrics[-1]
    assert not [answer for answer in metrics if token in answer]


# A token in an address comes back in the links of an answer that name its own address.
@pytest.mark.parametrize("token", [HEADER, COOKIE])
def test_no_answer_repeats_a_token(site, token):
    assert len(site.answers) > len(FOUND) + len(REFUSED) + len(BROKEN)
    assert not [answer for answer in site.answers if token in answer]


def test_no_page_repeats_a_token_from_its_address(site):
    pages = [answer for answer in site.answers if "<!DOCTYPE html>" in answer]
    assert len(pages) > 10
    assert not [answer for answer in pages if QUERY in answer]


def test_hosts_that_are_not_ours_fill_no_log(site):
    told = [json.loads(line) for line in site.log if "evil.example" in line]
    # Each minute that it takes has one.
    assert 1 <= len(told) < 5
    assert told[0]["event"].startswith("Invalid HTTP_HOST header: 'evil.example'")
    assert not any("exception" in one for one in told)
