"""Records survive being written as JSON, and refuse what cannot be used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import (
    LINK_KINDS,
    AuthorName,
    Link,
    Listing,
    OldText,
    OrganizationName,
    Record,
    RecordError,
    Signal,
    Version,
    record_from_json,
)
from broadsheet.papers.text import MOST_MARKS
from broadsheet.sources.files.readings import without_piles

# JSON holds no lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
some_words = words.filter(str.strip)
times = st.datetimes(datetime(1991, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
records = st.builds(
    Record,
    source=some_words,
    key=some_words,
    title=some_words,
    abstract=words,
    authors=st.lists(st.builds(AuthorName, words, words, words), max_size=3).map(tuple),
    author_count=st.none() | st.integers(1, 5000),
    organizations=st.lists(st.builds(OrganizationName, some_words, words), max_size=2).map(tuple),
    identifiers=st.lists(st.builds(Identifier, st.just("doi"), some_words), max_size=2).map(tuple),
    published_at=st.none() | times,
    versions=st.lists(st.builds(Version, st.integers(1, 20), st.none() | times), max_size=3).map(tuple),
    links=st.lists(
        st.builds(Link, st.sampled_from(LINK_KINDS), words.map("https://{}".format)), max_size=2
    ).map(tuple),
    signals=st.lists(st.builds(Signal, words, st.integers(0, 10**6)), max_size=2).map(tuple),
    listings=st.lists(
        st.builds(Listing, st.dates(date(1991, 1, 1)), st.integers(1, 99), words, words), max_size=2
    ).map(tuple),
    keywords=st.lists(words, max_size=2).map(tuple),
    withdrawn=st.booleans(),
    retracted=st.booleans(),
    notice=words,
    announced_on=st.none() | st.dates(date(1991, 1, 1)),
    said=st.dictionaries(
        words, st.none() | words | st.integers(0, 9) | st.lists(words, max_size=2), max_size=2
    ),
    observed_at=st.none() | times,
)


@given(records)
def test_a_record_read_back_from_its_json_is_the_same(record):
    assert record_from_json(orjson.loads(record.to_json())) == record


@given(records, times)
def test_when_a_record_was_observed_is_not_part_of_its_content(record, time):
    again = record_from_json(orjson.loads(record.to_json()) | {"observed_at": time.isoformat()})
    assert again.digest() == record.digest()


@given(records, st.lists(st.builds(OldText, st.integers(0, 9), some_words, words, times)).map(tuple))
def test_what_a_record_said_before_is_not_part_of_its_content(record, old_texts):
    again = replace(record, old_texts=old_texts)
    assert (again.digest(), again.to_json()) == (record.digest(), record.to_json())


def test_another_title_is_another_content():
    one, other = (Record(source="arxiv", key="1", title=title) for title in ("One", "Other"))
    assert one.digest() != other.digest()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": "  "}, "the title is missing"),
        ({"key": ""}, "needs a source and a key"),
        ({"links": [{"kind": "code", "url": "javascript:alert(1)"}]}, "is not an http address"),
        ({"links": [{"kind": "malware", "url": "https://example.org"}]}, "unknown kind of link"),
        ({"abstract": "a\0b"}, "NUL"),
        ({"abstract": "\ud800"}, "cannot be stored"),
        ({"signals": [{"name": "upvotes", "value": 2**80}]}, "cannot be stored"),
        ({"notice": 7}, "expected text, found int"),
        ({"announced_on": "soon"}, "soon"),
        ({"old_texts": []}, "unknown field 'old_texts'"),
        ({"surprise": 1}, "unknown field 'surprise'"),
        ({"title": 7}, "expected text, found int"),
        ({"published_at": "soon"}, "soon"),
        ({"identifiers": [{"scheme": "isbn", "value": "1"}]}, "no identifier of a known kind"),
        ({"authors": [{"nom": "x"}]}, "nom"),
        ({"listings": [{"day": "2026-13-01", "position": 1}]}, "month"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(change, message):
    with pytest.raises(RecordError, match=message):
        record_from_json({"source": "arxiv", "key": "1", "title": "One"} | change)


def test_a_record_that_says_no_more_than_its_fields_is_written_as_it_always_was():
    record = Record(source="arxiv", key="1", title="One")
    assert record.to_json() == b'{"source":"arxiv","key":"1","title":"One"}'


def test_no_text_of_a_record_that_is_read_has_a_pile_of_marks():
    pile = "Z" + "\u0301" * 180
    said = Record(
        source="a",
        key="b",
        title=f"A tale of {pile}",
        abstract=f"{pile} is told.",
        authors=(AuthorName(f"Ada {pile}"),),
        organizations=(OrganizationName("lab", pile),),
        keywords=(pile,),
        known_as=(Identifier("doi", "10.1/1"),),
    )
    read = without_piles(said)
    assert "\u0301" * (MOST_MARKS + 1) not in read.to_json().decode()
    assert (read.title, read.known_as) == ("A tale of Z" + "\u0301" * MOST_MARKS, said.known_as)
    spoken = replace(
        said,
        title="Tiếng Việt \u0e01\u0e47\u0e49 नमस्ते ∑⊗⊗⊗⊗⊗",
        abstract="",
        authors=(),
        organizations=(),
        keywords=(),
    )
    assert without_piles(spoken) is spoken
