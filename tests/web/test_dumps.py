"""The public dumps on the web, where an instance hands them out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.web.press import paper, publish

from broadsheet.sources.outgoing import dumping

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 17, 45, 1, tzinfo=UTC)


@pytest.fixture
def handing_out(settings: Any) -> Path:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"dump": True})
    return Path(settings.BROADSHEET.data) / dumping.FOLDER


def test_a_dump_is_listed_and_each_of_its_files_can_be_taken_away(client, read, handing_out):
    assert "still to be written" in read("/dumps")
    publish(paper(1))
    made = dumping.dump(handing_out, now=NOW)
    html = read("/dumps")
    for name, size in made.files:
        address = f"/dumps/2026-11-22T174501Z/{name}"
        assert f'href="{address}"' in html
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
        content = b"".join(answer.streaming_content)
        if name not in ("README.md", "SHA256SUMS"):
            assert (content, answer["Content-Length"]) == ((made.path / name).read_bytes(), str(size))
        again = client.get(address, headers={"If-None-Match": answer["ETag"].removeprefix("W/")})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/dumps/2026-11-15T174501Z/papers.jsonl.zst",
        "/dumps/2026-11-22T174501Z/secret_key",
        "/dumps/../secret_key",
    ],
)
def test_nothing_but_the_files_of_dumps_is_handed_out(read, handing_out, address):
    dumping.dump(handing_out, now=NOW)
    read(address, status=404)


def test_an_instance_that_hands_out_no_dumps_says_so(read, settings):
    dumping.dump(Path(settings.BROADSHEET.data) / dumping.FOLDER, now=NOW)
    html = read("/dumps", status=404)
    assert "hands out no dumps" in html
    assert "BROADSHEET_DUMP=true" in html
    read("/dumps/2026-11-22T174501Z/papers.jsonl.zst", status=404)
