"""A clock that ran three years ahead, or was put back: nothing waits for it longer than its own longest wait."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.cast import ARXIV, HUGGING_FACE
from tests.sources.noted import FRIDAY, announce, at, visit
from tests.sources.tellers import DAY, FETCHER, MINUTE, NOON, Teller, paper

from broadsheet.accounts.limits import networks, take
from broadsheet.accounts.models import Taken
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import ExternalSignal, Paper
from broadsheet.papers.record import Signal
from broadsheet.sources import mending, pruning
from broadsheet.sources.completeness import announcements, status
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.ingesting import Went, ask_again, take_due_step, take_step
from broadsheet.sources.live import biorxiv_days, registry, wanted
from broadsheet.sources.live.arxiv import oai
from broadsheet.sources.live.fetching import turns
from broadsheet.sources.live.fetching.backoff import RefusalError
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import ARXIV_CHANGES, Asked
from broadsheet.sources.models import Host, Run, SourceState, WantedPaper
from broadsheet.sources.outgoing import dumping
from broadsheet.stored_times import has_come

pytestmark = pytest.mark.django_db
THREE_YEARS = timedelta(days=3 * 365)
# The clock of the machine before it was put right: it ran ahead, or the true time is the one it shows now.
WRONG = [NOON + THREE_YEARS, NOON + timedelta(days=9), datetime(9999, 1, 1, tzinfo=UTC)]
wrong_clocks = pytest.mark.parametrize("wrong", WRONG, ids=["three years", "nine days", "the end of time"])
HOST = "papers.example"


@pytest.mark.parametrize(
    ("ahead", "is_over"),
    [
        (None, True),
        (-THREE_YEARS, True),
        (-MINUTE, True),
        (0 * DAY, True),
        (DAY, False),
        (DAY + MINUTE, True),
    ],
)
def test_a_stored_time_is_waited_for_no_longer_than_anybody_ever_waits(ahead, is_over):
    stored = None if ahead is None else NOON + ahead
    assert has_come(stored, now=NOON, longest=DAY) is is_over


@wrong_clocks
def test_a_host_that_refused_then_is_asked_now_and_in_turn(wrong):
    turn = turns.claim(HOST, now=wrong - DAY)
    turns.refuse(turn, HOST, RefusalError("answers 503"), now=wrong - DAY)
    turns.release(turn, free_at=wrong - DAY)
    assert turns.left_alone(now=NOON) == []
    taken = turns.claim(HOST, now=NOON)
    turns.release(taken, free_at=NOON + timedelta(seconds=3))
    with pytest.raises(turns.NotYetError) as problem:
        turns.claim(HOST, now=NOON + timedelta(seconds=2))
    assert problem.value.until == NOON + timedelta(seconds=3)


@wrong_clocks
def test_a_turn_that_was_taken_then_is_not_held_now(wrong):
    turns.claim(HOST, now=wrong - DAY)
    assert turns.claim(HOST, now=NOON).held_until == NOON + turns.HELD_FOR


@wrong_clocks
def test_a_source_that_was_asked_then_is_asked_now_before_all_others(wrong):
    ahead, behind = Teller([[]], name="ahead"), Teller([[paper(1)], [], []], name="behind")
    take_step(ahead.source, fetcher=FETCHER, now=wrong - 2 * DAY)
    take_step(behind.source, fetcher=FETCHER, now=NOON)
    taken = take_due_step([behind.source, ahead.source], fetcher=FETCHER, now=NOON + MINUTE)
    assert taken is not None
    assert taken.source.name == "ahead"
    assert NOON < SourceState.objects.get(name="ahead").due_at < NOON + 2 * DAY


@wrong_clocks
def test_a_source_that_failed_then_is_asked_now(wrong):
    teller = Teller([FetchError("the host answers 503", until=wrong)])
    take_step(teller.source, fetcher=FETCHER, now=wrong - DAY)
    teller.pages = [[paper(1)]]
    taken = take_due_step([teller.source], fetcher=FETCHER, now=NOON)
    assert taken is not None
    assert taken.went is Went.DONE


@wrong_clocks
def test_a_step_that_died_then_holds_its_source_no_longer(wrong):
    teller = Teller([[paper(1)]])
    SourceState.objects.create(name=teller.name, due_at=NOON, claimed_until=wrong)
    assert take_step(teller.source, fetcher=FETCHER, now=NOON).went is Went.DONE


@pytest.mark.anywhere
def test_a_source_waits_as_long_as_it_ever_does():
    for source in registry.LIVE:
        # In a week, five hours at a time, each hour of the day comes by.
        for hour in range(0, 24 * 7, 5):
            now = NOON + timedelta(hours=hour)
            SourceState.objects.update_or_create(name=source.name, defaults={"due_at": source.next_due(now)})
            assert take_due_step([source], fetcher=FETCHER, now=now) is None, (source.name, now)


@wrong_clocks
def test_a_good_run_of_days_to_come_tells_nothing(wrong, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    SourceState.objects.create(name=ARXIV_CHANGES, due_at=wrong, last_good_at=wrong)
    visit(FRIDAY - 2 * DAY)
    (family,) = status.read(now=NOON)
    assert family.last_good_at is None
    assert family.next_due_at <= NOON
    # Of the Thursday without a list nobody says that a harvest has brought it.
    assert [day.is_gap for day in family.days if day.day == FRIDAY - DAY] == [True]


@wrong_clocks
def test_what_is_missing_from_a_list_read_then_is_asked_for(wrong):
    visit(FRIDAY - DAY, at=wrong)
    announce(FRIDAY - DAY, "2611.00001")
    assert announcements.ask_for_missing(now=NOON) == 1


@wrong_clocks
def test_a_look_of_then_does_not_count_as_the_last_one(wrong, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    visit(FRIDAY - DAY, scope="", at=wrong)
    visit(FRIDAY - DAY, scope="cs.LG", outcome="partial", at=at(FRIDAY - DAY))
    (family,) = status.read(now=NOON)
    assert [day.is_gap for day in family.days if day.day == FRIDAY - DAY] == [True]


@wrong_clocks
def test_a_paper_that_arxiv_did_not_know_then_may_be_asked_for_again(wrong):
    WantedPaper.objects.create(arxiv_id="2401.00001", asked_at=wrong, answered_at=wrong, found=False)
    (row,) = wanted.want(["2401.00001"], now=NOON)
    assert (row.found, row.asked_at) == (None, NOON)


@wrong_clocks
def test_days_can_be_fetched_again_whenever_a_run_began(wrong, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    Run.objects.create(source=ARXIV_CHANGES, started_at=wrong)
    SourceState.objects.create(name=ARXIV_CHANGES, due_at=NOON, last_good_at=wrong)
    visit(FRIDAY - DAY, outcome="down")
    (family,) = status.read(now=NOON)
    mending.fetch_again(family, FRIDAY - DAY, FRIDAY - DAY, now=NOON)
    assert SourceState.objects.get(name=ARXIV_CHANGES).again_since == FRIDAY - DAY


def test_a_dump_of_days_to_come_keeps_none_from_being_written_and_is_the_first_to_go(tmp_path):
    for begun_at in (NOON - 8 * DAY, NOON + THREE_YEARS):
        dumping.dump(tmp_path, now=begun_at)
    assert dumping.is_due(tmp_path, now=NOON)
    written = dumping.dump(tmp_path, now=NOON)
    assert written.begun_at == NOON
    assert [dump.begun_at for dump in dumping.dumps(tmp_path)] == [NOON, NOON - 8 * DAY]
    assert not dumping.is_due(tmp_path, now=NOON + DAY)


def test_a_dump_that_was_tried_in_days_to_come_is_tried_now(tmp_path):
    tried = tmp_path / ".tried"
    tried.touch()
    os.utime(tried, ((NOON + THREE_YEARS).timestamp(),) * 2)
    assert dumping.is_due(tmp_path, now=NOON)


@pytest.mark.parametrize("position", [{"last": "2029-11-29"}, {"day": "2029-11-29", "rows": 5, "total": 9}])
def test_biorxiv_begins_anew_after_days_to_come(position):
    assert biorxiv_days._day(position, Asked(now=NOON)) == FRIDAY - biorxiv_days.FIRST_TIME


@pytest.mark.parametrize(
    "position",
    [
        {"done": {"cs:cs:LG": "2029-11-29"}},
        {"day": "2029-11-29", "until": "", "sets": ["cs:cs:LG"], "done": {"cs:cs:LG": "2029-11-20"}},
        {
            "day": "2029-11-29",
            "until": "",
            "sets": ["cs:cs:LG"],
            "done": {},
            "window": {"scope": "cs:cs:LG", "since": "2029-11-20", "until": ""},
        },
    ],
    ids=["done", "begun", "under way"],
)
def test_a_harvest_begins_anew_after_days_to_come(position):
    asked = Asked(now=NOON, categories=("cs.LG",))
    run = oai._run(position, asked)
    window = oai._window(run, asked)
    assert window is not None
    assert window.since == str(FRIDAY - oai.FIRST_DAYS)


def test_rows_of_days_to_come_are_pruned_as_others_are():
    for number in range(pruning.RUNS_KEPT + 5):
        Run.objects.create(files=f"{number}", started_at=NOON - 200 * DAY)
    pruning.prune(now=NOON)
    assert Run.objects.count() == pruning.RUNS_KEPT
    assert Run.objects.order_by("pk").first().files == "5"


def test_a_whole_instance_goes_on_after_its_clock_was_put_right():
    teller = Teller([[paper(1)], [paper(2)]])
    with time_machine.travel(NOON + THREE_YEARS):
        ask_again([teller.source], date(2029, 11, 1), date(2029, 11, 20), now=datetime.now(UTC))
        take_step(teller.source, fetcher=FETCHER, now=datetime.now(UTC))
    Host.objects.create(name=HOST, free_at=NOON + THREE_YEARS, refusals=3, reason="answers 429")
    with time_machine.travel(NOON):
        assert take_due_step([teller.source], fetcher=FETCHER, now=datetime.now(UTC)) is not None
        turns.claim(HOST, now=datetime.now(UTC))


@wrong_clocks
def test_what_was_counted_then_gives_way_to_what_is_counted_now(wrong):
    seen_then = replace(HUGGING_FACE, signals=(Signal("upvotes", 90),), observed_at=wrong)
    seen_now = replace(
        HUGGING_FACE, key="2503.00001@2025-03-06", signals=(Signal("upvotes", 3),), observed_at=NOON
    )
    store([seen_then], now=wrong)
    store([seen_now], now=NOON)
    assert [*ExternalSignal.objects.values_list("value", flat=True)] == [3]


@wrong_clocks
def test_what_was_revised_then_may_be_revised_now(wrong):
    store([replace(ARXIV, title="As of days to come", updated_at=wrong)], now=NOON)
    assert store([replace(ARXIV, updated_at=NOON)], now=NOON).updated == 1
    assert Paper.objects.get().title == ARXIV.title


@wrong_clocks
def test_a_file_that_was_written_then_says_what_is_so_now(tmp_path, wrong):
    file = tmp_path / "papers.bib"
    file.write_text("@misc{a, title={Tides}}", encoding="utf-8")
    os.utime(file, (wrong.timestamp(),) * 2)
    with open_source(file, now=NOON) as source:
        assert source.observed_at == NOON


@wrong_clocks
def test_what_a_client_took_then_is_forgotten(wrong):
    take("post", networks(None), now=wrong - DAY)
    take("post", networks(None), now=NOON)
    assert not Taken.objects.filter(ends_at__gt=NOON + DAY).exists()
