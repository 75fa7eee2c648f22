"""A data folder and a queue of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import queues


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings) -> Iterator[Path]:
    queues.forget()
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    yield tmp_path
    queues.forget()
