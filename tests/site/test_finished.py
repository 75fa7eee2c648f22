"""Kept pages that go out again as they went out before: to whom they may, and as long as they are so."""

from __future__ import annotations

import httpx2
import pytest
from tests.site.running import import_papers, line

PAPER, OTHER = "/papers/2611.00001", "/papers/2611.00002"
GZIP = {"Accept-Encoding": "gzip"}


def shown(answer: httpx2.Response) -> tuple[int, dict[str, str], bytes]:
    """What an answer says, but for what is of its request alone."""
    own = {"x-request-id", "date"}
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in own}, answer.content


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["/", PAPER, "/categories"])
@pytest.mark.parametrize("headers", [GZIP, {"Accept-Encoding": "identity"}], ids=["gzip", "plain"])
def test_a_page_is_the_same_each_time_but_for_the_id_of_its_request(reader, path, headers):
    answers = [reader.get(path, headers=headers) for _ in range(4)]
    assert answers[0].status_code == 200
    assert all(shown(answer) == shown(answers[0]) for answer in answers)
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 4
    assert "default-src 'none'" in answers[-1].headers["Content-Security-Policy"]


def test_whoever_asks_otherwise_gets_what_they_ask_for(reader):
    page = [reader.get(PAPER, headers=GZIP) for _ in range(3)][-1]
    assert reader.get(PAPER, headers=GZIP | {"Accept": "text/markdown"}).text.startswith("# ")
    assert reader.get(PAPER, headers=GZIP | {"If-None-Match": page.headers["ETag"]}).status_code == 304
    for condition in ({"If-Match": '"other"'}, {"If-Match": page.headers["ETag"]}):
        assert reader.get(PAPER, headers=GZIP | condition).status_code == 412
    assert reader.head(PAPER, headers=GZIP).content == b""
    assert reader.get(PAPER, headers=GZIP | {"Host": "elsewhere.example"}).status_code != 200
    for who in ({"Cookie": "a=b"}, {"Authorization": "Bearer x"}):
        assert reader.get(PAPER, headers=GZIP | who).headers["Cache-Control"] == "private, no-store"
    assert reader.get(PAPER, headers=GZIP).headers["Cache-Control"] == page.headers["Cache-Control"]
    assert reader.post(PAPER, headers=GZIP).status_code in {403, 405}


def test_a_revised_paper_is_shown_at_once_and_one_of_another_day_changes_nothing(reader, read_data):
    before = [reader.get(OTHER, headers=GZIP) for _ in range(3)][-1]
    assert "Tides of the South" in before.text
    import_papers(read_data, line(3, "Winds"))
    assert shown(reader.get(OTHER, headers=GZIP)) == shown(before)
    import_papers(read_data, line(2, "Tides of the East", version=2))
    for _ in range(3):
        assert "Tides of the East" in reader.get(OTHER, headers=GZIP).text


def test_each_answer_is_counted(reader):
    def counted() -> float:
        lines = reader.get("/metrics").text.splitlines()
        wanted = 'broadsheet_requests_total{method="GET",status="200",view="paper"}'
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(wanted))

    before = counted()
    for _ in range(5):
        reader.get(PAPER, headers=GZIP)
    assert counted() == before + 5
