"""Running live sources: steps, runs, failures, days asked for again, and whose turn it is."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

import pytest
from django.db import OperationalError
from tests.sources.tellers import DAY, FETCHER, MINUTE, NOON, TODAY, Teller, announced, paper

from broadsheet.papers.models import Paper
from broadsheet.sources import ingesting
from broadsheet.sources.files.readings import Refusal, Remark
from broadsheet.sources.ingesting import IngestReport, Step, Went, ask_again, offset, take_due_step, take_step
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import Look, Outcome
from broadsheet.sources.models import Announcement, RefusedRecord, Run, SourceState, Visit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


def step(teller: Teller, now: datetime = NOON) -> Step:
    return take_step(teller.source, fetcher=FETCHER, now=now)


def due_step(*tellers: Teller, now: datetime = NOON) -> str | None:
    """The name of the source whose turn it was."""
    taken = take_due_step([one.source for one in tellers], fetcher=FETCHER, now=now)
    return taken.source.name if taken else None


def ingest(*tellers: Teller, now: datetime = NOON, days: tuple[date, date] | None = None) -> IngestReport:
    sources = [teller.source for teller in tellers]
    return ingesting.ingest(sources, fetcher=FETCHER, now=lambda: now, days=days, progress=lambda _: None)


def state(teller: Teller) -> SourceState:
    return SourceState.objects.get(name=teller.name)


def refusing(until: datetime = NOON + HOUR) -> FetchError:
    return FetchError("the host answers 503", until=until)


def test_a_run_takes_steps_until_there_is_nothing_more_to_ask():
    teller = Teller([[paper(1), paper(2)], [], [paper(2), Refusal("record 3", "no title")]])
    report = ingest(teller)
    (one,) = report.sources
    assert (one.went, one.read, one.new, one.unchanged, one.refused) == (Went.DONE, 4, 2, 1, 1)
    assert one.refusals == [Refusal("record 3", "no title")]
    assert report.is_done
    assert teller.positions == [{}, {"page": 1}, {"page": 2}]
    assert Paper.objects.count() == 2


def test_a_run_is_written_down_once_however_many_steps_it_has():
    teller = Teller([[paper(1), Remark("the list is old")], [paper(2)], [paper(1, version=2)]])
    step(teller)
    assert Run.objects.get().finished_at is None
    step(teller, NOON + MINUTE)
    step(teller, NOON + 2 * MINUTE)
    run = Run.objects.get()
    assert (run.source, run.read, run.new, run.updated) == ("teller", 3, 2, 1)
    assert (run.started_at, run.finished_at) == (NOON, NOON + 2 * MINUTE)
    assert run.message == "the list is old"


def test_a_remark_that_comes_with_each_step_is_kept_once():
    teller = Teller([[Remark("the list is cut \x1b[2J")], [Remark("the list is cut \x1b[2J")]])
    (report,) = ingest(teller).sources
    assert report.remarks == ["the list is cut \ufffd[2J"]
    assert Run.objects.get().message == "the list is cut \ufffd[2J"


def test_of_very_many_remarks_some_are_kept():
    ingest(Teller([[Remark(f"list {number} is cut") for number in range(60)]]))
    assert Run.objects.get().message.splitlines() == [f"list {number} is cut" for number in range(40, 60)]


def test_running_again_changes_nothing_and_begins_where_the_last_run_ended():
    teller = Teller([[paper(1)], [paper(2)]])
    ingest(teller)
    (again,) = ingest(teller, now=NOON + DAY).sources
    assert (again.read, again.unchanged) == (2, 2)
    assert teller.positions[2] == {"page": 2}


def test_a_step_is_told_what_the_operator_follows_and_which_days_are_holidays(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"categories": "cs.LG,math.IT,cs.IT", "arxiv_holidays": "2026-11-26"}
    )
    teller = Teller([[]])
    step(teller)
    (asked,) = teller.asked
    assert (asked.now, asked.since, asked.until) == (NOON, None, None)
    assert asked.categories == ("cs.LG", "cs.IT")
    assert asked.holidays == {date(2026, 11, 26)}


def test_all_that_a_step_learnt_is_kept_under_the_name_of_its_family():
    look = Look(TODAY, "cs.LG", Outcome.PARTIAL, 2000, "the list is cut")
    ingest(Teller([[paper(1), announced(1), announced(2), look, Refusal("item 3", "no title")]]))
    assert [(one.source, one.value, one.received_at) for one in Announcement.objects.order_by("value")] == [
        ("arxiv", "2611.00001", NOON),
        ("arxiv", "2611.00002", None),
    ]
    visit = Visit.objects.get()
    assert (visit.source, visit.scope, visit.outcome, visit.items) == ("arxiv", "cs.LG", "partial", 2000)
    refused = RefusedRecord.objects.get()
    assert (refused.source, refused.day, refused.place, refused.reason) == (
        "arxiv",
        TODAY,
        "item 3",
        "no title",
    )


def test_the_report_says_how_many_announced_papers_have_not_come():
    report = ingest(Teller([[announced(1), announced(2), paper(1)]]))
    assert report.missing == {"arxiv": 1}


def test_a_failure_keeps_what_came_before_and_the_next_run_goes_on_from_there():
    teller = Teller([[paper(1)], refusing(), [paper(2)]])
    report = ingest(teller)
    assert (report.sources[0].went, report.sources[0].new, report.is_done) == (Went.FAILED, 1, False)
    assert report.sources[0].failure == "the host answers 503"
    failed = state(teller)
    assert (failed.failures, failed.message, failed.due_at) == (1, "the host answers 503", NOON + HOUR)
    assert failed.last_good_at is None
    run = Run.objects.get()
    assert (run.finished_at, run.message, run.new) == (NOON, "the host answers 503", 1)
    teller.pages[1] = [paper(3)]
    assert ingest(teller, now=NOON + HOUR).is_done
    assert teller.positions == [{}, {"page": 1}, {"page": 1}, {"page": 2}]
    assert (state(teller).failures, state(teller).message) == (0, "")
    assert Paper.objects.count() == 3


def test_failures_in_a_row_are_counted():
    teller = Teller([refusing(until=NOON + DAY)])
    for number in range(3):
        step(teller, NOON + number * HOUR)
    assert state(teller).failures == 3


def test_a_source_that_is_down_is_so_on_that_day_unless_its_list_was_seen():
    teller = Teller([refusing()], family="huggingface")
    step(teller)
    visit = Visit.objects.get()
    assert (visit.source, visit.day, visit.outcome, visit.note) == (
        "huggingface",
        TODAY,
        "down",
        "the host answers 503",
    )
    teller.pages = [[Look(TODAY, items=7)]]
    step(teller, NOON + HOUR)
    teller.pages = [refusing()]
    step(teller, NOON + 2 * HOUR)
    assert [(one.outcome, one.items) for one in Visit.objects.all()] == [("seen", 7)]


def test_a_list_of_a_category_that_is_seen_after_all_makes_up_for_a_source_that_was_down():
    teller = Teller([refusing()])
    step(teller)
    teller.pages = [[Look(TODAY, "cs.LG", items=7), Look(TODAY, "cs.CL", Outcome.DOWN)]]
    step(teller, NOON + HOUR)
    assert [(one.scope, one.outcome) for one in Visit.objects.order_by("scope")] == [
        ("cs.CL", "down"),
        ("cs.LG", "seen"),
    ]


def test_waiting_for_a_turn_is_no_failure():
    teller = Teller([FetchError("another process is asking arxiv.org", until=NOON + timedelta(seconds=3))])
    taken = step(teller)
    assert (taken.went, taken.failure) == (Went.BUSY, "another process is asking arxiv.org")
    in_its_turn = NOON + timedelta(seconds=3)
    assert (state(teller).failures, state(teller).due_at, state(teller).claimed_until) == (
        0,
        in_its_turn,
        None,
    )
    assert not Visit.objects.exists()


def test_a_run_that_brings_nothing_leaves_no_row_and_one_that_was_asked_for_does():
    teller = Teller([[], []])
    for number in range(10):
        ingest(teller, now=NOON + number * DAY)
    assert not Run.objects.exists()
    assert state(teller).last_good_at == NOON + 9 * DAY
    ingest(teller, now=NOON + 10 * DAY, days=(MONDAY, FRIDAY))
    assert Run.objects.get().finished_at is not None


def test_a_mistake_of_ours_is_logged_and_puts_off_that_source_alone(caplog):
    broken, sound = Teller([KeyError("title")], name="broken"), Teller([[paper(1)]], name="sound")
    with caplog.at_level(logging.ERROR):
        report = ingest(broken, sound)
    assert [one.went for one in report.sources] == [Went.FAILED, Went.DONE]
    assert "KeyError: " in caplog.text
    assert "an error of ours" in state(broken).message
    assert state(broken).due_at == NOON + HOUR


def test_an_answer_that_cannot_be_kept_whole_is_asked_for_again():
    teller = Teller([[paper(1), announced(1), Look("some day")]])
    assert step(teller).went is Went.FAILED
    assert not Announcement.objects.exists()
    assert state(teller).position == {}
    teller.pages = [[paper(1), announced(1)]]
    assert step(teller).went is not Went.FAILED
    assert teller.positions == [{}, {}]
    assert (Paper.objects.count(), Announcement.objects.count()) == (1, 1)


@pytest.mark.parametrize("problem", [OperationalError("disk full"), KeyboardInterrupt()])
def test_who_is_stopped_lets_go_of_the_source(problem):
    teller = Teller([problem])
    with pytest.raises(type(problem)):
        step(teller)
    teller.pages = [[]]
    assert step(teller).went is Went.DONE


def test_so_many_refusals_are_kept_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(ingesting, "REFUSALS_KEPT", 5)
    refusals = [Refusal(f"record {number}", "no title") for number in range(8)]
    teller = Teller([[*refusals[:4]], [*refusals[4:]]])
    (report,) = ingest(teller).sources
    assert (report.refused, len(report.refusals)) == (8, 5)
    assert (RefusedRecord.objects.count(), Run.objects.get().refused) == (5, 8)


def test_foreign_text_of_a_refusal_can_be_shown():
    ingest(Teller([[Refusal("record \x1b[31m" + "9" * 300, "the title is \x1b[0m")]]))
    refused = RefusedRecord.objects.get()
    assert refused.place.startswith("record \ufffd[31m9")
    assert refused.reason == "the title is \ufffd[0m"


def test_what_is_refused_each_day_is_kept_once_a_day():
    teller = Teller([[Refusal("record 1", "no title")]])
    for now in (NOON, NOON + HOUR, NOON + DAY):
        ingest(teller, now=now)
    assert RefusedRecord.objects.count() == 2


def test_the_next_run_is_due_when_the_source_says_and_a_little_later_on_each_instance(settings):
    teller = Teller([[]])
    step(teller)
    good = state(teller)
    assert (good.last_good_at, good.due_at) == (NOON, NOON + DAY + offset(settings.SECRET_KEY))


def test_instances_come_at_different_minutes_and_each_at_its_own():
    offsets = [offset(f"key {number}") for number in range(200)]
    assert offset("key 1") == offsets[1]
    assert timedelta() <= min(offsets) < 2 * MINUTE
    assert 38 * MINUTE < max(offsets) < 40 * MINUTE


def test_what_never_ran_is_due_at_once_and_then_in_its_time():
    teller = Teller([[]])
    assert due_step(teller) == "teller"
    assert due_step(teller, now=NOON + DAY - MINUTE) is None
    assert due_step(teller, now=NOON + DAY + HOUR) == "teller"


def test_a_long_run_lets_others_have_their_turn():
    long, short = Teller([[], [], []], name="long"), Teller([[], []], name="short")
    turns = [due_step(long, short, now=NOON + number * MINUTE) for number in range(6)]
    assert turns == ["long", "short", "long", "short", "long", None]


def test_what_failed_does_not_hold_up_the_others():
    broken, sound = Teller([refusing()], name="broken"), Teller([[], []], name="sound")
    turns = [due_step(broken, sound, now=NOON + number * MINUTE) for number in range(4)]
    assert turns == ["broken", "sound", "sound", None]


def test_a_host_that_others_are_asking_does_not_hold_up_sources_elsewhere():
    waiting = Teller([FetchError("others are asking", until=NOON)], name="waiting")
    other = Teller([[], []], name="other")
    turns = [due_step(waiting, other, now=NOON + number * MINUTE) for number in range(4)]
    assert turns == ["waiting", "other", "waiting", "other"]


def test_of_two_processes_one_has_the_source():
    teller = Teller([[paper(1)]])
    seen = []
    teller.before_answering = lambda: seen.append((step(teller).went, due_step(teller)))
    assert step(teller).went is Went.DONE
    assert seen == [(Went.BUSY, None)]


def test_who_died_loses_the_source_after_a_while():
    teller = Teller([[paper(1)]])
    SourceState.objects.create(name="teller", due_at=NOON, claimed_until=NOON + ingesting.CLAIM)
    busy = step(teller)
    assert (busy.went, busy.failure) == (Went.BUSY, "it is being fetched by another process")
    assert step(teller, NOON + ingesting.CLAIM).went is Went.DONE


@pytest.mark.parametrize("late", [[paper(1)], refusing()])
def test_who_comes_back_after_another_has_gone_on_stores_nothing(late):
    teller = Teller([late])
    others = NOON + 2 * ingesting.CLAIM
    teller.before_answering = lambda: SourceState.objects.update(claimed_until=others)
    assert step(teller).went is Went.BUSY
    assert not Paper.objects.exists()
    assert (state(teller).claimed_until, state(teller).failures) == (others, 0)


def test_days_are_fetched_again_beside_the_run_that_is_under_way():
    teller = Teller([[paper(1)], [paper(2)]])
    step(teller)
    report = ingest(teller, days=(MONDAY, FRIDAY))
    assert report.sources[0].went is Went.DONE
    assert [(one.since, one.until) for one in teller.asked[1:]] == [(MONDAY, FRIDAY)] * 2
    assert teller.positions[1:] == [{}, {"page": 1}]
    after = state(teller)
    assert (after.position, after.again_position, after.again_since) == ({"page": 1}, {}, None)
    assert (after.last_good_at, after.due_at) == (None, NOON)


def test_days_that_were_being_fetched_when_somebody_stopped_it_come_first_and_then_what_is_new():
    teller = Teller([[paper(1)], refusing(), [paper(3)]])
    ingest(teller, days=(MONDAY, FRIDAY))
    teller.pages[1] = [paper(2)]
    assert ingest(teller, now=NOON + HOUR).is_done
    assert [one.since for one in teller.asked] == [MONDAY] * 4 + [None] * 3
    assert teller.positions[2] == {"page": 1}
    assert state(teller).last_good_at == NOON + HOUR


def test_days_that_are_asked_for_twice_are_fetched_once():
    teller = Teller([[], [], []])
    ask_again([teller.source], MONDAY, FRIDAY, now=NOON)
    step(teller)
    ask_again([teller.source], MONDAY + DAY, FRIDAY, now=NOON)
    step(teller)
    assert teller.positions == [{}, {"page": 1}]


def test_more_days_begin_anew_with_those_that_were_asked_for_before():
    teller = Teller([[], [], []])
    ask_again([teller.source], MONDAY, MONDAY, now=NOON)
    step(teller)
    ask_again([teller.source], FRIDAY, FRIDAY, now=NOON)
    step(teller)
    assert (teller.asked[1].since, teller.asked[1].until) == (MONDAY, FRIDAY)
    assert teller.positions == [{}, {}]


def test_days_that_are_asked_for_during_the_last_step_of_others_are_not_forgotten():
    teller = Teller([[]])
    ask_again([teller.source], MONDAY, MONDAY, now=NOON)
    teller.before_answering = lambda: ask_again([teller.source], FRIDAY, FRIDAY, now=NOON + MINUTE)
    step(teller)
    teller.before_answering = lambda: None
    assert (state(teller).again_since, state(teller).again_until) == (MONDAY, FRIDAY)
    assert due_step(teller, now=NOON + 2 * MINUTE) == "teller"


def test_a_source_that_is_asked_for_something_during_its_last_step_is_due_at_once():
    teller = Teller([[]])
    step(teller)
    teller.before_answering = lambda: SourceState.objects.update(due_at=NOON + DAY + MINUTE)
    step(teller, NOON + DAY)
    assert state(teller).due_at == NOON + DAY


def test_days_asked_for_wake_a_source_that_was_not_due():
    teller = Teller([[]])
    step(teller)
    ask_again([teller.source], MONDAY, FRIDAY, now=NOON + HOUR)
    assert due_step(teller, now=NOON + HOUR) == "teller"
