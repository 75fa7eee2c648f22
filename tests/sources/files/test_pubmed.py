"""PubMed's own format."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.sources.inputs import SEEN, records, refusals, source
from tests.sources.references import PUBMED

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Publication, Record
from broadsheet.sources.files.pubmed import read
from broadsheet.sources.files.readings import FileError


def record_of(*lines: str) -> Record:
    [record] = read(source("\n".join(["PMID- 1", "TI  - T.", *lines])))
    assert isinstance(record, Record), record
    return record


def test_a_record_says_all_that_its_tags_say() -> None:
    first, second = read(source(PUBMED))
    assert first == Record(
        source="pubmed",
        key="12345678",
        title="Tide tables for schedulers",
        abstract="We forecast the load of shared clusters.",
        authors=(
            AuthorName("Ines Vale", "Vale", "Ines"),
            AuthorName("Tomas Birk Jr", "Birk", "Tomas"),
            AuthorName("X de la Mar", "de la Mar", "X"),
            AuthorName("North Lab", "North Lab"),
        ),
        identifiers=(Identifier("doi", "10.1234/tides.1"),),
        published_at=datetime(2024, 6, 5, tzinfo=UTC),
        journal_ref="Tidal letters 12(3), pages 4–9",
        publication=Publication("", "Tidal letters", "12", "3", "4–9"),
        keywords=("tides", "load"),
        observed_at=SEEN,
    )
    assert isinstance(second, Record)
    assert second.title == "Walking on sand"
    assert [one.public_id for one in second.identifiers] == ["doi:10.1234/sand"]
    assert second.retracted
    assert second.notice.startswith("Tid Lett. 2027")


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["FAU - Vale, Ada", "AU  - Vale A", "AU  - Fisk BC"], ["Ada Vale", "BC Fisk"]),
        (["AU  - Vale A Jr", "AU  - van den Brook CD 3rd"], ["A Vale Jr", "CD van den Brook 3rd"]),
        (["CN  - North Lab", "FAU - Vale, Ada", "AU  - Vale A"], ["North Lab", "Ada Vale"]),
        (["FAU - Vale, Ada", "AU  - Vale A", "FAU - et al."], ["Ada Vale"]),
        (["FAU - Vale, Ada", "AU  - Vale A", "FED - Editor, Eve", "FIR - Help, Er"], ["Ada Vale"]),
        (["AU  - van Groen, Maaike M."], ["Maaike M. van Groen"]),
        (["FAU - Ek"], ["Ek"]),
    ],
)
def test_each_author_is_there_once_and_in_order(lines: list[str], names: list[str]) -> None:
    assert [author.name for author in record_of(*lines).authors] == names


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        (["DP  - 2024"], (2024, 1, 1)),
        (["DP  - 2024 Jun 5"], (2024, 6, 5)),
        (["DP  - 2024", "PHST- 2024/01/02 00:00 [received]"], (2024, 1, 1)),
        (["PHST- 2024/01/02 00:00 [received]", "PHST- 2024/06/05 00:00 [epublish]"], (2024, 6, 5)),
        (["DP  - 2024 May-Jun"], (2024, 5, 1)),
        (["DP  - 2024", "DEP - 20240605"], (2024, 6, 5)),
        (["DP  - 2024", "DEP - 20231205"], (2023, 12, 5)),
        (["DP  - 2024 Dec-2025 Jan"], (2024, 12, 1)),
        (["DP  - 2024 Mai 3"], (2024, 5, 3)),
        (["DP  - 2024 août"], (2024, 8, 1)),
        (["DP  - 2024 Brumaire"], (2024, 1, 1)),
    ],
)
def test_the_day_is_the_most_exact_that_is_said(lines: list[str], day: tuple[int, int, int]) -> None:
    assert record_of(*lines).published_at == datetime(*day, tzinfo=UTC)


def test_a_doi_may_be_broken_over_lines() -> None:
    record = record_of("LID - 10.1234/tides", "      .1 [doi]")
    assert [one.public_id for one in record.identifiers] == ["doi:10.1234/tides.1"]


def test_the_doi_of_a_comment_is_not_that_of_the_paper() -> None:
    assert record_of("CIN - Tid Lett. doi: 10.1234/comment.").identifiers == ()


def test_a_record_without_title_is_refused_with_its_line_and_the_others_stay() -> None:
    found = list(read(source(f"PMID- 7\nDP  - 2024\n{PUBMED}")))
    assert len(records(found)) == 2
    assert [(one.place, one.reason) for one in refusals(found)] == [("line 1", "the title is missing")]


def test_a_file_that_has_no_record_is_refused() -> None:
    with pytest.raises(FileError, match="begins with PMID"):
        list(read(source("nothing\n\nmore")))


def test_a_notice_retracts_the_paper_that_it_names() -> None:
    of = "ROF - Vale A. Tid Lett. 2024;1(2):3-9. doi: 10.1234/Tides.1.\n      PMID: 2"
    lines = ["PMID- 1", "TI  - Retraction: Tide tables.", "LID - 10.1234/notice [doi]", of]
    notice, paper = read(source("\n".join([*lines, "ROF - Fisk B. PMID: 3"])))
    assert isinstance(notice, Record)
    assert isinstance(paper, Record)
    assert (notice.retracted, notice.identifiers) == (False, (Identifier("doi", "10.1234/notice"),))
    assert (paper.retracted, paper.identifiers) == (True, (Identifier("doi", "10.1234/tides.1"),))
    assert (paper.title, paper.notice) == ("Tide tables", "Retraction: Tide tables")
