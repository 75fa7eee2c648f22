"""Answers of bioRxiv's API in files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest
from tests.sources.inputs import ABSTRACTS, SEEN, records, refusals, source
from tests.sources.json_inputs import TIDES, answer, row

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, PaperVersion
from broadsheet.papers.record import AuthorName, Link, Record, Version
from broadsheet.sources.files.biorxiv import read
from broadsheet.sources.formats import recognise

APPEARED = datetime(2026, 11, 10, tzinfo=UTC)
DOI = "10.1101/2026.11.05.424242"


def readings(*rows: Any) -> list[Any]:
    return list(read(source(json.dumps(answer(list(rows))))))


def record_of(**fields: Any) -> Record:
    return records(readings(row(**fields)))[0]


def test_a_row_becomes_a_record_with_all_it_says() -> None:
    assert record_of(published="10.1038/TIDES.1") == Record(
        source="biorxiv",
        key=DOI,
        title=TIDES,
        abstract=ABSTRACTS[TIDES],
        authors=(
            AuthorName("I. M. Vale", "Vale", "I. M."),
            AuthorName("T. Birk", "Birk", "T."),
            AuthorName("The Harbour Consortium"),
        ),
        identifiers=(Identifier("doi", DOI), Identifier("doi", "10.1038/tides.1")),
        published_at=APPEARED,
        updated_at=APPEARED,
        versions=(Version(1, APPEARED),),
        links=(Link("page", f"https://www.biorxiv.org/content/{DOI}v1"),),
        license="cc_by_nc_nd",
        keywords=("systems biology",),
        announced_on=date(2026, 11, 10),
        observed_at=SEEN,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("order", [*permutations([1, 2, 3])])
def test_in_whatever_order_versions_come_the_newest_speaks_and_the_first_gives_the_day(
    order: tuple[int, ...],
) -> None:
    for number in order:
        store(records(readings(row(version=number, title=f"Title {number}"))), now=SEEN)
    [paper] = Paper.objects.all()
    assert paper.title == "Title 3"
    assert (paper.published_at, paper.day) == (APPEARED, APPEARED.date())
    assert list(PaperVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]


def test_a_later_version_alone_does_not_say_when_the_paper_was_published() -> None:
    record = record_of(version=2)
    assert (record.published_at, record.announced_on) == (None, None)
    assert record.updated_at == datetime(2026, 11, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "is_withdrawn"),
    [
        ({"title": f"WITHDRAWN: {TIDES}"}, True),
        ({"type": "Withdrawn"}, True),
        ({"title": "Withdrawn harbours of the north"}, False),
        ({}, False),
    ],
)
def test_a_withdrawn_paper_is_withdrawn_and_its_abstract_says_why(
    fields: dict[str, Any], is_withdrawn: bool
) -> None:
    record = record_of(abstract="The authors have withdrawn it.", **fields)
    assert record.withdrawn == is_withdrawn
    assert record.notice == ("The authors have withdrawn it." if is_withdrawn else "")


@pytest.mark.parametrize(
    ("server", "links"),
    [
        ("medRxiv", ["https://www.medrxiv.org/content/10.1101/2026.11.05.424242v1"]),
        (None, ["https://www.biorxiv.org/content/10.1101/2026.11.05.424242v1"]),
        ("elsewhere", []),
    ],
)
def test_the_link_leads_to_the_server_that_has_it(server: str | None, links: list[str]) -> None:
    assert [link.url for link in record_of(server=server).links] == links


@pytest.mark.parametrize("published", ["NA", "", None, "n/a", "10.1/x" + "x" * 300])
def test_what_is_no_doi_is_no_article(published: str | None) -> None:
    assert record_of(published=published).identifiers == (Identifier("doi", DOI),)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (7, "it is not an object"),
        (row(doi="NA"), "'NA' is no DOI"),
        (row(doi=None), "'' is no DOI"),
        (row(doi="10.48550/arXiv.2611.04242"), "is no DOI"),
        (row() | {"version": "zero"}, "'zero' is no version"),
        (row() | {"version": 0}, "'0' is no version"),
        (row() | {"version": None}, "'None' is no version"),
        (row(date="last week"), "date is 'last week'"),
        (row(title=" "), "title is missing"),
        (row(authors=["Vale"]), "authors is a list, not text"),
    ],
)
def test_a_broken_row_is_refused_with_its_number_and_the_others_stay(broken: object, reason: str) -> None:
    found = readings(row("10.1101/1"), broken, row("10.1101/3"))
    assert {record.key for record in records(found)} >= {"10.1101/1", "10.1101/3"}
    [refusal] = refusals(found)
    assert refusal.place == "row 2"
    assert reason in refusal.reason


@pytest.mark.parametrize(
    "text",
    [json.dumps([row()]), json.dumps(row()), json.dumps(answer([row()])) + "\n" + json.dumps(answer([]))],
    ids=["rows alone", "one row", "answers in lines"],
)
def test_rows_are_found_in_every_form_of_file(text: str) -> None:
    assert list(read(source(text))) == readings(row())


def test_a_day_without_papers_is_a_day_without_papers() -> None:
    assert readings() == []


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(answer([row()])),
        json.dumps([row()], indent=2),
        json.dumps(row()) + "\n" + json.dumps(row()),
        json.dumps(answer([])),
    ],
    ids=["an answer", "an array", "lines", "an empty answer"],
)
def test_it_is_recognised_by_its_fields(text: str) -> None:
    assert recognise(text.encode()) == "biorxiv"
