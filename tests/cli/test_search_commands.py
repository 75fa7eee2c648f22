"""`broadsheet index` as an operator meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from tests.search import tiny
from tests.search.shelf import MORNING, records

from broadsheet.cli import indexing as commands
from broadsheet.cli.main import main
from broadsheet.papers.catalogue import store
from broadsheet.papers.models import Paper, PaperText
from broadsheet.search import indexing
from broadsheet.search.embedding_models.model_folder import described

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Path:
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def shelf(db) -> None:
    store(records(), now=MORNING)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_index_brings_words_and_meaning_up_to_date_and_says_how_far_it_is(shelf):
    done = run("index")
    assert done.exit_code == 0, done.output
    assert "words: 9 of 9 papers" in done.stderr
    assert "meaning: 9 of 9 papers" in done.stderr
    assert done.stdout.splitlines()[:3] == [
        "Papers in the catalogue: 9",
        "Found by words: 9 (0 changes waiting)",
        "Found by meaning: 9 (100.0%; 0 papers waiting)",
    ]


def test_index_status_changes_nothing(shelf, data):
    done = run("index", "--status")
    assert done.exit_code == 0
    assert "there is no readable word index; run: broadsheet index" in done.stdout
    assert not (data / "index").exists()


def test_index_status_as_json_has_every_number(shelf):
    run("index")
    state = json.loads(run("index", "--status", "--json").stdout)
    sizes = [state.pop(name) for name in ("bytes", "bytes_words", "bytes_vectors")]
    assert sizes[0] > sizes[1] + sizes[2] > 10_000
    assert state.pop("current").startswith("words-")
    assert state == {
        "papers": 9,
        "words": 9,
        "changes": 0,
        "embedded": 9,
        "due": 0,
        "dead": 0,
        "coverage": 1.0,
        "model": "bge-small-en-v1.5 int8",
        "model_identity": "68807e3ff2ab-384",
        "preparing": "",
        "preparing_identity": "",
        "prepared": 0,
        "preparation": 0.0,
    }


def test_index_with_another_model_embeds_all_papers_with_it_and_uses_it(shelf, tmp_path):
    run("index")
    folder = tiny.save(tmp_path / "tiny")
    done = run("index", "--model", str(folder))
    assert done.exit_code == 0, done.output
    assert "meaning: 9 of 9 papers" in done.stderr
    assert "Model: tiny (" in done.stdout
    assert "Being prepared" not in done.stdout
    assert all(path.name.endswith("-8") for path in (tmp_path / "index").glob("vectors-*"))
    assert run("index", "--model", "default").exit_code == 0
    assert "Model: bge-small-en-v1.5 int8" in run("index", "--status").stdout


def test_index_status_tells_of_a_model_that_is_being_prepared(shelf, tmp_path):
    run("index")
    indexing.change_model(described(tiny.save(tmp_path / "tiny"), name="tiny"))
    told = run("index", "--status").stdout
    assert "Found by meaning: 9 (100.0%; 9 papers waiting)" in told
    assert "Being prepared: tiny (" in told
    assert "), 0 papers (0.0%)" in told


def test_index_status_tells_what_a_rebuild_would_give_back(shelf):
    run("index")
    Paper.objects.filter(public_id="2603.00009").delete()
    run("index")
    assert "Embeddings of no use any more: 2; --rebuild gives their room back" in run("index").stdout
    run("index", "--rebuild")
    assert "no use" not in run("index", "--status").stdout


@pytest.mark.parametrize("name", ["", "nowhere", "hub:nowhere"])
def test_index_refuses_a_model_that_is_not_there_and_keeps_the_one_in_use(shelf, name):
    done = run("index", "--model", name)
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert f"Error: there is no folder {name}; name one, default, or hub:organization/name." in done.stderr
    assert "bge-small" in run("index", "--status").stdout


@pytest.mark.parametrize("other", [["--rebuild"], ["--model", "default"]])
def test_index_status_with_work_to_do_is_a_wrong_usage(shelf, other):
    assert run("index", "--status", *other).exit_code == 2


def test_index_rebuild_finds_what_was_written_behind_its_back(shelf):
    run("index")
    Paper.objects.filter(public_id="2603.00009").update(title="Baking for Robots")
    PaperText.objects.filter(paper__public_id="2603.00009").delete()
    assert "0 papers found" not in run("search", "--", '"baking"').stdout
    assert run("index", "--rebuild").exit_code == 0
    assert "1. Baking for Robots" in run("search", "baking").stdout


def test_index_says_so_when_another_process_has_the_index(shelf, data, monkeypatch):
    monkeypatch.setattr(commands, "WAIT_SECONDS", 0.1)
    (data / "index").mkdir()
    with FileLock(data / "index" / "lock"):
        done = run("index")
    assert done.exit_code == 1
    assert "another process is writing to the index" in done.stderr


def test_help_has_an_example():
    assert "Example: broadsheet index" in run("index", "--help").output
