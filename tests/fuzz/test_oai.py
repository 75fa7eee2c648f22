"""Whatever a repository answers, reading it ends in records and named refusals, never in another exception."""

from __future__ import annotations

import random
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.sources.inputs import SEEN
from tests.sources.live.oai_formats import paper
from tests.sources.live.oai_repository import Repository
from tests.sources.local_server import Request

from broadsheet.papers.record import Record, RecordError
from broadsheet.sources.files.readings import Refusal, record_or_refusal
from broadsheet.sources.live.arxiv import metadata
from broadsheet.sources.live.arxiv.metadata import split_authors
from broadsheet.sources.live.arxiv.oai_protocol import OaiError, parse
from broadsheet.sources.live.arxiv.records import Told

TOKENS = [
    b"", b"<", b">", b"&", b"&lt;", b"&#0;", b"&#x10FFFF;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?a", b"\0", b"\xff",
    b"v1", b"v0", b"Thu, 31 Feb 2026 00:00:00 GMT", b"Thu, 31 Dec 9999 23:59:59 GMT", b"2026-11-21", b"9999-99-99",
    b"<error>", b"<record/>", b"<metadata/>", b"</metadata>", b"<header/>", b'status="deleted"', b"xmlns=", b"\n  ",
]  # fmt: skip


def answer(prefix: str) -> bytes:
    repository = Repository([paper(number) for number in range(12)])
    query = {"verb": "ListRecords", "metadataPrefix": prefix}
    return repository.respond(Request("GET", "/oai", query, {}, repeated=False, at=0)).body


ANSWERS = [answer("arXiv"), answer("arXivRaw"), answer("none")]


def read_all(body: bytes) -> None:
    page = parse(body)
    assert page.latest is None or page.latest.isoformat()
    for item in page.items:
        with suppress(RecordError):
            metadata.authors(item.metadata)
        told = Told(authors=(), observed_at=SEEN)
        reading = record_or_refusal("here", metadata.record, item.metadata, told)
        assert isinstance(reading, Record | Refusal)


@given(st.sampled_from(ANSWERS), st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_damaged_answer_is_read_or_refused_in_words(body: bytes, chance: random.Random, cuts: int) -> None:
    for _ in range(cuts):
        start = chance.randrange(len(body))
        body = body[:start] + chance.choice(TOKENS) + body[start + chance.choice((0, 0, 1, 7, 60)) :]
    with suppress(OaiError):
        read_all(body)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    with suppress(OaiError):
        read_all(body)


@given(st.text(st.sampled_from("AbÉß .,;:()&\\{}\"'^~*and vonJrIV\n\0\ud800"), max_size=80))
def test_any_string_of_authors_gives_names_without_blanks_around_them(text: str) -> None:
    with suppress(RecordError):
        for one in split_authors(text):
            assert one.name
            assert one.name == one.name.strip()
