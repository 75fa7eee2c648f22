"""What is read from the catalogue is all that a paper can be found, filtered and sorted by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.search.shelf import MORNING, record, records

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Change, Paper
from broadsheet.papers.record import AuthorName, Link, OrganizationName, Signal
from broadsheet.search import documents
from broadsheet.search.documents import Document
from broadsheet.search.models import EmbeddingDue

pytestmark = pytest.mark.django_db

FULL = replace(
    record(50, "Everything at Once", "All that can be known of a paper."),
    authors=(AuthorName("Jane Doe"), AuthorName("Bo Li")),
    identifiers=(Identifier("arxiv", "2603.00050"), Identifier("doi", "10.1000/all")),
    organizations=(OrganizationName("kitchenlab", "Kitchen Lab"),),
    categories=("cs.LG", "stat.ML"),
    links=(Link("code", "https://example.org/code"), Link("pdf", "https://example.org/pdf")),
    signals=(Signal("upvotes", 3), Signal("comments", 2)),
    published_at=datetime(2025, 11, 3, tzinfo=UTC),
    updated_at=datetime(2026, 5, 1, 12, 30, tzinfo=UTC),
    comment="Nine pages",
    journal_ref="J. Everything 1",
)
ELSEWHERE = replace(FULL, source="huggingface", signals=(Signal("upvotes", 12), Signal("github_stars", 99)))


def read_one(paper: int) -> Document:
    (document,) = documents.read([paper])
    return document


@pytest.fixture
def paper(db) -> int:
    store([FULL, ELSEWHERE], now=MORNING)
    return Paper.objects.get().pk


def test_all_of_a_paper_is_read(paper):
    found = read_one(paper)
    assert (found.title, found.abstract) == (FULL.title, FULL.abstract)
    assert list(found.authors) == ["Jane Doe", "Bo Li"]
    assert list(found.organizations) == [("kitchenlab", "Kitchen Lab")]
    assert list(found.categories) == ["cs.LG", "stat.ML"]
    assert set(found.sources) == {"arxiv", "huggingface"}
    assert set(found.identifiers) == {"2603.00050", "doi:10.1000/all"}
    assert set(found.schemes) == {"arxiv", "doi"}
    assert (found.comment, found.journal_ref) == ("Nine pages", "J. Everything 1")
    assert datetime.fromtimestamp(found.submitted, UTC) == FULL.published_at
    assert datetime.fromtimestamp(found.updated, UTC) == FULL.updated_at
    assert set(found.has) == {"code", "pdf", "abstract"}
    assert (date.fromordinal(found.day), found.year) == (FULL.published_at.date(), 2025)


def test_the_list_of_a_day_is_no_source_of_its_own(db):
    store([replace(FULL, source="arxiv_listing", key="2603.00050@2026-03-11")], now=MORNING)
    assert read_one(Paper.objects.get().pk).sources == ["arxiv"]
    store([FULL], now=MORNING)
    assert read_one(Paper.objects.get().pk).sources == ["arxiv"]


def test_what_nobody_said_is_empty(db):
    bare = replace(record(51, "A Title Alone", ""), authors=(), published_at=None)
    store([bare], now=MORNING)
    found = read_one(Paper.objects.get().pk)
    assert (found.authors, found.organizations, found.has) == ([], [], [])
    assert (found.day, found.year) == (0, 0)
    assert (found.submitted, found.updated) == (0, 0)


@pytest.mark.parametrize(
    ("precision", "until"),
    [("year", date(2024, 12, 31)), ("month", date(2024, 2, 29)), (None, date(2024, 2, 1))],
)
def test_a_date_that_is_known_in_part_lasts_as_long_as_it_may(db, precision, until):
    begins = datetime(2024, 1 if precision == "year" else 2, 1, tzinfo=UTC)
    store([replace(FULL, published_at=begins, published_precision=precision, versions=())], now=MORNING)
    found = read_one(Paper.objects.get().pk)
    assert (date.fromordinal(found.day), date.fromordinal(found.until)) == (begins.date(), until)


def test_a_paper_that_was_never_revised_was_last_changed_when_it_was_sent_in(db):
    store([replace(FULL, updated_at=None)], now=MORNING)
    found = read_one(Paper.objects.get().pk)
    assert found.updated == found.submitted == FULL.published_at.timestamp()


def test_papers_are_read_with_as_many_queries_however_many_they_are(db, count_queries):
    store(records(), now=MORNING)
    papers = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    assert {one.paper for one in documents.read([papers[4], papers[0], 10**6])} == {papers[0], papers[4]}
    few = count_queries(lambda: list(documents.read(papers[:2])))
    assert count_queries(lambda: list(documents.read(papers))) == few


def test_new_links_are_indexed_without_embedding_the_text_again(paper, bring_up_to_date, catch_up):
    bring_up_to_date()
    news = {"signals": (Signal("upvotes", 40),), "links": (Link("project", "https://example.org"),)}
    store([replace(ELSEWHERE, observed_at=MORNING, **news)], now=MORNING)
    assert Change.objects.count() == 1
    catch_up()
    assert not EmbeddingDue.objects.exists()
    assert "project" in read_one(paper).has
