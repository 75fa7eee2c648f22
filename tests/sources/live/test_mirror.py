"""A mirror follows another instance, whatever happens to either of them, and has the same catalogue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.cast import ARXIV, HUGGING_FACE
from tests.ports import free_port
from tests.sources.inputs import arxiv_line, item
from tests.sources.live.steps import asking, take_steps
from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.papers.catalogue import export_rows, store
from broadsheet.papers.models import Paper, Revision, Tombstone
from broadsheet.sources.live.fetching.fetcher import FetchError
from broadsheet.sources.live.mirror import MIRROR
from broadsheet.sources.live.source import Asked
from broadsheet.sources.outgoing import following
from broadsheet.sources.outgoing.export import lines

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
ASKED = Asked(now=NOW)
# A killed process may have held its source and its host, and a host that was down is left alone.
ALL_CLAIMS_ARE_OVER = 24 * 60
Respond = Callable[[Request], Reply]


@pytest.fixture
def instance(settings: Any) -> Iterator[Callable[[Respond], LocalServer]]:
    """Starts a server and tells the settings that it is the instance to follow."""
    with ExitStack() as started:

        def start(respond: Respond) -> LocalServer:
            server = started.enter_context(serving(respond))
            settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"mirror_url": server.url})
            return server

        yield start


def as_json(value: object, **options: Any) -> Reply:
    return Reply(orjson.dumps(value), content_type="application/json", **options)


def pages(*, limit: int) -> Respond:
    """Answers as an instance does whose catalogue is the one of the test."""
    asked = {"0": following.page("0", limit=limit)}
    for page in list(_rest(asked["0"], limit)):
        asked |= page
    return lambda request: as_json(asked[request.query["since"]])


def _rest(page: dict[str, Any], limit: int) -> Iterator[dict[str, Any]]:
    while page["more"]:
        cursor, page = page["next"], following.page(page["next"], limit=limit)
        yield {cursor: page}


def exported() -> list[bytes]:
    return list(lines(export_rows(), [], exported_at=NOW))


def forget_everything() -> None:
    for model in (Paper, Tombstone, Revision):
        model.objects.all().delete()


@pytest.mark.django_db
def test_the_records_come_page_by_page_with_their_own_sources(instance: Any) -> None:
    store([ARXIV], now=NOW)
    store([HUGGING_FACE], now=NOW)
    before, server = exported(), instance(pages(limit=1))
    forget_everything()
    run = take_steps(MIRROR, ASKED)
    store(run.records, now=NOW)
    assert (exported(), run.refusals) == (before, [])
    assert [request.path for request in server.requests] == ["/api/v1/changes"]
    assert server.requests[0].query == {"since": "0", "limit": "500"}


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 409])
def test_an_instance_that_does_not_know_how_far_we_came_is_read_from_the_beginning(
    instance: Any, status: int
) -> None:
    def respond(request: Request) -> Reply:
        if request.query["since"] != "0":
            return as_json({"title": "no"}, status=status)
        return as_json({"changes": [], "next": "3", "more": False})

    server = instance(respond)
    run = take_steps(MIRROR, ASKED, {"of": server.url, "next": "70:2611.00001"})
    assert [request.query["since"] for request in server.requests] == ["70:2611.00001", "0"]
    assert run.position == {"of": server.url, "next": "3"}
    take_steps(MIRROR, ASKED, {"of": "https://another.example.org", "next": "70"})
    assert server.requests[-1].query["since"] == "0"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "reply",
    [
        Reply(b"<html>", content_type="text/html"),
        as_json([]),
        as_json({"changes": [7], "next": "1", "more": False}),
        as_json({"changes": [], "next": "", "more": False}),
        as_json({"changes": [], "next": "1"}),
        as_json({"changes": [], "next": "1", "more": False}, status=404),
        as_json({"title": "no"}, status=400),
    ],
)
def test_what_is_no_list_of_changes_fails_and_moves_nothing(instance: Any, reply: Reply) -> None:
    instance(lambda _: reply)
    with asking(NOW) as fetcher, pytest.raises(FetchError, match="sent no list of changes"):
        MIRROR.step({}, ASKED, fetcher)


@pytest.mark.django_db
def test_a_record_that_cannot_be_used_is_refused_by_its_paper_and_the_others_come(instance: Any) -> None:
    good = {"id": "2503.00001", "records": [orjson.loads(ARXIV.to_json())]}
    changes = [{"id": "x", "records": 7}, {"id": "y"}, {"id": "z", "gone": True}, good]
    instance(lambda _: as_json({"changes": changes, "next": "1", "more": False}))
    run = take_steps(MIRROR, ASKED)
    assert [one.key for one in run.records] == ["2503.00001"]
    assert [one.place for one in run.refusals] == ["paper x", "paper y"]


def environment(data: Path) -> dict[str, str]:
    return {**os.environ, "BROADSHEET_DATA": str(data), "BROADSHEET_LOG_LEVEL": "ERROR"}


def command(data: Path, *arguments: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "broadsheet.cli.main", "--data", str(data), *arguments],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout


@contextmanager
def program(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A running program; it is killed at the end of the block if it has not ended."""
    with subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


@contextmanager
def original(data: Path, port: int) -> Iterator[None]:
    arguments = ("broadsheet.cli.main", "serve", "--no-worker", "--port", str(port))
    with program(data, *arguments) as server:
        assert any(line.startswith("Broadsheet is at ") for line in server.stdout)
        yield


def follow(data: Path, url: str, *, later: int) -> str:
    """Follow until there is nothing more to do, or no way to; gives the last line."""
    with program(data, "tests.sources.live.mirroring", url, str(later)) as mirror:
        return mirror.communicate(timeout=120)[0].splitlines()[-1]


def read_some(data: Path, url: str, *, later: int, steps: int) -> None:
    """Follow for some steps and be killed at the next one."""
    with program(data, "tests.sources.live.mirroring", url, str(later)) as mirror:
        assert [mirror.stdout.readline() for _ in range(steps)][-1] != ""


def papers_into(data: Path, file: Path, first: int, count: int) -> None:
    """Papers as two sources know them."""
    numbers = range(first, first + count)
    file.with_suffix(".json").write_text(
        json.dumps([item(f"2611.{n:05}", title=f"Tide {n}") | {"title": f"Tide {n}"} for n in numbers])
    )
    file.with_suffix(".jsonl").write_bytes(
        b"".join(arxiv_line(f"2611.{n:05}", title=f"Tide {n}") for n in numbers)
    )
    command(data, "import", str(file.with_suffix(".json")))
    command(data, "import", str(file.with_suffix(".jsonl")))


def same(one: Path, other: Path) -> bool:
    return command(one, "export", "-").splitlines()[1:] == command(other, "export", "-").splitlines()[1:]


@pytest.mark.thorough
def test_two_instances_are_equal_in_the_end_though_each_was_killed_on_the_way(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    papers_into(first, tmp_path / "some", 1, 60)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with original(first, port):
        read_some(second, url, later=0, steps=2)
        read_some(second, url, later=ALL_CLAIMS_ARE_OVER, steps=2)
    assert "cannot be reached" in follow(second, url, later=2 * ALL_CLAIMS_ARE_OVER)
    papers_into(first, tmp_path / "more", 41, 30)
    with original(first, port):
        assert follow(second, url, later=3 * ALL_CLAIMS_ARE_OVER) == "done"
        assert same(first, second)
        papers_into(first, tmp_path / "last", 71, 5)
        assert follow(second, url, later=4 * ALL_CLAIMS_ARE_OVER) == "done"
    assert same(first, second)
    assert len(command(second, "export", "-").splitlines()) == 1 + 75
