"""Lines of the arXiv metadata snapshot."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from tests.sources.inputs import ABSTRACTS, SEEN, arxiv_line, records, source

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, Record, Version
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.files.readings import Refusal
from broadsheet.sources.live.arxiv.snapshot import read


def record_of(**fields: Any) -> Record:
    [record] = read(source(arxiv_line(**fields)))
    assert isinstance(record, Record), record
    return record


def test_the_head_of_the_real_snapshot_is_read_without_a_refusal(shared: Path) -> None:
    with open_source(shared / "data/arxiv-metadata-oai-snapshot.json.gz", now=SEEN) as opened:
        head = list(islice(read(opened), 3000))
    assert len(records(head)) == 3000
    assert all(one.authors and one.abstract and one.categories and one.published_at for one in head)


def test_a_line_becomes_a_record_with_all_it_says() -> None:
    sent = datetime(2026, 11, 5, 17, 42, 10, tzinfo=UTC)
    assert record_of(
        doi="10.1145/ABC.1", comments="12 pages", **{"journal-ref": "J. Tides 1 (2026)"}
    ) == Record(
        source="arxiv",
        key="2611.04242",
        title="Tide Tables for Schedulers",
        abstract=ABSTRACTS["Tide Tables for Schedulers"],
        authors=(AuthorName("Ines Vale", "Vale", "Ines"), AuthorName("Tomas Birk Jr", "Birk", "Tomas")),
        identifiers=(Identifier("arxiv", "2611.04242"), Identifier("doi", "10.1145/abc.1")),
        published_at=sent,
        updated_at=sent,
        versions=(Version(1, sent),),
        categories=("cs.DC", "stat.ML"),
        comment="12 pages",
        journal_ref="J. Tides 1 (2026)",
        license="http://creativecommons.org/licenses/by/4.0/",
        announced_on=date(2026, 11, 6),
        observed_at=SEEN,
    )


def test_a_paper_is_published_with_its_first_version_and_updated_with_its_last() -> None:
    versions = [
        {"version": "v2", "created": "Fri, 6 Nov 2026 00:00:01 GMT"},
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
    ]
    record = record_of(versions=versions)
    assert record.published_at == datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC)
    assert record.updated_at == datetime(2026, 11, 6, 0, 0, 1, tzinfo=UTC)
    assert [version.number for version in record.versions] == [1, 2]


@pytest.mark.parametrize(
    ("given", "key"),
    [("hep-th/9901001", "hep-th/9901001"), ("math.GT/0309136", "math/0309136"), ("0704.0010", "0704.0010")],
)
def test_old_and_new_ids_are_taken(given: str, key: str) -> None:
    record = record_of(paper_id=given)
    assert (record.key, record.identifiers) == (key, (Identifier("arxiv", key),))


def test_paragraphs_of_an_abstract_stay_apart() -> None:
    abstract = "  The first one goes\non here.\n  The second one.\n"
    assert record_of(abstract=abstract).abstract == "The first one goes on here.\n\nThe second one."


@pytest.mark.parametrize(
    ("parts", "author"),
    [
        (["ATLAS Collaboration", "", ""], AuthorName("ATLAS Collaboration", "ATLAS Collaboration")),
        (["de  Souza", "Ana", ""], AuthorName("Ana de Souza", "de Souza", "Ana")),
        (["Madonna"], AuthorName("Madonna", "Madonna")),
    ],
)
def test_names_are_written_given_name_first(parts: list[str], author: AuthorName) -> None:
    assert record_of(authors_parsed=[parts, ["", "", ""]]).authors == (author,)


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ("10.1/x 10.1103/A 10.1007/b", ["10.1103/a", "10.1007/b"]),
        ("10.48550/arXiv.2611.04242", []),
        ("see the journal", []),
        ("10.1103/" + "a" * 300, []),
    ],
)
def test_what_is_no_doi_is_no_identifier(given: str, values: list[str]) -> None:
    assert [one.value for one in record_of(doi=given).identifiers[1:]] == values


@pytest.mark.parametrize(
    ("comments", "abstract", "is_withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error in Lemma 2", "Text.", True),
        ("12 pages. The article has been withdrawn.", "Text.", True),
        ("Withdrawn", "Text.", True),
        ("paper withdrawn", "Text.", True),
        ("withdrawn by arXiv administrators", "Text.", True),
        (None, "  This paper has been withdrawn by the authors.\n", True),
        (None, "This submission has been withdrawn because of overlap.", True),
        ("This paper was withdrawn from a conference and extended", "Text.", False),
        ("replaces hep-th/9901001, which was withdrawn", "Text.", False),
        ("Withdrawn Lemmas and Where They Lead, 3 pages", "Text.", False),
        (None, "Cash is withdrawn from machines. This paper has been withdrawn in the story.", False),
        ("12 pages", "We study how a drug is withdrawn.", False),
        (None, "Text.", False),
    ],
)
def test_only_the_usual_wording_makes_a_paper_withdrawn(
    comments: str, abstract: str, is_withdrawn: bool
) -> None:
    record = record_of(comments=comments, abstract=abstract)
    assert record.withdrawn is is_withdrawn
    assert record.notice == (comments or "" if is_withdrawn else "")


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"id": "caf\xe9"}', "not JSON"),
        (b"{}", "no arXiv id"),
        (arxiv_line(id=704.001), "id is a fraction, not text"),
        (arxiv_line(id="704.0010"), "'704.0010' is no arXiv id"),
        (arxiv_line(title=" "), "title is missing"),
        (arxiv_line(versions=[{"version": "1"}]), "'1' is no version"),
        (arxiv_line(versions=[{"version": "v1", "created": "Tue, 31 Feb 2026 12:00:00 GMT"}]), "no date"),
        (arxiv_line(versions=[{"version": "v1", "created": "2026-11-05"}]), "no date"),
        (arxiv_line(versions=["v1"]), "versions holds something"),
        (arxiv_line(authors_parsed=["Vale"]), "names in parts"),
        (arxiv_line(authors_parsed=[[]]), "names in parts"),
        (arxiv_line(authors_parsed=[["Vale", None]]), "names in parts"),
        (arxiv_line(authors_parsed=7), "authors_parsed is a whole number"),
        (b'"' + b"a" * (16 << 20) + b'"', "longer than 16 MB"),
    ],
    ids=lambda value: repr(value[:60]),
)
def test_a_broken_line_is_refused_with_its_number_and_the_others_stay(broken: bytes, reason: str) -> None:
    content = arxiv_line("2611.00001") + b"\n" + broken.rstrip(b"\n") + b"\n" + arxiv_line("2611.00004")
    first, refusal, last = read(source(content))
    assert (first.key, last.key) == ("2611.00001", "2611.00004")
    assert isinstance(refusal, Refusal)
    assert refusal.place == "line 3"
    assert reason in refusal.reason
