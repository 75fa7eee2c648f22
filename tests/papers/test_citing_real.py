"""Ten thousand real papers: what is written is what other programs, and we ourselves, read back.

Texts are compared as `text.plain` shows them, without the braces that protect capitals.
"""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path

import bibtexparser
import orjson
import pytest
import rispy
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from tests.papers.cited import WHEN, detail, shown
from tests.sources.inputs import records, source

from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.names import Person, people
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.likeness import same_paper
from broadsheet.papers.reading import PaperDetail
from broadsheet.papers.record import Record
from broadsheet.papers.text import plain
from broadsheet.sources.files import acl
from broadsheet.sources.files import bibtex as bibtex_files
from broadsheet.sources.files import csl as csl_files
from broadsheet.sources.files import ris as ris_files
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.live.arxiv import snapshot

PAPERS = 10_000
SNAPSHOT = "data/arxiv-metadata-oai-snapshot.json.gz"


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def originals(shared: Path) -> list[Record]:
    """Papers of arXiv, and some of the ACL Anthology, with proceedings and journals."""
    with gzip.open(shared / SNAPSHOT) as lines:
        found = [snapshot.to_record(line, observed_at=WHEN) for line in islice(lines, PAPERS)]
    for name in ("2024.tacl", "2024.naacl", "J93"):
        with open_source(shared / f"data/acl/{name}.xml", now=WHEN) as file:
            found += [one for one in acl.read(file) if isinstance(one, Record) and one.identifiers]
    return found


@pytest.fixture(scope="module")
def files(papers: list[PaperDetail]) -> dict[str, str]:
    """The papers in each format."""
    return {"bib": bibtex(papers), "ris": ris(papers), "csl": csl(papers).decode()}


@pytest.fixture(scope="module")
def papers(originals: list[Record]) -> list[PaperDetail]:
    return list(map(detail, originals))


def day(paper: PaperDetail) -> str:
    """As much of the date as is known."""
    return str(paper.row.published or "").replace("-", "/")


def doi(paper: PaperDetail) -> str:
    values = {one.scheme: one.value for one in paper.identifiers}
    return values.get("doi") or (f"10.48550/arXiv.{values['arxiv']}" if "arxiv" in values else "")


def person(parts: NameParts) -> Person:
    """A name that bibtexparser took apart, without the braces around a part."""
    family, suffix, given = (
        shown(" ".join(words)) for words in (parts.von + parts.last, parts.jr, parts.first)
    )
    return Person(family, given, suffix)


def test_bibtexparser_reads_the_same_papers_from_bibtex(papers, files) -> None:
    library = bibtexparser.parse_string(
        files["bib"], append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks
    assert len({entry.key.lower() for entry in library.entries}) == len(papers)
    for entry, paper in zip(library.entries, papers, strict=True):
        said = {field.key: field.value for field in entry.fields}
        assert shown(said["title"]) == plain(paper.row.title)
        assert shown(said.get("abstract", "")) == plain(paper.row.abstract)
        assert tuple(map(person, said.get("author", ()))) == people(paper)
        assert (said.get("year", ""), said.get("doi", "")) == (day(paper)[:4], doi(paper))
        assert all(one.value in str(said) for one in paper.identifiers)


def test_rispy_reads_the_same_papers_from_ris(papers, files) -> None:
    references = rispy.loads(files["ris"])
    assert len({one["id"] for one in references}) == len(papers)
    for said, paper in zip(references, papers, strict=True):
        assert said["title"] == plain(paper.row.title)
        assert said.get("abstract", "") == plain(paper.row.abstract)
        written = [one.inverted if one.given else one.family.replace(",", "") for one in people(paper)]
        assert said.get("authors", []) == written
        assert (said.get("date", "").rstrip("/"), said.get("doi", "")) == (day(paper), doi(paper))
        assert all(one.value in str(said) for one in paper.identifiers)


def test_csl_json_says_the_same(papers, files) -> None:
    items = orjson.loads(files["csl"])
    assert len({one["id"] for one in items}) == len(papers)
    for said, paper in zip(items, papers, strict=True):
        assert said["title"] == plain(paper.row.title)
        assert said.get("abstract", "") == plain(paper.row.abstract)
        written = [
            Person(one.get("family") or one["literal"], one.get("given", ""), one.get("suffix", ""))
            for one in said.get("author", ())
        ]
        assert tuple(written) == people(paper)
        assert said.get("DOI", "") == doi(paper)


@pytest.mark.parametrize(("form", "reader"), [("bib", bibtex_files), ("ris", ris_files), ("csl", csl_files)])
def test_what_we_write_we_read_as_the_same_papers(originals, files, form, reader) -> None:
    readings = records(reader.read(source(files[form])))
    assert len(readings) == len(originals)
    for reading, original in zip(readings, originals, strict=True):
        assert same_paper(reading, [original]), original.key
        assert set(reading.identifiers) == set(original.identifiers)
        assert plain(reading.title) == plain(original.title)
