"""`broadsheet ingest --status` as an operator meets it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner, Result
from tests.sources.noted import FRIDAY, announce, at, visit

from broadsheet.cli.main import main
from broadsheet.sources.models import Host, SourceState

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _sunday(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": "arxiv"})
    with time_machine.travel(SUNDAY, tick=False):
        yield


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(main, ["ingest", "--status", *arguments])
    assert done.exit_code == 0, done.output
    return done


def test_it_says_what_is_missing_and_how_to_fetch_it_again():
    visit(FRIDAY)
    announce(FRIDAY, "2611.00001", "2611.00002", received=at(FRIDAY))
    announce(FRIDAY, "2611.00003")
    SourceState.objects.create(
        name="arxiv-oai", due_at=at(FRIDAY + timedelta(3)), last_good_at=at(FRIDAY + timedelta(1))
    )
    lines = run().stdout.splitlines()
    assert (
        "1 of 3 papers announced on 2026-11-20 is missing; it is asked for again with the next run." in lines
    )
    assert any("broadsheet ingest arxiv --since 2026-11-20 --until 2026-11-20" in line for line in lines)
    assert "arxiv-oai: last good run 2026-11-21 06:00 UTC, next run 2026-11-23 06:00 UTC" in lines
    assert "2026-11-20\tincomplete\t3\t2\t1\t0\t0\t" in lines
    assert sum(line.startswith("2026-11-") for line in lines) == 14


def test_it_says_whom_nobody_asks_for_now_and_what_failed():
    Host.objects.create(name="arxiv.org", free_at=SUNDAY + timedelta(hours=1), refusals=2, reason="429")
    Host.objects.create(name="huggingface.co", free_at=SUNDAY + timedelta(seconds=3))
    SourceState.objects.create(name="arxiv-oai", due_at=SUNDAY, failures=2, message="it answered 429")
    lines = run().stdout.splitlines()
    assert lines[0] == "arxiv.org is left alone until 2026-11-22 10:00 UTC: 429"
    assert "arxiv-oai: no good run yet, next run 2026-11-22 09:00 UTC; failed 2 times, at last: it answered 429" in lines  # fmt: skip
    assert "huggingface.co" not in "".join(lines)


def test_what_a_host_said_cannot_steer_the_terminal():
    visit(FRIDAY, "", "down", note="\x1b[31mred\ttab\nline")
    (line,) = [line for line in run().stdout.splitlines() if line.startswith("2026-11-20")]
    assert line.endswith("\t\ufffd[31mred tab line")


def test_as_json_it_has_every_day_of_the_page():
    visit(FRIDAY)
    announce(FRIDAY, "2611.00003")
    assert "arxiv-oai: no good run yet, runs as soon as a worker does" in run().stdout
    (family,) = json.loads(run("--json").stdout)
    assert (family["family"], family["gap_days"], len(family["days"])) == ("arxiv", 1, 90)
    day = family["days"][-3]
    assert (day["day"], day["state"], day["missing"]) == ("2026-11-20", "incomplete", 1)
    assert day["missing_ids"] == ["2611.00003"]


def test_where_no_source_is_switched_on_it_says_so(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": ""})
    assert "names no source" in run().stdout
    assert json.loads(run("--json").stdout) == []


def test_a_source_that_was_fetched_by_hand_is_shown_too(settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": ""})
    SourceState.objects.create(name="huggingface", due_at=SUNDAY)
    lines = run().stdout.splitlines()
    assert "huggingface (switched off)" in lines
    assert "huggingface: no good run yet, runs on command only" in lines
