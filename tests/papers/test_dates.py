"""Dates that are known in part, in the catalogue and in every order of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import orjson
import pytest

from broadsheet.daily import lists
from broadsheet.daily.entries import ListName, Part
from broadsheet.papers import categories, reading
from broadsheet.papers.catalogue import store
from broadsheet.papers.citing.bibtex import bibtex
from broadsheet.papers.citing.csl import csl
from broadsheet.papers.citing.ris import ris
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.merging import facts
from broadsheet.papers.models import Paper
from broadsheet.papers.partial_dates import PartialDate
from broadsheet.papers.record import AuthorName, OrganizationName, Record, RecordError, record_from_json
from broadsheet.sources.files.dates import day_in
from broadsheet.sources.files.references import Reference, to_record

NOW = datetime(2026, 11, 29, tzinfo=UTC)
VALE = (AuthorName("Ada Vale", "Vale", "Ada"),)


def reference(said: str, source: str = "bibtex") -> Record:
    asked = Reference(title="Waves", authors=VALE, names=("doi:10.9999/waves",), published_on=day_in(said))
    return to_record(asked, source=source, observed_at=NOW)


def paper(number: str, published: str = "", announced: date | None = None) -> Record:
    known = day_in(published)
    return Record(
        source="arxiv_listing" if announced else "arxiv",
        key=number,
        title=f"Paper {number}",
        authors=VALE,
        organizations=(OrganizationName("tidelab", "TideLab"),),
        identifiers=(Identifier("arxiv", number),),
        categories=("cs.LG",),
        published_at=known and known.begins_at,
        published_precision=known and known.precision,
        announced_on=announced,
        observed_at=NOW,
    )


@pytest.mark.parametrize("said", ["2021", "2021-01", "2021-01-01"])
def test_a_date_goes_through_json_as_it_is_known(said):
    record = reference(said)
    assert str(record.published) == said
    assert record_from_json(orjson.loads(record.to_json())) == record


def test_a_record_of_before_is_a_whole_day_and_keeps_its_digest():
    record = reference("2021-01-01")
    assert b"precision" not in record.to_json()
    assert replace(record, published_precision="year").digest() != record.digest()
    with pytest.raises(RecordError, match="unknown precision 'week'"):
        record_from_json({**orjson.loads(record.to_json()), "published_precision": "week"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "totals"),
    [("2021", [0, 0, 0]), ("2021-01", [0, 0, 1]), ("2021-01-01", [1, 1, 1]), ("2021-02", [0, 0, 0])],
)
def test_a_paper_is_news_of_what_is_known_of_its_date(said, totals):
    store([reference(said)], now=NOW)
    spans = [("day", "2021-01-01"), ("week", "2020-W53"), ("month", "2021-01")]
    shown = [lists.read(ListName(*span), None, Part(), today=NOW.date()).total for span in spans]
    assert shown == totals


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "in_bibtex", "in_csl", "in_ris"),
    [
        ("2021", (False, False), [2021], "DA  - 2021///"),
        ("2021-03", (True, False), [2021, 3], "DA  - 2021/03//"),
        ("2021-03-01", (True, True), [2021, 3, 1], "DA  - 2021/03/01"),
    ],
)
def test_a_citation_says_what_is_known_and_no_more(said, in_bibtex, in_csl, in_ris):
    store([reference(said)], now=NOW)
    detail = reading.details(list(Paper.objects.values_list("pk", flat=True)))[0]
    assert str(detail.row.published) == said
    assert (detail.row.published_at is not None) == in_bibtex[1]
    assert "year = {2021}" in bibtex([detail])
    assert ("month = mar" in bibtex([detail])) == in_bibtex[0]
    assert orjson.loads(csl([detail]))[0]["issued"] == {"date-parts": [in_csl]}
    assert in_ris in ris([detail])


@pytest.mark.parametrize(
    ("dates", "known"),
    [
        ({"acl": "2021", "bibtex": "2021-03-05", "ris": "2021-03"}, "2021-03-05"),
        ({"acl": "2021-04", "bibtex": "2021-03-05", "ris": "2021"}, "2021-04"),
        ({"acl": "", "csl": "2020-01", "bibtex": "2021-03-05"}, "2020-01"),
        ({"acl": "2021-03-05", "bibtex": "2021-03-06"}, "2021-03-05"),
    ],
)
def test_the_best_source_says_when_and_who_agrees_says_it_more_exactly(dates, known):
    records = [reference(said, source) for source, said in dates.items()]
    for order in permutations(records):
        assert str(facts(order).published) == known


@pytest.mark.django_db
def test_every_list_has_papers_without_a_date_last_and_the_announced_where_it_is_looked_for():
    """On both databases: categories, authors, organizations and the pages by cursor have one order."""
    store(
        [
            paper("2312.00001", "2023-12-05"),
            paper("2401.00001", "2024"),
            paper("2402.00001", "2024-02-01"),
            paper("2403.00001"),
            paper("2403.00002", announced=date(2024, 3, 2)),
        ],
        now=NOW,
    )
    in_order = ["2403.00002", "2402.00001", "2401.00001", "2312.00001", "2403.00001"]
    found, total = categories.papers_of_category("cs.LG")
    assert total == len(in_order)
    for papers in (found, reading.papers_of_author("ada-vale"), reading.papers_of_organization("tidelab")):
        assert list(papers.values_list("public_id", flat=True)) == in_order
    names, cursor = dict(Paper.objects.values_list("pk", "public_id")), ""
    by_cursor = []
    while cursor is not None:
        found = lists.read(ListName("papers"), None, Part(1, after=cursor), today=NOW.date())
        by_cursor += [names[pk] for pk in found.pks]
        cursor = found.next
    assert by_cursor == in_order


@pytest.mark.django_db
def test_what_is_only_announced_is_shown_without_a_date_of_publication():
    store([paper("2403.00002", announced=date(2024, 3, 2))], now=NOW)
    detail = reading.details(list(Paper.objects.values_list("pk", flat=True)))[0]
    assert detail.row.published is None
    assert detail.row.published_at is None
    assert detail.dated_at == datetime(2024, 3, 2, tzinfo=UTC)
    store([paper("2403.00002", "2024-03-01")], now=NOW)
    detail = reading.details([detail.row.pk])[0]
    assert str(detail.row.published) == "2024-03-01"


@pytest.mark.django_db
def test_a_common_category_is_read_from_the_index_without_sorting():
    plan = reading.newest_first(Paper.objects.all()).values("pk")[:50].explain()
    assert "paper_newest_first" in plan or "Seq Scan" in plan  # PostgreSQL scans a table that is empty
    assert "TEMP B-TREE" not in plan


def test_a_date_is_written_as_it_is_known_and_no_calendar_has_others():
    assert [str(PartialDate(*parts)) for parts in ((2024,), (2024, 5), (2024, 5, 3))] == [
        "2024",
        "2024-05",
        "2024-05-03",
    ]
    for parts in ((2024, 13), (2024, 2, 30), (2024, 0, 5)):
        with pytest.raises(ValueError, match=r"month|day"):
            PartialDate(*parts)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-12-20", "2026-12-20"),
        ("2026-12", "2026-12"),
        ("2027-03-01", "2027"),
        ("2027-03", "2027"),
        ("2027", "2027"),
        ("2031", None),
        ("2031-05-01", None),
        ("2028-01", None),
    ],
)
def test_of_a_date_far_ahead_only_what_can_be_true_is_believed(said, kept):
    store([reference(said)], now=NOW)
    [stored] = Paper.objects.all()
    known = PartialDate.of(stored.published_at, stored.published_precision)
    assert (str(known) if known else None) == kept


@pytest.mark.django_db
def test_a_date_far_ahead_gives_the_same_paper_in_any_order():
    ahead, right = reference("2031-05-01", "ris"), reference("2024-05-01")
    seen = set()
    for order in permutations([ahead, right]):
        Paper.objects.all().delete()
        for record in order:
            store([record], now=NOW)
        seen |= set(Paper.objects.values_list("public_id", "published_at", "day"))
    assert [day for *_, day in seen] == [date(2024, 5, 1)]


@pytest.mark.django_db
def test_an_old_file_may_be_read_with_a_clock_that_is_behind():
    store([reference("2026-11-20")], now=datetime(2019, 1, 1, tzinfo=UTC))
    assert Paper.objects.get().day == date(2026, 11, 20)
