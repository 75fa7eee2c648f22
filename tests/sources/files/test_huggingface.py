"""Recordings of the Daily Papers API, as they lie about: arrays, envelopes, single papers, lines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.sources.inputs import ABSTRACTS, SEEN, item, records, refusals, source

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Listing, OrganizationName, Record, Signal
from broadsheet.sources.files.huggingface import read
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.files.readings import BrokenOffError, FileError


def read_json(data: object, name: str = "input") -> list[Any]:
    return list(read(source(json.dumps(data), name)))


def record_of(one: object, name: str = "input") -> Record:
    [record] = read_json([one], name)
    assert isinstance(record, Record), record
    return record


@pytest.mark.parametrize("is_named", [True, False])
def test_every_item_of_the_real_days_is_listed_on_the_day_of_its_file(shared: Path, is_named: bool) -> None:
    days = sorted(shared.glob("data/hf_daily/*.json"))
    for path in days:
        with open_source(path, now=SEEN) as opened:
            opened.name = opened.name if is_named else "recording"
            readings = list(read(opened))
        assert {str(record.listings[0].day) for record in readings} == {path.stem}
        assert [record.listings[0].position for record in readings] == list(range(1, len(readings) + 1))
    assert len(days) == 73


def test_an_item_becomes_a_record_with_all_it_says() -> None:
    record = record_of(item())
    assert record == Record(
        source="huggingface",
        key="2611.04242@2026-11-09",
        title="Tide Tables for Schedulers",
        abstract=ABSTRACTS["Tide Tables for Schedulers"],
        authors=(AuthorName("Ines Vale"),),
        organizations=(OrganizationName("northlab", "North Lab"),),
        identifiers=(Identifier("arxiv", "2611.04242"),),
        published_at=datetime(2026, 11, 5, 17, 42, 10, tzinfo=UTC),
        links=(
            Link("code", "https://github.com/northlab-example/tides"),
            Link("media", "https://papers.example.org/thumb/2611.04242.png"),
        ),
        signals=(Signal("upvotes", 7), Signal("comments", 2), Signal("github_stars", 31)),
        listings=(Listing(date(2026, 11, 9), 1, "Mira Koren", "mkoren"),),
        keywords=("load forecasting", "harmonic models"),
        said={
            "publishedAt": "2026-11-05T12:42:10.000Z",
            "submittedBy": {"fullname": "Mira Koren", "name": "mkoren"},
            "thumbnail": "https://papers.example.org/thumb/2611.04242.png",
            "paper": {
                "publishedAt": "2026-11-05T17:42:10.000Z",
                "submittedOnDailyAt": "2026-11-09T00:00:00.000Z",
                "authors": [{"name": "Ines Vale", "hidden": False}, {"name": "Tomas Birk", "hidden": True}],
                "organization": {"name": "northlab", "fullname": "North Lab"},
                "ai_summary": "A summary by a machine.",
                "ai_keywords": ["load forecasting", "harmonic models"],
                "githubRepo": "https://github.com/northlab-example/tides",
            },
        },
        observed_at=SEEN,
    )


def test_what_cannot_be_kept_word_for_word_is_left_out_and_the_rest_stays() -> None:
    deep: list[Any] = []
    for _ in range(250):
        deep = [deep]
    crowd = [{"_id": f"{n:024x}", "name": f"Ines Vale {n}"} for n in range(2000)]
    record = record_of(
        item(authors=crowd, discussionId="a" * 24, ai_summary="Nul\0", organization={"x": deep})
    )
    assert len(record.authors) == 2000
    assert "authors" not in record.said["paper"]
    assert "ai_summary" not in record.said["paper"]
    assert "organization" not in record.said["paper"]
    assert record.said["paper"]["discussionId"] == "a" * 24
    written = record_of(
        repr(item() | {"thumbnail": {1: b"no", "JSON": {2}}}).replace("'thumbnail'", "'isDaily'")
    )
    assert "isDaily" not in written.said


def test_a_text_whose_line_breaks_are_squeezed_is_kept_as_it_was_too() -> None:
    record = record_of(item(summary="One\nline."))
    assert (record.abstract, record.said["paper"]["summary"]) == ("One line.", "One\nline.")


def test_the_outer_title_keeps_the_maths_and_is_preferred() -> None:
    assert record_of(item() | {"title": "The $L_2$\n  Norm"}).title == "The $L_2$ Norm"


def test_a_summary_keeps_its_paragraphs_and_loses_its_line_breaks() -> None:
    assert record_of(item(summary="One\nline.\n\nAnother\r\none.")).abstract == "One line.\n\nAnother one."


@pytest.mark.parametrize(
    "form",
    [
        lambda one: [repr(one)],
        lambda one: {"date": "2026-11-09", "papers": [one]},
        lambda one: {"dailyPapers": [one], "dateString": "2026-11-09"},
        lambda one: one,
    ],
    ids=["items as text", "an envelope", "the data of a page", "one item"],
)
def test_the_same_item_is_found_in_every_form_of_recording(form: Any) -> None:
    assert read_json(form(item())) == [record_of(item())]


def test_the_details_of_one_paper_are_a_paper_on_no_list() -> None:
    details = item()["paper"] | {"numComments": 3, "submittedOnDailyAt": None}
    [record] = read_json(details)
    assert (record.key, record.listings, record.title) == ("2611.04242", (), "Tide Tables for Schedulers")


@pytest.mark.parametrize("end", ["", "\n"])
def test_lines_of_items_and_of_days_are_read_one_by_one(end: str) -> None:
    lines = [
        item("2611.00001"),
        {"date": "2026-11-10", "papers": [item("2611.00002", submittedOnDailyAt=None)]},
    ]
    text = "\n\n".join(map(json.dumps, lines)) + end
    assert [record.key for record in records(read(source(text)))] == [
        "2611.00001@2026-11-09",
        "2611.00002@2026-11-10",
    ]


@pytest.mark.parametrize(
    ("paper", "outer", "name", "day"),
    [
        ({"submittedOnDailyAt": "2026-11-09T08:01:02.000Z"}, {}, "2026-11-01.json", "2026-11-09"),
        ({}, {"submittedOnDailyAt": "2026-11-09T00:00:00.000Z"}, "x", "2026-11-09"),
        ({}, {"publishedAt": "2026-11-09T21:40:00.000Z"}, "/2020-01-01/day 2026-11-08.json", "2026-11-08"),
        ({}, {"publishedAt": "2026-11-09T21:40:00.000Z"}, "2026-13-01", "2026-11-10"),
        ({}, {"publishedAt": "2026-11-09T15:35:00.000Z"}, "12026-11-011", "2026-11-09"),
        ({}, {"publishedAt": "2026-11-05T12:42:10.000Z"}, "winter", None),
        ({}, {"publishedAt": "2026-11-05T13:42:10.000Z"}, "summer", None),
        ({}, {"publishedAt": None}, "x", None),
    ],
)
def test_the_day_of_the_list_is_told_by_the_best_witness(
    paper: dict[str, Any], outer: dict[str, Any], name: str, day: str | None
) -> None:
    record = record_of(item(**{"submittedOnDailyAt": None} | paper) | outer, name)
    assert [str(listing.day) for listing in record.listings] == ([day] if day else [])
    assert record.key == (f"2611.04242@{day}" if day else "2611.04242")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" https://sites.example.org/robot ", ["https://sites.example.org/robot"]),
        ("http://example.org:8080/a", ["http://example.org:8080/a"]),
        ("github.com/northlab", []),
        ("javascript:alert(1)", []),
        ("https://", []),
        ("https://[::1", []),
        ("https://example.org:99999/", []),
        ("https://example.org/a b", []),
        ('https://example.org/"onclick', []),
        (f"https://example.org/{'a' * 2000}", []),
        ("", []),
        (None, []),
    ],
)
def test_what_is_no_web_address_is_no_link_and_the_paper_stays(typed: str | None, kept: list[str]) -> None:
    record = record_of(item(projectPage=typed))
    assert [link.url for link in record.links if link.kind == "project"] == kept


def test_each_address_is_linked_once() -> None:
    url = "https://papers.example.org/teaser.mp4"
    record = record_of(item(mediaUrls=[url, url]) | {"mediaUrls": [url], "mediaUrl": url, "thumbnail": None})
    assert [link.url for link in record.links if link.kind == "media"] == [url]


@pytest.mark.parametrize(
    ("organization", "expected"),
    [
        ({"name": "northlab"}, (OrganizationName("northlab", "northlab"),)),
        ({"name": "north lab", "fullname": "North Lab"}, ()),
        ({"fullname": "North Lab"}, ()),
        (None, ()),
    ],
)
def test_an_organization_needs_a_short_name(
    organization: object, expected: tuple[OrganizationName, ...]
) -> None:
    assert record_of(item(organization=organization)).organizations == expected


def test_a_paper_marked_withdrawn_is_withdrawn() -> None:
    assert record_of(item(withdrawnAt="2026-11-10T00:00:00.000Z")).withdrawn
    assert not record_of(item(withdrawnAt=None)).withdrawn


def test_a_paper_that_is_not_on_arxiv_keeps_the_id_it_has() -> None:
    record = record_of(item("a-blog-post"))
    assert (record.key, record.identifiers) == ("a-blog-post@2026-11-09", ())


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("not a literal", "does not read as an object"),
        ("[" * 300, "does not read as an object"),
        ("-" * 100_000 + "1", "does not read as an object"),
        ("{[]: 1}", "does not read as an object"),
        ("'" + "a" * (1 << 20) + "'", "too long"),
        ("[1, 2]", "not an object"),
        (7, "not an object"),
        ([], "not an object"),
        ({}, "id is missing"),
        (item(id=None), "id is missing"),
        (item(id=7), "id is a whole number, not text"),
        (item(id="2" * 300), "id is missing or too long"),
        (item(upvotes=-1), "upvotes is negative"),
        (item(upvotes=2**40), "upvotes is negative or too large"),
        (item(upvotes="7"), "upvotes is text, not a whole number"),
        (item(upvotes=True), "upvotes is true or false"),
        (item(authors=["Ines Vale"]), "authors holds something that is not an object"),
        (item(publishedAt="last week"), "publishedAt is 'last week'"),
        (item(publishedAt="0001-01-01T00:00:00+14:00"), "no date and time"),
        (item(ai_keywords=[1]), "ai_keywords holds something that is not text"),
        (item(title=None) | {"title": None}, "title is missing"),
        ({"paper": 7}, "paper is a whole number"),
    ],
)
def test_a_broken_item_is_refused_with_its_number_and_the_others_stay(broken: object, reason: str) -> None:
    readings = read_json([item("2611.00001"), broken, item("2611.00003")])
    assert [record.listings[0].position for record in records(readings)] == [1, 3]
    [refusal] = refusals(readings)
    assert refusal.place == "item 2"
    assert reason in refusal.reason


def test_a_line_that_is_not_json_is_refused_and_the_others_stay() -> None:
    good = json.dumps(item())
    readings = list(read(source(f"{good}\n{good[:100]}\n{good}\n")))
    assert [type(one).__name__ for one in readings] == ["Record", "Refusal", "Record"]


def test_an_array_that_breaks_off_gives_the_items_before_the_break() -> None:
    whole = json.dumps([item("2611.00001"), item("2611.00002"), item("2611.00003")])
    found: list[Any] = []
    with pytest.raises(BrokenOffError, match="after item 2"):
        found.extend(read(source(whole[:-200])))
    assert [record.key for record in found] == ["2611.00001@2026-11-09", "2611.00002@2026-11-09"]


def test_an_array_with_what_only_python_writes_is_read_whole() -> None:
    text = json.dumps([item(projectPage=None, score=float("nan")), item("2611.00002")])
    assert len(records(read(source(text)))) == 2


def test_a_day_without_papers_is_a_day_without_papers() -> None:
    assert read_json([]) == []


@pytest.mark.parametrize("text", ["{", "7 seven", "{\n  'a': 1\n}"])
def test_what_is_not_json_at_all_is_refused_as_a_file(text: str) -> None:
    with pytest.raises(FileError, match="not valid JSON"):
        list(read(source(text)))


def test_json_in_another_encoding_is_read() -> None:
    text = json.dumps([item() | {"title": "Café"}], ensure_ascii=False)
    [record] = read(source(text.encode("latin-1")))
    assert isinstance(record, Record)
    assert record.title == "Café"


def test_halves_of_characters_and_control_characters_do_not_reach_the_catalogue() -> None:
    half = repr(item(summary="half \ud83d here")).encode("ascii", "backslashreplace").decode()
    readings = read_json([half, item(summary="a\x00b \x1b[31mred\x85 line")])
    assert "half a character" in refusals(readings)[0].reason
    assert records(readings)[0].abstract == "ab [31mred line"


def test_a_picture_made_for_sharing_is_no_media_of_the_paper():
    told = {"paper": {"id": "2611.04242", "title": "Reading tides"}, "title": "Reading tides"}
    shared = {"thumbnail": "https://cdn.example.org/social-thumbnails/papers/2611.04242.png"}
    film = {"mediaUrls": ["https://cdn.example.org/films/tides.mp4"]}
    assert record_of(told | shared).links == ()
    assert [link.url for link in record_of(told | shared | film).links] == film["mediaUrls"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["Ada Vale", "Ivo", "Ward", "Uma Reed", "Ben Orr"], ["Ada Vale", "Ivo Ward", "Uma Reed", "Ben Orr"]),
        (["Ada Vale", "Ivo", "Uma Reed"], ["Ada Vale", "Ivo", "Uma Reed"]),
        (["Ivo", "Ward"], ["Ivo", "Ward"]),
        (
            ["Ada Vale", "GPT", "DeepSeek", "Uma Reed", "Ben Orr"],
            ["Ada Vale", "GPT", "DeepSeek", "Uma Reed", "Ben Orr"],
        ),
    ],
)
def test_a_name_that_was_parted_at_its_comma_is_one_person(given, names):
    paper = {"id": "2611.04242", "title": "Reading tides", "authors": [{"name": name} for name in given]}
    record = record_of({"paper": paper})
    assert [author.name for author in record.authors] == names
