"""Web of Science, tagged and as a table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import WOS

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Publication, Record
from broadsheet.sources.files.readings import FileError
from broadsheet.sources.files.web_of_science import read
from broadsheet.sources.formats import recognise

TABLE = (
    "PT\tAU\tAF\tCA\tTI\tSO\tDT\tDE\tAB\tPD\tPY\tVL\tIS\tBP\tEP\tDI\tUT\n"
    "J\tVale, I; Birk, T\tVale, Ines; Birk, Tomas, Jr.\tNorth Lab\tTide Tables for Schedulers\tTIDAL LETTERS"
    "\tArticle\ttides; load\tWe forecast the load of shared clusters.\tJUN 5\t2024\t12\t3\t4\t9"
    "\t10.1234/Tides.1\tWOS:000123456700001\n"
)
TIDES = Record(
    source="wos",
    key="WOS:000123456700001",
    title="Tide Tables for Schedulers",
    abstract="We forecast the load of shared clusters.",
    authors=(
        AuthorName("Ines Vale", "Vale", "Ines"),
        AuthorName("Tomas Birk Jr.", "Birk", "Tomas"),
        AuthorName("North Lab", "North Lab"),
    ),
    identifiers=(Identifier("doi", "10.1234/tides.1"),),
    published_at=datetime(2024, 6, 5, tzinfo=UTC),
    journal_ref="TIDAL LETTERS 12(3), pages 4–9",
    publication=Publication("", "TIDAL LETTERS", "12", "3", "4–9"),
    keywords=("tides", "load"),
    observed_at=SEEN,
)


def record_of(*lines: str) -> Record:
    [record] = read(source("\n".join(["PT J", "TI T", *lines, "ER", "", "EF"])))
    assert isinstance(record, Record), record
    return record


def test_a_record_says_all_that_its_tags_say() -> None:
    first, second = read(source(WOS))
    assert first == TIDES
    assert isinstance(second, Record)
    assert second.retracted


def test_what_has_no_pages_has_the_number_of_its_article() -> None:
    assert record_of("SO TIDES", "VL 12", "AR 104321").journal_ref == "TIDES 12, pages 104321"
    assert record_of("SO TIDES", "BP 4", "EP 9", "AR 104321").journal_ref == "TIDES, pages 4–9"
    assert record_of("SO TIDES", "AR 10.9999/w").journal_ref == "TIDES"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_row_of_a_table_says_the_same(encoding: str) -> None:
    content = TABLE.encode(encoding)
    assert recognise(source(content).head) == "wos"
    assert list(read(source(content))) == [TIDES]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["AU Vale, A", "   Fisk, B", "AF Vale, Ada", "   Fisk, Bo"], ["Ada Vale", "Bo Fisk"]),
        (["AU Vale, A", "   Fisk, B", "AF Vale, Ada"], ["A Vale", "B Fisk"]),
        (["AU Vale, Ada; Fisk, Bo"], ["Ada Vale", "Bo Fisk"]),
        (["BE Editor, Eve"], []),
    ],
)
def test_authors_have_their_whole_names_where_all_have(lines: list[str], names: list[str]) -> None:
    assert [author.name for author in record_of(*lines).authors] == names


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["PD JUN 14", "PY 2006"], (2006, 6, 14)),
        (["PY 2006"], (2006, 1, 1)),
        (["PD 2006 May-Jun", "PY 2006"], (2006, 5, 1)),
        (["PY 2006", "EA NOV 2005"], (2005, 11, 1)),
    ],
)
def test_the_day_is_put_together_from_its_parts(lines: list[str], day: tuple[int, int, int]) -> None:
    assert record_of(*lines).published_at == datetime(*day, tzinfo=UTC)


def test_the_dois_of_references_and_of_the_book_are_not_those_of_the_paper() -> None:
    assert record_of("CR Other A, 2001, DOI 10.1234/other", "D2 10.1234/book").identifiers == ()


def test_a_record_without_title_is_refused_with_its_line_and_the_others_stay() -> None:
    found = list(read(source(f"PT J\nPY 2024\nER\n\n{WOS}")))
    assert len(records(found)) == 2
    assert [(one.place, one.reason) for one in refusals(found)] == [("line 1", "the title is missing")]


def test_a_file_that_has_no_record_is_refused() -> None:
    with pytest.raises(FileError, match="begins with PT"):
        list(read(source("FN ISI Export Format\nVR 1.0\nEF\n")))
