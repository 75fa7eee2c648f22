"""Workers that do some kinds of work: which tasks they run, and when they end."""

from __future__ import annotations

import threading

import pytest
from tests.search.shelf import MORNING, records

from broadsheet.jobs import looking, queue
from broadsheet.jobs.kinds import KINDS
from broadsheet.papers.catalogue import store
from broadsheet.search import indexing


def test_every_task_belongs_to_one_kind_of_work():
    tasks = [task for kind in KINDS.values() for task in kind.tasks]
    assert sorted(tasks) == sorted({*queue.ON_CALL, *queue.EACH_MINUTE.values()})


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_only_indexes_goes_on_until_nothing_is_left_and_ends_when_told():
    store(records(), now=MORNING)
    stop = threading.Event()
    worker = threading.Thread(target=looking.run, args=(["index"], stop))
    worker.start()
    waited = threading.Event()
    while indexing.is_work_left():
        waited.wait(0.01)
    stop.set()
    worker.join(30)
    assert not worker.is_alive()
    assert [one.name for one in queue.queue().store.pending()] in (["note_topics"], [])
