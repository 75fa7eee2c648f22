"""What the status says of each day, from what the runs left behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from tests.sources.noted import FRIDAY, announce, at, visit

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import Listing, Record
from broadsheet.sources.completeness.day_states import DaySummary
from broadsheet.sources.completeness.gaps import EXAMPLES, summaries
from broadsheet.sources.models import RefusedRecord, WantedPaper

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def days(family: str = "arxiv", first: date = MONDAY, last: date = FRIDAY, **more) -> list[DaySummary]:
    given = {"harvested_at": None, "now": NOW} | more
    return summaries(first, last, families=[family], **given)[family]


def friday(family: str = "arxiv") -> DaySummary:
    return days(family)[-1]


def states(**more) -> list[str]:
    return [day.state.value for day in days(**more)]


def test_what_was_announced_is_counted_as_received_missing_or_late():
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001", "2611.00002", received=at(FRIDAY))
    announce(FRIDAY, "2611.00003", received=at(FRIDAY, 23))
    announce(FRIDAY, "2611.00004", received=at(FRIDAY + timedelta(1), 0))
    announce(FRIDAY, "2611.00005")
    found = friday()
    assert found.state == "incomplete"
    assert (found.expected, found.received, found.missing, found.late) == (5, 4, 1, 1)
    assert found.missing_ids == ("2611.00005",)
    assert found.is_gap


def test_of_what_is_missing_only_some_is_named():
    visit(FRIDAY)
    announce(FRIDAY, *(f"2611.{number:05}" for number in range(50)))
    found = friday()
    assert found.missing == 50
    assert found.missing_ids == tuple(f"2611.{number:05}" for number in range(EXAMPLES))


def test_of_what_is_missing_it_is_told_what_arxiv_does_not_know():
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001", "2611.00002", "2611.00003")
    for name, found in (("2611.00001", False), ("2611.00002", None)):
        WantedPaper.objects.create(arxiv_id=name, asked_at=NOW, found=found)
    assert friday().missing == 3
    assert friday().reasons == ("arXiv does not know 2611.00001",)


def test_a_family_that_was_never_asked_owes_nothing():
    found = days()
    assert {day.state for day in found} == {"unseen"}
    assert not any(day.is_gap for day in found)


def test_days_before_the_first_look_are_no_gaps_and_those_after_it_are():
    visit(MONDAY + timedelta(1))
    found = days()
    assert [day.state.value for day in found] == ["unseen", "complete", "unseen", "unseen", "unseen"]
    assert [day.is_gap for day in found] == [False, False, True, True, True]
    assert [day.reasons for day in found[:2]] == [("from before the first run",), ()]


def test_weekends_and_the_holidays_that_are_set_are_no_gaps(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"arxiv_holidays": "2026-11-19"})
    for number in range(3):
        visit(MONDAY + timedelta(number))
    assert states(last=date(2026, 11, 22)) == [*["complete"] * 3, "holiday", "unseen", "weekend", "weekend"]


def test_a_list_is_pending_until_there_was_time_to_read_it():
    visit(FRIDAY)
    monday = date(2026, 11, 23)
    for hour, state in ((6, "pending"), (8, "unseen")):
        assert days(first=FRIDAY, last=monday, now=at(monday, hour))[-1].state == state


def test_the_worst_of_the_lists_of_a_day_counts_and_is_named():
    visit(FRIDAY, "cs.AI")
    visit(FRIDAY, "cs.LG", "partial", note="2,000 items, the most it can hold")
    announce(FRIDAY, "2611.00001", received=at(FRIDAY))
    assert friday().state == "partial"
    visit(FRIDAY, "", "down", note="it answered 503")
    assert friday().state == "down"
    assert set(friday().reasons) == {"cs.LG: 2,000 items, the most it can hold", "it answered 503"}


def test_a_list_that_was_passed_over_on_one_day_is_a_hole_in_it():
    for number in (0, 1, 2):
        visit(MONDAY + timedelta(number), "cs.AI")
    for number in (0, 2):
        visit(MONDAY + timedelta(number), "cs.CL")
    visit(MONDAY + timedelta(2), "stat.ML")
    found = days(last=MONDAY + timedelta(2))
    assert [day.state.value for day in found] == ["complete", "partial", "complete"]
    assert found[1].reasons == ("cs.CL: nobody read its list",)


def test_a_day_that_was_fetched_again_as_a_whole_is_mended():
    visit(FRIDAY, "cs.LG", "partial", items=2000)
    visit(FRIDAY, "", at=NOW, items=2400, note="read from the changes")
    found = friday()
    assert (found.state, found.is_gap) == ("complete", False)
    assert found.reasons == ("read from the changes",)


def test_a_source_that_does_not_say_what_belongs_to_a_day_is_taken_at_its_word():
    visit(FRIDAY, "", source="biorxiv", items=120)
    found = friday("biorxiv")
    assert (found.state, found.expected, found.received) == ("complete", 120, 120)


def test_refused_records_are_counted_with_a_reason():
    visit(FRIDAY)
    for place in ("1", "2"):
        RefusedRecord.objects.create(source="arxiv", day=FRIDAY, place=place, reason="no title")
    found = friday()
    assert found.refused == 2
    assert found.reasons == ("2 refused, such as: no title",)


def harvested(number: int, **more) -> Record:
    facts = {"announced_on": FRIDAY, "categories": ("cs.LG",), "source": "arxiv"} | more
    name = f"2611.{number:05}"
    return Record(title=f"Paper {number}", key=name, identifiers=(Identifier("arxiv", name),), **facts)


def test_what_the_catalogue_has_and_no_list_named_is_told():
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001", received=NOW)
    announce(MONDAY, "2611.00002", received=NOW)
    store(
        [
            *(harvested(number) for number in (1, 2, 3)),
            harvested(4, categories=("math.AG",)),
            harvested(5, source="bibtex"),
            harvested(6, announced_on=FRIDAY - timedelta(1)),
        ],
        now=NOW,
    )
    found = friday()
    assert (found.unannounced, found.unannounced_ids) == (1, ("2611.00003",))
    assert found.reasons == ("1 of this day that no list names, such as 2611.00003",)
    assert found.state == "complete"
    assert days()[-2].unannounced == 0


def test_a_harvest_makes_up_for_lists_that_were_not_read():
    visit(MONDAY)
    visit(FRIDAY - timedelta(1), "", "down", note="it answered 503")
    visit(FRIDAY, outcome="partial", items=2000)
    announce(FRIDAY, "2611.00001", received=at(FRIDAY))
    thursday, wednesday = FRIDAY - timedelta(1), FRIDAY - timedelta(2)
    curated = {"source": "huggingface", "announced_on": None, "listings": (Listing(FRIDAY, 1),)}
    store(
        [
            *(harvested(number, announced_on=wednesday) for number in (2, 3, 4)),
            harvested(4, **curated),
            harvested(5, announced_on=thursday),
        ],
        now=NOW,
    )
    assert states() == ["complete", "unseen", "unseen", "down", "partial"]
    found = days(harvested_at=at(FRIDAY, 8))
    assert [day.state.value for day in found] == ["complete", "quiet", *["complete"] * 3]
    assert [day.received for day in found] == [3, 0, 3, 1, 1]
    assert found[2].reasons == ("its lists were not read whole; 3 papers of the day came with a harvest",)
    assert not any(day.is_gap for day in found)


def test_a_harvest_before_a_day_was_announced_makes_up_for_nothing():
    visit(MONDAY)
    visit(FRIDAY, "", "down")
    assert states(harvested_at=at(FRIDAY, 3)) == ["complete", "quiet", "quiet", "quiet", "down"]


def test_a_harvest_of_the_night_before_counts_once_the_list_should_have_been_read():
    visit(FRIDAY - timedelta(1))
    store([harvested(1)], now=NOW)
    for hour, state in ((6, "pending"), (8, "complete")):
        assert states(harvested_at=at(FRIDAY, 5), now=at(FRIDAY, hour))[-1] == state


def test_a_hundred_days_take_as_many_queries_as_one(count_queries):
    assert settings.BROADSHEET.followed
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001")
    one = count_queries(days, first=FRIDAY, harvested_at=NOW)
    for number in range(1, 5):
        visit(FRIDAY - timedelta(number))
        announce(FRIDAY - timedelta(number), "2611.00001", "2611.00002")
    store([harvested(number) for number in range(5)], now=NOW)
    assert one <= count_queries(days, first=FRIDAY - timedelta(100), harvested_at=NOW) <= 7
