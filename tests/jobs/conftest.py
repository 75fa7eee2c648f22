"""A data folder and a queue of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Iterator[Path]:
    from broadsheet.jobs.queue import queue

    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    queue.cache_clear()
    yield tmp_path
    if queue.cache_info().currsize:
        queue().store.flush()
        queue().store.storage.close()
    queue.cache_clear()
