"""`broadsheet ingest` as an operator meets it: before a host that answers, refuses, or takes its time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from tests.sources.inputs import item
from tests.sources.live.arxiv_feeds import papers, query_answer
from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.cli import ingesting
from broadsheet.cli.main import main
from broadsheet.sources.models import Announcement, Host, SourceState, WantedPaper

pytestmark = pytest.mark.django_db
COMMAND = [sys.executable, "-m", "broadsheet.cli.main"]
ONE_DAY = ("--since", "2026-11-09", "--until", "2026-11-09")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ingest", *arguments])


def listed(*items: object) -> Reply:
    return Reply(json.dumps(items).encode(), content_type="application/json")


@dataclass
class Answer:
    """What the host answers: a list with a paper and a mistake, unless the test says otherwise."""

    reply: Reply = field(default_factory=lambda: listed(item(), 7))


@pytest.fixture
def answer() -> Answer:
    return Answer()


@pytest.fixture
def host(answer, settings) -> Iterator[LocalServer]:
    """A host that the settings name as that of Daily Papers, and as arXiv's."""
    with serving(lambda _: answer.reply) as server:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(
            update={"sources": "huggingface", "hf_url": server.url, "arxiv_api_url": server.url}
        )
        yield server


def test_the_sources_of_the_settings_are_fetched_with_a_report(host):
    done = run(*ONE_DAY)
    assert done.stdout.splitlines()[0] == "refused: huggingface, 2026-11-09, item 2: it is not an object"
    assert "huggingface: read 2: new 1, updated 0, unchanged 0, merged 0, refused 1; next run " in done.stdout
    assert [request.query["date"] for request in host.requests] == ["2026-11-09"]
    assert done.exit_code == 0


def test_progress_is_told_apart_from_the_report(host):
    assert run(*ONE_DAY).stderr.splitlines()[-1] == "huggingface: 2 records"


def test_a_source_can_be_named_that_does_not_run_by_itself(host, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"sources": ""})
    assert "new 1" in run("huggingface", *ONE_DAY).stdout


def test_the_report_is_json_when_asked_for(host):
    report = json.loads(run(*ONE_DAY, "--json").stdout)
    (source,) = report["sources"]
    assert {name: source[name] for name in ("name", "went", "read", "new", "refused")} == {
        "name": "huggingface",
        "went": "done",
        "read": 2,
        "new": 1,
        "refused": 1,
    }
    assert source["refusals"][0]["reason"] == "it is not an object"
    assert datetime.fromisoformat(source["next_due"]).tzinfo
    assert report["missing"] == {"huggingface": 0}


def test_a_source_that_fails_is_told_with_the_reason_and_the_exit_code(host, answer):
    answer.reply = Reply(status=503)
    done = run(*ONE_DAY)
    assert done.exit_code == 1
    assert done.stdout.startswith("failed: huggingface: 127.0.0.1")
    assert "answered 503" in done.stdout


def test_a_source_that_another_process_is_fetching_is_left_to_it(host):
    now = datetime.now(UTC)
    SourceState.objects.create(name="huggingface", due_at=now, claimed_until=now + timedelta(minutes=5))
    done = run()
    assert "failed: huggingface: it is being fetched by another process" in done.stdout
    assert (done.exit_code, host.requests) == (1, [])


def test_a_host_that_wants_rest_is_waited_for_and_the_reason_told(host, monkeypatch):
    monkeypatch.setattr(ingesting, "WAITS_TOLD_SECONDS", 0.1)
    free_at = datetime.now(UTC) + timedelta(seconds=1)
    Host.objects.create(name=urlsplit(host.url).netloc, free_at=free_at, refusals=1, reason="it answered 503")
    done = run(*ONE_DAY)
    assert "waiting until" in done.stderr
    assert "UTC: it answered 503" in done.stderr
    assert done.exit_code == 0


def test_announced_papers_that_have_not_come_are_told(host):
    day = datetime.now(UTC).date()
    Announcement.objects.create(source="huggingface", day=day, scheme="arxiv", value="2611.09999")
    last_line = run(*ONE_DAY).stdout.splitlines()[-1]
    assert last_line.startswith("huggingface: 1 announced papers have not come yet")


def test_a_long_list_of_refusals_is_shortened_and_counted(host, answer):
    answer.reply = listed(item(), *range(30))
    lines = run(*ONE_DAY).stdout.splitlines()
    assert lines[19].startswith("refused: huggingface, 2026-11-09, item 21")
    assert lines[20] == "refused: huggingface: and 10 more; --json lists them"


def test_a_single_paper_is_fetched_at_once(host, answer):
    (paper,) = papers(1)
    answer.reply = Reply(query_answer([paper]), content_type="application/atom+xml")
    done = run("--paper", f"https://arxiv.org/abs/{paper.arxiv_id}v1")
    assert done.stdout == f"{paper.arxiv_id}: {paper.title}\n"
    assert done.exit_code == 0
    assert json.loads(run("--paper", paper.arxiv_id, "--json").stdout) == {paper.arxiv_id: paper.title}


def test_a_paper_that_arxiv_does_not_know_is_told(host):
    now = datetime.now(UTC)
    WantedPaper.objects.create(arxiv_id="2611.99999", asked_at=now, answered_at=now, found=False)
    done = run("--paper", "2611.99999")
    assert (done.stdout, done.exit_code) == ("2611.99999: arXiv does not know it\n", 1)


def test_a_paper_that_cannot_be_fetched_is_told_with_the_reason(host, answer):
    answer.reply = Reply(status=500)
    done = run("--paper", "2611.99999")
    assert "answered 500" in done.stdout
    assert done.exit_code == 1


def test_the_status_is_told_without_asking_anybody(host):
    done = run("--status")
    assert "huggingface" in done.stdout
    assert json.loads(run("--status", "--json").stdout)
    assert (done.exit_code, host.requests) == (0, [])


def test_where_nothing_is_switched_on_it_is_said_how_to():
    done = run()
    assert "set BROADSHEET_SOURCES" in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nature"], "there is no source 'nature'; there are arxiv, arxiv-listings, "),
        (["--until", "2026-11-09"], "--until needs --since"),
        (["huggingface", "--since", "2026-11-10", "--until", "2026-11-09"], "2026-11-10 is after 2026-11-09"),
        (["--since", "yesterday"], "'yesterday' is no day; write it as 2026-11-20"),
        (["--since", "2026-11-01", "--until", "2026-11-31"], "'2026-11-31' is no day"),
        (["--paper", "about tides"], "'about tides' is no identifier of arXiv"),
        (["arxiv", "--paper", "2611.00001"], "--paper and --status stand alone"),
        (["arxiv", "--status"], "--paper and --status stand alone"),
    ],
)
def test_a_wrong_use_is_one_sentence_and_exit_code_2(arguments, message):
    done = run(*arguments)
    assert message in done.stderr
    assert done.exit_code == 2


def hear_ctrl_c() -> None:
    """What tests in the background start would be deaf to it, as they are."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.thorough
def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path: Path):
    asked, go_on = threading.Event(), threading.Event()

    def respond(_: Request) -> Reply:
        asked.set()
        go_on.wait(60)
        return Reply(json.dumps([item()]).encode(), content_type="application/json")

    with serving(respond) as server:
        environment = {**os.environ, "BROADSHEET_HF_URL": server.url}
        command = [*COMMAND, "--data", str(tmp_path), "ingest", "huggingface", *ONE_DAY]
        with subprocess.Popen(
            command,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - it only sets a signal
        ) as stopped:
            assert asked.wait(60)
            stopped.send_signal(signal.SIGINT)
            said = stopped.communicate(timeout=60)[1]
        go_on.set()
        assert stopped.returncode == 1
        assert "stopped; run it again to go on from here" in said
        again = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=60
        )
    assert "huggingface: read 1: new 1" in again.stdout
