"""Works of Crossref, from its API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import CROSSREF

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Link, Publication, Record, Signal, record_from_json
from broadsheet.sources.files.crossref import read


def readings(*works: Any) -> list[Any]:
    answer = {"status": "ok", "message-type": "work-list", "message": {"items": works}}
    return list(read(source(json.dumps(answer))))


def record_of(**fields: Any) -> Record:
    [record] = readings(CROSSREF | fields)
    assert isinstance(record, Record), record
    return record


def test_a_work_becomes_a_record_with_all_it_says() -> None:
    assert record_of() == Record(
        source="crossref",
        key="10.1234/tides.1",
        title="Tide Tables in O(n): For Schedulers",
        abstract="We forecast the load.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Tomas Birk Jr.", "Birk", "Tomas"),
            AuthorName("North Lab", "North Lab"),
        ),
        identifiers=(Identifier("doi", "10.1234/tides.1"), Identifier("arxiv", "2411.00001")),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        links=(Link("pdf", "https://example.org/tides.pdf"),),
        signals=(Signal("citations", 12),),
        journal_ref="Tidal Letters 12(3), pages 4–9",
        publication=Publication("article", "Tidal Letters", "12", "3", "4–9"),
        license="https://creativecommons.org/licenses/by/4.0/",
        keywords=("Tides",),
        observed_at=SEEN,
    )


@pytest.mark.parametrize(
    "wrapped",
    [
        CROSSREF,
        [CROSSREF],
        {"message": CROSSREF},
        {"message": {"items": [CROSSREF]}},
        {"items": [CROSSREF]},
    ],
    ids=["a work", "an array", "the answer of a work", "the answer of a list", "a file of the public data"],
)
def test_a_work_is_found_in_every_form(wrapped: Any) -> None:
    assert list(read(source(json.dumps(wrapped)))) == [record_of()]


def test_titles_that_are_texts_are_read_too() -> None:
    record = record_of(title="Tide Tables", subtitle=[], **{"container-title": "Tides"})
    assert (record.title, record.journal_ref) == ("Tide Tables", "Tides 12(3), pages 4–9")
    numbered = record_of(page="", **{"article-number": "e104321"})
    assert numbered.journal_ref == "Tidal Letters 12(3), pages e104321"


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({"issued": [2024]}, (2024, 1, 1)),
        ({"issued": [2024], "published-online": [2023, 12, 5]}, (2023, 12, 5)),
        ({"issued": [2024, 6, 1], "published-print": [2024, 7, 2]}, (2024, 6, 1)),
        ({"issued": [None], "posted": [2024, 6, 5]}, (2024, 6, 5)),
        ({"issued": [None]}, None),
    ],
)
def test_the_day_is_the_first_that_is_whole(dates: dict[str, Any], day: tuple[int, int, int] | None) -> None:
    none: dict[str, Any] = {"issued": None, "published-online": None}
    said = none | {name: {"date-parts": [parts]} for name, parts in dates.items()}
    assert record_of(**said).published_at == (day and datetime(*day, tzinfo=UTC))


def test_a_work_that_was_retracted_is_retracted() -> None:
    update = {"updated-by": [{"type": "retraction", "DOI": "10.1234/notice"}]}
    assert record_of(**update).retracted
    assert not record_of(**{"updated-by": [{"type": "correction", "DOI": "10.1234/notice"}]}).retracted


TYPED = {
    "source": "bibtex",
    "key": "doi:10.1234/tides.1",
    "title": "Tide tables, typed",
    "identifiers": [{"scheme": "doi", "value": "10.1234/tides.1"}],
}


def notice(**update: str) -> dict[str, Any]:
    named = {
        "DOI": "10.1234/notice",
        "title": ["Retraction Note: Tide Tables"],
        "subtitle": [],
        "relation": {},
    }
    return CROSSREF | named | {"update-to": [{"DOI": "10.1234/TIDES.1", "type": "retraction"} | update]}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["retraction", "withdrawal", "removal", "Retraction"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_notice_retracts_the_paper_that_it_names_and_is_a_paper_of_its_own(kind, is_first) -> None:
    works = [notice(type=kind), CROSSREF]
    for work in works if is_first else works[::-1]:
        store(readings(work), now=SEEN)
    said = {p.public_id: (p.title, p.retracted, p.notice) for p in Paper.objects.all()}
    assert said == {
        "2411.00001": ("Tide Tables in O(n): For Schedulers", True, "Retraction Note: Tide Tables"),
        "doi:10.1234/notice": ("Retraction Note: Tide Tables", False, ""),
    }


@pytest.mark.django_db
def test_whoever_tells_of_a_paper_knows_its_title_better_than_a_notice() -> None:
    store([*readings(notice()), record_from_json(TYPED)], now=SEEN)
    paper = Paper.objects.get(public_id="doi:10.1234/tides.1")
    assert (paper.title, paper.retracted) == ("Tide tables, typed", True)


def test_what_a_notice_retracts_is_known_by_the_title_there_until_it_is_read() -> None:
    _, paper = readings(notice())
    assert (paper.title, paper.retracted) == ("Tide Tables", True)
    _, paper = readings(
        notice() | {"title": ["Retraction notice to \u201cTide Tables\u201d [Tid. Lett. 12 (2024) 4]"]}
    )
    assert paper.title == "Tide Tables"
    assert len(readings(notice(type="correction"))) == len(readings(notice(DOI="tides"))) == 1


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (None, "it is not an object"),
        (CROSSREF | {"DOI": "tides"}, "'tides' is no DOI"),
        (CROSSREF | {"title": []}, "the title is missing"),
        (CROSSREF | {"type": "journal"}, "it is no paper but of the type 'journal'"),
        (CROSSREF | {"author": [7]}, "author holds something that is not an object"),
    ],
)
def test_a_broken_work_is_refused_with_its_number_and_the_others_stay(broken: Any, reason: str) -> None:
    if isinstance(broken, dict) and not broken["title"]:
        broken |= {"subtitle": []}
    found = readings(CROSSREF, broken, CROSSREF)
    assert len(records(found)) == 2
    assert [(one.place, one.reason) for one in refusals(found)] == [("work 2", reason)]
