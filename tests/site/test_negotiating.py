"""Every address answers as HTTP says (RFC 9110): HEAD as GET, conditions, codings, what it varies by."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.site.test_protecting import ADDRESSES
from tests.web.press import paper, publish

from broadsheet.search import indexing
from broadsheet.sources.outgoing import dumping
from broadsheet.web import assets

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUMP = "/dumps/2026-11-22T174501Z"
WITH_QUERIES = ["/papers?q=paper", "/papers.atom?q=paper", "/api/query?search_query=all:paper"]
WITH_QUERIES += ["/api/query?id_list=2611.00001", "/api/query?id_list=2611.99999", "/api/v1/search?q=paper"]
WITH_QUERIES += ["/api/papers/search?q=paper", "/papers/2611.00001.md", f"{DUMP}/README.md"]
WITH_QUERIES += [f"{DUMP}/papers.jsonl.zst", "/static/broadsheet.css", "/static/icon.svg", "/static/none.css"]
ALL = [*ADDRESSES, *WITH_QUERIES]
# What differs from request to request: counted, or said of this request alone.
OF_THE_REQUEST = {"X-Request-Id", "RateLimit", "Last-Modified", "Expires", "Date"}
# They tell what is going on just now.
LIVE = {"/metrics", "/status", "/api/v1/status", "/healthz"}
# Each form of allauth has a mark that is made anew whenever it is shown.
LIVE |= {address for address in ADDRESSES if address.startswith("/accounts/")}
DESCRIBES_CONTENT = {"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition"}


@pytest.fixture
def site(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    """A site with a paper that can be searched for, and with a dump to be taken away."""
    time_machine.move_to(NOON, tick=False)
    changed = {"dump": True, "limits": "off", "data": tmp_path}
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changed)
    publish(paper(1))
    while indexing.catch_up():
        pass
    dumping.dump(tmp_path / dumping.FOLDER, now=datetime(2026, 11, 22, 17, 45, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Answer:
    """An answer that was read to its end."""

    status: int
    headers: dict[str, str]
    sent: bytes

    @property
    def content(self) -> bytes:
        """What was sent, without its coding."""
        return gzip.decompress(self.sent) if self.headers.get("Content-Encoding") == "gzip" else self.sent

    def says(self, *but: str) -> dict[str, str]:
        """Its headers, but for those of the request alone, and these."""
        return {name: value for name, value in self.headers.items() if name not in {*OF_THE_REQUEST, *but}}


def ask(client: Client, address: str, method: str = "GET", **headers: str) -> Answer:
    answer = client.generic(
        method, address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Answer(answer.status_code, dict(answer.items()), sent)


def test_head_says_what_get_says(site, client):
    for address in [one for one in ALL if one not in LIVE]:
        for coding in ("gzip", "identity"):
            got, head = (ask(client, address, method, accept_encoding=coding) for method in ("GET", "HEAD"))
            assert head.status == got.status, address
            # A compressed page is padded at random, to hide how long it is; 405 names the method.
            but = ["Content-Length"] if coding == "gzip" or got.status == 405 else []
            assert head.says(*but) == got.says(*but), address


def test_an_answer_comes_in_the_coding_that_was_asked_for_with_the_same_content(site, client):
    for address in [one for one in ALL if one not in LIVE]:
        plain = ask(client, address)
        assert "Content-Encoding" not in plain.headers, address
        assert "accept-encoding" in plain.headers["Vary"].lower(), address
        for header in ("gzip", "identity;q=0, gzip", "*", "gzip;q=0.5, *;q=0"):
            small = ask(client, address, accept_encoding=header)
            assert (small.status, small.content) == (plain.status, plain.content), (address, header)
            if "=0," in header and plain.content:
                assert small.headers["Content-Encoding"] == "gzip", address
        for header in ("gzip;q=0", "identity", "br;q=1.0, gzip;q=0.000", "gzip;q=0.2, identity;q=0.8"):
            assert ask(client, address, accept_encoding=header).says() == plain.says(), (address, header)


def test_a_client_that_takes_no_coding_there_is_gets_none(site, client):
    for address in ALL:
        usual, refused = ask(client, address), ask(client, address, accept_encoding="identity;q=0, br")
        assert refused.status == (406 if usual.status == 200 else usual.status), address
        assert "Content-Encoding" not in refused.headers, address
        assert refused.headers["Content-Security-Policy"] == usual.headers["Content-Security-Policy"], address


def test_what_somebody_has_is_not_sent_again_and_has_the_headers_it_would_have_had(site, client):
    for address in [one for one in ALL if one not in LIVE]:
        usual = ask(client, address, accept_encoding="gzip")
        tag = usual.headers.get("ETag", '"none"')
        for condition in (tag, tag.removeprefix("W/"), f'"other", {tag}', f'W/"a","b" ,{tag}', "*"):
            for method in ("GET", "HEAD"):
                again = ask(client, address, method, if_none_match=condition, accept_encoding="gzip")
                if usual.status == 200:
                    assert (again.status, again.sent) == (304, b""), (address, condition)
                    assert again.says() == usual.says(*DESCRIBES_CONTENT), (address, condition)
                else:
                    assert again.status == usual.status, address


def test_what_is_another_one_by_now_is_sent_and_who_wants_another_one_is_told(site, client):
    for address in ALL:
        usual = ask(client, address).status
        assert ask(client, address, if_none_match='"other"').status == usual, address
        assert ask(client, address, if_match="*").status == usual, address
        changed = ask(client, address, if_match='"other"').status
        assert changed == (412 if usual == 200 else usual), address


def test_only_what_tells_when_it_changed_can_have_changed_since(site, client):
    for address in ALL:
        usual = ask(client, address)
        changed = 412 if usual.status == 200 and "Last-Modified" in usual.headers else usual.status
        for method in ("GET", "HEAD"):
            answer = ask(client, address, method, if_unmodified_since="Mon, 03 Jan 2000 00:00:00 GMT")
            assert answer.status == changed, address
        later = ask(client, address, if_unmodified_since="Thu, 03 Jan 2030 00:00:00 GMT")
        assert later.status == usual.status, address
        assert ask(client, address, if_unmodified_since="never").status == usual.status, address


def test_a_tag_changes_with_the_content_alone(site, client, time_machine):
    still = [one for one in ALL if one not in LIVE]
    first = [ask(client, address).headers.get("ETag") for address in still]
    time_machine.move_to(NOON + timedelta(minutes=3), tick=False)
    assert [ask(client, address).headers.get("ETag") for address in still] == first


@pytest.mark.parametrize("address", ["/dumps/x/y", f"{DUMP}/secret_key", "/papers/2611.77777", "/static/x"])
def test_what_is_not_there_is_not_there_whatever_somebody_has(site, client, address):
    for tag in ("*", f'"{address.removeprefix("/dumps/")}"', '"x/y"'):
        assert ask(client, address, if_none_match=tag).status == 404


def test_a_static_file_is_kept_for_a_year_under_the_mark_it_has_and_no_other(client):
    own = assets.address("broadsheet.css")
    assert "immutable" in ask(client, own).headers["Cache-Control"]
    for other in ("/static/broadsheet.css", own[:-1]):
        assert ask(client, other).headers["Cache-Control"] == assets.ASKED_EACH_TIME
    for outside in ("/static/../urls.py", "/static/%2e%2e/urls.py"):
        assert ask(client, outside).status in {400, 404}
