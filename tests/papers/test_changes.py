"""Whoever follows the catalogue learns of every change, once, however it is interrupted."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.cast import ARXIV, HUGGING_FACE, SAVED_PAGE

from broadsheet.papers import changes, reading
from broadsheet.papers.catalogue import store
from broadsheet.papers.changes import Cursor, CursorError
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, Revision, Tombstone
from broadsheet.papers.record import Record, Version

NOW = datetime(2026, 11, 22, tzinfo=UTC)
START = Cursor(0)
# The number of the first change that is written at NOW; each one after it is one more.
FIRST = int(NOW.timestamp() * 1000)
on_a_server = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the threads of a test share one connection to SQLite"
)


def paper(number: int, *, version: int = 1) -> Record:
    name = f"2611.{number:05}"
    return replace(
        ARXIV,
        key=name,
        title=f"Title {number}",
        identifiers=(Identifier("arxiv", name),),
        versions=(Version(version),),
    )


def read_all(cursor: Cursor = START, *, limit: int = 3) -> list[tuple[str, bool, int]]:
    """What a reader learns who asks for a few at a time, and keeps only what is written in the answers."""
    found = []
    has_more = True
    while has_more:
        page = changes.since(Cursor.parse(str(cursor)), limit=limit)
        found += [(one.public_id, one.pk is None, one.number) for one in page.items]
        cursor, has_more = page.next, page.has_more
    return found


@pytest.mark.django_db
def test_changes_come_in_order_a_few_at_a_time_and_a_paper_that_changes_again_at_the_end():
    store([paper(n) for n in range(1, 6)], now=NOW)
    store([paper(6)], now=NOW)
    store([paper(2, version=2)], now=NOW)
    names = [(name, number) for name, is_gone, number in read_all() if not is_gone]
    assert names == [
        ("2611.00001", FIRST),
        ("2611.00003", FIRST),
        ("2611.00004", FIRST),
        ("2611.00005", FIRST),
        ("2611.00006", FIRST + 1),
        ("2611.00002", FIRST + 2),
    ]
    assert read_all(Cursor(FIRST + 1)) == [("2611.00002", False, FIRST + 2)]
    assert read_all(Cursor(FIRST + 2)) == []


@pytest.mark.django_db
def test_a_paper_that_changes_between_two_reads_is_read_again_and_no_other_is_missed():
    store([paper(n) for n in range(1, 8)], now=NOW)
    first = changes.since(START, limit=3)
    store([paper(1, version=2), paper(5, version=2)], now=NOW)
    rest = [name for name, _, _ in read_all(first.next, limit=2)]
    assert [one.public_id for one in first.items] == ["2611.00001", "2611.00002", "2611.00003"]
    assert rest == ["2611.00004", "2611.00006", "2611.00007", "2611.00001", "2611.00005"]


@pytest.mark.django_db
def test_what_became_part_of_another_paper_is_gone_and_leads_there():
    doi = Identifier("doi", "10.1000/x")
    journal = Record(
        source="bibtex", key="b", title="Another title", identifiers=(doi,), authors=ARXIV.authors
    )
    store([ARXIV, journal], now=NOW)
    store([replace(HUGGING_FACE, identifiers=(*ARXIV.identifiers, doi))], now=NOW)
    assert read_all() == [("2503.00001", False, FIRST + 1), ("doi:10.1000/x", True, FIRST + 1)]
    assert reading.resolve("doi:10.1000/x")[1] == "2503.00001"


@pytest.mark.django_db
def test_a_name_that_was_given_up_is_gone_and_one_that_is_used_again_is_not():
    store([SAVED_PAGE], now=NOW)
    local = Paper.objects.get().public_id
    store([ARXIV], now=NOW)
    assert read_all() == [("2503.00001", False, FIRST + 1), (local, True, FIRST + 1)]
    Tombstone.objects.create(public_id="2611.00001", changed=FIRST)
    store([paper(1)], now=NOW)
    assert ("2611.00001", False, FIRST + 2) in read_all()
    assert not Tombstone.objects.filter(public_id="2611.00001").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "x", "-1", "1.5", "\u0662", "9" * 19, "1:a\0b"])
def test_a_cursor_that_nobody_gave_is_refused(text):
    with pytest.raises(CursorError, match="number of a change"):
        Cursor.parse(text)


@pytest.mark.django_db
def test_a_cursor_of_a_catalogue_that_came_further_is_refused():
    store([paper(1)], now=NOW)
    with pytest.raises(CursorError, match=f"no change {FIRST + 1} here"):
        changes.since(Cursor(FIRST + 1), limit=10)


@pytest.mark.django_db
def test_what_comes_after_an_older_copy_was_restored_is_told_to_who_read_more_than_it_holds():
    store([paper(1)], now=NOW)
    for number in range(2, 9):
        store([paper(number)], now=NOW)
    *_, (_, _, last) = read_all()
    Paper.objects.exclude(public_id="2611.00001").delete()
    Revision.objects.update(number=FIRST)
    store([paper(9)], now=NOW + timedelta(seconds=1))
    assert [name for name, _, _ in read_all(Cursor(last))] == ["2611.00009"]


@pytest.mark.django_db
def test_a_page_far_on_among_many_of_one_number_is_found_by_the_index_alone():
    store([paper(n) for n in range(1, 400)], now=NOW)
    Paper.objects.update(changed=FIRST)
    with CaptureQueriesContext(connection) as captured:
        found = changes.since(Cursor(FIRST, "2611.00350"), limit=2)
    assert [one.public_id for one in found.items] == ["2611.00351", "2611.00352"]
    (query,) = (one["sql"] for one in captured if "UNION" in one["sql"])
    if connection.vendor == "sqlite":
        plan, index = f"EXPLAIN QUERY PLAN {query}", "papers_as_they_changed ((changed,public_id)>(?,?))"
    else:
        plan, index = f"EXPLAIN {query}", "using papers_as_they_changed"
    with connection.cursor() as cursor:
        cursor.execute(plan)
        assert index in str(cursor.fetchall())


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_a_reader_beside_writers_misses_nothing():
    writers, papers = 3, 12
    store([paper(0)], now=NOW)

    def write(first: int) -> None:
        try:
            for number in range(first, papers * writers, writers):
                store([paper(number + 1), paper(0, version=number + 2)], now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    seen, cursor = {}, START
    while any(thread.is_alive() for thread in threads):
        page = changes.since(cursor, limit=2)
        seen.update({one.public_id: one.number for one in page.items})
        cursor = page.next
    for thread in threads:
        thread.join()
    seen |= {name: number for name, _, number in read_all(cursor)}
    assert seen == dict(Paper.objects.values_list("public_id", "changed"))
    assert len(seen) == papers * writers + 1


@on_a_server
@pytest.mark.django_db(transaction=True)
def test_the_number_of_a_change_is_seen_only_once_all_smaller_ones_are():
    """A second writer waits for the first: else a reader could see its number and never the first one's."""
    store([paper(0)], now=NOW)

    def write() -> None:
        try:
            store([paper(2)], now=NOW)
        finally:
            connection.close()

    second = threading.Thread(target=write)
    with transaction.atomic():
        store([paper(1)], now=NOW)
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive()
    second.join()
    assert dict(Paper.objects.values_list("public_id", "changed")) == {
        "2611.00000": FIRST,
        "2611.00001": FIRST + 1,
        "2611.00002": FIRST + 2,
    }
    assert Revision.objects.get().number == FIRST + 2
