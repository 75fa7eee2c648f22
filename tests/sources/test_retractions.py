"""Notices of retraction that name a title, and no identifier of what they retract."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.papers.models import Paper
from broadsheet.sources.importing import import_files

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, tzinfo=UTC)
PAPER = "TY  - JOUR\nTI  - Tides of the inner sea\nAU  - Vale, Ada\nAU  - Fisk, Bo\nPY  - 2019\nDO  - {doi}\nER  - \n"
NOTICE = "TY  - JOUR\nTI  - {title}\n{authors}PY  - 2024\nER  - \n"
ADA = "AU  - Vale, A.\n"


def imported(folder: Path, *entries: str) -> dict[str, tuple[bool, str]]:
    """The papers with an identifier once the entries were read as one file: retracted, and by what."""
    file = folder / "library.ris"
    file.write_text("\n".join(entries))
    import_files([file], now=NOW, format_name=None, page_year=None, progress=lambda _: None)
    papers = Paper.objects.filter(public_id__startswith="doi:")
    return {paper.public_id: (paper.retracted, paper.notice) for paper in papers}


@pytest.mark.parametrize(
    "title",
    [
        "Retraction: Tides of the inner sea",
        "Retraction Note: Tides of the Inner Sea",
        "Retraction notice to “Tides of the inner sea” [Tid. Lett. 12 (2019) 4]",
        "RETRACTED: Tides of the inner sea",
    ],
)
@pytest.mark.parametrize("authors", [ADA, ""])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_notice_retracts_the_one_paper_that_has_its_title_and_author(tmp_path, title, authors, is_first):
    entries = [PAPER.format(doi="10.9999/t.1"), NOTICE.format(title=title, authors=authors)]
    read = imported(tmp_path, *(entries[::-1] if is_first else entries))
    assert read == {"doi:10.9999/t.1": (True, title)}
    assert imported(tmp_path, *entries) == read


def test_a_notice_that_fits_two_papers_or_none_retracts_neither(tmp_path):
    notice = NOTICE.format(title="Retraction: Tides of the inner sea", authors=ADA)
    other = NOTICE.format(title="Retraction: Tides of the outer sea", authors=ADA)
    two = [PAPER.format(doi=f"10.9999/t.{number}") for number in (1, 2)]
    assert [retracted for retracted, _ in imported(tmp_path, *two, notice, other).values()] == [False, False]
    assert Paper.objects.filter(retracted=True).count() == 0


@pytest.mark.parametrize(
    ("title", "authors"),
    [
        ("Retraction: Tides of the inner sea", "AU  - Birk, Tom\n"),
        ("Retraction of the ice: Tides of the inner sea", ADA),
        ("Correction: Tides of the inner sea", ADA),
    ],
)
def test_what_is_no_notice_of_it_leaves_a_paper_as_it_is(tmp_path, title, authors):
    notice = NOTICE.format(title=title, authors=authors)
    assert imported(tmp_path, PAPER.format(doi="10.9999/t.1"), notice) == {"doi:10.9999/t.1": (False, "")}
