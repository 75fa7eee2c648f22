"""A fetcher that goes by a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.sources.clocks import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def fetcher(clock):
    from broadsheet.sources.live.fetching.fetcher import Fetcher

    with Fetcher(clock=clock.as_clock, patience=timedelta(seconds=10)) as fetcher:
        yield fetcher


@pytest.fixture
def configure(settings) -> Callable[..., None]:
    """Change settings of Broadsheet: `configure(hf_url=server.url)` makes the server one of our own."""

    def configure(**changes: str) -> None:
        settings.BROADSHEET = settings.BROADSHEET.model_copy(update=changes)

    return configure
