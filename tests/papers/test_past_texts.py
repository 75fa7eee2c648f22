"""What a source said before stays known when it says something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.cast import ABSTRACT, ARXIV, HUGGING_FACE

from broadsheet.papers import reading
from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, PastText
from broadsheet.papers.past_texts import TextChange
from broadsheet.papers.record import Record, Version

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAYS = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (2, 9, 12)]


def version(number: int, **texts: str) -> Record:
    versions = tuple(Version(at + 1, DAYS[at]) for at in range(number))
    return replace(ARXIV, versions=versions, updated_at=DAYS[number - 1], **texts)


def changes() -> tuple[TextChange, ...]:
    return reading.detail(Paper.objects.get().pk).changes


def words(change: TextChange) -> list[tuple[str, str]]:
    pieces = (*change.title, *change.abstract)
    return [(piece.kind, piece.text.strip()) for piece in pieces if piece.kind != "same"]


def test_a_new_version_says_what_it_changed_the_last_one_first():
    store([version(1, title="Loose Bounds")], now=NOW)
    store([version(2, title="Sharp Bounds")], now=NOW)
    store([version(3, title="Sharp Bounds", abstract=f"{ABSTRACT} We prove it.")], now=NOW)
    last, first = changes()
    assert (last.since, last.version, last.on) == (2, 3, DAYS[2].date())
    assert (last.title, words(last)) == ((), [("added", "We prove it.")])
    assert (first.since, first.version, first.on) == (1, 2, DAYS[1].date())
    assert words(first) == [("removed", "Loose"), ("added", "Sharp")]


def test_texts_that_only_break_their_lines_elsewhere_are_not_kept():
    store([version(1)], now=NOW)
    store([version(2, title=f"  {ARXIV.title} ", abstract=ABSTRACT.replace(" by ", "\nby  "))], now=NOW)
    assert not PastText.objects.exists()


def test_an_abstract_that_was_missing_is_no_change_and_one_that_is_lost_stays_known():
    store([version(1, abstract="")], now=NOW)
    store([version(2)], now=NOW)
    assert not PastText.objects.exists()
    store([version(3, abstract="")], now=NOW)
    assert PastText.objects.get().abstract == ABSTRACT


def test_a_text_that_comes_and_goes_is_kept_once():
    texts = ["One", "Two", "One", "Two"]
    for day, title in enumerate(texts):
        store([replace(ARXIV, title=title, updated_at=NOW + timedelta(days=day))], now=NOW)
    assert sorted(PastText.objects.values_list("title", flat=True)) == ["One", "Two"]
    assert [words(change) for change in changes()] == [[("removed", "One"), ("added", "Two")]]


def test_without_a_number_a_change_has_the_day_on_which_we_saw_it():
    store([ARXIV], now=NOW)
    store([replace(ARXIV, title="Another", updated_at=NOW)], now=NOW + timedelta(days=3))
    (change,) = changes()
    assert (change.since, change.version, change.on) == (0, 0, date(2026, 11, 25))


def test_what_two_papers_said_before_is_known_when_they_become_one():
    doi = Identifier("doi", "10.1000/x")
    journal = replace(HUGGING_FACE, source="bibtex", key="b", identifiers=(doi,), title="Elsewhere")
    store([version(1, title="Loose Bounds"), journal], now=NOW)
    store([version(2)], now=NOW)
    assert Paper.objects.count() == 2
    store([replace(HUGGING_FACE, identifiers=(*ARXIV.identifiers, doi))], now=NOW)
    assert [change.version for change in changes()] == [2]


def test_another_source_that_changes_its_mind_does_not_show():
    store([version(1), HUGGING_FACE], now=NOW)
    store([replace(HUGGING_FACE, title="Sharp bounds", observed_at=NOW)], now=NOW)
    assert PastText.objects.get().source == "huggingface"
    assert changes() == ()


def test_an_export_carries_old_texts_on_and_storing_them_again_changes_nothing():
    store([version(1, title="Loose Bounds")], now=NOW)
    store([version(2)], now=NOW)
    ((_, _, records),) = export_rows()
    kept, shown = list(PastText.objects.values("version", "title", "abstract", "replaced_at")), changes()
    Paper.objects.all().delete()
    PastText.objects.all().delete()
    for _ in range(2):
        store(records, now=NOW + timedelta(days=9))
    assert list(PastText.objects.values("version", "title", "abstract", "replaced_at")) == kept
    assert changes() == shown
    assert records[0].to_json() == version(2).to_json()


def test_a_batch_that_replaces_nothing_costs_no_query_more(count_queries):
    def batch(title: str, number: int) -> list[Record]:
        return [replace(version(number, title=f"{title} {n}"), key=str(n), identifiers=()) for n in range(20)]

    store(batch("Before", 1), now=NOW)
    signals = [replace(one, comment="10 pages") for one in batch("Before", 2)]
    unreplaced = count_queries(store, signals, now=NOW)
    replaced = count_queries(store, batch("After", 3), now=NOW)
    # Three more make the readable texts of the new titles anew.
    assert replaced == unreplaced + 1 + 3
    assert PastText.objects.count() == 20
