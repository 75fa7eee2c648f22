"""CSL JSON as Zotero and others export it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import PREPRINT, ZOTERO

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Link, Publication, Record
from broadsheet.papers.text import plain
from broadsheet.sources.files.csl import read
from broadsheet.sources.files.readings import BrokenOffError, FileError


def record_of(**fields: Any) -> Record:
    [record] = read(source(json.dumps([{"id": 1, "type": "article", "title": "T"} | fields])))
    assert isinstance(record, Record), record
    return record


def test_an_item_becomes_a_record_with_all_it_says() -> None:
    [record] = read(source(json.dumps([ZOTERO])))
    assert record == Record(
        source="csl",
        key="doi:10.1234/tides.1",
        title="Tide Tables in O(n$^{2}$) for Schedulers",
        abstract="We forecast the load, p < 0.05.\n\nTwice.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Ada van der Berg Jr.", "van der Berg", "Ada"),
            AuthorName("North Lab", "North Lab"),
        ),
        identifiers=(Identifier("doi", "10.1234/tides.1"),),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        links=(Link("page", "https://example.org/tides"),),
        journal_ref="Tidal Letters 12(3), pages 4–9",
        publication=Publication("article", "Tidal Letters", "12", "3", "4–9"),
        keywords=("tides", "load"),
        observed_at=SEEN,
    )
    assert plain(record.title) == "Tide Tables in O(n²) for Schedulers"


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([PREPRINT]),
        json.dumps(PREPRINT, indent=2),
        f"{json.dumps(PREPRINT)}\n\n",
        json.dumps({"items": [PREPRINT]}),
    ],
)
def test_a_preprint_is_known_by_its_arxiv_id_however_it_is_wrapped(content: str) -> None:
    [record] = read(source(content))
    assert (record.key, record.identifiers) == ("2611.04242", (Identifier("arxiv", "2611.04242"),))
    assert (record.journal_ref, record.links) == ("", ())


@pytest.mark.parametrize(
    ("fields", "identifiers"),
    [
        ({"number": "arXiv:2611.04242"}, ["2611.04242"]),
        ({"archive": "arXiv", "archive_location": "arXiv:2611.04242"}, ["2611.04242"]),
        ({"archive": "arXiv", "number": "2611.04242"}, ["2611.04242"]),
        ({"archive": "JSTOR", "archive_location": "2611.04242"}, []),
        ({"note": "OCLC: 7\narXiv:2611.04242 [cs]"}, ["2611.04242"]),
        ({"URL": "https://openreview.net/forum?id=aB1"}, ["openreview:aB1"]),
        ({"DOI": "https://doi.org/10.1234/A", "number": 12}, ["doi:10.1234/a"]),
        ({"number": "2611.04242"}, []),
    ],
)
def test_identifiers_are_found_wherever_programs_put_them(
    fields: dict[str, Any], identifiers: list[str]
) -> None:
    assert [one.public_id for one in record_of(**fields).identifiers] == identifiers


@pytest.mark.parametrize(
    ("issued", "day"),
    [
        ({"date-parts": [[2024, 5, 3], [2024, 6]]}, (2024, 5, 3)),
        ({"date-parts": [["2024"]]}, (2024, 1, 1)),
        ({"raw": "2024-05-03"}, (2024, 5, 3)),
        ({"literal": "May 2024"}, (2024, 5, 1)),
        ("2024-05", (2024, 5, 1)),
        (2024, (2024, 1, 1)),
        ({"date-parts": [["2024", "05", "03"]]}, (2024, 5, 3)),
        ({"date-parts": [["2024", "mai", "3"]]}, (2024, 5, 3)),
        ({"date-parts": [["2024-05-03"]]}, (2024, 5, 3)),
        ({"date-parts": [2024, "5"]}, (2024, 5, 1)),
        ({"date-parts": "2024-05"}, (2024, 5, 1)),
        ({"date-parts": [[2024.0, 5.0]]}, (2024, 5, 1)),
        ({"date-parts": [[2024, 13, 3]]}, (2024, 1, 1)),
        ({"date-parts": [[2024, None, 3]]}, (2024, 1, 1)),
        ({"date-parts": [[2024, 0, 0]]}, (2024, 1, 1)),
        ({"date-parts": [[2024]], "raw": "3 May 2024"}, (2024, 5, 3)),
        ({"date-parts": [["soon"]], "literal": "2024"}, (2024, 1, 1)),
        ({"year": 2024}, (2024, 1, 1)),
        ({"year": 2024, "month": 5}, (2024, 5, 1)),
        ({"year": "2024", "month": "Mai", "day": "3"}, (2024, 5, 3)),
        ([{"year": 2024, "month": 5}, {"year": 2025}], (2024, 5, 1)),
        ({"literal": "3. März 2024"}, (2024, 3, 3)),
        ({"literal": "to appear"}, None),
        ({"raw": 2024}, (2024, 1, 1)),
        ({"edtf": "2024-05"}, (2024, 5, 1)),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [], "season": "2"}, None),
    ],
)
def test_the_day_of_publication_is_as_exact_as_the_item(
    issued: object, day: tuple[int, int, int] | None
) -> None:
    assert record_of(issued=issued).published_at == (day and datetime(*day, tzinfo=UTC))


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ({"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"}, "Ludwig van Beethoven"),
        ({"given": "Plato"}, "Plato"),
        ({"literal": "North  Lab"}, "North Lab"),
        ({"name": "North Lab"}, "North Lab"),
    ],
)
def test_names_are_written_given_name_first(author: dict[str, str], name: str) -> None:
    assert [one.name for one in record_of(author=[author, {}]).authors] == [name]


def test_titles_in_a_list_as_crossref_has_them_are_read() -> None:
    record = record_of(**{"title": ["Waves"], "container-title": ["Tides", "Td."], "volume": "12"})
    assert (record.title, record.journal_ref) == ("Waves", "Tides 12")


def test_lines_are_read_one_by_one() -> None:
    content = f"{json.dumps(PREPRINT)}\n{{broken\n\n{json.dumps(ZOTERO)}\n"
    found = list(read(source(content)))
    assert [one.key for one in records(found)] == ["2611.04242", "doi:10.1234/tides.1"]
    assert [(one.place, one.reason) for one in refusals(found)] == [("item 2", "it is not an object")]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "it is not an object"),
        ({"type": "article"}, "the title is missing"),
        (PREPRINT | {"title": []}, "the title is missing"),
        (PREPRINT | {"title": [7]}, "title holds something that is not text"),
        (PREPRINT | {"title": 7}, "title is a whole number, not a list"),
        (PREPRINT | {"author": "Vale"}, "author is text, not a list"),
        (PREPRINT | {"issued": [2024]}, "issued is a list, not an object"),
        (PREPRINT | {"volume": 1.5}, "volume is a fraction, not text"),
        (PREPRINT | {"abstract": "half \ud800"}, "lone surrogate"),
    ],
)
def test_an_item_that_cannot_be_used_is_refused_and_the_others_stay(item: object, reason: str) -> None:
    found = list(read(source(json.dumps([PREPRINT, item, ZOTERO]))))
    assert len(records(found)) == 2
    [refusal] = refusals(found)
    assert refusal.place == "item 2"
    assert reason in refusal.reason


def test_where_the_json_breaks_the_items_before_are_kept() -> None:
    found = []
    with pytest.raises(BrokenOffError, match="after item 1 it is no valid JSON"):
        found.extend(read(source(json.dumps([PREPRINT, ZOTERO])[:-20])))
    assert [one.key for one in found] == ["2611.04242"]


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(FileError, match="not valid JSON"):
        list(read(source("title: T")))
