"""What contradicts each other is never made one paper by a third that is like both."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.likeness import same_text
from broadsheet.papers.naming import Held
from broadsheet.papers.partition import partition
from broadsheet.papers.record import AuthorName, Record

Papers = set[frozenset[str]]
STOCK = (
    "Overview",
    "Editorial",
    "Preface",
    "Introduction",
    "Reply",
    "Corrigendum",
    "Annual Report",
    "ERRATUM.",
)
SOURCES = ("ris", "bibtex", "csl", "openalex", "pubmed", "saved_page")


def record(year: int, source: str = "ris", title: str = "Overview", **more: object) -> Record:
    key = str(more.pop("key", f"{source} {year}"))
    return Record(
        source=source,
        key=key,
        title=title,
        authors=more.pop("authors", (AuthorName("Y. Vale", "Vale", "Y."),)),
        published_at=datetime(year, 1, 1, tzinfo=UTC),
        identifiers=(Identifier("arxiv", "1307.00001"),) if source == "arxiv" else (),
        **more,
    )


def papers(*records: Record) -> Papers:
    """The papers as sets of keys; the same for every order of the records."""
    found = {
        frozenset(frozenset(one.record.key for one in paper) for paper in partition(map(Held, order)))
        for order in itertools.islice(itertools.permutations(records), 120)
    }
    assert len(found) == 1
    return set(found.pop())


@pytest.mark.parametrize("title", [*STOCK, "Overview of the Tidal Task", "On kites, part I"])
@pytest.mark.parametrize("source", SOURCES)
def test_of_three_years_only_the_same_one_joins_the_paper_of_arxiv(title, source):
    years = [record(year, source, title) for year in (2012, 2013, 2014)]
    arxiv = record(2013, "arxiv", title)
    first, second, third = (one.key for one in years)
    expected = {frozenset({first}), frozenset({second, arxiv.key}), frozenset({third})}
    assert papers(*years, arxiv) == expected


@pytest.mark.parametrize("title", STOCK)
@pytest.mark.parametrize("source", ["ris", "arxiv", "acl", "openreview"])
def test_a_stock_title_of_another_year_is_another_paper(title, source):
    assert len(papers(record(2012, "ris", title), record(2013, source, title))) == 2
    assert len(papers(record(2013, "bibtex", title), record(2013, source, title))) == 1


def test_a_stock_title_with_another_journal_or_abstract_is_another_paper():
    first = record(2013, journal_ref="Tidal Letters 12(3), pages 1–2")
    assert len(papers(first, record(2013, "csl", journal_ref="Tidal Letters 12(4), pages 1–2"))) == 2
    assert len(papers(first, record(2013, "csl", journal_ref="Tidal Letters 12(3), pages 1-2"))) == 1
    first = record(2013, abstract="We count the waves of a year in the bay.")
    assert len(papers(first, record(2013, "csl", abstract="Kites rise over the hills in autumn."))) == 2
    assert len(papers(first, record(2013, "csl"))) == 1


@pytest.mark.parametrize("title", ["Kites over hills", "Overviews", "Reply to a note on kites"])
def test_a_title_of_its_own_may_be_a_year_older_as_a_preprint(title):
    assert len(papers(record(2012, "arxiv", title), record(2013, "ris", title))) == 1


def test_what_the_paper_could_not_take_may_still_be_one_with_its_like():
    kites = [record(2012, source, "Kites") for source in ("ris", "csl")]
    found = papers(*kites, record(2014, "ris", "Kites"), record(2013, "arxiv", "Kites"))
    assert found == {frozenset({"ris 2012", "csl 2012"}), frozenset({"ris 2014"}), frozenset({"arxiv 2013"})}


def test_without_authors_a_common_abstract_does_not_join_years_apart():
    years = [
        record(year, "saved_page", "Tides of the year", authors=(), abstract="We count waves in the bay.")
        for year in (2012, 2014)
    ]
    assert len(papers(*years)) == 2
    assert len(papers(*years, record(2013, "arxiv", "Tides of the year", abstract=years[0].abstract))) == 3


@st.composite
def alike(draw: st.DrawFn) -> list[Record]:
    """Records without identifiers, and papers of arXiv, of one title: years, authors and abstracts differ."""
    made = []
    title = draw(st.sampled_from(["Overview", "Kites over hills"]))
    for number in range(draw(st.integers(2, 7))):
        name = draw(st.sampled_from(["Ada Vale", "Ada Vale", "Bo Fisk", ""]))
        abstract = draw(st.sampled_from(["", "We count the waves of a year.", "Kites rise over the hills."]))
        authors = (AuthorName(name),) if name else ()
        year = draw(st.integers(2010, 2015))
        source = draw(st.sampled_from((*SOURCES, "arxiv")))
        one = record(year, source, title, key=f"{number}", authors=authors, abstract=abstract)
        made.append(one)
    return made


@given(alike(), st.randoms(use_true_random=False))
def test_no_two_that_contradict_each_other_meet_in_any_paper(records, random):
    found = partition(map(Held, records))
    for paper in found:
        loose = [one.record for one in paper if one.record.source != "arxiv"]
        for left, right in itertools.combinations(loose, 2):
            assert same_text(left, right) is not False
            assert abs(left.published_at.year - right.published_at.year) <= 1
    random.shuffle(records)
    assert sorted(sorted(one.key for one in paper) for paper in found) == sorted(
        sorted(one.key for one in paper) for paper in partition(map(Held, records))
    )
