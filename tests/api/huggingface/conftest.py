"""A site on loopback, asked by Hugging Face's own client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client
from huggingface_hub import HfApi, close_session


@pytest.fixture(autouse=True)
def _nothing_is_left_from_other_tests(tmp_path: Path, settings) -> None:
    """No index, and no answer kept for the same revision of another catalogue."""
    settings.BROADSHEET = settings.BROADSHEET.model_copy(update={"data": tmp_path})
    caches["memory"].clear()


@pytest.fixture
def ask(client: Client) -> Callable[..., object]:
    """The JSON at an address: `ask("/api/daily_papers", date="2026-11-20")`."""

    def answer(address: str, *, status: int = 200, **query: object) -> object:
        response = client.get(address, query)
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/json"
        return response.json()

    return answer


@pytest.fixture
def hub(live_server) -> Iterator[HfApi]:
    """The client at its newest version, pointed at us and without a token."""
    yield HfApi(endpoint=live_server.url, token=False)
    close_session()
