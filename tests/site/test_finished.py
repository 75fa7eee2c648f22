"""Kept pages that go out again as they went out before: to whom they may, and as long as they are so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.cli.test_operating import broadsheet
from tests.site.running import serving
from tests.sources.inputs import arxiv_line

PAPER, OTHER = "/papers/2611.00001", "/papers/2611.00002"
GZIP = {"Accept-Encoding": "gzip"}


def line(number: int, title: str, version: int = 1) -> bytes:
    versions = [{"version": f"v{n + 1}", "created": "Mon, 2 Nov 2026 08:00:00 GMT"} for n in range(version)]
    return arxiv_line(f"2611.{number:05}", title=title, versions=versions)


def import_papers(data: Path, *lines: bytes) -> None:
    file = data / "papers.jsonl"
    file.write_bytes(b"".join(lines))
    assert broadsheet(data, "import", str(file)).returncode == 0


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("site")
    import_papers(data, line(1, "Tides of the North"), line(2, "Tides of the South"))
    return data


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx2.Client]:
    with serving(data) as (client, _):
        yield client


def shown(answer: httpx2.Response) -> tuple[int, dict[str, str], bytes]:
    """What an answer says, but for what is of its request alone."""
    own = {"x-request-id", "date"}
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in own}, answer.content


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/", PAPER, "/categories"])
@pytest.mark.parametrize("headers", [GZIP, {"Accept-Encoding": "identity"}], ids=["gzip", "plain"])
def test_a_page_is_the_same_each_time_but_for_the_id_of_its_request(client, path, headers):
    answers = [client.get(path, headers=headers) for _ in range(4)]
    assert answers[0].status_code == 200
    assert all(shown(answer) == shown(answers[0]) for answer in answers)
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 4
    assert "default-src 'none'" in answers[-1].headers["Content-Security-Policy"]


def test_whoever_asks_otherwise_gets_what_they_ask_for(client):
    page = [client.get(PAPER, headers=GZIP) for _ in range(3)][-1]
    assert client.get(PAPER, headers=GZIP | {"Accept": "text/markdown"}).text.startswith("# ")
    assert client.get(PAPER, headers=GZIP | {"If-None-Match": page.headers["ETag"]}).status_code == 304
    for condition in ({"If-Match": '"other"'}, {"If-Match": page.headers["ETag"]}):
        assert client.get(PAPER, headers=GZIP | condition).status_code == 412
    assert client.head(PAPER, headers=GZIP).content == b""
    assert client.get(PAPER, headers=GZIP | {"Host": "elsewhere.example"}).status_code != 200
    for who in ({"Cookie": "a=b"}, {"Authorization": "Bearer x"}):
        assert client.get(PAPER, headers=GZIP | who).headers["Cache-Control"] == "private, no-store"
    assert client.get(PAPER, headers=GZIP).headers["Cache-Control"] == page.headers["Cache-Control"]
    assert client.post(PAPER, headers=GZIP).status_code in {403, 405}


def test_a_revised_paper_is_shown_at_once_and_one_of_another_day_changes_nothing(client, data):
    before = [client.get(OTHER, headers=GZIP) for _ in range(3)][-1]
    assert "Tides of the South" in before.text
    import_papers(data, line(3, "Winds"))
    assert shown(client.get(OTHER, headers=GZIP)) == shown(before)
    import_papers(data, line(2, "Tides of the East", version=2))
    for _ in range(3):
        assert "Tides of the East" in client.get(OTHER, headers=GZIP).text


def test_each_answer_is_counted(client):
    def counted() -> float:
        lines = client.get("/metrics").text.splitlines()
        wanted = 'broadsheet_requests_total{method="GET",status="200",view="paper"}'
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(wanted))

    before = counted()
    for _ in range(5):
        client.get(PAPER, headers=GZIP)
    assert counted() == before + 5
