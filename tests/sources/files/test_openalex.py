"""Works of OpenAlex, from its API and its snapshot."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.json_inputs import TIDES, work

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, OrganizationName, Record, Signal
from broadsheet.sources.files.openalex import LONGEST_ABSTRACT, read
from broadsheet.sources.formats import recognise


def readings(*works: Any) -> list[Any]:
    return list(read(source(json.dumps({"meta": {"count": len(works)}, "results": works}))))


def record_of(**fields: Any) -> Record:
    [record] = readings(work(**fields))
    assert isinstance(record, Record), record
    return record


def test_a_work_becomes_a_record_with_all_it_says() -> None:
    assert record_of() == Record(
        source="openalex",
        key="W4242424242",
        title=TIDES,
        abstract="We forecast the load. We halve",
        authors=(AuthorName("Ines Vale"), AuthorName("Tomas Birk")),
        organizations=(OrganizationName("north-lab-(norway)", "North Lab (Norway)"),),
        identifiers=(Identifier("doi", "10.5555/tides.1"), Identifier("arxiv", "2611.04242")),
        published_at=datetime(2026, 11, 5, tzinfo=UTC),
        links=(Link("pdf", "https://tides.example.org/1.pdf"),),
        signals=(Signal("citations", 12),),
        journal_ref="Journal of Tides",
        license="cc-by",
        keywords=("Tide",),
        observed_at=SEEN,
    )


@pytest.mark.parametrize(
    ("biblio", "reference"),
    [
        (
            {"volume": "12", "issue": "3", "first_page": "4", "last_page": "9"},
            "Journal of Tides 12(3), pages 4–9",
        ),
        ({"volume": 12, "issue": None, "first_page": 4, "last_page": 4}, "Journal of Tides 12, pages 4"),
        (
            {"volume": None, "issue": "3", "first_page": "e4", "last_page": None},
            "Journal of Tides 3, pages e4",
        ),
        ({}, "Journal of Tides"),
        (None, "Journal of Tides"),
    ],
)
def test_volume_issue_and_pages_stand_behind_the_journal(biblio: Any, reference: str) -> None:
    assert record_of(biblio=biblio).journal_ref == reference


def test_a_work_that_knows_next_to_nothing_is_a_record_too() -> None:
    [record] = readings({"id": "W1", "display_name": "Tides", "title": None, "primary_location": None})
    assert record == Record(source="openalex", key="W1", title="Tides", observed_at=SEEN)


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("CO<sub>2</sub> in <i>E. coli</i>", "CO$_{2}$ in E. coli"),
        ("Bees &amp; <b>Tides</b>", "Bees & Tides"),
        ("&lt;i&gt;Apis&lt;/i&gt; on the move", "Apis on the move"),
        ("One<br/>Two", "One Two"),
        ('<mml:math xmlns:mml="m"><mml:mi>x</mml:mi></mml:math> is small', "x is small"),
        ("If a < b and c > d", "If a < b and c > d"),
        ("The <EOS> token", "The <EOS> token"),
        ("std::vector<int> considered", "std::vector<int> considered"),
    ],
)
def test_a_title_loses_its_markup_and_nothing_else(title: str, plain: str) -> None:
    assert record_of(title=title).title == plain


@pytest.mark.parametrize(
    ("index", "text"),
    [
        ({"b": [1], "a": [0, 2]}, "a b a"),
        ({"far": [10**18], "near": [3]}, "near far"),
        ({"same": [0], "place": [0]}, "place same"),
        ({"<jats:p>Tides": [0], "rise.</jats:p>": [1]}, "Tides rise."),
        ({}, ""),
        (None, ""),
    ],
)
def test_an_abstract_is_put_together_by_the_places_of_its_words(index: Any, text: str) -> None:
    assert record_of(abstract_inverted_index=index).abstract == text


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        ({"a": [-1]}, "a place that is no number from 0"),
        ({"a": [True]}, "a place that is no number from 0"),
        ({"a": ["0"]}, "a place that is no number from 0"),
        ({"a": 0}, "a is a whole number, not a list"),
        ({"a" * 1000: [*range(LONGEST_ABSTRACT // 1000)]}, "longer than 1 MB"),
        ([], "abstract_inverted_index is a list"),
    ],
)
def test_an_index_that_makes_no_abstract_is_refused(index: Any, reason: str) -> None:
    [refusal] = refusals(readings(work(abstract_inverted_index=index)))
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ({"doi": "https://doi.org/10.48550/arXiv.2611.04242"}, ["2611.04242"]),
        ({"doi": None}, ["doi:10.5555/tides.1", "2611.04242"]),
        ({"doi": None, "ids": None, "locations": None}, []),
        (
            {"locations": [{"landing_page_url": f"https://arxiv.org/abs/2611.0424{n}"} for n in (3, 4)]},
            ["doi:10.5555/tides.1", "2611.04243"],
        ),
        ({"doi": "10.5555/" + "x" * 300, "locations": [{"landing_page_url": None}]}, []),
    ],
)
def test_a_work_is_known_by_its_doi_and_by_its_first_copy_on_arxiv(
    fields: dict[str, Any], identifiers: list[str]
) -> None:
    assert [one.public_id for one in record_of(**fields).identifiers] == identifiers


def test_where_the_day_is_missing_the_year_counts() -> None:
    record = record_of(publication_date=None, publication_year=2024)
    assert (record.published and record.published.parts) == (2024,)
    assert record_of(publication_date=None, publication_year=0).published is None


def test_a_name_that_a_publisher_gave_with_the_family_first_is_turned_round() -> None:
    names = ["Vale, Ada", "van Dam, Bo, Jr.", "Ada Vale, PhD"]
    [*turned, whole] = record_of(authorships=[{"author": {"display_name": name}} for name in names]).authors
    assert turned == [AuthorName("Ada Vale", "Vale", "Ada"), AuthorName("Bo van Dam Jr.", "van Dam", "Bo")]
    assert whole == AuthorName("Ada Vale")


def test_a_retracted_work_is_retracted() -> None:
    assert record_of(is_retracted=True).retracted
    assert not record_of().retracted


@pytest.mark.parametrize(
    ("place", "links", "journal"),
    [
        ({"landing_page_url": "https://tides.example.org/1"}, ["https://tides.example.org/1"], ""),
        ({"landing_page_url": "http://arxiv.org/abs/2611.04242"}, [], ""),
        ({"pdf_url": "ftp://tides.example.org/1.pdf"}, [], ""),
        ({"source": {"display_name": "Proc. of Tides", "type": "conference"}}, [], "Proc. of Tides"),
        ({"source": {"display_name": "arXiv", "type": "repository"}}, [], ""),
        ({"source": None}, [], ""),
    ],
)
def test_the_place_of_a_work_gives_links_and_the_journal(
    place: dict[str, Any], links: list[str], journal: str
) -> None:
    record = record_of(primary_location=place)
    assert [link.url for link in record.links] == links
    assert record.journal_ref == journal


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (None, "it is not an object"),
        (work("X1"), "'https://openalex.org/X1' is no id of a work"),
        (work(id=None), "'' is no id of a work"),
        (work(title=None, display_name=None), "the title is missing"),
        (work(title="<i></i>"), "the title is missing"),
        (work(type="peer-review"), "it is no paper but of the type 'peer-review'"),
        (work(is_paratext=True, type=None), "it is no paper but of the type 'paratext'"),
        (work(cited_by_count=-1), "cited_by_count is negative or too large for a number of things"),
        (work(authorships=[7]), "authorships holds something that is not an object"),
        (work(publication_date="soon"), "publication_date is 'soon', which is no date and time"),
    ],
)
def test_a_broken_work_is_refused_with_its_number_and_the_others_stay(broken: object, reason: str) -> None:
    found = readings(work("W1"), broken, work("W3"))
    assert [record.key for record in records(found)] == ["W1", "W3"]
    assert [(one.place, one.reason) for one in refusals(found)] == [("work 2", reason)]


@pytest.mark.parametrize(
    "text",
    [json.dumps([work()]), json.dumps(work()), json.dumps(work()) + "\n"],
    ids=["works alone", "one work", "a line of the snapshot"],
)
def test_works_are_found_in_every_form_of_file(text: str) -> None:
    assert list(read(source(text))) == readings(work())


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"meta": {"count": 1}, "results": [work()]}),
        json.dumps([work()], indent=2),
        json.dumps(work()) + "\n" + json.dumps(work()),
        '{"meta":{"count":0,"db_response_time_ms":3,"page":1,"per_page":25},"results":[]}',
    ],
    ids=["an answer", "an array", "lines", "an empty answer"],
)
def test_it_is_recognised_by_its_fields(text: str) -> None:
    assert recognise(text.encode()) == "openalex"
