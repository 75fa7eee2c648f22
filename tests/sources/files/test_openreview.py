"""Notes of OpenReview's API in files, of both its versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.inputs import ABSTRACTS, SEEN, records, refusals, remarks, source
from tests.sources.json_inputs import TIDES, note

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Record
from broadsheet.sources.files.openreview import read
from broadsheet.sources.formats import recognise


def readings(*notes: Any) -> list[Any]:
    return list(read(source(json.dumps({"notes": notes, "count": len(notes)}))))


def record_of(content: dict[str, Any] | None = None, **fields: Any) -> Record:
    [record] = readings(note(content=content, **fields))
    assert isinstance(record, Record), record
    return record


def test_a_note_becomes_a_record_with_all_it_says() -> None:
    assert record_of({"code": "https://code.example.org/tides"}) == Record(
        source="openreview",
        key="aB3-x_Z9q0",
        title=TIDES,
        abstract=ABSTRACTS[TIDES],
        authors=(AuthorName("Ines Vale"), AuthorName("Tomas Birk")),
        identifiers=(Identifier("openreview", "aB3-x_Z9q0"),),
        published_at=datetime(2026, 11, 6, 21, 20, tzinfo=UTC),
        updated_at=datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC),
        links=(
            Link("pdf", "https://openreview.net/pdf/3f2a.pdf"),
            Link("code", "https://code.example.org/tides"),
        ),
        comment="ICTL 2026 poster",
        license="CC BY 4.0",
        keywords=("scheduling", "harmonic models"),
        observed_at=SEEN,
    )


def test_a_note_of_version_1_says_the_same() -> None:
    old = note()
    old["content"] = {name: one["value"] for name, one in old["content"].items()}
    old["invitation"] = "ictl.example.org/ICTL/2026/Conference/-/Blind_Submission"
    assert readings(old) == readings(note())


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ([{"fullname": "Ines Vale", "username": "~Ines_Vale1"}], ["Ines Vale"]),
        (["Ines Vale", {"fullname": "Tomas Birk"}, {}], ["Ines Vale", "Tomas Birk"]),
        (["Anonymous"], []),
        (None, []),
    ],
)
def test_authors_are_names_or_objects_with_names(authors: Any, names: list[str]) -> None:
    assert [author.name for author in record_of({"authors": authors}).authors] == names


@pytest.mark.parametrize(
    ("dates", "published"),
    [
        ({}, 2026),
        ({"pdate": None}, 2026),
        ({"pdate": None, "odate": None, "cdate": 1_500_000_000_000}, 2017),
        ({"pdate": None, "odate": None, "cdate": None, "tcdate": 1_400_000_000_000}, 2014),
        ({"pdate": None, "odate": None, "cdate": None, "tcdate": None}, None),
    ],
)
def test_a_paper_is_published_when_it_is_said_to_be_or_else_seen_or_else_sent_in(
    dates: dict[str, Any], published: int | None
) -> None:
    found = record_of(**dates).published_at
    assert (found and found.year) == published


@pytest.mark.parametrize(
    ("content", "fields", "is_withdrawn"),
    [
        ({"venue": "ICTL 2026 Conference Withdrawn Submission"}, {}, True),
        ({"venue": None, "venueid": "ICTL/2026/Conference/Desk_Rejected_Submission"}, {}, True),
        ({"venue": None, "venueid": None}, {"invitation": "ICTL/2020/-/Withdrawn_Submission"}, True),
        (
            {"venue": "Submitted to ICTL 2026", "venueid": "ICTL/2026/Conference/Rejected_Submission"},
            {},
            False,
        ),
        ({"venue": "ICTL 2026 oral"}, {}, False),
    ],
)
def test_a_paper_withdrawn_from_its_venue_or_not_let_in_is_marked_so(
    content: dict[str, Any], fields: dict[str, Any], is_withdrawn: bool
) -> None:
    record = record_of(content, **fields)
    assert record.withdrawn == is_withdrawn
    assert bool(record.notice) == is_withdrawn


def test_a_deleted_note_is_refused_with_the_day() -> None:
    [refusal] = readings(note(ddate=1_795_000_000_000))
    assert refusal.reason == "it was deleted there on 2026-11-18"


def test_reviews_are_no_papers_and_are_counted() -> None:
    review = {"id": "r1", "forum": "aB3-x_Z9q0", "content": {"review": {"value": "Sound."}}}
    found = readings(note(), review, review | {"id": "r2"})
    assert len(records(found)) == 1
    assert remarks(found) == ["passed by as replies to papers, such as reviews: 2"]


@pytest.mark.parametrize(
    ("pdf", "links"),
    [
        ("/pdf/1.pdf", ["https://openreview.net/pdf/1.pdf"]),
        ("https://arxiv.org/pdf/2611.04242", ["https://arxiv.org/pdf/2611.04242"]),
        ("/pdf/a b", []),
        ("javascript:alert(1)", []),
        (None, []),
    ],
)
def test_a_pdf_is_linked_where_it_is(pdf: str | None, links: list[str]) -> None:
    assert [link.url for link in record_of({"pdf": pdf}).links] == links


def test_keywords_in_one_text_are_taken_apart() -> None:
    assert record_of({"keywords": "tides; load, , harmonics"}).keywords == ("tides", "load", "harmonics")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("a note", "it is not an object"),
        (note("a/b?c"), "'a/b?c' is no id of a note"),
        ({"content": {}}, "'' is no id of a note"),
        (note(content={"title": None}), "the title is missing"),
        (note(content={"title": {"value": 7}}), "title is an object, not text"),
        (note(content={"authors": "Ines Vale"}), "authors is text, not a list"),
        (note(content={"authors": [7]}), "fullname is a whole number, not text"),
        (note(pdate=-1), "pdate is '-1', which is no time in milliseconds"),
        (note(pdate="2026"), "pdate is '2026', which is no time in milliseconds"),
        (note(pdate=10**18), "pdate lies beyond the year 9999"),
        (note() | {"content": ["title"]}, "content is a list, not an object"),
    ],
)
def test_a_broken_note_is_refused_with_its_number_and_the_others_stay(broken: object, reason: str) -> None:
    found = readings(note("first"), broken, note("third"))
    assert [record.key for record in records(found)] == ["first", "third"]
    assert [(one.place, one.reason) for one in refusals(found)] == [("note 2", reason)]


@pytest.mark.parametrize(
    "text",
    [json.dumps([note()]), json.dumps(note()), json.dumps(note()) + "\n" + json.dumps({"notes": []})],
    ids=["notes alone", "one note", "lines"],
)
def test_notes_are_found_in_every_form_of_file(text: str) -> None:
    assert list(read(source(text))) == readings(note())


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"notes": [note()], "count": 1}),
        json.dumps([note()], indent=2),
        json.dumps(note()) + "\n" + json.dumps(note()),
        '{"notes":[],"count":0}',
    ],
    ids=["an answer", "an array", "lines", "an empty answer"],
)
def test_it_is_recognised_by_its_fields(text: str) -> None:
    assert recognise(text.encode()) == "openreview"
