"""bioRxiv's days, asked of a server that answers as its API does, and wrongly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.sources.json_inputs import answer, row
from tests.sources.live.steps import Run, asking, cut_off_after_each_step, take_steps
from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.papers.catalogue import store
from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper, PaperVersion
from broadsheet.sources.ingesting import ingest
from broadsheet.sources.live.biorxiv_days import DAYS, next_due
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.source import Announced, Asked, Look, Outcome
from broadsheet.sources.models import Announcement

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 12, 6, 30, tzinfo=UTC)
TODAY = NOW.date()
PAGE = 30

Days = dict[str, list[dict[str, Any]]]
Respond = Callable[[Request], Reply]


@pytest.fixture
def site(settings: Any) -> Iterator[Callable[[Respond], LocalServer]]:
    """Starts a server and tells the settings that it is bioRxiv."""
    with ExitStack() as started:

        def start(respond: Respond) -> LocalServer:
            server = started.enter_context(serving(respond))
            settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"biorxiv_url": server.url})
            return server

        yield start


def as_json(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), content_type="application/json")


def serve(days: Days, *, missing: int = 0) -> Respond:
    """Pages of each day's rows; it promises some that are `missing`."""

    def respond(request: Request) -> Reply:
        _, details, server, first, last, cursor = request.path.split("/")
        assert (details, server, first) == ("details", "biorxiv", last)
        rows = days.get(first, [])
        page = rows[int(cursor) : int(cursor) + PAGE]
        return as_json(answer(page, cursor=int(cursor), total=len(rows) + (missing if rows else 0)))

    return respond


def rows(count: int, day: str = "2026-11-10") -> list[dict[str, Any]]:
    return [row(f"10.1101/2026.11.05.{n:06}", title=f"Paper {n}", date=day) for n in range(count)]


def run(position: dict[str, Any] | None = None, *, now: datetime = NOW, **asked: Any) -> Run:
    return take_steps(DAYS, Asked(now=now, **asked), position)


def test_a_first_run_asks_for_the_last_two_weeks_day_by_day(site: Any) -> None:
    server = site(serve({"2026-11-10": [row()]}))
    taken = run()
    first = TODAY - timedelta(days=13)
    assert [request.path for request in server.requests] == [
        f"/details/biorxiv/{first + timedelta(days=n)}/{first + timedelta(days=n)}/0" for n in range(14)
    ]
    assert [look for look in taken.looks if look.items] == [Look(date(2026, 11, 10), items=1)]
    assert len(taken.looks) == 14
    assert taken.announced == [
        Announced(date(2026, 11, 10), Identifier("doi", "10.1101/2026.11.05.424242"), 1)
    ]
    assert taken.records[0].title == "Tide Tables for Schedulers"


def test_a_day_is_read_page_by_page_and_every_row_is_expected(site: Any) -> None:
    server = site(serve({"2026-11-10": rows(70)}))
    taken = run(since=date(2026, 11, 10), until=date(2026, 11, 10))
    assert [request.path.rpartition("/")[2] for request in server.requests] == ["0", "30", "60"]
    assert len(taken.announced) == 70
    assert taken.looks == [Look(date(2026, 11, 10), items=70)]


def test_a_day_with_fewer_rows_than_promised_is_partial(site: Any) -> None:
    site(serve({"2026-11-10": rows(40)}, missing=2))
    taken = run(since=date(2026, 11, 10), until=date(2026, 11, 10))
    assert taken.looks == [Look(date(2026, 11, 10), outcome=Outcome.PARTIAL, items=42, note="40 of 42 came")]
    assert len(taken.announced) == 40


def test_rows_that_vanish_between_two_pages_are_missed(site: Any) -> None:
    pages = [as_json(answer([])), as_json(answer(rows(30), total=40))]
    site(lambda _: pages.pop())
    taken = run(since=date(2026, 11, 10), until=date(2026, 11, 10))
    assert [(look.outcome, look.note) for look in taken.looks] == [(Outcome.PARTIAL, "30 of 40 came")]


def test_the_next_run_asks_again_for_two_days_before_the_last(site: Any) -> None:
    server = site(serve({}))
    position = run().position
    server.requests.clear()
    run(position, now=NOW + timedelta(days=1))
    assert [request.path.split("/")[3] for request in server.requests] == [
        "2026-11-10",
        "2026-11-11",
        "2026-11-12",
        "2026-11-13",
    ]


def test_days_missed_in_a_time_off_are_asked_for(site: Any) -> None:
    server = site(serve({}))
    run({"last": "2026-09-30"})
    assert server.requests[0].path.split("/")[3] == "2026-09-28"
    assert len(server.requests) == 46


def test_a_back_fill_stays_within_its_days_and_off_days_to_come(site: Any) -> None:
    server = site(serve({}))
    run(since=date(2020, 2, 28), until=date(2020, 3, 1))
    assert len(server.requests) == 3
    run(since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=9))
    assert len(server.requests) == 3


def test_a_run_cut_off_at_any_step_goes_on_where_it_was(site: Any) -> None:
    site(serve({"2026-11-10": rows(70), "2026-11-11": rows(1, "2026-11-11")}))
    assert cut_off_after_each_step(DAYS, Asked(now=NOW)) == run().batches


def test_a_later_version_replaces_the_text_and_keeps_the_day_of_the_first(site: Any) -> None:
    days = {"2026-11-10": [row()]}
    site(serve(days))
    first = run()
    store(first.records, now=NOW)
    days["2026-11-11"] = [row(version=2, title="Tide Tables for All")]
    second = run(first.position)
    store(second.records, now=NOW + timedelta(hours=1))
    [paper] = Paper.objects.all()
    assert paper.title == "Tide Tables for All"
    assert (paper.day, paper.published_at.date()) == (date(2026, 11, 10), date(2026, 11, 10))
    assert [str(one.created_at.date()) for one in PaperVersion.objects.order_by("number")] == [
        "2026-11-10",
        "2026-11-11",
    ]


def test_every_version_that_was_announced_is_received(site: Any) -> None:
    site(serve({"2026-11-10": rows(40), "2026-11-11": [row(version=2), row(version=3)]}))
    with asking(NOW) as fetcher:
        report = ingest([DAYS], fetcher=fetcher, now=lambda: NOW, progress=lambda _: None)
    assert report.missing == {"biorxiv": 0}
    assert Announcement.objects.exclude(received_at=None).count() == 42
    assert Paper.objects.count() == 41


def test_a_row_that_cannot_be_used_is_refused_with_its_day_and_place(site: Any) -> None:
    site(serve({"2026-11-10": [*rows(30), row(doi="none"), row()]}))
    taken = run()
    assert [(one.place, one.reason) for one in taken.refusals] == [("2026-11-10, row 31", "'none' is no DOI")]
    assert len(taken.announced) == 31


@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>maintenance</html>", content_type="text/html"),
        Reply(b'{"messages": [{"status": "ok", "tot'),
        as_json([row()]),
        as_json({"messages": [{"status": "error"}], "collection": []}),
        as_json({"messages": [{"status": "ok", "total": "9" * 5000}], "collection": []}),
        as_json({"messages": [], "collection": [row()]}),
        Reply(b"{}", status=404),
        Reply(status=503, headers={"Retry-After": "60"}),
    ],
    ids=["HTML", "half", "rows alone", "another status", "no number", "no message", "404", "503"],
)
def test_an_answer_without_rows_is_an_error_and_no_quiet_day(site: Any, reply: Reply) -> None:
    site(lambda _: reply)
    with asking(NOW) as fetcher, pytest.raises(FetchError, match=r"127\.0\.0\.1"):
        DAYS.step({}, Asked(now=NOW), fetcher)


def test_it_is_due_once_a_day() -> None:
    assert next_due(NOW) == datetime(2026, 11, 13, 6, 20, tzinfo=UTC)
    assert next_due(datetime(2026, 11, 13, 0, 0, tzinfo=UTC)) == datetime(2026, 11, 13, 6, 20, tzinfo=UTC)
