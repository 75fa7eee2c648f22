"""What goes out to a reference manager comes back as the same paper, whatever format it took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.sources import references
from tests.sources.inputs import SEEN, source

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.likeness import same_paper
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Record
from broadsheet.papers.text import plain, title_key
from broadsheet.sources.files.references import Reference, is_retracted, to_record
from broadsheet.sources.formats import reader, recognise
from broadsheet.sources.importing import import_files

TITLE = "Fish & Chips: 100% of #1 in Mörkø’s a_b"
AUTHORS = (AuthorName("Jörg van der Berg", "van der Berg", "Jörg"), AuthorName("North Lab", "North Lab"))
IDENTIFIERS = (Identifier("arxiv", "2611.04242"),)
# A preprint in each format, written as Zotero and Google Scholar expect it.
BIBTEX = r"""@misc{berg2026fish,
  title         = {Fish \& Chips: 100\% of \#1 in M{\"o}rk{\o}{\textquoteright}s a\_b},
  author        = {van der Berg, J{\"o}rg and {North Lab}},
  year          = {2026},
  month         = nov,
  eprint        = {2611.04242},
  archivePrefix = {arXiv},
  primaryClass  = {cs.DC},
  eprinttype    = {arxiv},
  doi           = {10.48550/arXiv.2611.04242},
  url           = {https://arxiv.org/abs/2611.04242},
  abstract      = {We fry.},
  publisher     = {arXiv}
}
"""
RIS = f"""TY  - UNPB
TI  - {TITLE}
AU  - van der Berg, Jörg
AU  - North Lab
PY  - 2026
DA  - 2026/11/05
M1  - 2611.04242
DO  - 10.48550/arXiv.2611.04242
UR  - https://arxiv.org/abs/2611.04242
AB  - We fry.
PB  - arXiv
ER  - \n""".replace("\n", "\r\n")
CSL = json.dumps(
    [
        {
            "id": "2611.04242",
            "type": "article",
            "genre": "Preprint",
            "title": TITLE,
            "author": [{"family": "van der Berg", "given": "Jörg"}, {"literal": "North Lab"}],
            "issued": {"date-parts": [[2026, 11, 5]]},
            "number": "arXiv:2611.04242",
            "archive": "arXiv",
            "archive_location": "2611.04242",
            "DOI": "10.48550/arXiv.2611.04242",
            "URL": "https://arxiv.org/abs/2611.04242",
            "abstract": "We fry.",
            "publisher": "arXiv",
        }
    ]
)


def read_as_recognised(content: str) -> Record:
    [record] = reader(recognise(content.encode()), page_year=None)(source(content))
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize("content", [BIBTEX, RIS, CSL], ids=["bibtex", "ris", "csl"])
def test_a_preprint_comes_back_with_its_names_and_its_title(content: str) -> None:
    record = read_as_recognised(content)
    assert (record.identifiers, record.authors, record.abstract) == (IDENTIFIERS, AUTHORS, "We fry.")
    assert (plain(record.title), title_key(plain(record.title))) == (TITLE, title_key(TITLE))
    assert record.published_at is not None
    assert record.published_at.strftime("%Y-%m") == "2026-11"
    assert (record.key, record.links, record.journal_ref) == ("2611.04242", (), "")


def test_without_an_identifier_it_is_still_the_same_paper_in_each_format() -> None:
    bibtex = read_as_recognised("@misc{a, title={{Tide} Tables}, author={Vale, Ines}, year=2024}")
    ris = read_as_recognised("TY  - GEN\nTI  - Tide Tables\nAU  - Vale, Ines\nPY  - 2024\n")
    csl = read_as_recognised(
        json.dumps({"title": "Tide tables", "type": "x", "author": [{"family": "Vale"}], "issued": "2024"})
    )
    assert len({record.key for record in (bibtex, ris, csl)}) == 1
    assert same_paper(ris, [bibtex])
    assert same_paper(csl, [ris])


@pytest.mark.django_db
def test_a_folder_of_references_makes_one_paper_of_all_that_name_it(tmp_path: Path) -> None:
    (tmp_path / "xml").mkdir()
    (tmp_path / "xml" / "2024.tide.xml").write_text(references.ACL)
    (tmp_path / "library.bib").write_text(references.BIBTEX)
    (tmp_path / "library.ris").write_text(references.RIS)
    (tmp_path / "library.json").write_text(json.dumps([references.ZOTERO, references.PREPRINT]))
    for new, merged, unchanged in [(4, 4, 0), (0, 0, 8)]:
        report = import_files([tmp_path], now=SEEN, format_name=None, page_year=None, progress=lambda _: None)
        assert report.failures == report.refusals == []
        assert (report.new, report.merged, report.unchanged) == (new, merged, unchanged)
    assert set(Paper.objects.values_list("public_id", flat=True)) == {
        "2611.04242",
        "acl:2024.tide-long.1",
        "acl:2024.tide-long.2",
        "doi:10.1234/tides.1",
    }


@pytest.mark.parametrize(
    ("title", "marks", "expected"),
    [
        ("RETRACTED: Waves", (), True),
        ("RETRACTED ARTICLE: Waves", (), True),
        ("Retracted article: Waves", (), True),
        ("WITHDRAWN\u2014Waves", (), True),
        ("Withdrawn: Waves", (), True),
        ("Waves (Retracted)", (), True),
        ("Waves [withdrawn]", (), True),
        ("Waves (Retracted Article. See vol. 12, pg. 3, 2024)", (), True),
        ("Waves (retracted gel)", (), False),
        ("Withdrawn Waves", (), False),
        ("(Retracted", (), False),
        ("[Retracted] Waves", (), True),
        ("WITHDRAWN: Waves", (), True),
        ("Waves", ("Tides", "Retracted Publication"), True),
        ("Retraction: Waves", (), False),
        ("Retracted claws of crabs", ("Retraction of Publication",), False),
    ],
)
def test_what_publishers_write_before_a_title_says_that_it_is_retracted(title, marks, expected):
    assert is_retracted(title, marks) is expected
    record = to_record(Reference(title=title, keywords=marks), source="ris", observed_at=SEEN)
    assert record.retracted is expected
