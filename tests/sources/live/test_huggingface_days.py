"""Hugging Face's lists of the day, asked of a server that serves them as the real one does, and wrongly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.sources.inputs import item, records
from tests.sources.live.steps import Run, asking, cut_off_after_each_step, take_steps
from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import ExternalSignal, PaperListing
from broadsheet.papers.record import Signal
from broadsheet.sources.files.huggingface import read
from broadsheet.sources.files.opening import open_source
from broadsheet.sources.ingesting import ingest
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.huggingface_days import DAYS, LONGEST_GAP, MOST_PAGES, next_due
from broadsheet.sources.live.source import Announced, Asked, Look, Outcome
from broadsheet.sources.models import Announcement, RefusedRecord

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TODAY = NOW.date()
FORTNIGHT = [(TODAY - timedelta(days=n)).isoformat() for n in range(14)]

Lists = dict[str, list[Any]]
Respond = Callable[[Request], Reply]


@pytest.fixture
def site(settings: Any) -> Iterator[Callable[[Respond], LocalServer]]:
    """Starts a server and tells the settings that it is Hugging Face."""
    with ExitStack() as started:

        def start(respond: Respond) -> LocalServer:
            server = started.enter_context(serving(respond))
            settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"hf_url": server.url})
            return server

        yield start


def papers(day: str, count: int, **paper: Any) -> list[Any]:
    return [
        item(f"2611.{n:05}", submittedOnDailyAt=f"{day}T00:00:00.000Z", **paper) for n in range(1, count + 1)
    ]


def as_json(value: Any, **options: Any) -> Reply:
    return Reply(json.dumps(value).encode(), content_type="application/json", **options)


def serve(lists: Lists) -> Respond:
    """The lists as they are when they are asked for, in pages, each with an entity tag."""

    def respond(request: Request) -> Reply:
        assert request.path == "/api/daily_papers"
        if request.query["date"] > TODAY.isoformat():
            return as_json({"error": "the date lies in the future"}, status=400)
        start, size = int(request.query["p"]) * int(request.query["limit"]), int(request.query["limit"])
        page = lists.get(request.query["date"], [])[start : start + size]
        tag = f'"{hashlib.md5(json.dumps(page).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return Reply(status=304, headers={"ETag": tag})
        return as_json(page, headers={"ETag": tag})

    return respond


def days_asked(server: LocalServer) -> list[str]:
    return [request.query["date"] for request in server.requests]


def run(position: dict[str, Any] | None = None, *, now: datetime = NOW, **asked: Any) -> Run:
    return take_steps(DAYS, Asked(now=now, **asked), position)


def test_a_first_run_asks_for_the_last_two_weeks_from_today_backwards(site: Any) -> None:
    server = site(serve({"2026-11-20": papers("2026-11-20", 2)}))
    taken = run()
    assert days_asked(server) == FORTNIGHT
    assert taken.looks == [
        Look(date.fromisoformat(day), items=2 if day == "2026-11-20" else 0) for day in FORTNIGHT
    ]
    assert taken.announced == [
        Announced(date(2026, 11, 20), Identifier("arxiv", f"2611.0000{n}")) for n in (1, 2)
    ]
    assert [(one.key, one.observed_at) for one in taken.records] == [
        ("2611.00001@2026-11-20", NOW),
        ("2611.00002@2026-11-20", NOW),
    ]


@pytest.mark.thorough
def test_the_real_days_give_the_same_records_live_as_from_their_files(site: Any, shared: Path) -> None:
    files = sorted(shared.glob("data/hf_daily/*.json"))
    site(serve({path.stem: json.loads(path.read_bytes()) for path in files}))
    for path in files:
        day = date.fromisoformat(path.stem)
        live = run(since=day, until=day)
        with open_source(path, now=NOW) as opened:
            imported = records(read(opened))
        assert [replace(one, observed_at=None) for one in live.records] == [
            replace(one, observed_at=None) for one in imported
        ]
        assert len(live.announced) == live.looks[0].items == len(imported)
        assert live.refusals == []
    assert len(files) == 73


def test_a_long_list_is_read_page_by_page_and_places_go_on(site: Any) -> None:
    server = site(serve({"2026-11-20": papers("2026-11-20", 250)}))
    taken = run(since=date(2026, 11, 20), until=date(2026, 11, 20))
    assert [request.query["p"] for request in server.requests] == ["0", "1", "2"]
    assert [one.listings[0].position for one in taken.records] == list(range(1, 251))
    assert taken.looks == [Look(date(2026, 11, 20), items=250)]


def test_a_list_of_just_a_page_is_not_over_before_an_empty_page(site: Any) -> None:
    server = site(serve({"2026-11-20": papers("2026-11-20", 100)}))
    taken = run(since=date(2026, 11, 20), until=date(2026, 11, 20))
    assert len(server.requests) == 2
    assert taken.looks == [Look(date(2026, 11, 20), items=100)]


def test_a_server_that_gives_the_same_page_for_ever_is_left_and_the_list_called_partial(site: Any) -> None:
    day = date(2026, 11, 20)
    server = site(lambda _: as_json(papers("2026-11-20", 100)))
    taken = run(since=day, until=day)
    assert len(server.requests) == MOST_PAGES
    assert [(look.day, look.outcome) for look in taken.looks] == [(day, Outcome.PARTIAL)]


def test_a_list_of_one_paper_after_midnight_is_one_of_forty_by_the_evening(site: Any) -> None:
    lists: Lists = {FORTNIGHT[0]: papers(FORTNIGHT[0], 1)}
    site(serve(lists))
    midnight = run(now=datetime(2026, 11, 22, 0, 30, tzinfo=UTC))
    lists[FORTNIGHT[0]] = papers(FORTNIGHT[0], 40)
    evening = run(midnight.position)
    assert [midnight.looks[0].items, evening.looks[0].items] == [1, 40]
    assert [len(midnight.records), len(evening.records)] == [1, 40]
    store([*midnight.records, *evening.records], now=NOW)
    assert PaperListing.objects.filter(day=TODAY).count() == 40


def test_numbers_that_settle_are_refreshed_and_stay_theirs(site: Any, client: Any) -> None:
    lists = {FORTNIGHT[3]: papers(FORTNIGHT[3], 1)}
    site(serve(lists))
    first = run(now=NOW - timedelta(hours=12))
    store(first.records, now=NOW)
    lists[FORTNIGHT[3]] = papers(FORTNIGHT[3], 1, upvotes=52)
    second = run(first.position)
    assert Signal("upvotes", 52) in second.records[0].signals
    store(second.records, now=NOW)
    [upvotes] = ExternalSignal.objects.filter(name="upvotes")
    assert (upvotes.source, upvotes.value, upvotes.observed_at) == ("huggingface", 52, NOW)
    page = client.get("/papers/2611.00001").content.decode()
    assert "<dt>Counted by Hugging Face</dt>" in page
    assert "52 upvotes" in page


def test_a_paper_that_has_gone_from_the_list_was_on_it_all_the_same(site: Any) -> None:
    lists = {FORTNIGHT[0]: papers(FORTNIGHT[0], 3)}
    site(serve(lists))
    first = run()
    del lists[FORTNIGHT[0]][1]
    second = run(first.position)
    store(first.records, now=NOW)
    store(second.records, now=NOW + timedelta(hours=1))
    assert second.looks[0].items == 2
    assert sorted(PaperListing.objects.values_list("paper__public_id", flat=True)) == [
        "2611.00001",
        "2611.00002",
        "2611.00003",
    ]


def test_what_has_not_changed_is_asked_for_conditionally_and_counted_as_seen(site: Any) -> None:
    site(serve({"2026-11-20": papers("2026-11-20", 2)}))
    first = run()
    again = run(first.position)
    assert again.looks == first.looks
    assert again.records == []
    assert again.position == first.position


def test_what_was_said_of_a_day_is_forgotten_when_it_has_settled(site: Any) -> None:
    site(serve({}))
    position = run(now=NOW - timedelta(days=10)).position
    later = run(position)
    assert sorted(later.position["seen"]) == sorted(FORTNIGHT)


def test_a_broken_item_is_refused_with_its_place_and_the_others_stay(site: Any) -> None:
    first, _, third = papers("2026-11-20", 3)
    site(serve({"2026-11-20": [first, {"paper": 7}, third]}))
    taken = run()
    assert [one.listings[0].position for one in taken.records] == [1, 3]
    [refusal] = taken.refusals
    assert (refusal.place, refusal.reason) == ("2026-11-20, item 2", "paper is a whole number, not an object")
    assert len(taken.announced) == 2


def test_every_paper_of_a_list_is_received_and_a_broken_one_is_told_of(site: Any) -> None:
    site(serve({"2026-11-20": [*papers("2026-11-20", 3), {"paper": 7}]}))
    with asking(NOW) as fetcher:
        report = ingest([DAYS], fetcher=fetcher, now=lambda: NOW, progress=lambda _: None)
    assert report.missing == {"huggingface": 0}
    assert Announcement.objects.exclude(received_at=None).count() == 3
    assert [one.place for one in RefusedRecord.objects.all()] == ["2026-11-20, item 4"]


@pytest.mark.parametrize(("gap", "days"), [(1, 15), (30, 44), (200, LONGEST_GAP.days + 1)])
def test_after_a_time_off_the_days_missed_are_asked_for(site: Any, gap: int, days: int) -> None:
    server = site(serve({}))
    position = {"last": (TODAY - timedelta(days=gap)).isoformat(), "seen": {}}
    run(position)
    assert days_asked(server) == [(TODAY - timedelta(days=n)).isoformat() for n in range(days)]


def test_a_back_fill_asks_for_its_days_alone_and_not_for_days_to_come(site: Any) -> None:
    server = site(serve({}))
    run(since=date(2024, 5, 30), until=date(2024, 6, 1))
    assert days_asked(server) == ["2024-06-01", "2024-05-31", "2024-05-30"]
    run(since=TODAY, until=TODAY + timedelta(days=9))
    assert days_asked(server)[3:] == [TODAY.isoformat()]
    run(since=TODAY + timedelta(days=2), until=TODAY + timedelta(days=9))
    assert len(server.requests) == 4


def test_a_day_that_has_not_begun_there_is_passed_by(site: Any) -> None:
    tomorrow = NOW + timedelta(hours=6, minutes=1)
    server = site(serve({}))
    taken = run(now=tomorrow)
    assert len(server.requests) == 14
    assert [look.day for look in taken.looks] == [TODAY - timedelta(days=n) for n in range(13)]


def test_a_day_of_the_past_that_it_does_not_know_is_an_error(site: Any) -> None:
    site(lambda _: as_json({"error": "Invalid date"}, status=400))
    with pytest.raises(FetchError, match="status 400"):
        run(since=date(2024, 5, 30), until=date(2024, 6, 1))


def test_a_run_cut_off_at_any_step_goes_on_where_it_was(site: Any) -> None:
    server = site(serve({FORTNIGHT[1]: papers(FORTNIGHT[1], 150)}))
    whole, asked = run(), days_asked(server)
    server.requests.clear()
    assert cut_off_after_each_step(DAYS, Asked(now=NOW)) == whole.batches
    assert days_asked(server) == asked


def test_a_run_that_hangs_on_a_day_of_the_past_does_not_hold_up_what_is_new(site: Any) -> None:
    broken = FORTNIGHT[5]
    lists = serve({})
    server = site(lambda request: Reply(status=500) if request.query["date"] == broken else lists(request))
    cut = take_steps(DAYS, Asked(now=NOW - timedelta(days=1)), most=4)
    with pytest.raises(FetchError, match="answered 500"):
        run(cut.position, now=NOW - timedelta(days=1))
    server.requests.clear()
    with pytest.raises(FetchError, match="answered 500"):
        run(cut.position, now=NOW)
    assert days_asked(server) == FORTNIGHT[:6]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=429, headers={"Retry-After": "120"}), "answered 429"),
        (Reply(status=500), "answered 500"),
        (Reply(b"<!doctype html><p>Be right back", content_type="text/html"), "sent no list of papers"),
        (Reply(b'[{"paper": {"id": "2611.0', content_type="application/json"), "sent no list of papers"),
        (Reply(json.dumps(papers("2026-11-22", 3)).encode(), cut_after=300), "127.0.0.1"),
        (as_json({"papers": []}), "sent no list of papers"),
        (as_json({"error": "Not Found"}, status=404), r"sent no list of papers \(status 404\)"),
        (Reply(status=304), r"sent no list of papers \(status 304\)"),
        (Reply(b""), "sent no list of papers"),
    ],
    ids=["429", "500", "HTML", "half JSON", "reset", "object", "404", "unchanged", "empty"],
)
def test_an_answer_that_is_no_list_is_an_error_and_nothing_is_taken_for_a_quiet_day(
    site: Any, reply: Reply, reason: str
) -> None:
    replies = [reply]
    lists = serve({FORTNIGHT[0]: papers(FORTNIGHT[0], 3)})
    site(lambda request: replies.pop() if replies else lists(request))
    with asking(NOW) as fetcher, pytest.raises(FetchError, match=reason) as refused:
        DAYS.step({}, Asked(now=NOW), fetcher)
    assert refused.value.until > NOW
    later = refused.value.until + timedelta(seconds=1)
    assert [look.items for look in run(now=later).looks][:2] == [3, 0]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-22T05:49:59", "2026-11-22T05:50:00"),
        ("2026-11-22T05:50:00", "2026-11-22T17:50:00"),
        ("2026-11-22T17:50:01", "2026-11-23T05:50:00"),
        ("2026-12-31T23:59:59", "2027-01-01T05:50:00"),
    ],
)
def test_it_is_due_twice_a_day(moment: str, due: str) -> None:
    assert next_due(datetime.fromisoformat(f"{moment}+00:00")) == datetime.fromisoformat(f"{due}+00:00")
