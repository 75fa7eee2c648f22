"""What sources announced: what has come of it, what is asked for one by one, what is forgotten."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.sources.tellers import DAY, NOON, TODAY, announced, identifier, paper

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.sources.completeness import announcements
from broadsheet.sources.live.source import ARXIV, ARXIV_CHANGES, ARXIV_PAPERS, Announced, Look, Outcome
from broadsheet.sources.live.wanted import TooManyWantedError, want
from broadsheet.sources.models import Announcement, RefusedRecord, SourceState, Visit, WantedPaper

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def received() -> dict[str, datetime | None]:
    """The announced papers, and when each came."""
    return dict(Announcement.objects.values_list("value", "received_at"))


def listed(at: datetime, *, harvested: datetime | None, day: date = TODAY) -> None:
    """The list of a day was seen `at` a moment; `harvested` is the end of the last whole harvest."""
    announcements.note_looks(ARXIV, [Look(day, "cs.LG", items=9)], now=at)
    SourceState.objects.create(name=ARXIV_CHANGES, due_at=NOON, last_good_at=harvested)


def wanted() -> list[str]:
    return sorted(WantedPaper.objects.values_list("arxiv_id", flat=True))


def test_what_has_come_is_received_and_what_has_not_is_missing():
    announcements.note(ARXIV, [announced(1), announced(2)])
    store([paper(1)], now=NOON)
    assert announcements.mark_received(ARXIV, now=NOON) == 1
    assert received() == {"2611.00001": NOON, "2611.00002": None}
    assert [one.identifier for one in announcements.missing(ARXIV, now=NOON)] == [identifier(2)]


def test_a_new_version_is_missing_until_that_version_has_come():
    store([paper(1)], now=NOON)
    announcements.note(ARXIV, [announced(1, version=2)])
    assert announcements.mark_received(ARXIV, now=NOON) == 0
    store([paper(1, version=3)], now=NOON)
    assert announcements.mark_received(ARXIV, now=NOON + HOUR) == 1


def test_where_no_version_was_announced_any_will_do():
    store([paper(1, version=0)], now=NOON)
    announcements.note(ARXIV, [announced(1, version=0)])
    assert announcements.mark_received(ARXIV, now=NOON) == 1


def test_a_paper_may_come_under_any_of_its_names():
    announcements.note("biorxiv", [Announced(TODAY, Identifier("doi", "10.1101/2026.11.01"), 1)])
    store([paper(1)], now=NOON)
    assert announcements.mark_received("biorxiv", now=NOON) == 0
    name = (identifier(1), Identifier("doi", "10.1101/2026.11.01"))
    store([paper(1, version=2, identifiers=name)], now=NOON)
    assert announcements.mark_received("biorxiv", now=NOON) == 1


def test_one_family_says_nothing_of_anothers_announcements():
    announcements.note(ARXIV, [announced(1)])
    announcements.note("huggingface", [announced(1, version=0)])
    store([paper(1)], now=NOON)
    announcements.mark_received("huggingface", now=NOON)
    assert [one.source for one in Announcement.objects.filter(received_at=None)] == [ARXIV]


def test_what_is_announced_again_keeps_its_first_time():
    announcements.note(ARXIV, [announced(1), announced(1)])
    store([paper(1)], now=NOON)
    announcements.mark_received(ARXIV, now=NOON)
    announcements.note(ARXIV, [announced(1)])
    announcements.mark_received(ARXIV, now=NOON + DAY)
    assert received() == {"2611.00001": NOON}


def test_marking_what_came_takes_one_query_however_much_it_is(count_queries):
    announcements.note(ARXIV, [announced(number) for number in range(1, 300)])
    store([paper(number) for number in range(1, 300)], now=NOON)
    assert count_queries(announcements.mark_received, ARXIV, now=NOON) == 1
    assert not announcements.missing(ARXIV, now=NOON).exists()


def test_the_last_look_at_a_list_counts():
    announcements.note_looks(ARXIV, [Look(TODAY, "cs.LG", Outcome.PARTIAL, 2000, "cut")], now=NOON)
    looks = [Look(TODAY, "cs.LG", items=1), Look(TODAY, "cs.LG", items=12)]
    announcements.note_looks(ARXIV, looks, now=NOON + HOUR)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.items, visit.note, visit.at) == ("seen", 12, "", NOON + HOUR)


def test_what_a_whole_harvest_after_the_list_did_not_bring_is_asked_for():
    listed(NOON, harvested=NOON + 7 * HOUR)
    announcements.note(ARXIV, [announced(1), announced(2), announced(2, version=3), announced(3)])
    store([paper(1)], now=NOON)
    announcements.mark_received(ARXIV, now=NOON)
    assert announcements.ask_for_missing(now=NOON + 8 * HOUR) == 2
    assert wanted() == ["2611.00002", "2611.00003"]
    assert SourceState.objects.get(name=ARXIV_PAPERS).due_at == NOON + 8 * HOUR


@pytest.mark.parametrize(
    ("harvested", "now"),
    [
        pytest.param(NOON + HOUR, NOON + 5 * HOUR, id="the list is new"),
        pytest.param(NOON - HOUR, NOON + 9 * HOUR, id="no harvest since"),
        pytest.param(None, NOON + 9 * HOUR, id="no harvest at all"),
    ],
)
def test_what_may_still_come_is_not_asked_for(harvested, now):
    listed(NOON, harvested=harvested)
    announcements.note(ARXIV, [announced(1)])
    assert announcements.ask_for_missing(now=now) == 0
    assert not SourceState.objects.filter(name=ARXIV_PAPERS).exists()


def test_what_arxiv_has_answered_is_not_asked_for_again_and_again():
    listed(NOON, harvested=NOON + HOUR)
    announcements.note(ARXIV, [announced(1)])
    WantedPaper.objects.create(arxiv_id="2611.00001", asked_at=NOON, answered_at=NOON, found=False)
    assert announcements.ask_for_missing(now=NOON + 8 * HOUR) == 0


def test_of_very_many_the_newest_are_asked_for_first(monkeypatch):
    monkeypatch.setattr(announcements, "ASKED_FOR_AT_ONCE", 1)
    listed(NOON, harvested=NOON + HOUR, day=TODAY - DAY)
    announcements.note_looks(ARXIV, [Look(TODAY, items=9)], now=NOON)
    announcements.note(ARXIV, [announced(1, day=TODAY - DAY), announced(2)])
    assert announcements.ask_for_missing(now=NOON + 8 * HOUR) == 1
    assert wanted() == ["2611.00002"]


def test_after_a_hundred_days_it_is_forgotten():
    for days_ago in (100, 101):
        day, at = TODAY - days_ago * DAY, NOON - days_ago * DAY
        announcements.note(ARXIV, [announced(days_ago, day=day)])
        announcements.note_looks(ARXIV, [Look(day)], now=at)
        RefusedRecord.objects.create(source=ARXIV, day=day, place="item 1", reason="no title")
        WantedPaper.objects.create(arxiv_id=f"2611.00{days_ago}", asked_at=at, answered_at=at, found=True)
    WantedPaper.objects.create(arxiv_id="2611.00999", asked_at=NOON - 200 * DAY)
    announcements.prune(ARXIV, now=NOON)
    for model in (Announcement, Visit, RefusedRecord):
        assert [one.day for one in model.objects.all()] == [TODAY - 100 * DAY]
    assert wanted() == ["2611.00100", "2611.00999"]


def test_a_paper_that_is_wanted_makes_its_source_due():
    SourceState.objects.create(name=ARXIV_PAPERS, due_at=NOON + DAY)
    rows = want(["2611.00002", "2611.00001"], now=NOON)
    assert [(one.arxiv_id, one.found) for one in rows] == [("2611.00002", None), ("2611.00001", None)]
    assert SourceState.objects.get().due_at == NOON


def test_a_paper_that_is_wanted_by_many_is_asked_for_once():
    want(["2611.00001", "2611.00001"], now=NOON)
    SourceState.objects.update(due_at=NOON + DAY)
    (row,) = want(["2611.00001"], now=NOON + HOUR)
    assert (row.asked_at, SourceState.objects.get().due_at) == (NOON, NOON + DAY)


@pytest.mark.parametrize(("after", "found"), [(23 * HOUR, False), (24 * HOUR, None)])
def test_what_arxiv_did_not_know_is_asked_for_again_a_day_later(after, found):
    WantedPaper.objects.create(arxiv_id="2611.00001", asked_at=NOON, answered_at=NOON, found=False)
    (row,) = want(["2611.00001"], now=NOON + after)
    assert row.found is found


def test_so_many_may_wait_and_no_more():
    ids = [f"2611.{number:05}" for number in range(1, 202)]
    want(ids[:200], now=NOON)
    want(ids[:200], now=NOON)
    with pytest.raises(TooManyWantedError, match="200 papers are waiting to be fetched"):
        want(ids[200:], now=NOON)
    WantedPaper.objects.update(answered_at=NOON, found=True)
    assert want(ids[200:], now=NOON)[0].found is None
