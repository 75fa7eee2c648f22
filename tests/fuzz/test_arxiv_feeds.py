"""Whatever arXiv's feeds and its API send, reading it ends in records, refusals, or one error in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.sources.live.arxiv_feeds import BOMB, Paper, atom, papers, query_answer, query_error, refusal, rss

from broadsheet.papers.record import Record
from broadsheet.sources.files.fields import squeeze
from broadsheet.sources.files.readings import Reading, Refusal
from broadsheet.sources.files.strict_xml import XmlError
from broadsheet.sources.live.arxiv import api, feed

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = date(2026, 11, 20)
HOLIDAYS = frozenset({date(2026, 11, 26)})
LISTED = [
    Paper(kind="new", authors="Ines Vale (Oslo, Norway), T. Birk Jr"),
    *papers(2, kind="replace", version=2),
]

# Pieces that mean something to XML, or to one field or another.
TOKENS = [
    b"",
    b"\n",
    b"\0",
    b"\x0b",
    b"\xff",
    b"<",
    b">",
    b"&",
    b"&#x0;",
    b"&#xd800;",
    b"&nope;",
    b"<![CDATA[",
]
TOKENS += [
    b"]]>",
    b"<!--",
    b"-->",
    b"<?x ?>",
    b"<b/>",
    b"</item>",
    b"</entry>",
    b"<item/>",
    b"<entry/>",
    b'"',
]
TOKENS += [
    b"v0",
    b"v99999",
    b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z",
    b"Mon, 31 Feb 0000 99:99:99 -9999",
]
TOKENS += [
    b"encoding='UTF-16'",
    b"encoding='UTF-7'",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
    b"oai:arXiv.org:",
    b"(" * 50,
]

# What XML can hold at all.
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


def read_feed(body: bytes) -> Sequence[Reading]:
    parsed = feed.read(body, category="cs.LG", observed_at=NOW)
    assert len(parsed.announced) <= parsed.items
    assert len(parsed.readings) <= parsed.items
    return parsed.readings


def read_api(body: bytes) -> Sequence[Reading]:
    return api.read(body, HOLIDAYS).readings


READERS = [read_feed, read_api]
SEEDS = [
    (read_feed, rss("cs.LG", DAY, LISTED)),
    (read_feed, atom("cs.LG", DAY, LISTED)),
    (read_api, query_answer(LISTED)),
    (read_api, query_error("2613.1").body),
]


def check(read: Callable[[bytes], Sequence[Reading]], body: bytes) -> None:
    found: Sequence[Reading] = ()
    reason = ""
    try:
        found = read(body)
    except XmlError as problem:
        reason = str(problem)
    assert reason.isprintable()
    for one in found:
        assert isinstance(one, Record | Refusal)
        if isinstance(one, Record):
            assert one.to_json()
        else:
            assert one.place.isprintable()
            assert one.reason


@pytest.mark.parametrize("read", READERS)
@given(st.binary(max_size=300) | st.lists(st.sampled_from(TOKENS), max_size=20).map(b"".join))
def test_any_bytes_are_read_or_refused(read: Callable[[bytes], Sequence[Reading]], body: bytes) -> None:
    check(read, body)
    assert feed.complaint(body).isprintable()


@pytest.mark.parametrize(("read", "seed"), SEEDS)
@given(data=st.data())
def test_a_real_answer_with_pieces_cut_and_put_in_is_read_or_refused(
    read: Callable[[bytes], Sequence[Reading]], seed: bytes, data: st.DataObject
) -> None:
    body = seed
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(start + 60, len(body))))
        body = body[:start] + data.draw(st.sampled_from(TOKENS)) + body[end:]
    check(read, body)


@pytest.mark.parametrize(("read", "seed"), SEEDS)
@given(data=st.data())
def test_a_real_answer_that_is_cut_short_is_never_taken_for_a_whole_one(
    read: Callable[[bytes], Sequence[Reading]], seed: bytes, data: st.DataObject
) -> None:
    with pytest.raises(XmlError):
        read(seed[: data.draw(st.integers(0, len(seed) - 1))])


@pytest.mark.parametrize("seed", [seed for _, seed in SEEDS[:3]])
@given(
    element=st.sampled_from(
        ["id", "title", "description", "summary", "pubDate", "published", "name", "dc:creator"]
    ),
    said=texts,
)
def test_any_text_in_any_element_is_read_or_refused(seed: bytes, element: str, said: str) -> None:
    opening = f"<{element}>".encode()
    assume(opening in seed)
    start = seed.find(opening) + len(opening)
    end = seed.find(f"</{element}>".encode(), start)
    said_in_xml = said.replace("&", "&amp;").replace("<", "&lt;").encode()
    check(read_api if b"opensearch" in seed else read_feed, seed[:start] + said_in_xml + seed[end:])


@given(title=texts, abstract=texts, authors=texts)
def test_any_texts_of_a_paper_arrive_as_they_were_written(title: str, abstract: str, authors: str) -> None:
    paper = Paper(title=f"T {title}", abstract=f"A {abstract}", authors=authors)
    for body in (rss("cs.LG", DAY, [paper]), atom("cs.LG", DAY, [paper])):
        [record] = read_feed(body)
        assert isinstance(record, Record)
        assert record.title == squeeze(paper.title)
        assert record.abstract == squeeze(paper.abstract)


@given(texts)
def test_the_complaint_of_a_feed_is_one_printable_line(said: str) -> None:
    body = refusal("cs.XX").body.decode().replace("Bad subject class", said.replace("&", "").replace("<", ""))
    assert feed.complaint(body.encode()).isprintable()


def test_a_bomb_of_entities_is_refused_by_all() -> None:
    for read in READERS:
        with pytest.raises(XmlError, match="document type"):
            read(BOMB)
