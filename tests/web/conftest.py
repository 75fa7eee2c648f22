"""A frozen day and pages that nobody has asked for yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from tests import queues
from tests.web.press import SUNDAY


@pytest.fixture(autouse=True)
def sunday() -> Iterator[time_machine.Traveller]:
    """Sunday, 22 November 2026, two days after the edition that `press` prints."""
    with time_machine.travel(SUNDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _nothing_is_left_from_other_tests(tmp_path: Path, settings) -> None:
    """No index, and no page kept for the same revision of another catalogue."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    caches["memory"].clear()


@pytest.fixture
def read(client: Client):
    """The text of a page that has to be there: `read("/")`."""

    def page(address: str, *, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status, address
        return response.content.decode()

    return page


@pytest.fixture
def calls(tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """What the worker is called to do: `calls()` names the tasks that wait in a queue of this test's own."""
    from broadsheet.jobs.queue import queue

    queues.forget()
    queue().store.flush()
    yield lambda: [task.name for task in queue().store.pending()]
    queues.forget()
