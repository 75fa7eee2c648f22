"""The catalogue as its readers see it, after records were stored in any order and number."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest
from django.db import DataError
from tests.cast import ARXIV, HUGGING_FACE, SAVED_PAGE

from broadsheet.papers import authors, counting, past_texts, reading
from broadsheet.papers.catalogue import Pace, StoreCounts, export_rows, store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Author, Change, Paper, PaperIdentifier, SourceRecord
from broadsheet.papers.planning import plan
from broadsheet.papers.rebuilding import redecided
from broadsheet.papers.record import AuthorName, Link, Listing, OrganizationName, Record, Signal, Version

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)
FULL = replace(
    ARXIV,
    organizations=(OrganizationName("northlab", "North Lab"),),
    versions=(Version(1, NOW),),
    links=(Link("code", "https://github.com/north/bounds"),),
    signals=(Signal("upvotes", 7),),
    listings=(Listing(date(2025, 3, 5), 1, "Mira", "mira"),),
    keywords=("bounds",),
    comment="10 pages",
)


def exported() -> list[tuple[str, list[bytes]]]:
    return [(public_id, [record.to_json() for record in records]) for public_id, _, records in export_rows()]


def test_a_stored_paper_is_read_back_with_all_its_parts():
    assert store([FULL], now=NOW) == StoreCounts(new=1)
    paper = reading.detail(reading.resolve("arXiv:2503.00001v1")[0])
    assert paper.row.title == FULL.title
    assert [author.name for author in paper.row.authors] == ["Ada van der Berg", "Bo Li"]
    assert paper.row.organizations == (reading.Name("northlab", "North Lab"),)
    assert paper.row.categories == ("cs.LG",)
    assert paper.row.link("code") == "https://github.com/north/bounds"
    assert paper.row.signals["upvotes"].value == 7
    assert paper.versions == (Version(1, NOW),)
    assert paper.listings[0].day == date(2025, 3, 5)
    assert (paper.keywords, paper.comment, paper.sources) == (("bounds",), "10 pages", ("arxiv",))


def test_storing_twice_changes_nothing():
    store([FULL, SAVED_PAGE], now=NOW)
    before, changes, revision = exported(), Change.objects.count(), reading.revision()
    assert store([FULL, SAVED_PAGE], now=NOW + timedelta(days=1)) == StoreCounts(unchanged=2)
    assert (exported(), Change.objects.count(), reading.revision()) == (before, changes, revision)


@pytest.mark.parametrize("order", list(itertools.permutations((ARXIV, HUGGING_FACE, SAVED_PAGE))))
@pytest.mark.parametrize("at_once", [True, False])
def test_three_sources_make_one_paper_in_any_order(order, at_once):
    counts = [store(batch, now=NOW) for batch in ([order] if at_once else [[record] for record in order])]
    assert sum(count.new for count in counts) == 1
    assert sum(count.merged for count in counts) == 2
    row = reading.rows([Paper.objects.get().pk])[0]
    assert (row.public_id, row.abstract, row.signals["upvotes"].value) == ("2503.00001", ARXIV.abstract, 7)


def test_a_paper_without_identifier_keeps_its_old_address_when_it_gets_one():
    store([SAVED_PAGE], now=NOW)
    local = Paper.objects.get().public_id
    assert local.startswith("local:")
    store([ARXIV], now=NOW)
    assert reading.resolve(local) == (Paper.objects.get().pk, "2503.00001")


def test_two_papers_that_turn_out_to_be_one_become_one():
    doi = Identifier("doi", "10.1000/x")
    journal = Record(
        source="bibtex", key="b", title="Another title", identifiers=(doi,), authors=ARXIV.authors
    )
    store([ARXIV, journal], now=NOW)
    first, second = Paper.objects.order_by("pk").values_list("pk", flat=True)
    Change.objects.all().delete()
    store([replace(HUGGING_FACE, identifiers=(*ARXIV.identifiers, doi))], now=NOW)
    assert Paper.objects.get().pk == first
    assert reading.resolve("doi:10.1000/x") == (first, "2503.00001")
    assert set(Change.objects.values_list("paper_id", flat=True)) == {first, second}


def test_an_identifier_stays_with_the_paper_that_had_it_first():
    doi = Identifier("doi", "10.1000/x")
    other = replace(ARXIV, key="2503.00002", identifiers=(Identifier("arxiv", "2503.00002"), doi))
    store([replace(ARXIV, identifiers=(*ARXIV.identifiers, doi)), other], now=NOW)
    assert Paper.objects.count() == 2
    assert PaperIdentifier.objects.get(scheme="doi").paper.public_id == "2503.00001"


def test_a_name_that_no_record_says_any_more_stays_with_its_paper_when_another_claims_it():
    doi, other = Identifier("doi", "10.1000/1"), Identifier("doi", "10.1000/2")
    given_up = replace(ARXIV, source="csl", identifiers=(*ARXIV.identifiers, doi), versions=(Version(1),))
    claiming = replace(ARXIV, source="ris", title="Another", identifiers=(other,), versions=(Version(1),))
    later = {"versions": (Version(2),)}
    store([given_up, claiming], now=NOW)
    store([replace(given_up, identifiers=(doi,), **later)], now=NOW)
    store([replace(claiming, identifiers=(*ARXIV.identifiers, other), **later)], now=NOW)
    assert [name for name, _ in exported()] == ["2503.00001", "doi:10.1000/2"]
    assert reading.resolve("2503.00001") == reading.resolve("doi:10.1000/1")


def test_a_new_version_replaces_what_was_derived_from_the_old_one():
    store([FULL], now=NOW)
    second = replace(
        FULL,
        authors=FULL.authors[1:],
        signals=(Signal("upvotes", 9),),
        versions=(Version(1, NOW), Version(2, NOW)),
    )
    assert store([second], now=NOW) == StoreCounts(updated=1)
    row = reading.rows([Paper.objects.get().pk])[0]
    assert [author.name for author in row.authors] == ["Bo Li"]
    assert row.signals["upvotes"].value == 9


def test_a_new_state_and_the_stored_one_in_one_batch_are_one_paper():
    stored = Record(source="arxiv", key="k", title="One")
    store([stored], now=NOW)
    counts = store([replace(stored, title="Two", versions=(Version(2),)), stored], now=NOW)
    assert counts == StoreCounts(updated=1, unchanged=1)
    assert Paper.objects.get().title == "Two"


def states(key: str, count: int) -> list[Record]:
    """What a source said of one record, the later the higher the version, in no order of time."""
    record = Record(
        source="bibtex", key=key, title="Tides", identifiers=(Identifier("doi", f"10.9999/{key}"),)
    )
    said = [replace(record, abstract=f"On {n}.", versions=(Version(n),)) for n in range(1, count + 1)]
    return sorted(said, key=lambda one: one.versions[0].number % 7)


def test_many_states_of_a_record_cost_the_statements_of_a_few(count_queries):
    few, many = (count_queries(store, states(f"of{count}", count), now=NOW) for count in (3, 90))
    assert many < 2 * few


def test_many_states_of_a_record_at_once_are_what_they_are_one_by_one():
    counts = store(states("a", 90), now=NOW)
    assert Counter(store([state], now=NOW) for state in states("b", 90)) == {
        StoreCounts(new=1): counts.new,
        StoreCounts(updated=1): counts.updated,
        StoreCounts(unchanged=1): counts.unchanged,
    }
    at_once, one_by_one = (past_texts.of_keys([("bibtex", key)])["bibtex", key] for key in "ab")
    assert at_once == one_by_one
    assert {facts.abstract for _, facts, _ in export_rows()} == {"On 90."}


def test_every_change_is_queued_for_the_index():
    store([ARXIV], now=NOW)
    store([replace(ARXIV, title="A new title", versions=(Version(2),))], now=NOW)
    assert list(Change.objects.values_list("paper_id", flat=True)) == [Paper.objects.get().pk] * 2


def test_names_of_one_spelling_share_an_author_and_others_do_not():
    named = replace(
        ARXIV, authors=tuple(AuthorName(name) for name in ("José García", "JOSE GARCIA", "李明", "Li Ming"))
    )
    store([named], now=NOW)
    assert Author.objects.count() == 3
    assert all(Author.objects.values_list("slug", flat=True))


@pytest.mark.parametrize(("authors", "at_once"), [(1, 60), (400, 1)])
def test_what_has_many_authors_keeps_others_waiting_no_longer(authors, at_once):
    names = tuple(AuthorName(f"Ada {number} Vale") for number in range(authors))
    records = [
        replace(FULL, key=f"{number}", title=f"Tides {number}", identifiers=(), authors=names)
        for number in range(60)
    ]
    portions = Pace(size=100).portions(plan(records, [], now=NOW).units)
    assert {len(portion) for portion in portions} == {at_once}


def test_a_failing_batch_leaves_nothing_behind():
    broken = replace(
        ARXIV, key="x", identifiers=(), title="Another", listings=(Listing(date(2026, 1, 1), 2**62 * 4 - 1),)
    )
    with pytest.raises((OverflowError, DataError)):
        store([FULL, broken], now=NOW)
    assert not Paper.objects.exists()


def test_a_page_of_papers_costs_the_same_queries_for_5_and_for_50(count_queries):
    many = [
        replace(
            FULL, key=f"2503.{n:05}", title=f"Title {n}", identifiers=(Identifier("arxiv", f"2503.{n:05}"),)
        )
        for n in range(1, 51)
    ]
    store(many, now=NOW)
    pks = list(Paper.objects.values_list("pk", flat=True))
    assert count_queries(reading.rows, pks[:5]) == count_queries(reading.rows, pks) <= 6


def test_the_lists_of_an_author_and_an_organization_hold_their_papers():
    store([FULL], now=NOW)
    assert authors.author("bo-li").name == "Bo Li"
    assert reading.papers_of_author("bo-li").count() == 1
    assert reading.organizations(10) == [(reading.Name("northlab", "North Lab"), 1)]
    assert reading.papers_of_organization("northlab").count() == 1
    assert authors.author("nobody") is None
    assert counting.counts(now=NOW).by_source == (("arxiv", 1),)


def many(count: int) -> list[Record]:
    names = [f"2503.{n:05}" for n in range(1, count + 1)]
    said = {"paper": {"discussionId": "a"}}
    return [
        replace(FULL, key=name, title=f"Title {name}", identifiers=(Identifier("arxiv", name),), said=said)
        for name in names
    ]


def test_the_details_of_50_papers_cost_the_queries_of_one_and_say_the_same(count_queries):
    store(many(50), now=NOW)
    later = [replace(one, title=f"{one.title} again", updated_at=NOW) for one in many(50)]
    store(later, now=NOW + timedelta(days=1))
    pks = list(Paper.objects.order_by("-pk").values_list("pk", flat=True))
    assert count_queries(reading.details, pks) == count_queries(reading.detail, pks[0]) <= 10
    assert reading.details([*pks, 0]) == [reading.detail(pk) for pk in pks]
    one = reading.details(pks)[-1]
    assert (one.row.public_id, one.added_at, one.revised_at) == ("2503.00001", NOW, NOW + timedelta(days=1))
    assert (len(one.changes), one.listings[0].submitter_username) == (1, "mira")


def test_a_paper_keeps_what_each_source_said_on_its_last_list():
    def listed(day: int, hour: int, **said: object) -> Record:
        return replace(
            HUGGING_FACE,
            key=f"2503.00001@{day}",
            listings=(Listing(date(2025, 3, day), 1),),
            observed_at=NOW + timedelta(hours=hour),
            said=said,
        )

    store([listed(9, 1, thumbnail="last"), listed(5, 2, thumbnail="first"), ARXIV], now=NOW)
    (paper,) = reading.details([Paper.objects.get().pk])
    assert paper.said == {"huggingface": {"thumbnail": "last"}}
    store([listed(9, 3, thumbnail='a text with "said":{ in it')], now=NOW)
    (paper,) = reading.details([paper.row.pk])
    assert paper.said["huggingface"]["thumbnail"] == 'a text with "said":{ in it'


def test_a_state_that_was_stored_without_the_words_of_its_source_gets_them():
    store([HUGGING_FACE], now=NOW)
    for thumbnail in ("one", "two"):
        store([replace(HUGGING_FACE, said={})], now=NOW)
        store([replace(HUGGING_FACE, said={"thumbnail": thumbnail})], now=NOW)
        assert reading.detail(Paper.objects.get().pk).said


def stored_by_an_earlier_release(record):
    """Store the record as a release would have that took a colon for an author."""
    store([record], now=NOW)
    row = SourceRecord.objects.get(source=record.source, key=record.key)
    names = [{"name": ":", "family": ":", "given": ""}, *orjson.loads(row.content)["authors"]]
    row.content = orjson.dumps(orjson.loads(row.content) | {"authors": names}).decode()
    row.digest = hashlib.blake2b(row.content.encode(), digest_size=16).digest()
    row.save()


def test_what_an_earlier_release_read_otherwise_still_takes_records():
    stored_by_an_earlier_release(ARXIV)
    other = replace(ARXIV, source="bibtex", key="k", observed_at=NOW)
    assert store([other], now=NOW).merged == 1
    assert SourceRecord.objects.filter(paper__public_id="2503.00001").count() == 2
    assert list(redecided(now=NOW, apply=True)) == []


def test_what_an_earlier_release_read_otherwise_is_written_as_it_is_read_now():
    stored_by_an_earlier_release(ARXIV)
    assert [unit.before for unit in redecided(now=NOW, apply=True)] == [("2503.00001",)]
    row = SourceRecord.objects.get()
    assert (bytes(row.digest), row.content) == (ARXIV.digest(), ARXIV.to_json().decode())
    assert list(redecided(now=NOW, apply=True)) == []


@pytest.mark.parametrize("title", ["Waves", "Tides", "Kites", "Masts"])
def test_a_file_that_is_read_again_tells_how_much_of_a_date_it_knows(title):
    read_before = Record(source="bibtex", key="k", title=title, published_at=NOW, observed_at=NOW)
    store([read_before], now=NOW)
    store([replace(read_before, published_precision="year")], now=NOW)
    assert Paper.objects.get().day is None
    store([read_before], now=NOW)
    assert Paper.objects.get().day is None
