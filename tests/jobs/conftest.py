"""A data folder and a queue of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Iterator[Path]:
    _forget_the_queue()
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    yield tmp_path
    _forget_the_queue()


def _forget_the_queue() -> None:
    from broadsheet.jobs.queue import queue

    if queue.cache_info().currsize:
        queue().store.flush()
        queue().store.storage.close()
    queue.cache_clear()
