"""Bibliographies that are brought and handed out again: what a paper is, and where it came out."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from tests.papers.cited import detail
from tests.sources.inputs import source

from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.citation import Kind, Venue, cite
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import KINDS, Record, RecordError, record_from_json
from broadsheet.sources.files import bibtex as bibtex_files
from broadsheet.sources.files import crossref, datacite
from broadsheet.sources.files import csl as csl_files
from broadsheet.sources.files import ris as ris_files

NAME = Identifier("local", "0123456789ab")
VOLUME = "volume = 7, number = 2, pages = {4--9}"
TITLED = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}


def brought(entry: str) -> Record:
    [record] = bibtex_files.read(source(entry))
    assert isinstance(record, Record)
    return record


def entry_of(kind: str, place: str, more: str = "") -> str:
    named = f"{TITLED.get(kind, 'series')} = {{{place}}}," if place else ""
    return f"@{kind}{{k, title = {{Waves}}, author = {{Vale, Ada}}, year = 2024, {named} {more}}}"


def handed_out_and_back(record: Record) -> list[Record]:
    """The record as each of our formats gives it back."""
    paper = [detail(replace(record, identifiers=(NAME,)))]
    return [
        reading
        for reader, written in (
            (bibtex_files.read, bibtex(paper)),
            (csl_files.read, csl(paper)),
            (ris_files.read, ris(paper)),
        )
        for reading in reader(source(written))
        if isinstance(reading, Record)
    ]


@pytest.mark.parametrize(
    "place", ["Tidal Letters", "Tides of the North", "Area 51", "Tides 2024", "Proc. 12(3)"]
)
@pytest.mark.parametrize("more", ["", "volume = 7", "pages = {4--9}", VOLUME])
@pytest.mark.parametrize("kind", KINDS)
def test_kind_and_title_of_the_whole_survive_our_own_files(kind: str, place: str, more: str) -> None:
    record = brought(entry_of(kind, place, more))
    assert record.publication
    assert (record.publication.kind, record.publication.name) == (kind, place)
    assert [again.publication for again in handed_out_and_back(record)] == [record.publication] * 3
    assert [again.key for again in handed_out_and_back(record)] == [record.key] * 3


@pytest.mark.parametrize("kind", ["book", "phdthesis", "mastersthesis", "techreport"])
def test_what_is_a_whole_itself_keeps_its_kind_without_a_series(kind: str) -> None:
    record = brought(entry_of(kind, ""))
    assert [again.publication for again in handed_out_and_back(record)] == [record.publication] * 3
    assert bibtex([detail(replace(record, identifiers=(NAME,)))]).startswith(f"@{kind}{{")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("@conference", "inproceedings"),
        ("@InBook", "incollection"),
        ("@inreference", "incollection"),
        ("@mvbook", "book"),
        ("@thesis", "phdthesis"),
        ("@report", "techreport"),
    ],
)
def test_other_names_of_a_kind_in_a_bibliography_mean_it(written: str, kind: str) -> None:
    publication = brought(f"{written}{{k, title={{Waves}}, booktitle={{Tides}}}}").publication
    assert publication
    assert publication.kind == kind


@pytest.mark.parametrize("degree", ["mathesis", "Master's thesis", "MSc thesis", "M. Sc. Thesis"])
def test_a_thesis_of_a_master_is_told_from_a_doctors(degree: str) -> None:
    publication = brought(f"@thesis{{k, title={{Waves}}, type={{{degree}}}}}").publication
    assert publication
    assert publication.kind == "mastersthesis"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("CONF", "inproceedings"),
        ("CPAPER", "inproceedings"),
        ("CHAP", "incollection"),
        ("ECHAP", "incollection"),
        ("THES", "phdthesis"),
        ("RPRT", "techreport"),
        ("BOOK", "book"),
        ("JOUR", "article"),
        ("MGZN", "article"),
        ("GEN", ""),
    ],
)
def test_ris_says_the_kind_with_its_first_tag(tag: str, kind: str) -> None:
    [record] = ris_files.read(source(f"TY  - {tag}\nTI  - Waves\nT2  - Tides\nER  - \n"))
    assert isinstance(record, Record)
    assert record.publication
    assert (record.publication.kind, record.publication.name) == (kind, "Tides")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("paper-conference", "inproceedings"),
        ("chapter", "incollection"),
        ("entry-encyclopedia", "incollection"),
        ("thesis", "phdthesis"),
        ("report", "techreport"),
        ("article-newspaper", "article"),
        ("article", ""),
        ("webpage", ""),
    ],
)
def test_csl_says_the_kind_with_its_type(written: str, kind: str) -> None:
    item = {"id": "k", "type": written, "title": "Waves", "container-title": "Tides"}
    [record] = csl_files.read(source(orjson.dumps([item])))
    assert isinstance(record, Record)
    assert record.publication
    assert record.publication.kind == kind


def test_crossref_and_datacite_say_the_kind_too() -> None:
    work = {
        "DOI": "10.1000/w",
        "type": "proceedings-article",
        "title": ["Waves"],
        "container-title": ["Tides"],
    }
    [record] = crossref.read(source(orjson.dumps({"message": work})))
    assert isinstance(record, Record)
    assert cite(detail(record)).kind == "inproceedings"
    said = {
        "doi": "10.1000/w",
        "titles": [{"title": "Waves"}],
        "types": {"resourceTypeGeneral": "Dissertation", "resourceType": "Master's thesis"},
    }
    [record] = datacite.read(source(orjson.dumps({"data": {"id": "10.1000/w", "attributes": said}})))
    assert isinstance(record, Record)
    assert cite(detail(record)).kind == "mastersthesis"


@pytest.mark.parametrize(
    "entry",
    [
        "@article{k, title={Waves}, journal={arXiv preprint arXiv:2611.00001}}",
        "@inproceedings{k, title={Waves}, booktitle={CoRR}, eprint={2611.00001}}",
        "@inproceedings{k, title={Waves}, eprint={2611.00001}}",
        "@article{k, title={Waves}}",
        "@misc{k, title={Waves}, howpublished={A page}}",
    ],
)
def test_what_is_part_of_nothing_is_a_preprint(entry: str) -> None:
    paper = cite(detail(replace(brought(entry), identifiers=(NAME,))))
    assert (paper.kind, paper.venue) == ("preprint", Venue())


def test_the_place_that_the_paper_shows_is_the_one_that_is_cited() -> None:
    # Another source's own line stands: the parts of a bibliography are of its line alone.
    paper = detail(replace(brought(entry_of("inproceedings", "Tides", VOLUME)), identifiers=(NAME,)))
    said: Kind = "inproceedings"
    cited = cite(replace(paper, journal_ref="Waves Quarterly"))
    assert (cited.kind, cited.venue) == (said, Venue("Waves Quarterly"))


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(RecordError, match="unknown kind of publication 'poem'"):
        record_from_json({"source": "bibtex", "key": "k", "title": "Waves", "publication": {"kind": "poem"}})
