"""The queue wakes the worker; a long work neither blocks it nor piles up in it."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta

import httpx2
import orjson
import pytest
from django.db import OperationalError, connection
from tests.search.shelf import MORNING, records
from tests.sources.inputs import item
from tests.sources.local_server import LocalServer, Reply, Request, serving

from broadsheet.jobs import tasks
from broadsheet.jobs.queue import queue
from broadsheet.jobs.wake import wake
from broadsheet.papers import disk
from broadsheet.papers.catalogue import store
from broadsheet.search import finding, indexing, status
from broadsheet.search.embedding_models.onnx_runtime import OnnxRuntime
from broadsheet.sources.live.fetching import turns
from broadsheet.sources.models import Host, SourceState

# A worker's thread sees what other connections have committed, so these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)


def run_next() -> None:
    """Do what the worker does with the next task of the queue."""
    waiting = queue().store
    waiting.execute(waiting.dequeue())


def run_all(at_most: int = 50) -> int:
    """Run tasks until the queue is empty; say how many it took."""
    for count in range(at_most):
        if not queue().store.pending_count():
            return count
        run_next()
    raise AssertionError("the queue never gets empty")


def waiting() -> list[str]:
    """The tasks that wait in the queue."""
    return [task.name for task in queue().store.pending()]


@pytest.fixture
def host(settings):
    """A host of Daily Papers, and an instance that fetches them."""

    def respond(_: Request) -> Reply:
        return Reply(json.dumps([item()]).encode(), content_type="application/json")

    with serving(respond) as server:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(
            update={"sources": "huggingface", "hf_url": server.url}
        )
        yield server


def test_a_woken_worker_indexes_words_first_and_then_meaning_slice_by_slice(monkeypatch):
    monkeypatch.setattr(OnnxRuntime, "at_once", 4)
    store(records(), now=MORNING)
    wake("index")
    run_next()
    assert finding.find("soup", limit=1).total == 1
    assert status.read().embedded == 0
    run_next()
    assert status.read().embedded == 4
    run_all()
    assert status.read().embedded == 9


def test_many_wake_ups_make_no_more_work_than_one():
    for _ in range(5):
        wake("index")
    store(records(), now=MORNING)
    assert run_all() <= 10
    assert not indexing.is_work_left()


def test_a_worker_with_nothing_to_do_leaves_the_queue_empty():
    wake("index")
    assert run_all() == 1


def test_a_busy_index_does_not_hold_the_worker_up():
    store(records(), now=MORNING)
    wake("index")
    with indexing.writing(wait=0):
        assert run_all() == 1
    assert indexing.is_work_left()


def test_each_minute_the_worker_looks_for_what_nobody_woke_it_for():
    store(records(), now=MORNING)
    waiting = queue().store
    for task in waiting.read_periodic(MORNING):
        waiting.execute(task)
    run_all()
    assert status.read().embedded == 9


def test_waking_for_an_unknown_task_is_a_mistake_in_the_program():
    with pytest.raises(KeyError):
        wake("nonsense")


def test_what_is_fetched_is_indexed_and_fetching_goes_on(host: LocalServer):
    wake("fetch")
    run_next()
    assert len(host.requests) == 1
    assert waiting() == ["fetch", "index", "settle"]
    queue().store.flush()
    wake("index")
    run_all()
    assert finding.find("tide", limit=1).total == 1


def test_a_source_that_is_not_due_is_left_alone(host: LocalServer):
    SourceState.objects.create(name="huggingface", due_at=datetime.now(UTC) + timedelta(hours=1))
    wake("fetch")
    assert run_all() == 1
    assert host.requests == []


def test_a_source_that_failed_is_left_alone_until_it_is_due_again(host, settings):
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"hf_url": f"{host.url}:nowhere"})
    wake("fetch")
    assert run_all() == 2
    assert SourceState.objects.get().failures == 1


def test_nothing_is_fetched_where_no_source_is_switched_on():
    wake("fetch")
    assert run_all() == 1
    assert not SourceState.objects.exists()


def test_one_thread_of_the_worker_fetches_at_a_time(host: LocalServer):
    with tasks._fetching:
        wake("fetch")
        assert run_all() == 1
    assert host.requests == []


def test_wake_ups_to_fetch_do_not_pile_up(host: LocalServer):
    for _ in range(3):
        wake("fetch")
    assert waiting() == ["fetch"]
    run_next()
    assert waiting() == ["fetch", "index", "settle"]


def test_a_busy_host_holds_up_no_other_source(host: LocalServer, settings, monkeypatch):
    monkeypatch.setattr(tasks, "PATIENCE", timedelta())
    settings.BROADSHEET = settings.BROADSHEET.model_copy(
        update={"sources": "biorxiv,huggingface", "biorxiv_url": host.url.replace("127.0.0.1", "localhost")}
    )
    now = datetime.now(UTC)
    busy = turns.name_of(httpx2.URL(settings.BROADSHEET.biorxiv_url))
    Host.objects.create(name=busy, free_at=now, held_until=now + timedelta(minutes=4))
    SourceState.objects.create(name="biorxiv", due_at=now - timedelta(hours=1))
    SourceState.objects.create(name="huggingface", due_at=now - timedelta(minutes=1))
    wake("fetch")
    run_next()
    assert (host.requests, waiting()) == ([], ["fetch"])
    assert SourceState.objects.get(name="biorxiv").due_at > now
    run_next()
    assert len(host.requests) == 1


def test_nothing_is_fetched_onto_a_disk_that_is_nearly_full(host: LocalServer, monkeypatch):
    monkeypatch.setattr(disk, "LEAST_FREE", 10**18)
    wake("fetch")
    assert run_all() == 1
    assert host.requests == []
    monkeypatch.undo()
    wake("fetch")
    run_next()
    assert len(host.requests) == 1


def test_a_task_that_finds_no_database_is_a_line_in_the_log_and_no_end_of_the_worker():
    def away(*_: object) -> None:
        raise OperationalError("database or disk is full")

    with connection.execute_wrapper(away):
        wake("index")
        run_next()
    assert waiting() == []


def test_the_queue_holds_no_pickles_and_runs_none(tmp_path):
    made = tmp_path / "made"

    class Bomb:
        def __reduce__(self):
            return (type(made).touch, (made,))

    wake("index")
    store = queue().store
    stored = store.storage.enqueued_items()
    assert [json.loads(item)["name"].rpartition(".")[2] for item in stored] == ["index"]
    store.storage.enqueue(pickle.dumps(Bomb()))
    store.dequeue()
    with pytest.raises(orjson.JSONDecodeError):
        store.dequeue()
    assert not made.exists()
