"""DOIs of DataCite."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import DATACITE

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Publication, Record
from broadsheet.sources.files.datacite import read

SAID: dict[str, Any] = DATACITE["attributes"]  # type: ignore[assignment]


def readings(*items: Any) -> list[Any]:
    return list(read(source(json.dumps({"data": items, "meta": {"total": len(items)}}))))


def record_of(**fields: Any) -> Record:
    [record] = readings(DATACITE | {"attributes": SAID | fields})
    assert isinstance(record, Record), record
    return record


def test_a_doi_becomes_a_record_with_all_it_says() -> None:
    assert record_of() == Record(
        source="datacite",
        key="doi:10.1234/tides.1",
        title="Tide Tables: For Schedulers",
        abstract="We forecast the load.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Tomas Birk", "Birk", "Tomas"),
            AuthorName("North, Lab and Friends", "North, Lab and Friends"),
        ),
        identifiers=(Identifier("doi", "10.1234/tides.1"),),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        journal_ref="Tidal Letters 12(3), pages 4–9",
        publication=Publication("article", "Tidal Letters", "12", "3", "4–9"),
        license="https://creativecommons.org/licenses/by/4.0/",
        keywords=("tides",),
        observed_at=SEEN,
    )


@pytest.mark.parametrize("wrapped", [{"data": DATACITE}, [DATACITE], DATACITE, SAID])
def test_a_doi_is_found_in_every_form(wrapped: Any) -> None:
    assert list(read(source(json.dumps(wrapped)))) == [record_of()]


def test_the_doi_of_an_arxiv_paper_is_its_arxiv_id() -> None:
    assert record_of(doi="10.48550/arXiv.2611.04242").key == "2611.04242"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (None, "it is not an object"),
        ({"attributes": SAID | {"doi": "tides"}}, "'tides' is no DOI"),
        ({"attributes": SAID | {"titles": []}}, "the title is missing"),
        (
            {"attributes": SAID | {"types": {"resourceTypeGeneral": "Dataset"}}},
            "it is no paper but of the type 'Dataset'",
        ),
    ],
)
def test_a_broken_doi_is_refused_with_its_number_and_the_others_stay(broken: Any, reason: str) -> None:
    found = readings(DATACITE, broken, DATACITE)
    assert len(records(found)) == 2
    assert [(one.place, one.reason) for one in refusals(found)] == [("DOI 2", reason)]


@pytest.mark.parametrize(
    ("said", "notice"),
    [
        ({"dates": [{"dateType": "Withdrawn", "date": "2025-01-02", "dateInformation": "Wrong."}]}, "Wrong."),
        ({"dates": [{"dateType": "Withdrawn", "date": "2025"}]}, ""),
        ({"version": "Withdrawn"}, ""),
        (
            {"descriptions": [{"descriptionType": "Other", "description": "This paper has been withdrawn."}]},
            "This paper has been withdrawn.",
        ),
        (
            {"descriptions": [{"descriptionType": "Abstract", "description": "Withdrawn by the authors."}]},
            "Withdrawn by the authors.",
        ),
    ],
)
def test_what_was_withdrawn_is_withdrawn_however_it_is_said(said: dict[str, Any], notice: str) -> None:
    assert (record_of(**said).withdrawn, record_of(**said).notice) == (True, notice)


@pytest.mark.parametrize(
    "said",
    [
        {"titles": [{"title": "[Retracted] Tides"}]},
        {"titles": [{"title": "(Withdrawn) Tides"}]},
        {"titles": [{"title": "RETRACTED PREPRINT: Tides"}]},
        {"subjects": [{"subject": "Retracted"}]},
        {"version": "retracted"},
    ],
)
def test_what_was_retracted_is_retracted_however_it_is_said(said: dict[str, Any]) -> None:
    assert record_of(**said).retracted
    assert not record_of().retracted
